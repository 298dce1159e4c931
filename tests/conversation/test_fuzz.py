"""Mutated messages through normalise and interpret: no exception, no card number out, nothing of weight done.

`INTERPRET_FUZZ=200000 pytest -n0 tests/conversation/test_fuzz.py` is the long run.
"""

import os
import random
import re
from datetime import date

import pytest

from assistant.conversation.interpret import interpret
from assistant.conversation.normalise import plain
from assistant.conversation.reading import Channel, Heard, Pending, Reading, Status
from tests.conversation.mutations import CARDS, LIKE_DATES, Spoilt, rows, shows, spoilt

ROUNDS = int(os.environ.get("INTERPRET_FUZZ", "4000"))
MONEY = {"pause", "resume", "cancel_membership", "change_plan", "join", "save_offer"}
SHOWN = (
    *(None, "Reply STOP to opt out.", "Your balance is 2 visits.", "Reply YES P7 later to pause"),
    *("Reply P7 to pause.", "Reply C3 to leave.", "Responde J2 para unirte.", "Reply K4 to keep it, or N5 to no"),
)
TOKEN = re.compile(r"\b[A-Z]\d{1,3}\b")


def heard(chance: random.Random, message: Spoilt) -> Heard:
    """As the row says, and one time in two in a situation that is drawn."""
    text, context, row = message.text, message.row["context"], message.row
    pending, shown = context["pending"], context["last_outbound"]
    if chance.random() < 0.5:
        pending, shown = chance.choice([None, *Pending]), chance.choice(SHOWN)
    tokens = TOKEN.findall(shown or "")
    if tokens and chance.random() < 0.1:
        text = chance.choice((chance.choice(tokens), f"{text} {tokens[0]}", tokens[0].lower(), tokens[0] + "1"))
    return Heard(
        Channel(row["channel"]),
        text,
        date.fromisoformat(row["today"]),
        Status(context["member_status"]),
        opted_out=chance.random() < 0.15,
        pending=Pending(pending) if pending else None,
        last_outbound=shown,
        plans=tuple(row["plans"]),
        prices=row["plan_prices"],
    )


def wrong(known: Heard, card: str | None, reading: Reading) -> str | None:
    """What must never be, if it is so here."""
    if not reading.intents:
        return "nothing meant"
    if card and any(shows(card, out) for out in (reading.read, reading.redacted_text)):
        return "a card number came out"
    if known.opted_out and not set(reading.executed) <= {"opt_in"}:
        return "something was done for who had opted out"
    said = re.sub(r"\W", "", known.text.upper())
    echo = any(token in said for token in TOKEN.findall(known.last_outbound or ""))
    if MONEY & set(reading.executed) and not (echo and known.pending):
        return "done without its token"
    return None


def test_whatever_comes() -> None:
    chance, kept = random.Random(7), rows()  # noqa: S311
    done = cards = 0
    for _ in range(ROUNDS):
        message = spoilt(chance, kept)
        known = heard(chance, message)
        plain(known.text)
        reading = interpret(known)
        fault = wrong(known, message.card, reading)
        assert fault is None, (fault, known, reading)
        done += bool(MONEY & set(reading.executed))
        cards += message.card is not None
    assert done, "no act was ever confirmed: the fuzz guards nothing"
    assert cards > ROUNDS // 10


@pytest.mark.parametrize("between", sorted(LIKE_DATES))
def test_a_number_like_dates(between: str) -> None:
    said = between.join(CARDS[0])
    assert not shows(CARDS[0], interpret(Heard(Channel.SMS, f"visa {said}", date(2026, 11, 22))).read)
