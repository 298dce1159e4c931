"""What campaigns brought over what would have come anyway: each beside those it held out."""

from dataclasses import dataclass
from datetime import date

from assistant.runtime import UnitOfWork
from assistant.services import campaign_results
from assistant.services.campaign_results import Results

MOST = 12


@dataclass(frozen=True, slots=True)
class Lifted:
    """One campaign that began in the period."""

    campaign_id: int
    name: str
    began_on: date
    results: Results


BEGAN = """
    SELECT c.id, c.name, (c.starts_at AT TIME ZONE s.zone)::date
    FROM campaign c JOIN spa s USING (spa_id)
    WHERE c.spa_id = %s AND c.status IN ('sending', 'held', 'stopped', 'done')
      AND (c.starts_at AT TIME ZONE s.zone)::date BETWEEN %s AND %s
    ORDER BY c.starts_at DESC, c.id DESC LIMIT %s"""


def lift(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> tuple[Lifted, ...]:
    """The newest first, and at most twelve: each is counted anew from its own rows."""
    found = uow.sql(BEGAN, (spa_id, from_on, as_of, MOST)).fetchall()
    return tuple(
        Lifted(each, name, began, campaign_results.results(uow, spa_id, each, segment_millicents=0))
        for each, name, began in found
    )
