"""What came of a campaign, as a file."""

from flask import abort
from flask.typing import ResponseReturnValue

from assistant.db import campaigns as table
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import campaign_results
from assistant.web.console import bp, campaign_charts
from assistant.web.console.policy import allowed, desk
from assistant.web.console.reports import as_csv
from assistant.web.here import here

__all__ = ["bp"]


@bp.get("/<int:spa_id>/campaigns/<int:campaign_id>/results.csv")
@allowed(Permission.SEE_CAMPAIGNS)
def campaign_csv(campaign_id: int) -> ResponseReturnValue:
    """All that was counted, as a file."""
    spa_id = desk().spa_id

    def counted(uow: UnitOfWork) -> ResponseReturnValue:
        of = table.live(uow, spa_id, campaign_id) or abort(404)
        found = campaign_results.results(uow, spa_id, campaign_id, segment_millicents=of.policy.segment_millicents)
        return as_csv(f"campaign-{campaign_id}", campaign_charts.rows(found))

    return here().runtime.transact(counted)
