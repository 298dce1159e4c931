"""The areas of the console whose pages are still to come: each has its place, its policy, and says so."""

from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.web.console import bp, shown
from assistant.web.console.policy import allowed

__all__ = ["bp"]


@bp.get("/<int:spa_id>/inbox")
@allowed(Permission.INBOX)
def inbox() -> ResponseReturnValue:
    """Texts and emails, a thread a member."""
    return shown("unbuilt", title="Inbox")
