"""What the page behind a secure link shows, of the rows alone; and a new link, to the number on file only."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.db import spas
from assistant.db.reach import reach
from assistant.domain.calendar import local_day
from assistant.messages.catalog import CardLink
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import audit, joins, links, messaging
from assistant.services.links import LIFE, Link, Purpose, State
from assistant.services.messaging import Addressee

ELSEWHERE = frozenset({Purpose.JOIN, Purpose.MEMBERSHIP})
"""Links whose pages are others."""
MOST_A_DAY = 3
"""New links that whoever holds an old one may have sent to its owner."""
ON_ITS_WAY = timedelta(minutes=2)
SHOWN_FOR = timedelta(days=3)
"""After this a used link says that it was used, and no more."""


class DueState(StrEnum):
    """How far an invoice has come."""

    OWED = "owed"
    TRYING = "trying"
    PAID = "paid"
    UNPAID = "unpaid"


@dataclass(frozen=True, slots=True)
class Due:
    """One invoice, as the page tells of it: of the membership its plan's own name, and nothing of treatments."""

    plan: str
    due_on: date
    cents: int
    state: DueState


@dataclass(frozen=True, slots=True)
class View:
    """All that a page may show: nothing in it says whose link it is."""

    spa: str
    help_phone: str
    locale: str
    purpose: Purpose
    state: State
    begun: bool
    """A hosted page is open for it."""
    saved: bool
    """A card has come."""
    dues: tuple[Due, ...]
    accent: str | None = None
    """The spa's colour."""

    @property
    def owed_cents(self) -> int:
        return sum(due.cents for due in self.dues)


def look(rt: Runtime, token: str) -> View | None:
    """What a link's page shows now; None for a link that was never made. Changes nothing."""
    with rt.unit_of_work() as uow:
        link = links.find(uow, token)
        return None if link is None or link.purpose in ELSEWHERE else view_of(uow, link)


ABOUT = """
    SELECT s.name, s.help_phone, c.locale, s.accent, coalesce(bool_or(p.status = 'open'), false),
           l.used_at IS NOT NULL OR coalesce(bool_or(p.status = 'complete'), false),
           coalesce(l.used_at, max(p.settled_at)) > %(shown_since)s
    FROM secure_link l JOIN spa s ON s.spa_id = l.spa_id JOIN client c ON (c.spa_id, c.id) = (l.spa_id, l.client_id)
    LEFT JOIN card_page p ON (p.spa_id, p.link_id) = (l.spa_id, l.id)
    WHERE l.spa_id = %(spa)s AND l.id = %(link)s GROUP BY s.spa_id, c.spa_id, c.id, l.spa_id, l.id"""

OWED = """
    SELECT p.name, i.due_on, i.dues_cents + i.setup_fee_cents, 'owed'
    FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
    JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    WHERE i.spa_id = %(spa)s AND i.client_id = %(client)s AND i.status = 'open' AND i.dues_cents + i.setup_fee_cents > 0
    ORDER BY i.due_on, i.id"""

SINCE = """
    SELECT p.name, i.due_on, i.dues_cents + i.setup_fee_cents,
           CASE WHEN i.status = 'paid' THEN 'paid'
                WHEN i.next_attempt_at <= %(now)s OR EXISTS (
                    SELECT 1 FROM charge_attempt a WHERE a.spa_id = i.spa_id AND a.invoice_id = i.id
                    AND a.status IN ('asked', 'unanswered')) THEN 'trying'
                ELSE 'unpaid' END
    FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
    JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    JOIN secure_link l ON l.spa_id = i.spa_id AND l.id = %(link)s
    WHERE i.spa_id = %(spa)s AND i.client_id = %(client)s AND i.dues_cents + i.setup_fee_cents > 0
      AND i.opened_at <= coalesce(l.used_at, %(now)s)
      AND (i.status = 'open' OR (i.paid_by = 'card' AND i.paid_at >= l.created_at))
    ORDER BY i.due_on, i.id"""
"""What the card was charged with when it came, and what has become of it."""


def view_of(uow: UnitOfWork, link: Link) -> View:
    """A link's page, whatever it is for."""
    asked = {"spa": link.spa_id, "client": link.client_id, "link": link.id, "now": uow.now}
    asked["shown_since"] = uow.now - SHOWN_FOR
    [[spa, help_phone, locale, accent, begun, saved, lately]] = uow.sql(ABOUT, asked).fetchall()
    rows = uow.sql(SINCE if saved else OWED, asked).fetchall() if lately or not saved else []
    dues = tuple(Due(plan, due_on, cents, DueState(state)) for plan, due_on, cents, state in rows)
    return View(spa, help_phone, locale, link.purpose, link.state, begun, saved, dues, accent)


def send_again(rt: Runtime, token: str) -> bool | None:
    """Text a new link to the client of one that has expired or is locked: to the number on file, if it may be texted.

    False where it may not, or too many were sent today. None for a link that was never made, or needs no other.
    """
    return rt.transact(lambda uow: _send_again(uow, token))


def _send_again(uow: UnitOfWork, token: str) -> bool | None:
    link = links.find(uow, token)
    if link is None or link.purpose is Purpose.MEMBERSHIP or link.state not in {State.EXPIRED, State.LOCKED}:
        return None
    subject = f"client:{link.client_id}"
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (link.spa_id, link.client_id))
    lately = "SELECT at FROM audit WHERE spa_id = %s AND subject = %s AND act = 'link_sent_again' AND at > %s"
    sent = uow.sql(f"{lately} ORDER BY at DESC", (link.spa_id, subject, uow.now - timedelta(days=1))).fetchall()
    if sent and uow.now - sent[0][0] < ON_ITS_WAY:
        return True
    to = reach(uow, link.spa_id, link.client_id, about_money=True)
    if to.number is None or len(sent) >= MOST_A_DAY or links.locked_out(uow, link.spa_id, link.client_id):
        return False
    audit.write(uow, link.spa_id, actor="member", evidence="E0", act="link_sent_again", subject=subject)
    if link.purpose is Purpose.JOIN:
        return joins.send_anew(uow, link, to)
    address = links.make(uow, link.spa_id, link.client_id, link.purpose, sent_to=to.number, asked=True)
    good_until = local_day(uow.now + LIFE, spas.house(uow, link.spa_id).zone)
    message = CardLink(first_name=to.first_name, link=address, good_until=good_until)
    addressee = Addressee(link.spa_id, to.number, to.locale, link.client_id)
    messaging.tell(uow, addressee, message, key=f"link-again:{link.client_id}:{uow.now.isoformat()}")
    return True
