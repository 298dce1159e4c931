"""One client as the desk sees them: who they are, how their memberships stand, what they hold and what has happened."""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.db import members
from assistant.db.members import Held
from assistant.domain.membership import Standing
from assistant.domain.staff_words import Seen, StaffStanding, staff_standing
from assistant.runtime import UnitOfWork
from assistant.services import credit_story
from assistant.services.credit_story import LotLine

MOST = 60
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Reach:
    """A phone or an email, and what may be sent to it."""

    address: str
    texts: bool
    offers: bool
    stopped_at: datetime | None
    bad_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One membership."""

    held: Held
    standing: StaffStanding
    next_cents: int | None
    """What the next charge is; None where none is to come."""
    owed_cents: int
    paused_from: date | None
    changes_on: date | None
    """From when another plan is agreed."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: datetime
    kind: str
    """text, email, charge, credit, visit or act."""
    what: str
    """A code, for the page to word."""
    detail: str
    cents: int | None
    by: str
    status: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole page."""

    client_id: int
    first_name: str
    last_name: str
    locale: str
    tags: list[str]
    phones: list[Reach]
    emails: list[Reach]
    card: str | None
    """As `visa 4242, 08/2027`."""
    lines: list[Line]
    lots: list[LotLine]
    events: list[Event]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


WHO = """
    SELECT c.first_name, c.last_name, c.locale, c.tags,
           (SELECT k.brand || ' ' || k.last4 || ', ' || lpad(k.exp_month::text, 2, '0') || '/' || k.exp_year
            FROM card k WHERE (k.spa_id, k.client_id) = (c.spa_id, c.id) AND k.role = 'current')
    FROM client c WHERE c.spa_id = %s AND c.id = %s"""
PHONES = """
    SELECT p.number, p.sms_transactional, p.sms_marketing, p.suppressed_at, coalesce(p.unreachable_at, p.shaken_at)
    FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
    WHERE cp.spa_id = %s AND cp.client_id = %s ORDER BY cp.preferred DESC, p.id"""
EMAILS = """
    SELECT e.address, true, e.email_marketing, e.suppressed_at, e.undeliverable_at
    FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
    WHERE ce.spa_id = %s AND ce.client_id = %s ORDER BY ce.preferred DESC, e.id"""
MEMBERSHIPS = """
    SELECT m.id, m.collection = 'card',
           EXISTS (SELECT 1 FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
                   WHERE (i.spa_id, i.membership_id) = (m.spa_id, m.id) AND i.status = 'open'
                     AND a.status IN ('asked', 'unanswered')),
           (SELECT r.starts_on FROM pause r
            WHERE (r.spa_id, r.membership_id) = (m.spa_id, m.id) AND r.ended_at IS NULL),
           (SELECT g.effective_on FROM plan_change g
            WHERE (g.spa_id, g.membership_id) = (m.spa_id, m.id) AND g.status = 'scheduled')
    FROM membership m WHERE m.spa_id = %s AND m.client_id = %s ORDER BY m.standing = 'ended', m.id DESC"""
EVENTS = """
    WITH mine AS (
        SELECT p.number COLLATE "default" AS address
        FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
        WHERE cp.spa_id = %(spa)s AND cp.client_id = %(id)s
        UNION ALL
        SELECT e.address FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
        WHERE ce.spa_id = %(spa)s AND ce.client_id = %(id)s)
    (SELECT coalesce(m.asked_at, m.created_at) AS at, CASE m.channel WHEN 'sms' THEN 'text' ELSE 'email' END AS kind,
            m.message AS what, m.body AS detail, NULL::bigint AS cents, 'us' AS by, m.status AS status
     FROM outbound_message m WHERE m.spa_id = %(spa)s AND m.client_id = %(id)s ORDER BY m.id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT e.received_at, CASE e.channel WHEN 'sms' THEN 'text' ELSE 'email' END, coalesce(e.understood, 'kept'),
            e.body, NULL, 'them', e.status
     FROM mine JOIN inbound_event e ON e.spa_id = %(spa)s AND e.sender = mine.address
     ORDER BY e.id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT a.asked_at, 'charge', i.kind, coalesce(a.decline_code, ''), a.amount_cents, a.cause, a.status
     FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
     WHERE i.spa_id = %(spa)s AND i.client_id = %(id)s ORDER BY a.id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT coalesce(t.voided_at, t.paid_at, t.opened_at), 'visit', t.tender, '', t.total_cents, t.actor, t.status
     FROM ticket t WHERE t.spa_id = %(spa)s AND t.client_id = %(id)s ORDER BY t.id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT u.at, 'act', u.act, '', NULL, u.actor, '' FROM audit u
     WHERE u.spa_id = %(spa)s AND u.subject = ANY(%(subjects)s) ORDER BY u.id DESC LIMIT %(most)s)
    ORDER BY at DESC LIMIT %(most)s"""


def look(uow: UnitOfWork, spa_id: int, client_id: int, *, with_events: bool = True) -> Profile | None:
    """All that the page shows; None for nobody of this spa's. What has happened is left out where it is not shown."""
    row = uow.sql(WHO, (spa_id, client_id)).fetchone()
    if row is None:
        return None
    first_name, last_name, locale, tags, card = row
    lines = lines_of(uow, spa_id, client_id, has_card=card is not None)
    return Profile(
        client_id,
        first_name,
        last_name,
        locale,
        tags,
        phones=[Reach(*each) for each in uow.sql(PHONES, (spa_id, client_id)).fetchall()],
        emails=[Reach(*each) for each in uow.sql(EMAILS, (spa_id, client_id)).fetchall()],
        card=card,
        lines=lines,
        lots=credit_story.lots_of(uow, spa_id, client_id),
        events=_events(uow, spa_id, client_id, [each.held.membership_id for each in lines]) if with_events else [],
    )


def lines_of(uow: UnitOfWork, spa_id: int, client_id: int, *, has_card: bool) -> list[Line]:
    """How each of their memberships stands, the one they have before those they had."""
    found = []
    for membership_id, by_card, in_doubt, *to_come in uow.sql(MEMBERSHIPS, (spa_id, client_id)).fetchall():
        held = members.held(uow, spa_id, membership_id, uow.now)
        if held is None:
            continue
        seen = Seen(
            standing=held.standing,
            leaves_on=held.leaves_on,
            by_card=by_card,
            has_card=has_card,
            in_doubt=in_doubt,
        )
        ends = held.standing is Standing.ENDED or (held.leaves_on and held.leaves_on <= held.next_charge_on)
        next_cents = None if ends else held.price_cents(held.next_cycle)
        found.append(Line(held, staff_standing(seen), next_cents, held.owed_cents, *to_come))
    return found


def _events(uow: UnitOfWork, spa_id: int, client_id: int, membership_ids: list[int]) -> list[Event]:
    """The last of every kind. The tokens of links are sealed in what is stored, and stay so."""
    subjects = [f"client:{client_id}", *(f"membership:{each}" for each in membership_ids)]
    rows = uow.sql(EVENTS, {"spa": spa_id, "id": client_id, "subjects": subjects, "most": MOST}).fetchall()
    return [Event(at, kind, what, detail[:LONGEST], *rest) for at, kind, what, detail, *rest in rows]
