"""What may be done on which proof of who asks, and what is done instead where it is too weak (`reliability.md` §3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

SILENT_FOR = timedelta(days=90)
"""After so long without a word a number may be another person's (`features.md` E9)."""
SHAKEN_FOR = timedelta(hours=72)
"""How long a swapped SIM, a port, a new number or a "wrong number" speaks against whoever texts from it."""
MOST_CENTS = 25_000
"""What one echoed token may charge; above it takes more."""
MOST_IN_A_MONTH_CENTS = 50_000
"""And what all of them may charge one member within thirty days."""
MONTH = timedelta(days=30)


class Level(IntEnum):
    """How much speaks for it that this is the member."""

    E0 = 0
    """A text from their number, or proven mail from their address, and nothing else."""
    E1 = 1
    """And it echoes a token of our own recent words, or answers at an address that only our mail held."""
    E2 = 2
    """And they opened the secure link, or gave a code sent to their other channel."""
    E3 = 3
    """A person at the spa, signed in, with the member before them."""


class Freshness(StrEnum):
    """Whether the number is still theirs, as far as we can tell."""

    FRESH = "fresh"
    STALE = "stale"
    """Silent for 90 days, and not verified since."""
    SHAKEN = "shaken"
    """A SIM swap, a port, a number changed in these 72 hours, or "wrong number"."""


class Act(StrEnum):
    """What can be asked of us."""

    STOP = "stop"
    HELP = "help"
    WRONG_NUMBER = "wrong_number"
    START = "start"
    PUBLIC = "public"
    """Hours, address, what anyone may join and for how much."""
    TALK_TO_PERSON = "talk_to_person"
    READ_OWN = "read_own"
    """Credits left, the next charge, payments: what is theirs to know, and what any of it would change."""
    ASK_VISIT = "ask_visit"
    SPEND_CREDIT = "spend_credit"
    """An offer taken that credit pays for."""
    CHARGE_CARD = "charge_card"
    """The stored card, up to `MOST_CENTS` at a time."""
    CHARGE_CARD_ABOVE = "charge_card_above"
    CARD = "card"
    """A card added or replaced."""
    PAUSE = "pause"
    RESUME = "resume"
    JOIN = "join"
    CANCEL = "cancel"
    UNDO_CANCEL = "undo_cancel"
    REFUND = "refund"
    CHANGE_CONTACT = "change_contact"
    TRANSFER = "transfer"
    """Credit to another member, or a gift of it."""
    CHANGE_PLAN_UP = "change_plan_up"
    """A dearer plan for more than one token may charge."""
    EXPORT = "export"
    REDEEM = "redeem"


class NextStep(StrEnum):
    """What leads there."""

    ECHO_TOKEN = "echo_token"  # noqa: S105 - a step, no secret
    """It is quoted, and its token is asked back."""
    SECURE_LINK = "secure_link"
    SAY_WHO = "say_who"
    """First they say who they are; nothing of anyone is told before."""
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done."""


@dataclass(frozen=True, slots=True)
class Instead:
    """Not on this proof: what is done instead."""

    next_step: NextStep


class Need(NamedTuple):
    """What an act takes, and what leads there for who has less."""

    level: Level
    fresh: bool
    instead: NextStep


_ALWAYS = Need(Level.E0, fresh=False, instead=NextStep.PERSON)
_TOKEN = Need(Level.E1, fresh=True, instead=NextStep.ECHO_TOKEN)
_LINK = Need(Level.E2, fresh=True, instead=NextStep.SECURE_LINK)
_STAFF = Need(Level.E3, fresh=True, instead=NextStep.PERSON)
NEEDS: Mapping[Act, Need] = {
    Act.STOP: _ALWAYS,
    Act.HELP: _ALWAYS,
    Act.WRONG_NUMBER: _ALWAYS,
    Act.START: _ALWAYS,
    Act.PUBLIC: _ALWAYS,
    Act.TALK_TO_PERSON: _ALWAYS,
    Act.ASK_VISIT: _ALWAYS,
    Act.READ_OWN: Need(Level.E0, fresh=True, instead=NextStep.SAY_WHO),
    Act.UNDO_CANCEL: Need(Level.E0, fresh=True, instead=NextStep.SAY_WHO),
    Act.SPEND_CREDIT: _TOKEN,
    Act.CHARGE_CARD: _TOKEN,
    Act.CHARGE_CARD_ABOVE: _LINK,
    Act.CARD: _LINK,
    Act.PAUSE: _TOKEN,
    Act.RESUME: _TOKEN,
    Act.JOIN: _TOKEN,
    Act.CANCEL: Need(Level.E1, fresh=False, instead=NextStep.ECHO_TOKEN),
    Act.REFUND: _STAFF,
    Act.CHANGE_CONTACT: _LINK,
    Act.TRANSFER: _STAFF,
    Act.CHANGE_PLAN_UP: _STAFF,
    Act.EXPORT: _STAFF,
    Act.REDEEM: _STAFF,
}


def needs(act: Act) -> Need:
    """What an act takes."""
    return NEEDS[act]


def judge(act: Act, level: Level, fresh: Freshness) -> Allowed | Instead:
    """Whether it may be done. A number in doubt counts for one level less, and is told nothing that is anyone's."""
    need = NEEDS[act]
    if not need.fresh or level is Level.E3 or fresh is Freshness.FRESH:
        return Allowed() if level >= need.level else Instead(need.instead)
    if need.level is Level.E3:
        return Instead(NextStep.PERSON)
    if fresh is Freshness.SHAKEN:
        return Allowed() if level >= Level.E2 else Instead(NextStep.PERSON)
    if level - 1 >= max(need.level, Level.E1):
        return Allowed()
    return Instead(NextStep.SAY_WHO if level < Level.E2 else need.instead)


def charging(cents: int, charged_cents: int) -> Act:
    """What it is to charge the stored card with so much, where tokens have charged so much within thirty days."""
    within = cents <= MOST_CENTS and charged_cents + cents <= MOST_IN_A_MONTH_CENTS
    return Act.CHARGE_CARD if within else Act.CHARGE_CARD_ABOVE


def freshness(last_heard_at: datetime, now: datetime, *, unsure: bool, shaken_at: datetime | None = None) -> Freshness:
    """By when they were last heard from, or verified. `unsure`: it was stale once, and nobody has said who they are."""
    if shaken_at is not None and now - shaken_at < SHAKEN_FOR:
        return Freshness.SHAKEN
    return Freshness.STALE if unsure or now - last_heard_at >= SILENT_FOR else Freshness.FRESH
