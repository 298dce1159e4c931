"""What `assistant member` does: says what it would be, and with --yes does exactly that."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from assistant.cli import house
from assistant.db import members
from assistant.domain import stored
from assistant.domain.calendar import start_of_day
from assistant.domain.leaving import LeaveQuote, LeaveRefusal
from assistant.domain.money import Money
from assistant.domain.pausing import PauseQuote, PauseRefusal, Refusal, ResumeQuote, ResumeRefusal
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, pauses
from assistant.services.cancellations import Left, Stays
from assistant.services.pauses import Paused, Resumed

REFUSED = 1
WHY: dict[str, str] = {
    PauseRefusal.PAST_DUE: "a payment is open: it is paid or skipped first",
    PauseRefusal.SUSPENDED: "a payment has been open for so long that the benefits rest: it is paid or skipped first",
    PauseRefusal.SCHEDULED: "the membership has not begun",
    PauseRefusal.ENDED: "the membership has ended",
    PauseRefusal.ALREADY_PAUSED: "it rests already, or is to",
    PauseRefusal.NOT_OFFERED: "the plan has no pauses",
    PauseRefusal.YEARLY: "the plan is paid a year ahead: there is no month to skip",
    PauseRefusal.TOO_SOON: "the member is too new for the plan's pauses",
    PauseRefusal.TOO_OFTEN: "it has rested as often as the plan lets it within twelve months",
    PauseRefusal.TOO_SHORT: "it would be over before the next charge, and skip none",
    PauseRefusal.TOO_LONG: "that is longer than the plan's pauses",
    PauseRefusal.LEAVING: "a cancellation stands: undo it first",
    ResumeRefusal.NOT_PAUSED: "nothing rests, and no pause is to come",
}
Lines = Iterator[tuple[str, str]]


def pause(chosen: argparse.Namespace) -> int:
    def act(uow: UnitOfWork, spa_id: int, membership_id: int) -> int:
        quote = pauses.quote_pause(
            uow, spa_id, membership_id, months=chosen.months, until=chosen.until, hardship=chosen.hardship
        )
        if isinstance(quote, Refusal):
            later = f"; possible from {quote.next_possible_on}" if quote.next_possible_on else ""
            return _refused(chosen, "pause", f"{WHY[quote.reason]}{later}")
        _say(chosen, quote, _paused(quote))
        if chosen.yes:
            done = pauses.pause(
                uow, spa_id, membership_id, quote, actor=chosen.by, hardship=chosen.hardship, reason=chosen.reason
            )
            return _ended(chosen, isinstance(done, Paused), "Agreed.")
        return _only_said(chosen)

    return _with(chosen, "pause", act)


def _paused(quote: PauseQuote) -> Lines:
    yield "rests from", f"{quote.starts_on}, the next billing date"
    yield "on again", f"{quote.resumes_on}, told again on {quote.remind_on}"
    yield "charges skipped", str(quote.billing_skips)
    yield "next charge", str(quote.next_charge_on)
    yield "fee", str(Money(quote.fee_cents))
    yield "credits", "usable meanwhile" if quote.benefits_usable else "wait, and none runs out"
    if quote.expiry_clock_stops:
        yield "promotions", "run out later by the length of the pause"
    if quote.term_extends_cycles:
        yield "minimum term", f"ends {quote.term_extends_cycles} charges later"


def resume(chosen: argparse.Namespace) -> int:
    def act(uow: UnitOfWork, spa_id: int, membership_id: int) -> int:
        quote = pauses.quote_resume(uow, spa_id, membership_id)
        if isinstance(quote, ResumeRefusal):
            return _refused(chosen, "resume", WHY[quote])
        _say(chosen, quote, _resumed(quote))
        if chosen.yes:
            done = pauses.resume(uow, spa_id, membership_id, quote, actor=chosen.by)
            return _ended(chosen, isinstance(done, Resumed), "Called off." if quote.calls_off else "On again.")
        return _only_said(chosen)

    return _with(chosen, "resume", act)


def _resumed(quote: ResumeQuote) -> Lines:
    yield "on again", "stays on: the pause is called off" if quote.calls_off else str(quote.resumes_on)
    yield "charged now", str(Money(quote.charge_cents))
    yield "next charge", str(quote.next_charge_on)


def cancel(chosen: argparse.Namespace) -> int:
    def act(uow: UnitOfWork, spa_id: int, membership_id: int) -> int:
        asked_at = _asked_at(uow, spa_id, chosen.asked)
        quote = cancellations.quote_cancel(uow, spa_id, membership_id, hardship=chosen.hardship, asked_at=asked_at)
        if isinstance(quote, LeaveRefusal):
            return _refused(chosen, "cancel", WHY[quote])
        _say(chosen, quote, _left(quote))
        if not chosen.yes:
            return _only_said(chosen)
        done = cancellations.cancel(
            uow,
            spa_id,
            membership_id,
            quote,
            channel=chosen.channel,
            actor=chosen.by,
            hardship=chosen.hardship,
            reason=chosen.reason,
            asked_at=asked_at,
        )
        return _ended(chosen, isinstance(done, Left), f"Cancelled: confirmation {getattr(done, 'code', '')}.")

    return _with(chosen, "leave", act)


def _asked_at(uow: UnitOfWork, spa_id: int, asked: date | None) -> datetime | None:
    """Noon of that day at the spa: on which side of a charge of that day it was, nobody knows."""
    if asked is None:
        return None
    [[zone]] = uow.sql("SELECT zone FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return min(uow.now, start_of_day(asked, zone) + timedelta(hours=12))


def _left(quote: LeaveQuote) -> Lines:
    yield "ends", str(quote.effective_on)
    yield "charges to come", f"{quote.charges_left}, of the minimum term" if quote.charges_left else "none"
    if quote.owed_cents:
        yield (
            "owed",
            f"{Money(quote.owed_cents)}, {'let go' if quote.waived else 'kept for the desk'}; nobody is chased",
        )
    yield "credits paid for", "stay, with no end" if quote.keeps_credits else "none"
    if quote.credits_until:
        yield "promotions", f"usable through {quote.credits_until}"
    if quote.cash_out_cents:
        yield "in cash", f"{Money(quote.cash_out_cents)} for the asking"
    if quote.offer:
        yield "may suit better", quote.offer.replace("_", " ")


def undo(chosen: argparse.Namespace) -> int:
    def act(uow: UnitOfWork, spa_id: int, _membership_id: int) -> int:
        for membership_id in members.leaving(uow, spa_id, chosen.member):
            if chosen.membership in (None, membership_id):
                if not chosen.yes:
                    _say(chosen, None, iter([("undoes", f"the end of membership {membership_id}")]))
                    return _only_said(chosen)
                done = cancellations.undo_cancel(uow, spa_id, membership_id, actor=chosen.by)
                if isinstance(done, Stays):
                    return _ended(chosen, True, f"Stays: the next charge is on {done.next_charge_on}.")
        return _refused(chosen, "undo", "no cancellation stands, or its day has come")

    return _with(chosen, "leave", act)


def _with(chosen: argparse.Namespace, wish: str, act: Callable[[UnitOfWork, int, int], int]) -> int:
    """The client's membership that is meant, in one transaction."""
    with house.runtime().unit_of_work() as uow:
        row = uow.sql("SELECT spa_id FROM client WHERE id = %s", (chosen.member,)).fetchone()
        if row is None:
            return _refused(chosen, wish, f"there is no client {chosen.member}")
        held = chosen.membership or members.live(uow, row[0], chosen.member, wish)
        found = held and members.held(uow, row[0], held, uow.now)
        if not found or found.client_id != chosen.member:
            return _refused(chosen, wish, f"client {chosen.member} has no such membership")
        return act(uow, row[0], found.membership_id)


def _say(chosen: argparse.Namespace, quote: object, lines: Lines) -> None:
    if chosen.json:
        print(json.dumps(stored.written(quote), sort_keys=True))
        return
    for name, value in lines:
        print(f"{name:<18}{value}")


def _only_said(chosen: argparse.Namespace) -> int:
    if not chosen.json:
        print("Nothing has changed: with --yes it is done.")
    return 0


def _ended(chosen: argparse.Namespace, done: bool, words: str) -> int:  # noqa: FBT001 - how it ended
    if not done:
        return _refused(chosen, "do", "it is not as it was a moment ago; please look again")
    print(json.dumps({"done": words}) if chosen.json else words)
    return 0


def _refused(_chosen: argparse.Namespace, wish: str, why: str) -> int:
    print(f"Cannot {wish}: {why}.", file=sys.stderr)
    return REFUSED
