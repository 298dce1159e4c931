"""The language of a message, where it is plain."""

import json
from collections import Counter
from pathlib import Path

import pytest

from assistant.domain.languages import written_in

MESSAGES = Path(__file__).parents[1] / "data/messages"


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("what's my balance", "en"),
        ("can i skip next month pls", "en"),
        ("¿cuánto crédito me queda?", None),
        ("cuando es mi próximo cobro", "es"),
        ("quiero pausar mi membresía hasta marzo", "es"),
        ("hola quiero cancelar mi plan", "es"),
        ("can you pause mi membresia por two months", None),
        ("BALANCE", None),
        ("ok", None),
        ("", None),
        ("no", None),
        ("Rosa de la Cruz", "es"),
    ],
)
def test_where_it_is_plain(text: str, locale: str | None) -> None:
    assert written_in(text) == locale


@pytest.mark.parametrize("locale", ["en", "es"])
def test_hardly_ever_the_other(locale: str) -> None:
    rows = [json.loads(line) for line in (MESSAGES / f"dev-{locale}.jsonl").read_text("utf-8").splitlines()]
    found = Counter(written_in(row["text"]) for row in rows)
    other = {"en": "es", "es": "en"}[locale]
    assert found[other] <= len(rows) // 100, [row["text"] for row in rows if written_in(row["text"]) == other]
    assert found[locale] >= len(rows) // 2
