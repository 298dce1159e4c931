"""The areas of the console whose pages are still to come: each has its place, its policy, and says so."""

from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.web.console import bp, shown
from assistant.web.console.policy import allowed

__all__ = ["bp"]


@bp.get("/<int:spa_id>/campaigns")
@allowed(Permission.SEE_CAMPAIGNS)
def campaigns() -> ResponseReturnValue:
    """What the spa says first."""
    return shown("unbuilt", title="Campaigns")


@bp.get("/<int:spa_id>/plans")
@allowed(Permission.SEE_PLANS)
def plans() -> ResponseReturnValue:
    """What members join."""
    return shown("unbuilt", title="Plans")


@bp.get("/<int:spa_id>/reports")
@allowed(Permission.SEE_REPORTS)
def reports() -> ResponseReturnValue:
    """How the spa does."""
    return shown("unbuilt", title="Reports")


@bp.get("/<int:spa_id>/settings")
@allowed(Permission.SEE_SETTINGS)
def settings() -> ResponseReturnValue:
    """What the spa chose."""
    return shown("unbuilt", title="Settings")
