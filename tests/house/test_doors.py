"""Every door is watched and every bell is heard: jobs, queues, the Procfile, and what the web lets in."""

import inspect
import re
import textwrap
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask

from assistant.app import create_app
from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.doorbells import Doorbell
from assistant.gateways.nowhere import NoQueue, NoTexts
from assistant.runtime import Runtime
from assistant.settings import Settings

ROOT = Path(__file__).parents[2]
LONGEST_JOB = 6
NOW = datetime(2026, 11, 20, tzinfo=UTC)
SETTINGS = Settings.read(
    {
        "DATABASE_URL": "postgresql://localhost:1/nowhere",
        "REDIS_URL": "redis://localhost:1/0",
        "SECRET_KEY": "x" * 32,
        "PUBLIC_BASE_URL": "https://spa.example.com",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "STRIPE_SECRET_KEY": "sk_test_0",
        "STRIPE_WEBHOOK_SECRET": "whsec_0",
        "SENDGRID_API_KEY": "SG.0",
    }
)


# --- jobs -------------------------------------------------------------------------------------------------------------


def job_of(bell: Doorbell) -> Callable[..., None]:
    module, _, name = bell.job.rpartition(".")
    return getattr(import_module(module), name)


def stout(job: Callable[..., None]) -> list[str]:
    """Why a job is more than a door."""
    lines = len(textwrap.dedent(inspect.getsource(job)).strip().splitlines())
    takes = [f"takes {name}" for name in inspect.signature(job).parameters]
    return takes + ([f"has {lines} lines"] if lines > LONGEST_JOB else [])


@pytest.mark.parametrize("bell", Doorbell)
def test_every_bell_rings_a_thin_job(bell: Doorbell) -> None:
    assert bell.job.startswith("jobs.")
    assert stout(job_of(bell)) == []


def test_a_bell_that_rings_nowhere_is_seen() -> None:
    class Wrong(Enum):
        NO_NAME = ("talk", "jobs.inbound.anwser")
        NO_MODULE = ("talk", "jobs.inbuond.answer")

        def __init__(self, queue: str, job: str) -> None:
            self.queue, self.job = queue, job

    for bell in Wrong:
        with pytest.raises((AttributeError, ImportError)):
            job_of(bell)  # type: ignore[arg-type]


def test_a_stout_job_is_seen() -> None:
    def job(spa_id: int) -> None:
        """Too much."""
        if spa_id:
            for each in range(spa_id):
                if each:
                    raise ValueError(each)

    assert stout(job) == ["takes spa_id"]

    def longer() -> None:
        """Too much."""
        one = 1
        two = 2
        three = 3
        four = 4
        assert one + two + three + four

    assert stout(longer) == ["has 7 lines"]


def unworked(procfile: str) -> list[str]:
    """What is wrong between the queues and the workers of a Procfile."""
    commands = dict(line.split(": ", 1) for line in procfile.splitlines() if line.strip())
    workers = {name: found[1].split() for name, line in commands.items() if (found := WORKER.search(line))}
    wrong = [f"{name} works {len(queues)} queues" for name, queues in workers.items() if len(queues) != 1]
    worked = Counter(queue for queues in workers.values() for queue in queues)
    queues = {bell.queue for bell in Doorbell}
    wrong += [f"{queue} is worked by {worked[queue]}" for queue in sorted(queues) if worked[queue] != 1]
    return wrong + [f"nothing is put on {queue}" for queue in sorted(set(worked) - queues)]


WORKER = re.compile(r"-m jobs\.worker\b *([^&|;]*)")
PROCFILE = (ROOT / "Procfile").read_text()


def test_every_queue_is_worked_by_one_process_that_works_no_other() -> None:
    assert unworked(PROCFILE) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("worker_send: python -m jobs.worker send\n", "", "send is worked by 0"),
        ("worker send", "worker send chores", "worker_send works 2 queues"),
        ("worker send", "worker send chores", "chores is worked by 2"),
        ("worker send", "worker talk", "talk is worked by 2"),
        ("worker send", "worker sned", "nothing is put on sned"),
        ("worker send", "worker", "worker_send works 0 queues"),
    ],
)
def test_a_queue_that_nobody_works_is_seen(right: str, wrong: str, told: str) -> None:
    assert told in unworked(PROCFILE.replace(right, wrong))


def test_the_procfile_has_every_process() -> None:
    names = [line.split(":")[0] for line in PROCFILE.splitlines()]
    assert {"release", "web", "clock"} <= set(names)
    assert len(names) == len(set(names))


# --- doors ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def app() -> Flask:
    """On a runtime that leads nowhere: a door that lets a stranger in does not answer 403."""
    nowhere = Runtime(StoppedClock(NOW), Database(SETTINGS.database_url), NoQueue(), NoTexts())
    return create_app(nowhere, SETTINGS)


STRANGERS: tuple[dict[str, str], ...] = (
    {},
    {"X-Twilio-Signature": "bm90IHNpZ25lZA=="},
    {"Stripe-Signature": f"t={int(NOW.timestamp())},v1={'0' * 64}"},
)
"""Nothing, and made-up signatures."""
FORM = {"MessageSid": "SM1", "From": "+15055550110", "To": "+15055550100", "Body": "x", "MessageStatus": "sent"}


def open_doors(app: Flask) -> list[str]:
    """The routes that write and do not turn a stranger away, with no signature or a made-up one."""
    routes = [rule for rule in app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}]
    client = app.test_client()
    found = []
    for rule in routes:
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for headers in STRANGERS:
            for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
                answer = client.open(path, method=method, data=FORM, headers=headers)
                if answer.status_code != 403:
                    found.append(f"{method} {rule.rule} answers {answer.status_code}")
    return found


def test_every_door_that_writes_turns_a_stranger_away(app: Flask) -> None:
    assert open_doors(app) == []
    posts = {rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    posts = {rule for rule in posts if not rule.startswith("/console/")}  # tests/web/test_console_policy.py
    assert posts == {
        "/webhooks/twilio/inbound",
        "/webhooks/twilio/status",
        "/webhooks/stripe",
        "/webhooks/sendgrid/inbound",
        "/webhooks/sendgrid/events",
        "/card/<token>",
        "/card/<token>/again",
        "/join/<token>",
        "/join/<token>/again",
        "/unsubscribe/<token>",
        "/o/<code>",
        "/membership/<token>",
        "/membership/<token>/again",
        "/manage/<token>",
        "/my/card",
        "/my/sign-out",
        "/my/preferences",
        *(f"/my/<int:membership_id>/{act}" for act in ("pause", "resume", "cancel", "undo", "smaller")),
    }


def test_an_open_door_is_seen(app: Flask) -> None:
    app.add_url_rule("/desk/<int:client_id>", view_func=lambda **_: "done", methods=["POST", "DELETE"])
    assert set(open_doors(app)) == {
        "POST /desk/<int:client_id> answers 200",
        "DELETE /desk/<int:client_id> answers 200",
    }
