"""Each way a message about dues can go, and one of each as the page shows it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from itertools import product
from typing import Any

from assistant.domain.declines import Script
from assistant.domain.dunning import Final
from assistant.domain.pausing import PauseRefusal
from assistant.messages import catalog, dues, dues_replies
from assistant.messages.message import Credits, Message

LATE = date(2026, 9, 30)
MOST = 9_999_999
PLAN = "Radiance Platinum Circle"
PHONE = "(505) 555-0101"
LINK = "https://members.fernandlumen.example.com/c/" + "wW-" * 14 + "w"
"""As long as any: 256 bits in letters."""

Samples = Callable[[str, Sequence[Credits]], Iterator[Message]]


def every(message: type[Message], name: str, **values: Sequence[Any]) -> Iterator[Message]:
    """A message with every combination of some values, and the longest of all others."""
    for chosen in product(*values.values()):
        known = COMMON | dict(zip(values, chosen, strict=True)) | {"first_name": name}
        yield message(**{field.name: known[field.name] for field in fields(message)})


COMMON: dict[str, Any] = {
    "plan": PLAN,
    "help_phone": PHONE,
    "link": LINK,
    "token": "S99",
    **dict.fromkeys(("owed_cents", "dues_cents", "old_cents", "new_cents", "charging_cents"), MOST),
    **dict.fromkeys(
        (
            *("next_charge_on", "retry_on", "suspends_on", "ends_on", "next_on", "effective_on", "grants_on"),
            *("good_until", "not_before", "cycle_on", "starts_on", "resumes_on", "next_possible_on", "latest_on"),
            "promise_on",
        ),
        LATE,
    ),
}

CHOICES: dict[type[Message], dict[str, Sequence[Any]]] = {
    catalog.CardSaved: {"charging_cents": (0, MOST)},
    catalog.NothingOwed: {"next_charge_on": (None, LATE)},
    catalog.PayRefused: {
        "reason": tuple(dues_replies.PayRefusal),
        "link": (None, LINK),
        "not_before": (None, LATE),
    },
    catalog.PauseOffered: {"owed_cents": (0, MOST)},
    catalog.PauseDone: {"credits_usable": (True, False)},
    catalog.PauseRefused: {"reason": tuple(PauseRefusal), "next_possible_on": (None, LATE)},
    catalog.PromiseMade: {"benefits_on": (True, False)},
    catalog.PromiseUsed: {"retry_on": (None, LATE)},
    catalog.MembershipEndedUnpaid: {"final": tuple(Final), "next_on": (None, LATE)},
    catalog.BenefitsPaused: {"link": (None, LINK), "manual": (True, False)},
    catalog.StillOwed: {"suspends_on": (None, LATE)},
    catalog.LastNotice: {"final": tuple(Final)},
}
LADDER: dict[str, Sequence[Any]] = {
    "script": tuple(Script),
    "retry_on": (None, LATE),
    "link": (None, LINK),
    "manual": (True, False),
}
ANY = tuple(message for message in catalog.CATALOG if message.__module__ in {dues.__name__, dues_replies.__name__})


def samples(message: type[Message], name: str, held: Sequence[Credits]) -> list[Message]:
    """Each way it can go; `held` is as many sorts of credit as a member may have."""
    choices = dict(CHOICES.get(message, {}))
    if issubclass(message, dues.Owing):
        choices |= LADDER
    stakes = ((), held[:1], tuple(held))
    choices |= {each: stakes for each in ("at_stake", "credits") if each in {field.name for field in fields(message)}}
    if message is catalog.CapWarning:
        choices |= {"held": held, "most": held}
    return list(every(message, name, **choices))


def examples(visit: Credits) -> tuple[Message, ...]:
    """One of each, in the catalog's order."""
    link, soon, later = "https://spa.example.com/c/Xk2...", date(2026, 3, 6), date(2026, 4, 15)
    shown: dict[str, Any] = COMMON | {
        "plan": "Glow",
        "link": link,
        "token": "S7",
        **dict.fromkeys(("owed_cents", "dues_cents", "old_cents", "charging_cents"), 14_900),
        "new_cents": 15_900,
        "script": Script.FUNDS,
        "retry_on": soon,
        "manual": False,
        "suspends_on": date(2026, 3, 29),
        "ends_on": later,
        "final": Final.CANCEL,
        "at_stake": (visit,),
        "credits": (visit,),
        "held": visit,
        "most": visit,
        "reason": "",
        "not_before": soon,
        "benefits_on": True,
        "credits_usable": True,
        **dict.fromkeys(("next_charge_on", "grants_on", "effective_on", "resumes_on"), later),
        **dict.fromkeys(("cycle_on", "starts_on"), date(2026, 3, 15)),
        **dict.fromkeys(("good_until", "promise_on", "latest_on"), soon),
        "next_on": None,
        "next_possible_on": later,
    }
    own: dict[type[Message], dict[str, Any]] = {
        catalog.PaymentReminder: {"script": Script.CALL_BANK},
        catalog.BenefitsPauseSoon: {"script": Script.EXPIRED},
        catalog.StillOwed: {"script": Script.NEW_CARD, "suspends_on": None},
        catalog.LastNotice: {"script": Script.SOFT},
        catalog.CardExpiring: {"ends_on": date(2026, 3, 31)},
        catalog.PayRefused: {"reason": dues_replies.PayRefusal.NEW_CARD},
        catalog.PauseOffered: {"token": "P7", "owed_cents": 0},
        catalog.PauseRefused: {"reason": PauseRefusal.TOO_OFTEN},
    }
    return tuple(_one(message, shown | own.get(message, {}), "Ana") for message in ANY)


def _one(message: type[Message], known: dict[str, Any], name: str) -> Message:
    return message(**{field.name: (known | {"first_name": name})[field.name] for field in fields(message)})
