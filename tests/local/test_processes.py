"""The Procfile is the same process tree as the demo's."""

import sys
from pathlib import Path

import pytest

from assistant.local.processes import PROCESSES, RELEASE, words

PROCFILE = Path(__file__).parents[2] / "Procfile"


def test_the_procfile_is_the_table() -> None:
    lines = [line.split(": ", 1) for line in PROCFILE.read_text().splitlines()]

    assert lines[0] == ["release", RELEASE]
    assert dict(lines[1:]) == {name: command.replace("$HOST", "0.0.0.0") for name, command in PROCESSES.items()}  # noqa: S104


@pytest.mark.parametrize("command", PROCESSES.values(), ids=PROCESSES.keys())
def test_a_command_becomes_words_for_this_python(command: str) -> None:
    made = words(command, host="127.0.0.1", port=8123)

    assert made[:2] == (sys.executable, "-m")
    assert not any("$" in word or "'" in word for word in made)


def test_the_web_server_listens_where_it_is_told() -> None:
    assert "127.0.0.1:8123" in words(PROCESSES["web"], host="127.0.0.1", port=8123)
