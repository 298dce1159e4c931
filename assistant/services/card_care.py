"""What befalls a card on file: the networks renew it, its owner takes it away, it is about to run out."""

from contextlib import suppress
from datetime import timedelta

from assistant.db import billing as table
from assistant.db.reach import reach
from assistant.domain.billing import Cause, InvoiceStatus
from assistant.domain.calendar import cycle_date, local_day
from assistant.gateways.ports import Card, Page, Unanswered
from assistant.messages.catalog import CardExpiring
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import attempts, audit, cards, links, messaging
from assistant.services.cards import ProviderAway
from assistant.services.links import Purpose
from assistant.services.messaging import Addressee

TRIED_AGAIN_AFTER = timedelta(days=7)
"""The updater may earn a card one try of its own, and no more within so long (`features.md` D5)."""


def refreshed(rt: Runtime, spa_id: int, account: str | None, payment_method_id: str) -> bool:
    """The networks have renewed a card: what we show of it is renewed, and what is owed is tried once.

    The count of declines stays: only a member's own act begins it anew (`features.md` E9). False: none of ours.
    """
    card = rt.vault.card(account, payment_method_id)
    if isinstance(card, Unanswered):
        raise ProviderAway(payment_method_id)
    if card is None:
        return False
    return rt.transact(lambda uow: _refreshed(uow, spa_id, card))


def _refreshed(uow: UnitOfWork, spa_id: int, card: Card) -> bool:
    row = uow.sql(
        "SELECT id, client_id, role, exp_month, exp_year, fingerprint FROM card"
        " WHERE spa_id = %s AND payment_method_id = %s FOR NO KEY UPDATE",
        (spa_id, card.payment_method_id),
    ).fetchone()
    if row is None:
        return False
    card_id, client_id, role, *known = row
    if known == [card.exp_month, card.exp_year, card.fingerprint]:
        return True
    uow.sql(
        "UPDATE card SET brand = %s, last4 = %s, exp_month = %s, exp_year = %s, fingerprint = %s"
        " WHERE spa_id = %s AND id = %s",
        (card.brand, card.last4, card.exp_month, card.exp_year, card.fingerprint, spa_id, card_id),
    )
    audit.write(uow, spa_id, actor="carrier", evidence="E2", act="card_renewed", subject=f"card:{card_id}")
    if role == "current" and not _tried_lately(uow, spa_id, client_id):
        _try_once(uow, spa_id, client_id)
    return True


def _try_once(uow: UnitOfWork, spa_id: int, client_id: int) -> None:
    """As a retry and not as the member's own try: the limits of the ladder hold."""
    for invoice_id in table.open_invoices(uow, spa_id, client_id):
        owed = table.owed(uow, spa_id, invoice_id)
        if owed is not None and owed.status is InvoiceStatus.OPEN:
            attempts.ask_for(uow, owed, Cause.RETRY)


def _tried_lately(uow: UnitOfWork, spa_id: int, client_id: int) -> bool:
    renewed = (
        "SELECT count(*) FROM audit WHERE spa_id = %s AND act = 'card_renewed' AND at > %s AND subject IN ("
        "SELECT 'card:' || id FROM card WHERE spa_id = %s AND client_id = %s)"
    )
    row = uow.sql(renewed, (spa_id, uow.now - TRIED_AGAIN_AFTER, spa_id, client_id)).fetchone()
    return bool(row and row[0] > 1)


def detached(rt: Runtime, spa_id: int, account: str | None, payment_method_id: str) -> bool:
    """A card was taken away at the processor: it is asked no more. False when it is none of ours."""
    card = rt.vault.card(account, payment_method_id)
    if isinstance(card, Unanswered):
        raise ProviderAway(payment_method_id)
    if card is not None and card.customer_id is not None:
        return True  # it is attached again, or still: what is so now counts
    return rt.transact(lambda uow: _removed(uow, spa_id, "payment_method_id = %s", payment_method_id))


def customer_gone(rt: Runtime, spa_id: int, account: str | None, customer_id: str) -> bool:
    """A customer was deleted at the processor, and their cards with them. False when it is none of ours."""
    del account
    return rt.transact(lambda uow: _customer_gone(uow, spa_id, customer_id))


def _customer_gone(uow: UnitOfWork, spa_id: int, customer_id: str) -> bool:
    """The next card needs a new customer: the old id opens no page and holds no card any more."""
    where = "client_id = (SELECT client_id FROM payer p WHERE p.spa_id = card.spa_id AND p.customer_id = %s)"
    _removed(uow, spa_id, where, customer_id)
    row = uow.sql(
        "DELETE FROM payer WHERE spa_id = %s AND customer_id = %s RETURNING client_id", (spa_id, customer_id)
    ).fetchone()
    if row is not None:
        audit.write(uow, spa_id, actor="carrier", evidence="E2", act="customer_gone", subject=f"client:{row[0]}")
    return row is not None


def _removed(uow: UnitOfWork, spa_id: int, where: str, what: str, *, actor: str = "carrier") -> bool:
    rows = uow.sql(
        f"UPDATE card SET role = 'old', removed_at = %s WHERE spa_id = %s AND role <> 'old' AND {where} RETURNING id",
        (uow.now, spa_id, what),
    ).fetchall()
    for (card_id,) in rows:
        evidence = "E2" if actor == "carrier" else "E3"
        audit.write(uow, spa_id, actor=actor, evidence=evidence, act="card_removed", subject=f"card:{card_id}")
    known = uow.sql(f"SELECT 1 FROM card WHERE spa_id = %s AND {where}", (spa_id, what)).fetchone()
    return known is not None


def remove(rt: Runtime, spa_id: int, card_id: int, *, actor: str) -> bool:
    """A client wants a card gone: taken away at the processor and here. False when the processor would not."""
    with rt.unit_of_work() as uow:
        row = uow.sql(
            "SELECT c.payment_method_id, s.stripe_account FROM card c JOIN spa s ON s.spa_id = c.spa_id"
            " WHERE c.spa_id = %s AND c.id = %s",
            (spa_id, card_id),
        ).fetchone()
    if row is None or not rt.vault.detach(row[1], row[0]):
        return False
    with rt.unit_of_work() as uow:
        _removed(uow, spa_id, "payment_method_id = %s", row[0], actor=actor)
    return True


def added_at_the_desk(rt: Runtime, spa_id: int, client_id: int, payment_method_id: str, *, actor: str) -> bool:
    """A new card at the desk: the same as one by the link, all that is owed is charged to it (`features.md` E8).

    False for a card of nobody's, or of another client's customer.
    """
    with rt.unit_of_work() as uow:
        [[account]] = uow.sql("SELECT stripe_account FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    card = rt.vault.card(account, payment_method_id)
    if isinstance(card, Unanswered):
        raise ProviderAway(payment_method_id)
    if card is None or card.customer_id is None:
        return False
    return rt.transact(lambda uow: _at_the_desk(uow, spa_id, client_id, card, actor))


def _at_the_desk(uow: UnitOfWork, spa_id: int, client_id: int, card: Card, actor: str) -> bool:
    """The card's customer is the client's, or becomes theirs where they have none and it is nobody's."""
    uow.sql(
        "INSERT INTO payer (spa_id, client_id, customer_id, created_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (spa_id, client_id, card.customer_id, uow.now),
    )
    theirs = "SELECT 1 FROM payer WHERE spa_id = %s AND client_id = %s AND customer_id = %s"
    if uow.sql(theirs, (spa_id, client_id, card.customer_id)).fetchone() is None:
        return False
    return cards.arrived(uow, spa_id, client_id, card, source="desk", actor=actor)


# ── about to run out ──


EXPIRING = """
    SELECT c.spa_id, c.id, c.client_id, s.zone, c.exp_year, c.exp_month FROM card c JOIN spa s ON s.spa_id = c.spa_id
    WHERE c.role = 'current' AND c.exp_year * 12 + c.exp_month - 1 = %s
      AND c.warned_for IS DISTINCT FROM c.exp_year || '-' || c.exp_month
      AND EXISTS (SELECT 1 FROM membership m WHERE m.spa_id = c.spa_id AND m.client_id = c.client_id
                  AND m.standing IN ('active', 'past_due', 'suspended', 'paused'))
    ORDER BY c.spa_id, c.id LIMIT 500"""


def warn_of_expiry(rt: Runtime) -> int:
    """Who holds a card that runs out this month is sent a link, once, from the 15th of the month before: by then the
    networks' updater has had its time. Returns how many were told.
    """
    with rt.unit_of_work() as uow:
        today = local_day(uow.now, "UTC")
        month = today.year * 12 + today.month - 1
        ending = month + 1 if today.day >= 15 else month
        found = uow.sql(EXPIRING, (ending,)).fetchall()
        return sum(_warn(uow, *row) for row in found)


def _warn(uow: UnitOfWork, spa_id: int, card_id: int, client_id: int, zone: str, year: int, month: int) -> bool:
    uow.sql("UPDATE card SET warned_for = %s WHERE spa_id = %s AND id = %s", (f"{year}-{month}", spa_id, card_id))
    to = reach(uow, spa_id, client_id, about_money=True)
    if to.number is None or local_day(uow.now, zone).year > year:
        return False
    link = links.make(uow, spa_id, client_id, Purpose.CARD, sent_to=to.number)
    ends_on = cycle_date(local_day(uow.now, zone).replace(year=year, month=month, day=1), 1) - timedelta(days=1)
    message = CardExpiring(first_name=to.first_name, link=link, ends_on=ends_on)
    messaging.tell(
        uow, Addressee(spa_id, to.number, to.locale, client_id), message, key=f"expiring:{card_id}:{year}-{month}"
    )
    return True


def shut_pages(rt: Runtime) -> int:
    """Hosted pages whose purpose is settled are expired at the processor, so that nobody can finish one; what became of
    those that we were told nothing of is looked up, for a webhook may never come. How many are open no more.
    """
    with rt.unit_of_work() as uow:
        rows = uow.sql(SILENT_PAGES, (uow.now - HEARD_OF_WITHIN, uow.now)).fetchall()
    return sum(_shut_page(rt, *row) for row in rows)


HEARD_OF_WITHIN = timedelta(minutes=10)
"""So long a member has to type, and the processor to tell of it, before a page is looked at."""
SILENT_PAGES = """
    SELECT p.spa_id, p.id, p.page_id, p.close, s.stripe_account FROM card_page p JOIN spa s ON s.spa_id = p.spa_id
    WHERE p.status IN ('asked', 'open')
      AND (p.close OR p.page_id IS NOT NULL AND p.created_at <= %s OR p.page_id IS NULL AND p.expires_at <= %s)
    ORDER BY p.id LIMIT 100"""


def _shut_page(
    rt: Runtime,
    spa_id: int,
    row_id: int,
    page_id: str | None,
    close: bool,  # noqa: FBT001 - a column
    account: str | None,
) -> bool:
    """What the page is at the processor is what it is here. One that was never opened there is nobody's."""
    if page_id is None:
        rt.transact(lambda uow: cards.close_page(uow, spa_id, row_id, "expired"))
        return True
    if close and not rt.card_pages.expire(account, page_id):
        return False
    page = rt.card_pages.fetch(account, page_id)
    if not isinstance(page, Page) or page.status == "open":
        return False
    with suppress(ProviderAway):
        cards.page_settled(rt, page, account)
        return True
    return False
