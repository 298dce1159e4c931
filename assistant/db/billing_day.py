"""A billing day in two statements: what it makes of every membership, and the invoices it opens.

Set-based: a hundred thousand memberships are one question. The plan that is shown and the plan that is run are the same
words, so that what was promised is what happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Day, Id, Instant, SpaId
from assistant.domain.billing import GAP_DAYS, Decision, Planned


class BillingRun(Base):
    """One spa's one billing day: what was planned, once."""

    __tablename__ = "billing_run"
    __table_args__ = (UniqueConstraint("spa_id", "as_of"),)

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    id: Mapped[Id]
    as_of: Mapped[Day]
    started_at: Mapped[Instant]
    last_at: Mapped[Instant]
    opened: Mapped[int]
    """Invoices opened, over all the times the day was planned."""
    skipped: Mapped[int]


DAY = f"""
    SELECT m.spa_id, m.id AS membership_id, m.client_id, v.id AS version_id, m.anchor_on, v.cycle_months, n.cycle,
           cycle_date(m.anchor_on, n.cycle, v.cycle_months) AS due_on,
           CASE WHEN n.cycle BETWEEN 0 AND v.intro_cycles - 1 THEN v.intro_cents ELSE v.dues_cents END /*less*/
               AS dues_cents,
           CASE WHEN n.cycle = 0 THEN v.setup_fee_cents ELSE 0 END AS setup_fee_cents,
           NULL::jsonb /*held*/ AS held_back,
           greatest(0, n.cycle - greatest(m.first_cycle, coalesce(last.cycle + 1, m.first_cycle))) AS missed,
           m.standing, m.resumes_on, m.plan_version_id,
           CASE
               WHEN n.cycle < m.first_cycle OR m.standing = 'scheduled' AND n.cycle < 0 THEN 'not_due'
               WHEN last.cycle >= n.cycle AND owing.id IS NULL THEN 'settled'
               WHEN owing.id IS NOT NULL OR last.paid_on > last.due_on + {GAP_DAYS}
                    AND last.paid_on + {GAP_DAYS} > %(today)s THEN 'held'
               WHEN m.standing = 'paused' AND coalesce(m.resumes_on > %(today)s, true) OR r.id IS NOT NULL THEN 'rests'
               WHEN m.client_id IN (SELECT t.client_id FROM staff_task t WHERE t.spa_id = %(spa)s
                                    AND t.kind = 'cancel_asked' AND t.closed_at IS NULL) THEN 'held'
               WHEN m.charge_exempt IS NOT NULL THEN 'exempt'
               /*unknown*/
               WHEN (CASE WHEN n.cycle < v.intro_cycles THEN v.intro_cents ELSE v.dues_cents END /*less*/
                     + CASE WHEN n.cycle = 0 THEN v.setup_fee_cents ELSE 0 END) = 0 THEN 'complete'
               WHEN m.collection = 'manual' THEN 'collect'
               WHEN card.client_id IS NULL THEN 'ask_card'
               ELSE 'charge'
           END AS decision
    FROM membership m
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    JOIN spa s ON s.spa_id = m.spa_id
    CROSS JOIN LATERAL (SELECT cycle_on(m.anchor_on, v.cycle_months, %(today)s::date) AS cycle) n
    LEFT JOIN LATERAL (
        SELECT i.cycle, i.due_on, (i.paid_at AT TIME ZONE s.zone)::date AS paid_on FROM invoice i
        WHERE i.spa_id = m.spa_id AND i.membership_id = m.id AND i.kind = 'dues'
        ORDER BY i.cycle DESC LIMIT 1) last ON true
    LEFT JOIN LATERAL (
        SELECT i.id FROM invoice i WHERE i.spa_id = m.spa_id AND i.membership_id = m.id AND i.status = 'open'
        AND i.kind = 'dues' LIMIT 1) owing ON true
    LEFT JOIN (SELECT DISTINCT c.spa_id, c.client_id FROM card c WHERE c.spa_id = %(spa)s AND c.role <> 'old') card
        ON (card.spa_id, card.client_id) = (m.spa_id, m.client_id)
    LEFT JOIN pause r ON (r.spa_id, r.membership_id) = (m.spa_id, m.id) AND r.ended_at IS NULL
        AND r.starts_on <= %(today)s AND r.resumes_on > %(today)s
    LEFT JOIN cancellation x ON (x.spa_id, x.membership_id) = (m.spa_id, m.id) AND x.withdrawn_at IS NULL
        AND x.done_at IS NULL AND x.effective_on <= %(today)s
    WHERE m.spa_id = %(spa)s AND m.standing <> 'ended' AND x.id IS NULL
      AND (%(client)s::bigint IS NULL OR m.client_id = %(client)s)"""

HELD_UNDER = "JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)"
AS_MOVED = """LEFT JOIN unnest(%(members)s::bigint[], %(versions)s::bigint[]) AS g(member, version) ON g.member = m.id
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, coalesce(g.version, m.plan_version_id))"""
"""The same day under the terms that some go over to when it is opened."""

REDUCED = {
    HELD_UNDER: HELD_UNDER
    + """
    LEFT JOIN unnest(%(capped)s::bigint[], %(less)s::bigint[], %(held_back)s::jsonb[]) AS h(member, cents, held)
        ON h.member = m.id""",
    "/*less*/": "- coalesce(h.cents, 0)",
    "NULL::jsonb /*held*/": "h.held",
    "/*unknown*/": "WHEN h.member IS NOT NULL AND h.cents IS NULL THEN 'held'",
}
"""The same day with less to pay for some, because of what does not fit under their cap."""

SHOWN = f"""
    SELECT d.membership_id, d.client_id, c.first_name, c.last_name, p.name, d.decision, d.cycle, d.due_on, d.dues_cents,
           d.setup_fee_cents, d.missed
    FROM ({DAY}) d JOIN client c ON (c.spa_id, c.id) = (d.spa_id, d.client_id)
    JOIN plan_version v ON (v.spa_id, v.id) = (d.spa_id, d.version_id)
    JOIN plan p ON (p.spa_id, p.id) = (v.spa_id, v.plan_id)
    ORDER BY d.due_on, d.membership_id"""

CAPPED = f"""
    SELECT d.membership_id, d.client_id, d.cycle, d.dues_cents, v.dues_cents, v.access_cents, v.grants, c.region
    FROM ({DAY}) d JOIN client c ON (c.spa_id, c.id) = (d.spa_id, d.client_id)
    JOIN plan_version v ON (v.spa_id, v.id) = (d.spa_id, d.version_id)
    WHERE v.grants @> '[{{"rollover": {{"at_cap": "hold_and_reduce"}}}}]' AND d.dues_cents > 0
      AND d.decision IN ('charge', 'collect', 'complete', 'ask_card')
    ORDER BY d.client_id, d.membership_id"""

OPEN = f"""
    WITH due AS MATERIALIZED (
        SELECT * FROM ({DAY}) d WHERE d.decision IN ('charge', 'collect', 'complete', 'ask_card', 'rests', 'exempt')
    ), opened AS (
        INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents,
                             setup_fee_cents, held_back, status, reason, opened_at, settled_at, next_attempt_at)
        SELECT spa_id, membership_id, client_id, version_id, cycle, due_on, dues_cents, setup_fee_cents, held_back,
               CASE WHEN decision IN ('rests', 'exempt') THEN 'skipped' ELSE 'open' END,
               CASE decision WHEN 'rests' THEN 'paused' WHEN 'exempt' THEN 'exempt' END, %(now)s,
               CASE WHEN decision IN ('rests', 'exempt') THEN %(now)s::timestamptz END,
               CASE WHEN decision NOT IN ('rests', 'exempt') THEN %(now)s::timestamptz END
        FROM due ORDER BY membership_id
        ON CONFLICT (spa_id, membership_id, cycle) DO NOTHING RETURNING status
    ), missed AS (
        INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents,
                             setup_fee_cents, status, reason, opened_at, settled_at)
        SELECT d.spa_id, d.membership_id, d.client_id, d.version_id, g.cycle,
               cycle_date(d.anchor_on, g.cycle, d.cycle_months),
               CASE WHEN g.cycle < v.intro_cycles THEN v.intro_cents ELSE v.dues_cents END, 0,
               'skipped', CASE WHEN d.decision = 'rests' THEN 'paused' ELSE 'missed' END, %(now)s, %(now)s
        FROM due d JOIN plan_version v ON (v.spa_id, v.id) = (d.spa_id, d.version_id)
        CROSS JOIN LATERAL generate_series(d.cycle - d.missed, d.cycle - 1) AS g(cycle) WHERE d.missed > 0
        ORDER BY d.membership_id, g.cycle
        ON CONFLICT (spa_id, membership_id, cycle) DO NOTHING RETURNING 1
    )
    SELECT (SELECT count(*) FROM opened WHERE status = 'open'),
           (SELECT count(*) FROM opened WHERE status <> 'open') + (SELECT count(*) FROM missed)"""


Less = Mapping[int, tuple[int | None, dict[str, int]]]
"""By membership: so many cents less to pay, and what is held back for it. None: it cannot be known, and waits."""


def planned(
    uow: Asks,
    spa_id: int,
    today: date,
    *,
    client_id: int | None = None,
    moving: Mapping[int, int] | None = None,
    less: Less | None = None,
) -> list[Planned]:
    """What a day makes of each membership that has not ended; of one client's, if asked.

    `moving` are those that go over to another version first; `less`, those that have less to pay.
    """
    rows = uow.sql(*_asked(SHOWN, spa_id, today, client_id, moving, less)).fetchall()
    return [_planned([*row]) for row in rows]


def _asked(
    query: str,
    spa_id: int,
    today: date,
    client_id: int | None = None,
    moving: Mapping[int, int] | None = None,
    less: Less | None = None,
) -> tuple[str, dict[str, Any]]:
    facts: dict[str, Any] = {"spa": spa_id, "today": today, "client": client_id}
    if less:
        query, facts = _reduced(query, facts, less)
    if moving:
        query = query.replace(HELD_UNDER, AS_MOVED)
        facts |= {"members": [*moving], "versions": [*moving.values()]}
    return query, facts


def _reduced(query: str, facts: dict[str, Any], less: Less) -> tuple[str, dict[str, Any]]:
    for plain, reduced in REDUCED.items():
        query = query.replace(plain, reduced)
    held = [Jsonb(each) for _, each in less.values()]
    return query, facts | {"capped": [*less], "less": [cents for cents, _ in less.values()], "held_back": held}


@dataclass(frozen=True, slots=True)
class Capped:
    """A cycle about to be opened, some of whose grants may not fit under their caps."""

    membership_id: int
    client_id: int
    cycle: int
    dues_cents: int
    full_dues_cents: int
    access_cents: int
    grants: list[dict[str, Any]]
    region: str | None


def capped(
    uow: Asks, spa_id: int, today: date, *, client_id: int | None = None, moving: Mapping[int, int] | None = None
) -> list[Capped]:
    """The cycles of a day that are to cost less where their grants do not fit."""
    row = uow.sql(
        """SELECT 1 FROM plan_version WHERE spa_id = %s AND grants @> '[{"rollover": {"at_cap": "hold_and_reduce"}}]'
           LIMIT 1""",
        (spa_id,),
    ).fetchone()
    if row is None:
        return []
    rows = uow.sql(*_asked(CAPPED, spa_id, today, client_id, moving)).fetchall()
    return [Capped(*each) for each in rows]


def _planned(values: list[Any]) -> Planned:
    values[5] = Decision(values[5])
    return Planned(*values)


LOCK = "SELECT pg_advisory_xact_lock{}(hashtextextended('billing_day', %s))"


def while_terms_stand(uow: Asks, spa_id: int) -> None:
    """Until this transaction ends nobody of the spa goes over to other terms: a cycle is opened by those they have."""
    uow.sql(LOCK.format("_shared"), (spa_id,))


def while_no_day_opens(uow: Asks, spa_id: int) -> None:
    """Until this transaction ends no cycle of the spa is opened: what was priced as not billed yet is not."""
    uow.sql(LOCK.format(""), (spa_id,))


def open_day(
    uow: Asks, spa_id: int, today: date, now: datetime, *, client_id: int | None = None, less: Less | None = None
) -> tuple[int, int]:
    """Open the invoices of every cycle that is due, once each, and write down those that are skipped: how many of each.

    Only the current cycle is charged. Cycles that passed while nobody billed are skipped without credits.
    """
    query, facts = _asked(OPEN, spa_id, today, client_id, less=less)
    row = uow.sql(query, facts | {"now": now}).fetchone()
    return (row[0], row[1]) if row else (0, 0)
