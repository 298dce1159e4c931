import json
import subprocess
import sys

import pytest

from assistant.cli.interpret import run

WHOLE = {
    "id": "a1",
    "channel": "sms",
    "text": "don't cancel, just pause 2 mo",
    "today": "2026-11-22",
    "context": {"member_status": "active", "opted_out": False, "pending": None, "last_outbound": None},
    "plans": ["Glow"],
    "plan_prices": None,
}


def test_one_answer_a_line() -> None:
    [answer] = run([json.dumps(WHOLE)])
    told = json.loads(answer)
    assert told.pop("confidence") > 0.5
    assert told == {
        "id": "a1",
        "intent": ["pause"],
        "slots": {"duration": "P2M"},
        "opt_out": False,
        "read": WHOLE["text"],
        "redacted_text": WHOLE["text"],
        "executed": [],
    }


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("", "not_json"),
        ("{", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "not_an_object"),
        ("null", "not_an_object"),
        ("{}", "no_text"),
        ('{"text": 5}', "no_text"),
        ('{"text": "hi"}', "no_today"),
        ('{"text": "hi", "today": 5, "context": [], "plans": {}, "plan_prices": 3, "channel": []}', "no_today"),
        ('{"text": "\\ud83d balance", "today": "2026-13-45"}', "no_today"),
    ],
)
def test_whatever_comes_is_answered(line: str, error: str) -> None:
    [answer] = run([line])
    assert json.loads(answer)["error"] == error
    assert set(json.loads(answer)) >= {
        "id",
        "intent",
        "confidence",
        "slots",
        "opt_out",
        "read",
        "redacted_text",
        "executed",
    }


def test_the_command_itself() -> None:
    lines = "\n".join([json.dumps(WHOLE), "nonsense"]).encode() + b"\n\xff\xfe\n"
    done = subprocess.run(
        [sys.executable, "-c", "from assistant.cli import main; main(['interpret'])"],
        input=lines,
        capture_output=True,
        check=True,
    )
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["a1", None, None]
