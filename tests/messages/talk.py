"""Each way a message of a conversation can go, and one of each as the page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from itertools import pairwise, product
from typing import Any

from assistant.domain.changing import ChangeRefusal
from assistant.domain.declines import Script
from assistant.domain.opening_hours import Opening, Span
from assistant.messages import catalog, handover, offers, plans, reminders, talk
from assistant.messages.message import Credits, Message

LATE = date(2026, 9, 30)
MOST = 9_999_999
PHONE = "(505) 555-0101"
SPA = "Fern & Lumen Aesthetic Gardens"
PLAN = "Radiance Platinum Circle"
OURS = {each.__name__ for each in (talk, handover, plans, offers, reminders)}
ANY = tuple(message for message in catalog.CATALOG if message.__module__ in OURS)
TRUTH = (True, False)
LINK = "https://spa.example.com/card/" + "x" * 43
GUESSES = (
    *("balance", "why", "pay", "skip", "pause", "resume", "leave", "card", "promise", "undo", "join", "change"),
    *("perks", "receipt", "book", "gift", "hours", "human", "billing_texts"),
)
CHARGES = (plans.Charge(LATE, MOST, PLAN), plans.Charge(LATE, MOST, None))
DAY = (Span(570, 750), Span(810, 1_170))
LINES = (plans.PlanLine(PLAN, MOST, yearly=True, banks=()), plans.PlanLine("Glow", 14_900, yearly=False, banks=()))


def choices(message: type[Message], held: Sequence[Credits]) -> dict[str, Sequence[Any]]:
    """The values that make a message go another way."""
    known: dict[str, Sequence[Any]] = {
        "topic": tuple(talk.PersonTopic),
        "kind": tuple(talk.Pleasantry),
        "options": ((("P47", "pause"), ("C12", "change"), ("L33", "leave")), (("R47", "resume"), ("J12", "join"))),
        "guesses": (*((each,) for each in GUESSES), *pairwise(GUESSES)),
        "today": TRUTH,
        "already": TRUTH,
        "after_stop": TRUTH,
        "charges": ((), CHARGES),
        "next_charge_on": (None, LATE) if message is plans.Receipts else (LATE,),
        "plans": ((), LINES) if message is plans.PlanList else (LINES,),
        "joins": TRUTH,
        "yearly": TRUTH,
        "banks": ((), held[:1], held[1:]),
        "credits": held,
        "cycle_months": (1, 12),
        "birthday": (None, held[0]),
        "priority": TRUTH,
        "member_prices": TRUTH,
        "minimum_until": (None, LATE),
        "saving_cents": (0,),  # where it is too long, nothing is said of it
        "due_cents": (0, MOST),
        "effective_on": (None, LATE),
        "charges_left": (0, 1, 36),
        "sure": TRUTH,
        "crisis": TRUTH,
        "reason": tuple(each.value for each in ChangeRefusal),
        "script": tuple(Script),
        "retry_on": (None, LATE),
        "link": (None, LINK),
        "manual": TRUTH,
        "owed_cents": (MOST,),
        "word": ("", "CANCELAR MEMBRESIA"),
        "spans": ((), DAY[:1], DAY),
        "until": (None, 1_170),
        "opening": (None, *(Opening(LATE, 1_170, ahead) for ahead in (0, 1, 9))),
    }
    names = {field.name for field in fields(message)}
    return {name: values for name, values in known.items() if name in names}


COMMON: dict[str, Any] = {
    "words": "Hi, this is Sam at the desk. I have moved it to Friday for you.",
    "spa": SPA,
    "plan": PLAN,
    "help_phone": PHONE,
    "emergency_phone": PHONE,
    **dict.fromkeys(("by", "day", "last_on", "charge_on"), LATE),
    "token": "J99",
    **dict.fromkeys(("today_cents", "next_charge_cents", "dues_cents"), MOST),
}


def samples(message: type[Message], name: str, held: Sequence[Credits]) -> list[Message]:
    return list(_every(message, name, choices(message, held)))


def _every(message: type[Message], name: str, ways: dict[str, Sequence[Any]]) -> Iterator[Message]:
    for chosen in product(*ways.values()):
        known = COMMON | dict(zip(ways, chosen, strict=True)) | {"first_name": name}
        yield message(**{field.name: known[field.name] for field in fields(message)})


def examples(visit: Credits) -> tuple[Message, ...]:
    """One of each, in the catalog's order."""
    soon, later = date(2026, 3, 6), date(2026, 4, 15)
    shown = COMMON | {
        "spa": "Fern & Lumen",
        "plan": "Radiance",
        "token": "J7",
        **dict.fromkeys(("by", "day", "last_on", "charge_on"), soon),
        "spans": (Span(540, 1_080),),
        "until": 1_080,
        "opening": Opening(later, 540, 9),
        "credits": visit,
        "cycle_months": 1,
        "today": True,
        "options": (("P47", "pause"), ("C12", "change")),
        "guesses": ("balance", "pause"),
        "topic": talk.PersonTopic.ASKED,
        "kind": talk.Pleasantry.THANKS,
        "already": False,
        "after_stop": True,
        "charges": (plans.Charge(soon, 14_900, "Glow"), plans.Charge(soon, 11_200, None)),
        "plans": (plans.PlanLine("Glow", 14_900, yearly=False, banks=(visit,)),),
        "joins": True,
        "yearly": False,
        "banks": (visit,),
        "birthday": None,
        "priority": True,
        "member_prices": True,
        "minimum_until": None,
        "saving_cents": 4_800,
        "due_cents": 5_000,
        "effective_on": None,
        "charges_left": 0,
        "sure": True,
        "crisis": False,
        "word": "BALANCE",
        "reason": "past_due",
        "script": Script.FUNDS,
        "retry_on": soon,
        "link": None,
        "manual": False,
        "owed_cents": 14_900,
        "next_charge_on": later,
        **dict.fromkeys(("today_cents", "next_charge_cents", "dues_cents"), 14_900),
    }
    return tuple(
        each(**{field.name: (shown | {"first_name": "Ana"})[field.name] for field in fields(each)}) for each in ANY
    )
