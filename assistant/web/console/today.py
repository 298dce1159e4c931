"""The first page of the day."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.messages.staff import decline_line
from assistant.services import tasks as open_tasks
from assistant.services import today as days
from assistant.web.console import bp, shown
from assistant.web.console.approvals import KINDS
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

MOST, LONGEST, LONGEST_SAID = 100, 80, 200
GROUPS = {"cancel": days.LEAVING, "payments": days.UNMATCHED}
"""What a heading of the day's page leads to: several kinds of task together."""


@bp.get("/<int:spa_id>/")
@bp.get("/<int:spa_id>/today")
@allowed(Permission.SEE_TODAY)
def today() -> ResponseReturnValue:
    """Who did not pay, what was done about it, and who waits."""
    spa_id = desk().spa_id
    approver = desk().actor if desk().may(Permission.APPROVE) else None
    found = here().runtime.transact(lambda uow: days.look(uow, spa_id, approver))
    return shown(
        "today", found=found, decline_line=decline_line, titles={name: act.title for name, act in KINDS.items()}
    )


@bp.get("/<int:spa_id>/tasks")
@allowed(Permission.SEE_TODAY)
def tasks() -> ResponseReturnValue:
    """What only a person can settle."""
    spa_id, kind = desk().spa_id, request.args.get("kind", "")[:LONGEST]
    typed = request.args.get("page", "1")[:3]
    page = max(int(typed), 1) if typed.isascii() and typed.isdigit() else 1
    kinds = GROUPS.get(kind, frozenset({kind})) if kind else None
    found = here().runtime.transact(
        lambda uow: days.tasks_of(uow, spa_id, kinds, most=MOST + 1, past=(page - 1) * MOST)
    )
    return shown(
        "tasks",
        kind=kind,
        tasks=found[:MOST],
        more=len(found) > MOST,
        page=page,
        pages=lambda at: url_for("console.tasks", spa_id=spa_id, kind=kind or None, page=at),
        area="today",
    )


@bp.post("/<int:spa_id>/tasks/<int:task_id>/settle")
@allowed(Permission.SEE_TODAY)
def task_settle(task_id: int) -> ResponseReturnValue:
    """Somebody has seen to it: what was done is kept."""
    spa_id, by = desk().spa_id, desk().actor
    said = request.form.get("said", "").strip()[:LONGEST_SAID] or "seen to"
    settled = here().runtime.transact(lambda uow: open_tasks.settle(uow, spa_id, task_id, by=by, resolution=said))
    if settled is None:
        abort(404)
    flash("Settled." if settled else "It was settled already.", "success")
    kind = request.form.get("kind", "")[:LONGEST]
    return redirect(url_for("console.tasks", spa_id=spa_id, kind=kind or None), 303)
