"""Which texts ask for the hours and nothing else, and of which day."""

from datetime import date, timedelta

import pytest

from assistant.conversation.intents.hours import asked_day

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "ahead"),
    [
        ("HOURS", 0),
        ("hi! what are your hours?", 0),
        ("ARE YOU OPEN", 0),
        ("r u open rn", 0),
        ("are you guys open right now", 0),
        ("til what time are you open", 0),
        ("are you open tomorrow", 1),
        ("fri hours", 0),
        ("Are you open on Sundays?", 2),
        ("thursday", None),
        ("HORARIO", 0),
        ("¿A qué hora abren mañana?", 1),
        ("¿están abiertos el sábado?", 1),
        ("ESTAN ABIERTOS", 0),
        ("ADDRESS", None),
        ("where are you", None),
        ("are you open on thanksgiving", None),
        ("when does the new location open", None),
        ("are there any job openings", None),
        ("put me down for the open house", None),
        ("saturday and sunday hours", None),
        ("what time is my appointment", None),
        ("", None),
    ],
)
def test_the_day_they_ask_of(said: str, ahead: int | None) -> None:
    wanted = None if ahead is None else FRIDAY + timedelta(days=ahead)
    assert asked_day(said, FRIDAY) == wanted
