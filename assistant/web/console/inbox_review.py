"""Answers under review: which ones the owner keeps so, how often people agree, and a draft approved in its thread."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.threads import Draft
from assistant.domain.permissions import Permission
from assistant.domain.reply_lint import LONGEST
from assistant.domain.reviewing import REVIEWABLE
from assistant.runtime import UnitOfWork
from assistant.services import once, reviews, thread_acts
from assistant.services.thread_acts import Quote, Stopped
from assistant.services.thread_views import Thread
from assistant.web.console import bp, carts, shown
from assistant.web.console.inbox import found, page_of, quoted, to
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]


@bp.get("/<int:spa_id>/inbox/review")
@allowed(Permission.SEE_SETTINGS)
def inbox_review() -> ResponseReturnValue:
    """What is held, and how often it went as it was."""
    return _page()


def _page(*, status: int = 200, wrong: str = "") -> ResponseReturnValue:
    with here().runtime.unit_of_work() as uow:
        facts = {"kept": reviews.kept(uow, desk().spa_id), "agreed": reviews.agreed(uow, desk().spa_id)}
    return shown("inbox_review", status=status, wrong=wrong, reviewable=REVIEWABLE, area="inbox", **facts)


@bp.post("/<int:spa_id>/inbox/review")
@allowed(Permission.EDIT_SETTINGS)
def inbox_review_keep() -> ResponseReturnValue:
    """The owner chooses; what may not be reviewed is refused, not left out in silence."""
    chosen, token = frozenset(request.form.getlist("intent")), request.form.get("once", "")
    if not chosen <= frozenset(REVIEWABLE):
        return _page(
            status=422,
            wrong="Only answers that tell something can be reviewed. STOP, HELP, START and "
            "anything about health or money is answered at once.",
        )
    if not carts.is_token(token):
        return _page(status=422, wrong="The form was not whole: try again.")
    with here().runtime.unit_of_work() as uow:
        if once.said_before(uow, desk().spa_id, token, actor=desk().actor) is None:
            reviews.keep(uow, desk().spa_id, chosen, by=desk().actor)
    flash("Kept.", "success")
    return redirect(url_for("console.inbox_review", spa_id=desk().spa_id), 303)


@bp.post("/<int:spa_id>/inbox/<of>/draft")
@allowed(Permission.INBOX)
def inbox_draft(of: str) -> ResponseReturnValue:
    """Sent as it is, edited, or as another; or let go."""
    token = request.form.get("once", "")
    with here().runtime.unit_of_work() as uow:
        thread = found(uow, of)
        draft = _draft(uow, thread)
        if draft is None:
            if once.said_before(uow, desk().spa_id, token, actor=desk().actor) is not None:
                return redirect(to(of), 303)
            once.forget(uow, desk().spa_id, token)
            return page_of(uow, thread, status=409, wrong={"act": "Somebody has seen to that draft already."})
        if not carts.is_token(token):
            return page_of(uow, thread, status=422, wrong={"act": "The form was not whole: try again."})
        if request.form.get("do") == "drop":
            return _let_go(uow, thread, draft, token)
        return _sent(uow, thread, draft, token)


def _draft(uow: UnitOfWork, thread: Thread) -> Draft | None:
    asked = request.form.get("draft", "")
    waiting = reviews.waiting(uow, thread.spa_id, thread.addresses)
    return next((each for each in waiting if str(each.id) == asked), None)


def _let_go(uow: UnitOfWork, thread: Thread, draft: Draft, token: str) -> ResponseReturnValue:
    once.said_before(uow, thread.spa_id, token, actor=desk().actor)
    reviews.settle(uow, thread.spa_id, draft, None, by=desk().actor)
    flash("Let go: nothing was sent.", "success")
    return redirect(to(thread.handle), 303)


def _sent(uow: UnitOfWork, thread: Thread, draft: Draft, token: str) -> ResponseReturnValue:
    words = request.form.get("words", "")[: LONGEST * 2]
    priced = thread_acts.quote(uow, thread, draft.address, words, drafted=draft.words)
    if isinstance(priced, Stopped):
        return page_of(uow, thread, status=422, drafts=_shown(uow, thread, draft, words, priced))
    if request.form.get("mark") != priced.mark:
        return page_of(uow, thread, drafts=_shown(uow, thread, draft, words, priced))
    once.said_before(uow, thread.spa_id, token, actor=desk().actor)
    cannot = thread_acts.send_draft(uow, thread, draft, priced, by=desk().actor)
    if cannot is not None:
        once.forget(uow, thread.spa_id, token)
        return page_of(uow, thread, status=409, drafts=_shown(uow, thread, draft, words, Stopped(cannot=cannot)))
    flash("It is on its way.", "success")
    return redirect(to(thread.handle), 303)


def _shown(
    uow: UnitOfWork, thread: Thread, draft: Draft, words: str, said: Quote | Stopped
) -> list[tuple[Draft, str, dict[str, Quote | Stopped]]]:
    """The drafts of the thread, with what was typed in this one."""
    waiting = reviews.waiting(uow, thread.spa_id, thread.addresses)
    mine = {"stopped" if isinstance(said, Stopped) else "quoted": said}
    return [
        (draft, words, mine) if each.id == draft.id else (each, each.words, quoted(uow, thread, each))
        for each in waiting
    ]
