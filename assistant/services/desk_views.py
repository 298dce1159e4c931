"""What the desk's till shows beside a quote: what is sold, the card on file, what is held, and the day's tickets."""

from dataclasses import dataclass
from datetime import date, datetime

from assistant.db.staff_names import name_of
from assistant.domain.calendar import local_day
from assistant.runtime import UnitOfWork

MOST_SERVICES = 40
MOST_TICKETS = 50


@dataclass(frozen=True, slots=True)
class Sold:
    """Something that can be put in the cart. `covered`: this client has credit for it."""

    code: str
    name: str
    category: str
    list_cents: int
    covered: bool


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is at the till, and what they could pay with."""

    client_id: int
    name: str
    card: str | None
    """Brand and last four, of the card on file."""
    bookings: tuple[str, ...]
    """What credit is held for visits of theirs."""


SERVICES = """
    SELECT s.code, s.name, s.category, s.list_price_cents, EXISTS (
        SELECT 1 FROM credit_lot l WHERE l.spa_id = s.spa_id AND l.client_id = %(client)s AND l.unit = s.credit_unit
        AND l.remaining > 0 AND l.remaining > l.held AND l.frozen_at IS NULL) AS covered
    FROM service s WHERE s.spa_id = %(spa)s AND s.retired_at IS NULL
      AND (%(like)s = '' OR lower(s.name) LIKE %(like)s OR lower(s.category) LIKE %(like)s OR s.code LIKE %(like)s)
    ORDER BY covered DESC, s.category, s.name, s.id LIMIT %(most)s"""


def services(uow: UnitOfWork, spa_id: int, client_id: int, typed: str = "") -> list[Sold]:
    """What is sold, what the client's credit pays for first; only what holds the word that was typed."""
    word = typed.strip().lower().replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    like = f"%{word}%" if word else ""
    values = {"spa": spa_id, "client": client_id, "like": like, "most": MOST_SERVICES + 1}
    return [Sold(*row) for row in uow.sql(SERVICES, values).fetchall()]


def named(uow: UnitOfWork, spa_id: int, codes: list[str]) -> dict[str, str]:
    """What the spa calls what is in the cart."""
    rows = uow.sql("SELECT code, name FROM service WHERE spa_id = %s AND code = ANY(%s)", (spa_id, codes))
    return {code: name for code, name in rows.fetchall()}  # noqa: C416 - rows are not pairs to mypy


def visitor(uow: UnitOfWork, spa_id: int, client_id: int) -> Visitor | None:
    """Somebody of this spa; None for nobody."""
    row = uow.sql(
        """SELECT c.id, c.first_name || ' ' || c.last_name, (
               SELECT k.brand || ' •••• ' || k.last4 FROM card k
               WHERE (k.spa_id, k.client_id) = (c.spa_id, c.id) AND k.role = 'current' LIMIT 1
           ), ARRAY (SELECT DISTINCT h.ref FROM credit_hold h
                     JOIN credit_lot l ON (l.spa_id, l.id) = (h.spa_id, h.lot_id)
                     WHERE l.spa_id = c.spa_id AND l.client_id = c.id AND l.held > 0 AND h.settled_at IS NULL
                       AND h.ref LIKE 'booking:%%' ORDER BY h.ref LIMIT 10)
           FROM client c WHERE c.spa_id = %s AND c.id = %s AND c.merged_into IS NULL""",
        (spa_id, client_id),
    ).fetchone()
    return Visitor(row[0], row[1], row[2], tuple(row[3])) if row else None


@dataclass(frozen=True, slots=True)
class Listed:
    """One of a day's tickets."""

    ticket_id: int
    client_id: int
    name: str
    status: str
    tender: str
    total_cents: int
    opened_at: datetime
    by: str
    back_cents: int
    """What of it went back."""


DAY = f"""
    SELECT t.id, t.client_id, c.first_name || ' ' || c.last_name,
           CASE WHEN t.status = 'paid' AND t.voided_by IS NOT NULL THEN 'going_back' ELSE t.status END,
           t.tender, t.total_cents, t.opened_at,
           {name_of("t.actor")},
           (SELECT coalesce(sum(r.cents), 0)::bigint FROM refund r
            WHERE (r.spa_id, r.ticket_id) = (t.spa_id, t.id) AND r.status <> 'failed')
    FROM ticket t JOIN client c ON (c.spa_id, c.id) = (t.spa_id, t.client_id) JOIN spa s ON s.spa_id = t.spa_id
    WHERE t.spa_id = %(spa)s AND t.opened_at >= %(day)s::date::timestamp AT TIME ZONE s.zone
      AND t.opened_at < (%(day)s::date + 1)::timestamp AT TIME ZONE s.zone
    ORDER BY t.opened_at DESC, t.id DESC LIMIT %(most)s OFFSET %(past)s"""


def tickets_of(uow: UnitOfWork, spa_id: int, day: date, page: int = 1) -> list[Listed]:
    """The tickets of a day of the spa, the last first; one more than a page where there are more."""
    values = {"spa": spa_id, "day": day, "most": MOST_TICKETS + 1, "past": (page - 1) * MOST_TICKETS}
    return [Listed(*row) for row in uow.sql(DAY, values).fetchall()]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a day took, by tender: of tickets that stand."""

    tender: str
    many: int
    cents: int
    tip_cents: int


def taken_on(uow: UnitOfWork, spa_id: int, day: date) -> list[Taken]:
    """The sums of a day, for the drawer and the terminal."""
    rows = uow.sql(
        """SELECT t.tender, count(*), sum(t.total_cents)::bigint, sum(t.tip_cents)::bigint
           FROM ticket t JOIN spa s ON s.spa_id = t.spa_id
           WHERE t.spa_id = %(spa)s AND t.opened_at >= %(day)s::date::timestamp AT TIME ZONE s.zone
             AND t.opened_at < (%(day)s::date + 1)::timestamp AT TIME ZONE s.zone AND t.status = 'paid'
           GROUP BY t.tender ORDER BY t.tender""",
        {"spa": spa_id, "day": day},
    )
    return [Taken(*row) for row in rows.fetchall()]


def today_at(uow: UnitOfWork, zone: str) -> date:
    """Which day it is at the spa."""
    return local_day(uow.now, zone)
