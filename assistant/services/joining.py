"""A membership that begins: priced, put in words, and made, by whichever way somebody came to it."""

from dataclasses import dataclass
from typing import Any

from assistant.db import billing as table
from assistant.db import billing_day, spas
from assistant.domain.billing import Collection
from assistant.domain.calendar import local_day
from assistant.domain.joining import JoinQuote, JoinRefusal, Refusal, plan_join
from assistant.doorbells import Doorbell
from assistant.messages.joining import Welcome
from assistant.messages.message import Credits
from assistant.messages.terms import Agreement, agreement
from assistant.runtime import UnitOfWork
from assistant.services import audit, change_rows, hold_backs, messaging, plans, tasks
from assistant.services.addressing import way_to
from assistant.services.links import Link, Purpose


@dataclass(frozen=True, slots=True)
class Member:
    """A membership that begins, and the invoice of its first cycle; None where that cannot be opened yet."""

    membership_id: int
    invoice_id: int | None


def quote_join(uow: UnitOfWork, spa_id: int, client_id: int, plan_code: str) -> JoinQuote | Refusal:
    """What joining a plan, as it is on offer now, would cost today and after. Changes nothing."""
    zone = spas.house(uow, spa_id).zone
    if not uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s", (spa_id, client_id)).fetchone():
        return Refusal(JoinRefusal.UNKNOWN)
    wanted = change_rows.wanted(uow, spa_id, plan_code)
    if wanted is None:
        return Refusal(JoinRefusal.NOT_OFFERED)
    if plans.holds(uow, spa_id, client_id, wanted.version_id):
        return Refusal(JoinRefusal.HAS_IT)
    if table.open_invoices(uow, spa_id, client_id):
        return Refusal(JoinRefusal.OWES)
    return plan_join(
        wanted.terms,
        local_day(uow.now, zone),
        plan_code=plan_code,
        plan=wanted.name,
        version_id=wanted.version_id,
        returning=_was_member(uow, spa_id, client_id),
    )


def _was_member(uow: UnitOfWork, spa_id: int, client_id: int) -> bool:
    """Whether they ever paid as one: then this is a reactivation, as the reports call it (`rules.md` 8.5)."""
    row = uow.sql(
        "SELECT 1 FROM membership_move WHERE spa_id = %s AND client_id = %s AND kind IN ('new', 'reactivation')"
        " LIMIT 1",
        (spa_id, client_id),
    ).fetchone()
    return row is not None


def terms(uow: UnitOfWork, spa_id: int, quote: JoinQuote, locale: str, *, by_card: bool = True) -> Agreement:
    """The very words that are agreed to."""
    house, words = spas.house(uow, spa_id), spas.credit_words(uow, spa_id, locale)
    banks = [Credits.of(words, each.unit, each.amount) for each in quote.banks]
    return agreement(
        quote,
        banks,
        spa=house.name,
        help_phone=house.help_phone,
        help_email=house.help_email,
        locale=locale,
        by_card=by_card,
    )


# ── made ──


def lock(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (spa_id, client_id))


def make(
    uow: UnitOfWork, spa_id: int, client_id: int, quote: JoinQuote, collection: Collection, *, actor: str
) -> Member:
    """The membership, its first cycle opened by the very words of a billing day, and its welcome."""
    joined_ = plans.join(
        uow,
        spa_id,
        client_id,
        quote.version_id,
        today=quote.joins_on,
        returning=quote.returning,
        collection=collection,
    )
    less = hold_backs.less(uow, spa_id, quote.joins_on, client_id=client_id)
    billing_day.open_day(uow, spa_id, quote.joins_on, uow.now, client_id=client_id, less=less)
    uow.later(Doorbell.CHARGE)
    note(uow, spa_id, actor, "join_agreed", f"membership:{joined_.membership_id}", quote.facts())
    _welcome(uow, spa_id, client_id, quote, joined_.membership_id)
    row = uow.sql(
        "SELECT id FROM invoice WHERE spa_id = %s AND membership_id = %s AND kind = 'dues'",
        (spa_id, joined_.membership_id),
    ).fetchone()
    return Member(joined_.membership_id, row[0] if row else None)


def _welcome(uow: UnitOfWork, spa_id: int, client_id: int, quote: JoinQuote, membership_id: int) -> None:
    """Right after they agreed (`rules.md` 6.9); the receipt follows the payment."""
    way = way_to(uow, spa_id, client_id)
    if way is None:
        return
    message = Welcome(
        first_name=way.first_name,
        plan=quote.plan,
        returning=quote.returning,
        today_cents=quote.today_cents,
        next_charge_on=quote.next_charge_on,
        next_charge_cents=quote.next_charge_cents,
        help_phone=spas.house(uow, spa_id).help_phone,
    )
    messaging.tell(uow, way.to, message, key=f"welcome:{membership_id}")


def note(uow: UnitOfWork, spa_id: int, actor: str, act: str, subject: str, facts: dict[str, Any]) -> None:
    evidence = "E3" if actor.startswith("staff") else "E2"
    audit.write(uow, spa_id, actor=actor, evidence=evidence, act=act, subject=subject, after=facts)


# ── by the card that it waits for ──


def may_ask_for_card(uow: UnitOfWork, link: Link) -> bool:
    """To join, the terms come before the card (`rules.md` 6.1): they were agreed to. One to a membership has a page of
    its own; any other link asks at once.
    """
    known = "SELECT 1 FROM join_request WHERE spa_id = %s AND link_id = %s AND status = 'agreed'"
    if link.purpose is Purpose.MEMBERSHIP:
        return False
    return link.purpose is not Purpose.JOIN or uow.sql(known, (link.spa_id, link.id)).fetchone() is not None


def by_page(uow: UnitOfWork, spa_id: int, page_row: int) -> bool:
    """The card that a join waits for has come by its page: they are a member. False where none waits for it."""
    found = uow.sql(
        "SELECT r.id, r.client_id FROM card_page p JOIN join_request r ON (r.spa_id, r.link_id) = (p.spa_id, p.link_id)"
        " WHERE p.spa_id = %s AND p.id = %s AND r.status = 'agreed'",
        (spa_id, page_row),
    ).fetchone()
    if found is None:
        return False
    request_id, client_id = found
    lock(uow, spa_id, client_id)
    row = uow.sql(
        "SELECT plan_version_id FROM join_request WHERE spa_id = %s AND id = %s AND status = 'agreed'",
        (spa_id, request_id),
    ).fetchone()
    return row is not None and _join_agreed(uow, spa_id, client_id, request_id, row[0])


def _join_agreed(uow: UnitOfWork, spa_id: int, client_id: int, request_id: int, version_id: int) -> bool:
    """In the terms that were agreed to, whatever is on offer meanwhile."""
    [[code, name]] = uow.sql(
        "SELECT p.code, p.name FROM plan p JOIN plan_version v ON (v.spa_id, v.plan_id) = (p.spa_id, p.id)"
        " WHERE v.spa_id = %s AND v.id = %s",
        (spa_id, version_id),
    ).fetchall()
    if plans.holds(uow, spa_id, client_id, version_id):
        settle(uow, spa_id, request_id, "dropped", None)
        facts = {"request": request_id, "why": "a member under this plan already"}
        tasks.open_task(uow, spa_id, key=f"join:{request_id}", kind="join_came_twice", client_id=client_id, facts=facts)
        return False
    quote = plan_join(
        plans.terms_of(uow, spa_id, version_id),
        local_day(uow.now, spas.house(uow, spa_id).zone),
        plan_code=code,
        plan=name,
        version_id=version_id,
        returning=_was_member(uow, spa_id, client_id),
    )
    made = make(uow, spa_id, client_id, quote, Collection.CARD, actor="member")
    settle(uow, spa_id, request_id, "joined", made.membership_id)
    return True


def settle(uow: UnitOfWork, spa_id: int, request_id: int, status: str, membership_id: int | None) -> None:
    uow.sql(
        "UPDATE join_request SET status = %s, settled_at = %s, membership_id = %s WHERE spa_id = %s AND id = %s",
        (status, uow.now, membership_id, spa_id, request_id),
    )
