"""Cards on file: the page a member types one on, its arrival by webhook, and what is charged to it at once."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from psycopg.types.json import Jsonb

from assistant.db import billing as table
from assistant.db.billing import Owed
from assistant.domain.billing import Cause, InvoiceStatus
from assistant.doorbells import Doorbell
from assistant.gateways.ports import Card, Page, PageOrder, Throttled, Unanswered
from assistant.messages.catalog import CardSaved
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import attempts, audit, joining, links, messaging, tasks
from assistant.services.addressing import way_to
from assistant.services.links import Purpose, State

PAGE_LIFE, TIME_TO_TYPE = timedelta(hours=2), timedelta(minutes=5)
ASKED_ANEW = timedelta(minutes=40)
"""A page whose answer was lost is asked for under its key only while it would be asked for in the same words."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """On to the card processor's own page."""

    url: str


@dataclass(frozen=True, slots=True)
class NotOpened:
    """Why no page was opened: a link's state, wrong, busy."""

    reason: str


@dataclass(frozen=True, slots=True)
class Opening:
    """A page that is to be asked for, its intention committed; `page_id` where it has been opened already."""

    spa_id: int
    client_id: int
    page_row: int
    page_id: str | None
    order: PageOrder


def open_page(rt: Runtime, token: str, typed: str, *, return_url: str) -> Redirect | NotOpened:
    """A member has typed what they know: open the hosted page, or the one that is open already, and send them there."""
    opening = rt.transact(lambda uow: _intend(uow, token, typed, return_url))
    if isinstance(opening, NotOpened):
        return opening
    page = _opened(rt, opening)
    if not isinstance(page, Page):
        return NotOpened("busy")
    if page.status == "expired":
        rt.transact(lambda uow: close_page(uow, opening.spa_id, opening.page_row, "expired"))
        return open_page(rt, token, typed, return_url=return_url)
    return NotOpened(State.USED) if page.url is None else Redirect(page.url)


def _opened(rt: Runtime, opening: Opening) -> Page | Throttled | Unanswered | None:
    """One that is open is looked at and not asked for again: near its end it would be asked for in other words."""
    account = opening.order.account
    if opening.page_id is not None:
        return rt.card_pages.fetch(account, opening.page_id)
    customer_id = opening.order.customer_id or ensure_customer(rt, opening.spa_id, opening.client_id, account)
    page = customer_id and rt.card_pages.open(replace(opening.order, customer_id=customer_id))
    if not isinstance(page, Page):
        return page or None
    with rt.unit_of_work() as uow:
        uow.sql(
            "UPDATE card_page SET status = 'open', page_id = %s WHERE spa_id = %s AND id = %s AND status = 'asked'",
            (page.page_id, opening.spa_id, opening.page_row),
        )
    return page


def _intend(uow: UnitOfWork, token: str, typed: str, return_url: str) -> Opening | NotOpened:
    link = links.find(uow, token, lock=True)
    if link is None or link.state is not State.GOOD or not joining.may_ask_for_card(uow, link):
        return NotOpened(link.state if link else State.UNKNOWN)
    if not links.check(uow, link, typed):
        return NotOpened("wrong")
    row = uow.sql(
        """SELECT s.stripe_account, p.customer_id, c.locale FROM client c JOIN spa s ON s.spa_id = c.spa_id
           LEFT JOIN payer p ON (p.spa_id, p.client_id) = (c.spa_id, c.id) WHERE c.spa_id = %s AND c.id = %s""",
        (link.spa_id, link.client_id),
    ).fetchone()
    if row is None:
        return NotOpened(State.UNKNOWN)
    account, customer_id, locale = row
    page_row, page_id, expires_at, attempt = _page_row(uow, link, customer_id)
    metadata = {"spa": str(link.spa_id), "client": str(link.client_id), "page": str(page_row)}
    metadata |= {"invoice": str(attempt.invoice_id)} if attempt else {}
    order = PageOrder(
        account=account,
        key=attempt.key if attempt else f"page:{link.spa_id}.{page_row}",
        customer_id=customer_id or "",
        return_url=return_url,
        locale=locale,
        metadata=metadata,
        expires_at=expires_at,
        pay_cents=attempt.amount_cents if attempt else None,
    )
    return Opening(link.spa_id, link.client_id, page_row, page_id, order)


def _page_row(
    uow: UnitOfWork, link: links.Link, customer_id: str | None
) -> tuple[int, str | None, datetime, table.Attempt | None]:
    """The page that is open for this link, or a new one: pressing the button twice opens one page."""
    row = uow.sql(
        "SELECT id, page_id, expires_at, attempt_id FROM card_page"
        " WHERE spa_id = %s AND link_id = %s AND status IN ('asked', 'open') AND NOT close"
        " AND expires_at > CASE WHEN page_id IS NULL THEN %s ELSE %s END ORDER BY id DESC LIMIT 1",
        (link.spa_id, link.id, uow.now + ASKED_ANEW, uow.now + TIME_TO_TYPE),
    ).fetchone()
    if row is not None:
        return *row[:3], table.attempt(uow, link.spa_id, row[3]) if row[3] else None
    attempt = _to_pay(uow, link, customer_id) if link.purpose is Purpose.AUTHENTICATE and customer_id else None
    expires_at = uow.now + PAGE_LIFE
    [[page_row]] = uow.sql(
        "INSERT INTO card_page (spa_id, client_id, link_id, attempt_id, created_at, expires_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
        (link.spa_id, link.client_id, link.id, attempt and attempt.id, uow.now, expires_at),
    ).fetchall()
    return page_row, None, expires_at, attempt


def _to_pay(uow: UnitOfWork, link: links.Link, customer_id: str) -> table.Attempt | None:
    """The oldest invoice that nothing is in doubt about, to be paid on the page; None: the page only saves a card."""
    for invoice_id in table.open_invoices(uow, link.spa_id, link.client_id):
        owed = table.owed(uow, link.spa_id, invoice_id)
        if owed is None or owed.status is not InvoiceStatus.OPEN or owed.total_cents == 0:
            continue
        if table.open_attempt(uow, link.spa_id, invoice_id) is None:
            attempt_id, _ = attempts.begin(uow, owed, Cause.PAGE, None, owed.total_cents, customer_id=customer_id)
            attempts.next_at(uow, owed, None)
            return table.attempt(uow, link.spa_id, attempt_id)
    return None


def ensure_customer(rt: Runtime, spa_id: int, client_id: int, account: str | None) -> str | None:
    """The client's id at the card processor, made if there is none; None when the processor has no answer now."""
    metadata = {"spa": str(spa_id), "client": str(client_id)}
    with rt.unit_of_work() as uow:
        lost = "SELECT count(*) FROM audit WHERE spa_id = %s AND act = 'customer_gone' AND subject = %s"
        [[gone]] = uow.sql(lost, (spa_id, f"client:{client_id}")).fetchall()
    key = f"client:{spa_id}.{client_id}" + (f":{gone}" if gone else "")  # one that was deleted is not given out again
    made = rt.vault.customer(account, key=key, metadata=metadata)
    if isinstance(made, Throttled | Unanswered):
        return None
    with rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO payer (spa_id, client_id, customer_id, created_at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (spa_id, client_id) DO NOTHING",
            (spa_id, client_id, made, uow.now),
        )
        [[customer_id]] = uow.sql(
            "SELECT customer_id FROM payer WHERE spa_id = %s AND client_id = %s", (spa_id, client_id)
        ).fetchall()
    return str(customer_id)


# ── a card arrives ──


def page_settled(rt: Runtime, page: Page, account: str | None) -> bool:
    """What became of a hosted page, as it stands at the processor now. False when it is none of ours."""
    spa_id, row = page.metadata.get("spa", ""), page.metadata.get("page", "")
    if not (spa_id.isdecimal() and row.isdecimal()):
        return False
    if page.status == "expired":
        rt.transact(lambda uow: close_page(uow, int(spa_id), int(row), "expired"))
    if page.status != "complete" or page.payment_method_id is None:
        return True
    card = rt.vault.card(account, page.payment_method_id)
    if isinstance(card, Unanswered):
        raise ProviderAway(page.page_id)
    if card is None:
        return False
    found = rt.transact(lambda uow: _page_row_of(uow, int(spa_id), int(row)))
    if found is None:
        return False
    if card.customer_id is not None:  # a card that was taken away again since is none
        source = "page" if page.payment_id else "link"
        if rt.transact(lambda uow: _by_page(uow, int(spa_id), int(row), found, card, source)):
            _read_back(rt, int(spa_id), found, card, account)
    rt.transact(lambda uow: close_page(uow, int(spa_id), int(row), "complete"))
    return True


def _by_page(uow: UnitOfWork, spa_id: int, row: int, client_id: int, card: Card, source: str) -> bool:
    """Of two pages the later has the last word, in whatever order we hear of them. False when nothing is new."""
    later = "SELECT 1 FROM card_page WHERE spa_id = %s AND client_id = %s AND id > %s AND status = 'complete' LIMIT 1"
    if uow.sql(later, (spa_id, client_id, row)).fetchone():
        return False
    return arrived(uow, spa_id, client_id, card, source="join" if joining.by_page(uow, spa_id, row) else source)


class ProviderAway(Exception):  # noqa: N818 - the name says what is so
    """The processor could not be asked: try again later."""


def _page_row_of(uow: UnitOfWork, spa_id: int, page_row: int) -> int | None:
    rows = uow.sql("SELECT client_id FROM card_page WHERE spa_id = %s AND id = %s", (spa_id, page_row)).fetchall()
    return rows[0][0] if rows else None


def close_page(uow: UnitOfWork, spa_id: int, page_row: int, status: str) -> None:
    """Nothing more is to come of a page."""
    ending = "UPDATE card_page SET status = %s, settled_at = %s WHERE spa_id = %s AND id = %s"
    uow.sql(f"{ending} AND status IN ('asked', 'open')", (status, uow.now, spa_id, page_row))


def arrived(
    uow: UnitOfWork,
    spa_id: int,
    client_id: int,
    card: Card,
    *,
    source: str,
    role: str = "current",
    actor: str = "member",
) -> bool:
    """A card becomes the one every retry will use, and all that its owner owes is charged to it at once.

    From a link, the desk, an import or a join alike. False when it is on file already.
    """
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (spa_id, client_id))
    if uow.sql(
        "SELECT 1 FROM card WHERE spa_id = %s AND payment_method_id = %s", (spa_id, card.payment_method_id)
    ).fetchone():
        return False
    uow.sql(
        "UPDATE card SET role = 'old', removed_at = %s WHERE spa_id = %s AND client_id = %s AND role = %s",
        (uow.now, spa_id, client_id, role),
    )
    card_id = _file(uow, spa_id, client_id, card, role, source)
    audit.write(uow, spa_id, actor=actor, evidence="E2", act="card_added", subject=f"card:{card_id}")
    if role == "current":
        links.used(uow, spa_id, client_id)
        owed = charge_what_is_owed(uow, spa_id, client_id, Cause.CARD)
        if source == "link":
            _say_saved(uow, spa_id, client_id, card_id, owed)
    return True


def _file(uow: UnitOfWork, spa_id: int, client_id: int, card: Card, role: str, source: str) -> int:
    consent = Jsonb({"at": uow.now.isoformat(), "where": source, "words": "dues-and-owed", "version": 1})
    known = {**asdict(card), "spa": spa_id, "client": client_id, "role": role, "source": source, "now": uow.now}
    [[card_id]] = uow.sql(
        """INSERT INTO card (spa_id, client_id, role, payment_method_id, brand, last4, exp_month, exp_year, fingerprint,
                             consent, source, added_at)
           VALUES (%(spa)s, %(client)s, %(role)s, %(payment_method_id)s, %(brand)s, %(last4)s, %(exp_month)s,
                   %(exp_year)s, %(fingerprint)s, %(consent)s, %(source)s, %(now)s) RETURNING id""",
        known | {"consent": consent},
    ).fetchall()
    return int(card_id)


def charge_what_is_owed(uow: UnitOfWork, spa_id: int, client_id: int, cause: Cause) -> list[Owed]:
    """Everything a client owes is asked of their card now, each invoice under its own lock (`features.md` D7)."""
    found = []
    for invoice_id in table.open_invoices(uow, spa_id, client_id):
        owed = table.owed(uow, spa_id, invoice_id)
        if owed is not None and owed.status is InvoiceStatus.OPEN:
            attempts.ask_for(uow, owed, cause)
            found.append(owed)
    if found:
        uow.later(Doorbell.CHARGE)
    return found


def _say_saved(uow: UnitOfWork, spa_id: int, client_id: int, card_id: int, owed: list[Owed]) -> None:
    way = way_to(uow, spa_id, client_id, about_money=True)
    cents = sum(each.total_cents for each in owed)
    if way is None:
        return
    message = CardSaved(first_name=way.first_name, charging_cents=cents)
    messaging.tell(uow, way.to, message, key=f"card-saved:{card_id}")


def _read_back(rt: Runtime, spa_id: int, client_id: int, card: Card, account: str | None) -> None:
    """Check that the card that the retry will use is the one that was given, and that it can be charged."""
    seen = rt.vault.card(account, card.payment_method_id)
    with rt.unit_of_work() as uow:
        row = uow.sql(
            "SELECT c.payment_method_id, p.customer_id FROM card c"
            " LEFT JOIN payer p ON (p.spa_id, p.client_id) = (c.spa_id, c.client_id)"
            " WHERE c.spa_id = %s AND c.client_id = %s AND c.role = 'current'",
            (spa_id, client_id),
        ).fetchone()
        attached = isinstance(seen, Card) and row is not None and seen.customer_id == row[1]
        if isinstance(seen, Unanswered) or (attached and row and row[0] == card.payment_method_id):
            return
        facts, key = {"attached": attached}, f"card_not_usable:{card.payment_method_id}"
        tasks.open_task(uow, spa_id, key=key, kind="card_not_usable", client_id=client_id, facts=facts)
