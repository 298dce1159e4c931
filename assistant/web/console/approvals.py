"""A second person's yes: what is over another's limit, as it was quoted to them, and saying yes or no to it."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db import approvals as table
from assistant.db import staff
from assistant.db.approvals import Request
from assistant.db.staff import Post
from assistant.domain.permissions import Permission
from assistant.runtime import UnitOfWork
from assistant.services import approvals, once
from assistant.web.console import bp, campaign_acts, members, shown, ticket_acts
from assistant.web.console.acts import LONGEST_ANSWER, Act, Ask, Cannot, Offered, Then, carried_out, mark, told
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

MOST = 50
KINDS: dict[str, Act] = {each.name: each for each in (*members.ACTS, *ticket_acts.ACTS, campaign_acts.SEND)}
"""Every act that can be asked for, by the name that its request is kept under."""
LAPSED = "It is not as it was when it was asked for, so nothing is done: it is to be asked for anew."
GONE = "Who asked for it may not do it any more, so nothing is done."


@bp.get("/<int:spa_id>/approvals")
@allowed(Permission.APPROVE)
def approvals_waiting() -> ResponseReturnValue:
    """What waits for a yes, and what was decided."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        waiting, decided = table.waiting(uow, spa_id, most=MOST), table.decided(uow, spa_id, most=MOST)
    return shown("approvals", waiting=waiting, decided=decided, title_of=_title, area="today")


@bp.get("/<int:spa_id>/approvals/<int:approval_id>")
@allowed(Permission.APPROVE)
def approval(approval_id: int) -> ResponseReturnValue:
    """One of them, as it was quoted."""
    return _page(approval_id)


def _page(approval_id: int, *, status: int = 200, wrong: str = "") -> ResponseReturnValue:
    spa_id = desk().spa_id
    found = here().runtime.transact(lambda uow: table.request(uow, spa_id, approval_id)) or abort(404)
    own = found.asked_by == desk().actor
    typed = request.form.get("reason", "")[:LONGEST_ANSWER]
    return shown(
        "approval", status=status, each=found, title=_title(found), own=own, wrong=wrong, typed=typed, area="today"
    )


def _title(each: Request) -> str:
    return KINDS[each.kind].title if each.kind in KINDS else each.kind


def _to(approval_id: int) -> ResponseReturnValue:
    return redirect(url_for("console.approval", spa_id=desk().spa_id, approval_id=approval_id), 303)


@bp.post("/<int:spa_id>/approvals/<int:approval_id>/approve")
@allowed(Permission.APPROVE)
def approval_approve(approval_id: int) -> ResponseReturnValue:
    """Yes: it is done as it was quoted, or it lapses and says so."""
    spa_id, by = desk().spa_id, desk()
    outcome = here().runtime.transact(lambda uow: _approve(uow, by, approval_id))
    if outcome is None:
        return _page(approval_id, status=409, wrong="It was decided already, or it is yours: another person says yes.")
    said = told(spa_id, _token(approval_id), outcome) if not isinstance(outcome, Cannot) else outcome
    words = said if isinstance(said, str) else said.why
    if isinstance(outcome, Then):
        here().runtime.transact(lambda uow: approvals.say(uow, spa_id, approval_id, words))
    flash(words, "success" if isinstance(said, str) else "error")
    return _to(approval_id)


def _approve(uow: UnitOfWork, by: Post, approval_id: int) -> str | Then | Cannot | None:
    """Under the request's lock. None: it waits no more, or is their own."""
    table.request(uow, by.spa_id, approval_id) or abort(404)
    each = approvals.open_one(uow, by.spa_id, approval_id)
    if each is None or each.asked_by == by.actor:
        return None
    outcome = _carry_out(uow, by, each)
    if isinstance(outcome, Cannot):
        approvals.decide(uow, by.spa_id, each, "lapsed", actor=by.actor, said=outcome.why)
    else:
        words = outcome if isinstance(outcome, str) else outcome.meanwhile
        approvals.decide(uow, by.spa_id, each, "approved", actor=by.actor, said=words)
    return outcome


def _carry_out(uow: UnitOfWork, by: Post, each: Request) -> str | Then | Cannot:
    """By the hand of who asked for it and by their limit, with the other's yes."""
    act, asker = KINDS.get(each.kind), staff.post(uow, int(each.asked_by.removeprefix("staff:")), by.spa_id)
    if act is None or asker is None or not asker.may(act.permission):
        return Cannot(GONE)
    answers = each.payload["answers"]
    ask = Ask(asker, each.payload["client"], answers, token=_token(each.id), approved_by=by.actor)
    offered = act.quote(uow, ask)
    if not isinstance(offered, Offered) or mark(offered) != each.mark:
        return Cannot(LAPSED)
    once.said_before(uow, by.spa_id, ask.token, actor=by.actor)
    return carried_out(uow, act, ask, offered)


def _token(approval_id: int) -> str:
    return f"approval-{approval_id}"


@bp.post("/<int:spa_id>/approvals/<int:approval_id>/decline")
@allowed(Permission.APPROVE)
def approval_decline(approval_id: int) -> ResponseReturnValue:
    """No, and why. Whoever asked for it takes it back in the same way."""
    reason, by = request.form.get("reason", "").strip()[:LONGEST_ANSWER], desk()
    if not reason:
        return _page(approval_id, status=422, wrong="Say why, in a few words: who asked for it reads it.")

    def decline(uow: UnitOfWork) -> bool:
        table.request(uow, by.spa_id, approval_id) or abort(404)
        each = approvals.open_one(uow, by.spa_id, approval_id)
        if each is not None:
            status = "withdrawn" if each.asked_by == by.actor else "declined"
            approvals.decide(uow, by.spa_id, each, status, actor=by.actor, said=reason)
        return each is not None

    if not here().runtime.transact(decline):
        return _page(approval_id, status=409, wrong="It was decided already.")
    flash("Nothing is done, and who asked for it is told why on the member's page.", "success")
    return _to(approval_id)
