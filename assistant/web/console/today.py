"""The first page of the day."""

from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.messages.staff import decline_line
from assistant.services import today as days
from assistant.web.console import bp, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]


@bp.get("/<int:spa_id>/")
@bp.get("/<int:spa_id>/today")
@allowed(Permission.SEE_TODAY)
def today() -> ResponseReturnValue:
    """Who did not pay, what was done about it, and who waits."""
    spa_id = desk().spa_id
    found = here().runtime.transact(lambda uow: days.look(uow, spa_id))
    return shown("today", found=found, decline_line=decline_line)
