"""Canned replies: seen by whoever answers, changed by those who may speak for the spa."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.domain.reply_lint import LONGEST
from assistant.messages import render
from assistant.messages.handover import PersonSays
from assistant.services import canned, once
from assistant.services.canned import Canned, Taken
from assistant.web.console import bp, carts, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]


@bp.get("/<int:spa_id>/inbox/canned")
@allowed(Permission.INBOX)
def inbox_canned() -> ResponseReturnValue:
    """All of them, and a form for one."""
    chosen = _number(request.args.get("change", ""))
    with here().runtime.unit_of_work() as uow:
        change = (canned.one(uow, desk().spa_id, chosen) or abort(404)) if chosen else None
    return _page(change=chosen, typed=change)


def _page(*, status: int = 200, **facts: object) -> ResponseReturnValue:
    with here().runtime.unit_of_work() as uow:
        listed = [(each, _segments(each)) for each in canned.listed(uow, desk().spa_id)]
    mine = {"may_change": desk().may(Permission.SEND_CAMPAIGNS), "wrong": {}, "stopped": (), "area": "inbox"}
    return shown("inbox_canned", status=status, listed=listed, **(mine | facts))


def _segments(each: Canned) -> int:
    """With a name as long as most."""
    words = canned.filled(each, first_name="Alexandria", spa=desk().spa)
    return render.sms(PersonSays(words=words), each.locale).size.segments


@bp.post("/<int:spa_id>/inbox/canned")
@allowed(Permission.SEND_CAMPAIGNS)
def inbox_canned_keep() -> ResponseReturnValue:
    """A new one, or another wording."""
    form, number = request.form, _number(request.form.get("id", ""))
    typed = Canned(number, form.get("locale", ""), form.get("name", "")[:80], form.get("words", "")[: LONGEST * 2])
    wrong = _wrong(typed)
    token, spa_id, actor = form.get("once", ""), desk().spa_id, desk().actor
    if wrong or not carts.is_token(token):
        return _page(status=422, change=number, typed=typed, wrong=wrong)
    with here().runtime.unit_of_work() as uow:
        if once.said_before(uow, spa_id, token, actor=actor) is not None:
            return _to()
        kept = canned.keep(
            uow, spa_id, number or None, locale=typed.locale, name=typed.name, words=typed.words, by=actor
        )
        if not isinstance(kept, Canned):
            once.forget(uow, spa_id, token)
    match kept:
        case None:
            abort(404)
        case Taken():
            return _page(status=422, change=number, typed=typed, wrong={"name": "There is one of that name already."})
        case tuple():
            return _page(status=422, change=number, typed=typed, stopped=kept)
    flash(f"Kept: {kept.name}.", "success")
    return _to()


def _wrong(typed: Canned) -> dict[str, str]:
    found = {}
    if not typed.name.strip():
        found["name"] = "Give it a name to choose it by."
    elif len(typed.name) > canned.LONGEST_NAME:
        found["name"] = f"At most {canned.LONGEST_NAME} letters."
    if typed.locale not in canned.LOCALES:
        found["locale"] = "Choose its language."
    return found


@bp.post("/<int:spa_id>/inbox/canned/<int:canned_id>/drop")
@allowed(Permission.SEND_CAMPAIGNS)
def inbox_canned_drop(canned_id: int) -> ResponseReturnValue:
    """It is kept no longer; the same form twice finds it gone, and that is well."""
    token, spa_id, actor = request.form.get("once", ""), desk().spa_id, desk().actor
    if not carts.is_token(token):
        return _page(status=422, wrong={"act": "The form was not whole: try again."})
    with here().runtime.unit_of_work() as uow:
        if once.said_before(uow, spa_id, token, actor=actor) is None and not canned.drop(
            uow, spa_id, canned_id, by=actor
        ):
            abort(404)
    flash("It is gone.", "success")
    return _to()


def _to() -> ResponseReturnValue:
    return redirect(url_for("console.inbox_canned", spa_id=desk().spa_id), 303)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
