"""Who is a member, by plan and standing, on any day; and who is about to begin or to leave."""

from dataclasses import dataclass
from datetime import date

from assistant.domain.membership import Standing
from assistant.runtime import UnitOfWork

ON = frozenset({Standing.ACTIVE, Standing.PAST_DUE, Standing.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Row:
    """So many memberships of a plan stand so."""

    plan: str
    standing: Standing
    memberships: int


@dataclass(frozen=True, slots=True)
class Members:
    """A day's members. Every membership there ever was is in exactly one row."""

    as_of: date
    rows: tuple[Row, ...]
    began: int
    """Memberships that had begun, or were to, by that day."""
    leaving: int
    """Of those that are on, so many have said that they leave, on a day that is still to come (`rules.md` 8.8)."""

    def many(self, *standings: Standing) -> int:
        return sum(row.memberships for row in self.rows if row.standing in standings)

    @property
    def active(self) -> int:
        return self.many(*ON)

    @property
    def holds(self) -> bool:
        return self.many(*Standing) == self.began


STANDS = """
    SELECT p.name, s.standing, count(*) FROM (
        SELECT DISTINCT ON (membership_id) plan_id, standing FROM membership_move
        WHERE spa_id = %(spa)s AND on_day <= %(as_of)s ORDER BY membership_id, id DESC) s
    JOIN plan p ON (p.spa_id, p.id) = (%(spa)s, s.plan_id) GROUP BY p.id, p.name, s.standing ORDER BY p.id, 2"""
BEGAN = """
    SELECT (SELECT count(*) FROM membership m JOIN spa s ON s.spa_id = m.spa_id
            WHERE m.spa_id = %(spa)s AND (m.created_at AT TIME ZONE s.zone)::date <= %(as_of)s),
           (SELECT count(*) FROM cancellation c JOIN spa s ON s.spa_id = c.spa_id
            WHERE c.spa_id = %(spa)s AND (c.asked_at AT TIME ZONE s.zone)::date <= %(as_of)s
              AND c.effective_on > %(as_of)s
              AND (c.withdrawn_at IS NULL OR (c.withdrawn_at AT TIME ZONE s.zone)::date > %(as_of)s)
              AND (c.done_at IS NULL OR (c.done_at AT TIME ZONE s.zone)::date > %(as_of)s))"""


def members(uow: UnitOfWork, spa_id: int, as_of: date) -> Members:
    """Where every membership stood at the end of a day."""
    asked = {"spa": spa_id, "as_of": as_of}
    rows = tuple(Row(plan, Standing(standing), many) for plan, standing, many in uow.sql(STANDS, asked).fetchall())
    [[began, leaving]] = uow.sql(BEGAN, asked).fetchall()
    return Members(as_of, rows, began, leaving)
