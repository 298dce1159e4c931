"""Charging a card for what is owed: the intention committed, the bank asked, the answer written once.

The provider is asked between two transactions, never inside one, and under a key that was committed first. A worker
that dies anywhere leaves an attempt that the janitor looks up; nothing is ever guessed, and nobody is asked twice.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.db import billing as table
from assistant.db import members
from assistant.db.billing import Attempt, Owed
from assistant.domain.billing import Cause, Collection, InvoiceKind, InvoiceStatus
from assistant.domain.declines import Allowed, Barred, NotBefore, Past, may_attempt
from assistant.domain.membership import Standing
from assistant.gateways.ports import ChargeOrder, Declined
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import attempts, collecting, doubts
from assistant.services.attempts import KEY_LIFE, LEASE, Chargeable, begin, looked, next_at, order_of
from assistant.services.doubts import LookUp

EXEMPT_LOOKS = timedelta(days=1)
"""How often it is looked whether a membership that is not to be charged by itself still is not."""
PAGE_OPEN = timedelta(minutes=60)
"""While a member is typing a card the old one is left alone (`features.md` D2)."""
SIDE_BY_SIDE = 48
"""Charges on their way at once: a hundred a second for nearly half a second each (`docs/performance.md`)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The bank is to be asked exactly this."""

    spa_id: int
    invoice_id: int
    attempt_id: int
    order: ChargeOrder


Next = Ask | LookUp | None
"""None: there is nothing to ask the provider, now or ever."""


def charge_next(rt: Runtime) -> bool:
    """Take the invoice that has been due longest and charge it; False when none is due."""
    with rt.unit_of_work() as uow:
        owed = table.next_owed(uow, uow.now)
        found = None if owed is None else _prepare(uow, owed)
    if owed is None:
        return False
    _carry_out(rt, found)
    return True


def attempt(rt: Runtime, spa_id: int, invoice_id: int, cause: Cause) -> None:
    """Charge one invoice now, for whoever asked. Running this twice, or beside itself, cannot charge twice."""
    with rt.unit_of_work() as uow:
        owed = table.owed(uow, spa_id, invoice_id)
        if owed is None:
            raise LookupError(f"spa {spa_id} has no invoice {invoice_id}")
        attempts.ask_for(uow, owed, cause)
        found = _prepare(uow, owed, cause=cause)
    _carry_out(rt, found)


def _carry_out(rt: Runtime, found: Next) -> None:
    match found:
        case Ask(spa_id, invoice_id, attempt_id, order):
            answer = rt.payments.charge(order)
            rt.transact(lambda uow: attempts.settle(uow, spa_id, attempt_id, answer, invoice_id=invoice_id))
        case LookUp():
            doubts.look_up(rt, found)


# ── before asking ──


def _prepare(uow: UnitOfWork, owed: Owed, *, cause: Cause | None = None) -> Next:
    """Under the invoice's lock: is it still owed, may the card be asked, and with which key?"""
    cause = cause or owed.cause
    if owed.status is not InvoiceStatus.OPEN:
        return None
    if (doubt := table.open_attempt(uow, owed.spa_id, owed.invoice_id)) is not None:
        return _again_or_look(uow, owed, doubt)
    return None if _settled_without_card(uow, owed, cause) else _first_ask(uow, owed, cause)


def _settled_without_card(uow: UnitOfWork, owed: Owed, cause: Cause) -> bool:
    """Whether no card is to be asked, and what is to be done instead is done."""
    if owed.standing == Standing.ENDED:
        collecting.let_go(uow, owed, InvoiceStatus.SKIPPED, "ended")
    elif why := members.stands_against(uow, owed):
        collecting.let_go(uow, owed, InvoiceStatus.SKIPPED, why)
    elif owed.standing == Standing.PAUSED:  # a missed cycle that was asked for, and a pause before it was charged
        collecting.let_go(uow, owed, InvoiceStatus.SKIPPED, "paused")
    elif owed.charge_exempt and not cause.by_person:  # staff said so, or a bank has a payment of theirs in dispute
        next_at(uow, owed, uow.now + EXEMPT_LOOKS)
    elif owed.total_cents == 0:
        collecting.nothing_to_pay(uow, owed)
    elif owed.collection == Collection.MANUAL and not cause.by_person:
        next_at(uow, owed, None)
        collecting.due_at_the_desk(uow, owed)
    else:
        return False
    return True


def _first_ask(uow: UnitOfWork, owed: Owed, cause: Cause) -> Next:
    if not cause.by_person and (until := _page_open_until(uow, owed)) is not None:
        next_at(uow, owed, until)
        return None
    card = _card(uow, owed)
    if card is None:
        next_at(uow, owed, None)
        collecting.declined(uow, owed, Declined(None, "no_card"), None)
        return None
    match _allowed(uow, owed, card, by_person=cause.by_person):
        case NotBefore(at) if owed.kind is InvoiceKind.DUES:
            next_at(uow, owed, at)
            return None
        case NotBefore() | Barred():  # an order is never charged by itself, once nobody waits for it any more
            next_at(uow, owed, None)
            collecting.barred(uow, owed)
            return None
        case _:
            return _begin(uow, owed, cause, card)


def _card(uow: UnitOfWork, owed: Owed) -> Chargeable | None:
    """The current card; or the backup, where the current one has just been declined for this invoice or is gone."""
    row = uow.sql(
        """SELECT c.id, p.customer_id, c.payment_method_id, c.fingerprint FROM card c
           JOIN payer p ON (p.spa_id, p.client_id) = (c.spa_id, c.client_id)
           WHERE c.spa_id = %s AND c.client_id = %s AND c.role <> 'old'
           ORDER BY c.id IS NOT DISTINCT FROM (
               SELECT a.card_id FROM charge_attempt a WHERE a.spa_id = c.spa_id AND a.invoice_id = %s
               AND a.status = 'declined' AND a.asked_at > %s ORDER BY a.number DESC LIMIT 1),
               c.role = 'backup' LIMIT 1""",
        (owed.spa_id, owed.client_id, owed.invoice_id, uow.now - timedelta(hours=1)),
    ).fetchone()
    return None if row is None else Chargeable(*row)


def may_ask(uow: UnitOfWork, owed: Owed, *, by_person: bool) -> NotBefore | Barred | None:
    """Whether there is a card that may be asked now; None: it may."""
    card = _card(uow, owed)
    if card is None:
        return Barred("no_card")
    allowed = _allowed(uow, owed, card, by_person=by_person)
    return None if isinstance(allowed, Allowed) else allowed


def _allowed(uow: UnitOfWork, owed: Owed, card: Chargeable, *, by_person: bool) -> Allowed | NotBefore | Barred:
    history = _history(uow, owed, card)
    if any(past.declined for past in history):  # another worker may be about to ask the same card for another invoice
        uow.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (card.fingerprint, owed.spa_id))
        history = _history(uow, owed, card)
    return may_attempt(history, now=uow.now, amount_cents=owed.total_cents, by_member=by_person)


def _history(uow: UnitOfWork, owed: Owed, card: Chargeable) -> list[Past]:
    """Every try of the same card number, whatever it was for and however often it was added (`rules.md` 5.3)."""
    rows = uow.sql(
        "SELECT created_at, amount_cents, status = 'declined', bars_card,"
        " cause IN ('cycle', 'retry') AND coalesce(rule, '') <> 'once', status IN ('asked', 'unanswered')"
        " FROM charge_attempt WHERE spa_id = %s AND fingerprint = %s AND (created_at > %s OR bars_card)"
        " AND status <> 'lapsed'",
        (owed.spa_id, card.fingerprint, uow.now - timedelta(days=30)),
    )
    return [Past(*row) for row in rows.fetchall()]


def _page_open_until(uow: UnitOfWork, owed: Owed) -> datetime | None:
    row = uow.sql(
        "SELECT max(created_at) FROM card_page WHERE spa_id = %s AND client_id = %s AND status IN ('asked', 'open')",
        (owed.spa_id, owed.client_id),
    ).fetchone()
    until = row[0] + PAGE_OPEN if row and row[0] else None
    return until if until and until > uow.now else None


def _begin(uow: UnitOfWork, owed: Owed, cause: Cause, card: Chargeable) -> Ask:
    """Commit the intention: the next number, its own key, exactly what will be asked."""
    attempt_id, key = begin(uow, owed, cause, card, owed.total_cents)
    next_at(uow, owed, None)
    order = order_of(owed, key, card.customer_id, card.payment_method_id, owed.total_cents)
    return Ask(owed.spa_id, owed.invoice_id, attempt_id, order)


def _again_or_look(uow: UnitOfWork, owed: Owed, doubt: Attempt) -> Next:
    """One that was surely not taken is sent again under its own key; any other is looked up when its time has come."""
    resting = owed.standing in (Standing.ENDED, Standing.PAUSED)
    if doubt.untaken and not resting and doubt.payment_method_id and uow.now - doubt.created_at < KEY_LIFE:
        uow.sql(
            "UPDATE charge_attempt SET asked_at = %s, look_at = %s, untaken = false WHERE spa_id = %s AND id = %s",
            (uow.now, uow.now + LEASE, owed.spa_id, doubt.id),
        )
        next_at(uow, owed, None)
        order = order_of(owed, doubt.key, doubt.customer_id, doubt.payment_method_id, doubt.amount_cents)
        return Ask(owed.spa_id, owed.invoice_id, doubt.id, order)
    if doubt.look_at > uow.now and not doubt.untaken:
        next_at(uow, owed, doubt.look_at)
        return None
    looked(uow, owed.spa_id, doubt)
    next_at(uow, owed, None)
    return LookUp(owed.spa_id, doubt, owed.account)


def charge_all(rt: Runtime, *, threads: int = SIDE_BY_SIDE, tell: Callable[[], None] = lambda: None) -> None:
    """Charge until nothing is due, a few side by side, telling how far it has come now and then."""
    until_told = timedelta(seconds=5)

    def work(place: int) -> None:
        told = rt.clock.now()
        while charge_next(rt):
            if place == 0 and rt.clock.now() - told > until_told:
                told = rt.clock.now()
                tell()

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, place) for place in range(threads)]:
            done.result()
