# Every target sets up what it needs. Only git, make and Python 3.11 or newer must be there already.

PYTHON ?= python3
PORT ?= 8000
SANDBOX_PORT ?= 8025
T ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt bench screenshots lock

RUN := .venv/bin/python -m
ASSISTANT := .venv/bin/assistant
READY := .venv/ready

# A .venv whose Python is gone (an upgrade, a copy to another machine) is as good as none.
ifneq ($(wildcard $(READY)),)
ifneq ($(shell .venv/bin/python -c 'print(1)' 2>/dev/null),1)
$(shell rm -f $(READY))
endif
endif

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make .venv from requirements.lock

$(READY): requirements.lock .ci/setup
	@sh .ci/setup "$(PYTHON)"
	@touch $(READY)

demo: $(READY) ## run a whole pretended spa: no account, key or Docker (FRESH=1 begins again; PORT=, SANDBOX_PORT=)
	@exec $(ASSISTANT) demo --port $(PORT) --sandbox-port $(SANDBOX_PORT) $(if $(filter-out 0,$(FRESH)),--fresh)

test: $(READY) ## run the tests, on every core (T=tests/domain narrows)
	$(RUN) pytest $(if $(T),$(T),--numprocesses auto --dist worksteal)

check: $(READY) ## lint, formatting, types, layers
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	.venv/bin/lint-imports

fmt: $(READY) ## format and fix what can be fixed
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

bench: $(READY) ## measure, each claim against its floor and its peer
	$(RUN) benchmarks

screenshots: $(READY) ## write a picture of every page at every width to .local/screenshots (needs Chromium)
	$(RUN) tests.browser.screenshots

lock: $(READY) ## pin the newest allowed versions in requirements.lock
	.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --extra local --extra dev pyproject.toml -o requirements.lock
