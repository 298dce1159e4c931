"""One client as the desk sees them: who they are, how their memberships stand, what they hold and what has happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from assistant.db import approvals, households, members, tills
from assistant.db.approvals import Request
from assistant.db.households import Relative
from assistant.db.members import Held
from assistant.domain import arrivals
from assistant.domain.arrivals import Brief, Known
from assistant.domain.checkout import Cart
from assistant.domain.membership import Standing
from assistant.domain.staff_words import Seen, StaffStanding, staff_standing
from assistant.runtime import UnitOfWork
from assistant.services import credit_story, timeline
from assistant.services.credit_story import LotLine
from assistant.services.timeline import Event

MOST_ALIKE = 5


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
    paused_from: date | None
    changes_to: str | None
    """The plan that they are to go over to."""
    changes_on: date | None


@dataclass(frozen=True, slots=True)
class Sum:
    """All credit of a kind, and the lots that it is made of."""

    unit: str
    remaining: int
    held: int
    lots: tuple[LotLine, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole page."""

    client_id: int
    first_name: str
    last_name: str
    locale: str
    tags: list[str]
    card: str | None
    """As `visa 4242, 08/2027`."""
    owed_cents: int
    declined: bool
    """A card has turned some of that down."""
    has_paid: bool
    """There is a payment that could go back."""
    phones: list[Reach]
    emails: list[Reach]
    lines: list[Line]
    credits: list[Sum]
    brief: Brief
    household: list[Relative]
    """Who belongs together with them."""
    alike: list[Relative]
    """Who is reached at the same phone or address, and is not of their household."""
    asked: list[Request]
    """What waits for a second person's yes."""
    events: list[Event]

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def standing(self) -> StaffStanding | None:
        """The word at the head of the page: of the membership that the desk speaks of; None for no member."""
        return self.lines[0].standing if self.lines else None


WHO = """
    SELECT c.first_name, c.last_name, c.locale, c.tags, c.born_on,
           k.brand || ' ' || k.last4 || ', ' || lpad(k.exp_month::text, 2, '0') || '/' || k.exp_year,
           k.exp_year, k.exp_month, owed.cents, owed.declined,
           EXISTS (SELECT 1 FROM invoice i WHERE (i.spa_id, i.client_id) = (c.spa_id, c.id) AND i.status = 'paid'
                   AND i.paid_by <> 'nothing'
                   AND NOT EXISTS (SELECT 1 FROM ticket t WHERE (t.spa_id, t.invoice_id) = (i.spa_id, i.id))),
           greatest(
               (SELECT max(t.visit_on) FROM ticket t WHERE (t.spa_id, t.client_id) = (c.spa_id, c.id)
                AND t.status = 'paid'),
               (SELECT max(e.occurred_at AT TIME ZONE s.zone)::date
                FROM credit_lot l JOIN allocation a ON (a.spa_id, a.lot_id) = (l.spa_id, l.id)
                JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id) AND e.kind = 'credits_spent'
                WHERE (l.spa_id, l.client_id) = (c.spa_id, c.id) AND NOT EXISTS (
                    SELECT 1 FROM ledger_entry back WHERE (back.spa_id, back.reverses) = (e.spa_id, e.id)))),
           ARRAY (SELECT t.kind FROM staff_task t WHERE (t.spa_id, t.client_id) = (c.spa_id, c.id)
                  AND t.closed_at IS NULL AND t.kind <> 'handover' ORDER BY t.id LIMIT 5)
           || ARRAY (SELECT h.topic FROM handover h WHERE (h.spa_id, h.client_id) = (c.spa_id, c.id)
                     AND h.closed_at IS NULL ORDER BY h.id LIMIT 5)
    FROM client c JOIN spa s ON s.spa_id = c.spa_id
    LEFT JOIN card k ON (k.spa_id, k.client_id) = (c.spa_id, c.id) AND k.role = 'current'
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(i.dues_cents + i.setup_fee_cents), 0)::bigint AS cents, coalesce(bool_or(EXISTS (
                   SELECT 1 FROM charge_attempt a WHERE (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
                   AND a.status = 'declined')), false) AS declined
        FROM invoice i WHERE (i.spa_id, i.client_id) = (c.spa_id, c.id) AND i.status = 'open' AND i.kind = 'dues') owed
    WHERE c.spa_id = %s AND c.id = %s AND c.merged_into IS NULL"""
PHONES = """
    SELECT p.number, p.sms_transactional, p.sms_marketing, p.suppressed_at, coalesce(p.unreachable_at, p.shaken_at)
    FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
    WHERE cp.spa_id = %s AND cp.client_id = %s ORDER BY cp.preferred DESC, p.id"""
EMAILS = """
    SELECT e.address, true, e.email_marketing, e.suppressed_at, e.undeliverable_at
    FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
    WHERE ce.spa_id = %s AND ce.client_id = %s ORDER BY ce.preferred DESC, e.id"""
BESIDE = """
    SELECT m.id, m.collection = 'card',
           EXISTS (SELECT 1 FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
                   WHERE (i.spa_id, i.membership_id) = (m.spa_id, m.id) AND i.status = 'open'
                     AND a.status IN ('asked', 'unanswered')),
           r.starts_on, x.name, x.effective_on
    FROM membership m
    LEFT JOIN pause r ON (r.spa_id, r.membership_id) = (m.spa_id, m.id) AND r.ended_at IS NULL
    LEFT JOIN LATERAL (
        SELECT p.name, c.effective_on FROM plan_change c
        JOIN plan_version v ON (v.spa_id, v.id) = (c.spa_id, c.to_version_id)
        JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
        WHERE (c.spa_id, c.membership_id) = (m.spa_id, m.id) AND c.status = 'scheduled'
        ORDER BY c.id DESC LIMIT 1) x ON true
    WHERE m.spa_id = %s AND m.client_id = %s"""


def now_is(uow: UnitOfWork, spa_id: int, client_id: int) -> int | None:
    """Who somebody is now, of whom it turned out that they were written down twice."""
    row = uow.sql("SELECT merged_into FROM client WHERE spa_id = %s AND id = %s", (spa_id, client_id)).fetchone()
    return row[0] if row else None


def look(uow: UnitOfWork, spa_id: int, client_id: int, *, with_events: bool = True) -> Profile | None:
    """All that the page shows; None for nobody of this spa's. What has happened is left out where it is not shown."""
    row = uow.sql(WHO, (spa_id, client_id)).fetchone()
    till = tills.till(uow, spa_id, client_id, Cart(lines=()), now=uow.now)
    if row is None or till is None:
        return None
    first, last, locale, tags, born_on, card, year, month, owed_cents, declined, has_paid, last_visit_on, waits = row
    together = households.others(uow, spa_id, client_id)
    known = Known(
        born_on=born_on,
        last_visit_on=last_visit_on,
        card_ends=(year, month) if card else None,
        waits=tuple(waits),
    )
    return Profile(
        client_id,
        first,
        last,
        locale,
        tags,
        card,
        owed_cents,
        declined,
        has_paid,
        phones=[Reach(*each) for each in uow.sql(PHONES, (spa_id, client_id)).fetchall()],
        emails=[Reach(*each) for each in uow.sql(EMAILS, (spa_id, client_id)).fetchall()],
        lines=lines_of(uow, spa_id, client_id, has_card=card is not None),
        credits=list(_sums(credit_story.lots_of(uow, spa_id, client_id))),
        brief=arrivals.brief(till.client, known),
        household=together,
        alike=[each for each in households.alike(uow, spa_id, client_id, most=MOST_ALIKE) if each not in together],
        asked=approvals.of_client(uow, spa_id, client_id),
        events=timeline.of_client(uow, spa_id, client_id) if with_events else [],
    )


def lines_of(uow: UnitOfWork, spa_id: int, client_id: int, *, has_card: bool) -> list[Line]:
    """How each of their memberships stands, the one they have before those they had."""
    found = []
    beside = {row[0]: row[1:] for row in uow.sql(BESIDE, (spa_id, client_id)).fetchall()}
    for held in members.all_of(uow, spa_id, client_id, uow.now):
        by_card, in_doubt, paused_from, changes_to, changes_on = beside[held.membership_id]
        seen = Seen(
            standing=held.standing,
            leaves_on=held.leaves_on,
            by_card=by_card,
            has_card=has_card,
            in_doubt=in_doubt,
        )
        ends = held.standing is Standing.ENDED or (held.leaves_on and held.leaves_on <= held.next_charge_on)
        next_cents = None if ends else held.price_cents(held.next_cycle)
        found.append(Line(held, staff_standing(seen), next_cents, paused_from, changes_to, changes_on))
    return found


def _sums(lots: Sequence[LotLine]) -> Iterator[Sum]:
    """They come by unit."""
    for unit, of in groupby(lots, key=lambda lot: lot.unit):
        each = tuple(of)
        yield Sum(unit, sum(lot.remaining for lot in each), sum(lot.held for lot in each), each)
