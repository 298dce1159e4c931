"""Mutated messages through normalise and interpret: no exception, no card number out, nothing of weight done."""

import os
import random
from datetime import date
from pathlib import Path

from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Channel, Heard, Pending, Status

ROUNDS = int(os.environ.get("INTERPRET_FUZZ", "3000"))
SAID = [
    line.partition("|")[2] for line in Path(__file__).with_name("said.txt").read_text(encoding="utf-8").splitlines()
]
CARDS = ("4242 4242 4242 4242", "5555-5555-5555-4444", "378282246310005")
MONEY = {"pause", "resume", "cancel_membership", "change_plan", "join", "save_offer"}
ODD = "\u200b\u0301\ud83d\U0001f44d\n\t\x00 .,!?'\"\u0430\u043e1234567890"


def mutated(chance: random.Random) -> str:
    text = " ".join(chance.sample(SAID, chance.randint(1, 3)))
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text = text[:at] + chance.choice(ODD) + text[at:]
            case 1:
                text = text[:at] + text[at + 1 :]
            case 2:
                text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
            case _:
                text = text[:at].upper() + text[at:]
    return text


def test_whatever_comes() -> None:
    chance = random.Random(7)  # noqa: S311
    for _ in range(ROUNDS):
        card = chance.choice(CARDS) if chance.random() < 0.2 else ""
        text = f"{mutated(chance)} {card}".strip() if card else mutated(chance)
        known = Heard(
            chance.choice(list(Channel)),
            text,
            date(2026, 11, 22),
            chance.choice(list(Status)),
            opted_out=chance.random() < 0.2,
            pending=chance.choice([None, *Pending]),
            last_outbound="Reply Q99 to pause.",
            plans=("Glow", "Radiance"),
        )
        reading = interpret(known)
        assert reading.intents
        assert not MONEY & set(reading.executed), text
        assert not known.opted_out or set(reading.executed) <= {"opt_in"}, text
        assert not card or (card not in reading.read and card not in reading.redacted_text), text
