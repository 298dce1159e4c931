"""Each way a message about dues can go, and one of each as the page shows it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from itertools import product
from typing import Any

from assistant.domain.declines import Script
from assistant.domain.dunning import Final
from assistant.domain.leaving import SaveOffer
from assistant.domain.pausing import PauseRefusal
from assistant.messages import catalog, changes, credits, dues, dues_replies, joining, refunds
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
    "code": "XG69UR",
    **dict.fromkeys(("owed_cents", "dues_cents", "old_cents", "new_cents", "charging_cents"), MOST),
    **dict.fromkeys(("today_cents", "next_charge_cents", "paid_cents", "due_cents"), MOST),
    **dict.fromkeys(
        (
            *("next_charge_on", "retry_on", "suspends_on", "ends_on", "next_on", "effective_on", "grants_on"),
            *("good_until", "not_before", "cycle_on", "starts_on", "resumes_on", "next_possible_on", "latest_on"),
            "promise_on",
            "last_on",
        ),
        LATE,
    ),
}

LEFT: dict[str, Sequence[Any]] = {
    "ended": (True, False),
    "charges_left": (0, 1, 36),
    "credits_until": (None, LATE),
    "cash_out_cents": (0, 1_499),
}

SAVINGS = (
    None,
    changes.Saving("K99", SaveOffer.REST, until=LATE),
    changes.Saving("K99", SaveOffer.SMALLER_PLAN, until=LATE, plan="Radiance Platinum Circle", cents=MOST),
    changes.Saving("K99", SaveOffer.GIFT),
)
CHOICES: dict[type[Message], dict[str, Sequence[Any]]] = {
    refunds.RefundMade: {"to_card": (True, False), "refunded_cents": (MOST,)},
    catalog.CardSaved: {"charging_cents": (0, MOST)},
    dues.CardUnfinished: {"pays": (True, False)},
    changes.NothingToUndo: {"ended": (True, False)},
    catalog.NothingOwed: {"next_charge_on": (None, LATE)},
    catalog.PayRefused: {
        "reason": tuple(dues_replies.PayRefusal),
        "link": (None, LINK),
        "not_before": (None, LATE),
    },
    catalog.PauseOffered: {"owed_cents": (0, MOST), "fee_cents": (0, MOST), "term_cycles": (0, 3)},
    catalog.PauseDone: {"credits_usable": (True, False)},
    catalog.PauseRefused: {"reason": tuple(PauseRefusal), "next_possible_on": (None, LATE)},
    catalog.PromiseMade: {"benefits_on": (True, False)},
    catalog.PromiseUsed: {"retry_on": (None, LATE)},
    catalog.MembershipEndedUnpaid: {"final": tuple(Final), "next_on": (None, LATE)},
    catalog.BenefitsPaused: {"link": (None, LINK), "manual": (True, False)},
    catalog.StillOwed: {"suspends_on": (None, LATE)},
    catalog.LastNotice: {"final": tuple(Final)},
    changes.ResumeOffered: {"charge_cents": (0, MOST), "resumes_on": (None, LATE), "calls_off": (True, False)},
    changes.ResumeDone: {"charge_cents": (0, MOST), "resumes_on": (None, LATE)},
    changes.NotPaused: {"next_charge_on": (None, LATE)},
    changes.LeaveOffered: {
        "effective_on": (None, LATE),
        "charges_left": (0, 1, 36),
        "let_go_cents": (0, MOST),
        "saving": SAVINGS,
    },
    **dict.fromkeys((changes.LeaveDone, changes.LeaveConfirmed), LEFT),
    joining.Welcome: {"returning": (True, False), "today_cents": (0, MOST)},
    joining.PlanChanged: {"paid_cents": (0, MOST), "banked": (None, Credits(MOST))},
}
LADDER: dict[str, Sequence[Any]] = {
    "script": tuple(Script),
    "retry_on": (None, LATE),
    "link": (None, LINK),
    "manual": (True, False),
}
OURS = {each.__name__ for each in (dues, dues_replies, joining, credits, changes, refunds)}
ANY = tuple(message for message in catalog.CATALOG if message.__module__ in OURS)


def samples(message: type[Message], name: str, held: Sequence[Credits]) -> list[Message]:
    """Each way it can go; `held` is as many sorts of credit as a member may have."""
    choices = dict(CHOICES.get(message, {}))
    if issubclass(message, dues.Owing):
        choices |= LADDER
    stakes = ((), held[:1], tuple(held))
    choices |= {
        each: stakes
        for each in ("at_stake", "credits", "taken_back")
        if each in {field.name for field in fields(message)}
    }
    if "kept" in {field.name for field in fields(message)}:
        choices |= {"kept": ((), held[:1])}  # where more is too long, none of it is told
    if message is catalog.CapWarning:
        choices |= {"held": held, "most": held}
    if message is credits.RollingOff:
        choices |= {"amount": held, "most": held}
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
        "banked": Credits(4_000),
        "refunded_cents": 14_900,
        "to_card": True,
        "taken_back": (visit,),
        "kept": (visit,),
        "saving": None,
        "charge_cents": 14_900,
        **dict.fromkeys(("charges_left", "let_go_cents", "cash_out_cents", "fee_cents", "term_cycles"), 0),
        **dict.fromkeys(("ended", "calls_off", "pays"), False),
        "credits_until": None,
        "returning": False,
        "paid_cents": 5_000,
        "due_cents": 5_000,
        **dict.fromkeys(("today_cents", "next_charge_cents"), 14_900),
        "held": visit,
        "most": visit,
        "amount": visit,
        "last_on": soon,
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
        changes.ResumeOffered: {"token": "R7", "resumes_on": None},
        changes.ResumeDone: {"resumes_on": None},
        changes.LeaveOffered: {"token": "L7", "saving": changes.Saving("K8", SaveOffer.REST, until=later)},
        catalog.PauseRefused: {"reason": PauseRefusal.TOO_OFTEN},
    }
    return tuple(_one(message, shown | own.get(message, {}), "Ana") for message in ANY)


def _one(message: type[Message], known: dict[str, Any], name: str) -> Message:
    return message(**{field.name: (known | {"first_name": name})[field.name] for field in fields(message)})
