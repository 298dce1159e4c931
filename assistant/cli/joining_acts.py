"""What `assistant member change` and `join` do: say what it would be, and with --yes do exactly that."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.cli import house
from assistant.db.spas import credit_words
from assistant.domain import changing, joining
from assistant.domain.billing import Cause, Collection
from assistant.domain.changing import ChangeKind, ChangeQuote, ChangeRefusal
from assistant.domain.joining import JoinQuote, JoinRefusal
from assistant.domain.money import Money
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.messages.staff import decline_line
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import charges, joins, plan_changes
from assistant.services.joins import Begun, Member
from assistant.services.plan_changes import Changed, InDoubt, NotPaid, Outcome, Scheduled

REFUSED = 1
LOOK_AGAIN = "it is not as it was a moment ago; please look again"
WHY_NOT: Mapping[ChangeRefusal, str] = {
    ChangeRefusal.PAST_DUE: "something is owed; it is paid first: they reply PAY, or pay at the desk",
    ChangeRefusal.SUSPENDED: "something is owed; it is paid first: they reply PAY, or pay at the desk",
    ChangeRefusal.OWING: "this cycle's charge is on its way; look again in a few minutes",
    ChangeRefusal.PAUSED: "the membership rests; resume it first",
    ChangeRefusal.SCHEDULED: "the membership begins with its first payment; that comes first",
    ChangeRefusal.LEAVING: "they are leaving; undo that first",
    ChangeRefusal.ENDED: "the membership has ended; they can join anew",
    ChangeRefusal.SAME_PLAN: "they are on that plan; --stay calls off a change that is to come",
    ChangeRefusal.HAS_IT: "another membership of theirs is on that plan",
    ChangeRefusal.ALREADY_CHANGING: "a payment for another plan is being looked up; look again in a few minutes",
    ChangeRefusal.NO_CARD: "no card is on file for the difference; send them a card link first",
    ChangeRefusal.NOT_OFFERED: "no such plan can be joined; `assistant plans` has those that can",
    ChangeRefusal.UNKNOWN: "there is no such membership",
}
WHY_NO_JOIN: Mapping[JoinRefusal, str] = {
    JoinRefusal.UNKNOWN: "there is no such client",
    JoinRefusal.NOT_OFFERED: "no such plan can be joined; `assistant plans` has those that can",
    JoinRefusal.HAS_IT: "they are a member on that plan",
    JoinRefusal.OWES: "something is owed for another membership; it is paid first",
    JoinRefusal.NO_PHONE: "no number of theirs may be texted",
    JoinRefusal.NO_CARD: "no card is on file; text them the link with --link, or take the money with --paid-by",
}
LIVE = """
    SELECT m.spa_id, m.id FROM membership m WHERE m.client_id = %s AND m.standing <> 'ended'
    AND (%s::bigint IS NULL OR m.id = %s) ORDER BY m.standing IN ('past_due', 'suspended') DESC, m.id DESC LIMIT 1"""


def change(chosen: argparse.Namespace) -> int:
    rt = house.runtime()
    with rt.unit_of_work() as uow:
        row = uow.sql(LIVE, (chosen.member, chosen.membership, chosen.membership)).fetchone()
        if row is None:
            return _refused("change", f"client {chosen.member} has no such membership")
        spa_id, membership_id = row
        if chosen.stay:
            return _stay(uow, spa_id, membership_id, chosen)
        quote = plan_changes.quote_change(uow, spa_id, membership_id, chosen.to)
    if isinstance(quote, changing.Refusal):
        return _refused("change", WHY_NOT[quote.reason])
    _say(chosen, quote.facts(), _changed(quote))
    if not chosen.yes:
        return _only_said(chosen)
    return _told(chosen, plan_changes.change(rt, spa_id, membership_id, quote, actor=chosen.by))


def _stay(uow: UnitOfWork, spa_id: int, membership_id: int, chosen: argparse.Namespace) -> int:
    if not chosen.yes:
        return _only_said(chosen)
    if not plan_changes.call_off(uow, spa_id, membership_id, actor=chosen.by):
        return _refused("stay", "no change of plan is to come")
    return _done(chosen, "Called off: they stay on their plan.")


def _changed(quote: ChangeQuote) -> Iterator[tuple[str, str]]:
    yield "plan", quote.plan
    if quote.kind is ChangeKind.UPGRADE:
        yield "holds", f"now, {quote.days_left} of {quote.days} days are left"
    else:
        why = ", for it is billed by another period" if quote.new_cadence else ""
        yield "holds", f"from {quote.effective_on}, the next billing date{why}"
    yield "due now", str(Money(quote.due_cents))
    if quote.credit_cents:
        yield "banked of it", f"{Money(quote.credit_cents)}; {Money(quote.access_cents)} is access"
    yield "credits", "all stay, with the terms they were granted under"
    yield "next charge", f"{Money(quote.next_charge_cents)} on {quote.next_charge_on}"


def _told(chosen: argparse.Namespace, outcome: Outcome) -> int:
    match outcome:
        case Changed(quote):
            return _done(chosen, f"Changed: they are on {quote.plan}.")
        case Scheduled(quote):
            return _done(chosen, f"Agreed: {quote.plan} from {quote.effective_on}.")
    return _refused("change", _why_not(outcome))


def _why_not(outcome: Outcome) -> str:
    match outcome:
        case NotPaid("not_asked"):
            return "the card on file may not be asked now; nothing has changed"
        case NotPaid(code):
            return f"the card did not pay, and nothing has changed. {decline_line(code)}"
        case InDoubt():
            return "whether the card paid is being looked up; nothing changes until it is known"
        case changing.Refusal(reason):
            return WHY_NOT[reason]
    return LOOK_AGAIN


def join(chosen: argparse.Namespace) -> int:
    rt = house.runtime()
    locale = "es" if chosen.es else "en"
    with rt.unit_of_work() as uow:
        row = uow.sql("SELECT spa_id FROM client WHERE id = %s", (chosen.member,)).fetchone()
        if row is None:
            return _refused("join", WHY_NO_JOIN[JoinRefusal.UNKNOWN])
        quote = joins.quote_join(uow, row[0], chosen.member, chosen.plan)
        if isinstance(quote, joining.Refusal):
            return _refused("join", WHY_NO_JOIN[quote.reason])
        words = joins.terms(uow, row[0], quote, locale, by_card=chosen.paid_by is None)
        _say(chosen, quote.facts(), _joins(quote, credit_words(uow, row[0], "en")))
    if not chosen.json:
        print(f"\n{words.text}\n\nterms {words.version}, {words.hash[:12]}")
    if not chosen.yes:
        return _only_said(chosen)
    return _join(rt, row[0], quote, chosen, locale)


def _join(rt: Runtime, spa_id: int, quote: JoinQuote, chosen: argparse.Namespace, locale: str) -> int:
    with rt.unit_of_work() as uow:
        done: Begun | Member | joins.Stale | joining.Refusal
        if chosen.link:
            done = joins.begin(uow, spa_id, chosen.member, quote, actor=chosen.by)
        else:
            done = joins.joined(
                uow,
                spa_id,
                chosen.member,
                quote,
                actor=chosen.by,
                collection=Collection.MANUAL if chosen.paid_by else Collection.CARD,
                paid_by=chosen.paid_by,
                locale=locale,
            )
    match done:
        case Begun():
            return _done(chosen, "The link is on its way to them.")
        case Member(membership_id, invoice_id):
            if invoice_id is not None and chosen.paid_by is None:
                charges.attempt(rt, spa_id, invoice_id, Cause.STAFF)
            return _begun(rt, spa_id, membership_id, chosen)
        case joining.Refusal(reason):
            return _refused("join", WHY_NO_JOIN[reason])
        case _:
            return _refused("join", LOOK_AGAIN)


def _begun(rt: Runtime, spa_id: int, membership_id: int, chosen: argparse.Namespace) -> int:
    """By its standing: it is active once it is paid."""
    with rt.unit_of_work() as uow:
        [[standing]] = uow.sql(
            "SELECT standing FROM membership WHERE spa_id = %s AND id = %s", (spa_id, membership_id)
        ).fetchall()
    if standing == "active":
        return _done(chosen, f"Welcome: membership {membership_id} is active.")
    return _done(chosen, f"Membership {membership_id} begins with its first payment, which is still open.")


def _joins(quote: JoinQuote, words: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield "plan", f"{quote.plan}, {quote.cadence}"
    if quote.returning:
        yield "comes back", "no set-up fee, and no introductory price again"
    fee = f", {Money(quote.setup_fee_cents)} of it for joining" if quote.setup_fee_cents else ""
    yield "today", f"{Money(quote.today_cents)}{fee}"
    yield "next charge", f"{Money(quote.next_charge_cents)} on {quote.next_charge_on}"
    if quote.next_charge_cents != quote.usual_cents or quote.intro_left:
        yield "then", f"{Money(quote.usual_cents)} each"
    banked = ", ".join(in_words(Credits.of(words, each.unit, each.amount)) for each in quote.banks)
    yield "banks", banked or "nothing: access alone"
    if quote.minimum_until:
        yield "at least", f"{quote.minimum_cycles} payments, until {quote.minimum_until}"
    yield "leave by", f"{quote.leave_by}, not to be charged again"


def _say(chosen: argparse.Namespace, facts: dict[str, Any], lines: Iterator[tuple[str, str]]) -> None:
    if chosen.json:
        print(json.dumps(facts, sort_keys=True))
        return
    for name, value in lines:
        print(f"{name:<18}{value}")


def _only_said(chosen: argparse.Namespace) -> int:
    if not chosen.json:
        print("Nothing has changed: with --yes it is done.")
    return 0


def _done(chosen: argparse.Namespace, words: str) -> int:
    print(json.dumps({"done": words}) if chosen.json else words)
    return 0


def _refused(wish: str, why: str) -> int:
    print(f"cannot {wish}: {why}", file=sys.stderr)
    return REFUSED
