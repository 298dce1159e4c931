"""What is done in a thread: taken, given, put off, handed back, noted and answered, each once for its form."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.domain.reply_lint import LONGEST
from assistant.runtime import UnitOfWork
from assistant.services import once, thread_acts
from assistant.services.thread_acts import Quote, Stopped
from assistant.services.thread_views import Thread
from assistant.web.console import bp, carts, moment, shown
from assistant.web.console.inbox import found, page_of, to
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

NINE = time(9)
MOST_TYPED = LONGEST * 2
LATEST = timedelta(days=90)
Act = Callable[[UnitOfWork, Thread], str | None]
"""What is said about it; None where it was not done."""


def _done(of: str, act: Act, otherwise: str) -> ResponseReturnValue:
    """Once for its form; what could not be done is said, and the thread shown as it is now."""
    token = request.form.get("once", "")
    with here().runtime.unit_of_work() as uow:
        thread = found(uow, of)
        if not carts.is_token(token):
            return page_of(uow, thread, status=422, wrong={"act": "The form was not whole: try again."})
        if once.said_before(uow, desk().spa_id, token, actor=desk().actor) is not None:
            return redirect(to(of), 303)
        said = act(uow, thread)
        if said is None:
            once.forget(uow, desk().spa_id, token)
            return page_of(uow, thread, status=409, wrong={"act": otherwise})
    flash(said, "success")
    return redirect(to(of), 303)


@bp.post("/<int:spa_id>/inbox/<of>/take")
@allowed(Permission.INBOX)
def inbox_take(of: str) -> ResponseReturnValue:
    """From now on a person answers."""

    def take(uow: UnitOfWork, thread: Thread) -> str | None:
        said = "You have it. The assistant is silent here until you hand it back; STOP and HELP it still answers."
        return said if thread_acts.take(uow, thread, by=desk().actor) else None

    return _done(of, take, "A colleague has it already.")


@bp.post("/<int:spa_id>/inbox/<of>/back")
@allowed(Permission.INBOX)
def inbox_back(of: str) -> ResponseReturnValue:
    """The assistant answers again."""

    def back(uow: UnitOfWork, thread: Thread) -> str | None:
        return "The assistant answers again." if thread_acts.hand_back(uow, thread, by=desk().actor) else None

    return _done(of, back, "It was handed back already.")


@bp.post("/<int:spa_id>/inbox/<of>/assign")
@allowed(Permission.INBOX)
def inbox_assign(of: str) -> ResponseReturnValue:
    """It is a colleague's."""
    given = request.form.get("colleague", "")
    user_id = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0

    def assign(uow: UnitOfWork, thread: Thread) -> str | None:
        return "They have it now." if thread_acts.assign(uow, thread, user_id, by=desk().actor) else None

    return _done(of, assign, "Choose somebody who works in this inbox.")


@bp.post("/<int:spa_id>/inbox/<of>/snooze")
@allowed(Permission.INBOX)
def inbox_snooze(of: str) -> ResponseReturnValue:
    """Out of sight until a time, or until they write; `until` of `now` brings it back."""
    if request.form.get("until") == "now":
        return _done(of, lambda uow, thread: "It is back." if _snoozed(uow, thread, None) else None, "Nobody has it.")
    until = _until()
    if until is None:
        with here().runtime.unit_of_work() as uow:
            why = "Choose a time that is still to come, within ninety days."
            return page_of(uow, found(uow, of), status=422, wrong={"snooze": why}, snoozed=request.form)

    def snooze(uow: UnitOfWork, thread: Thread) -> str | None:
        return f"Out of sight until {moment(until)}, or until they write." if _snoozed(uow, thread, until) else None

    return _done(of, snooze, "Take it first: the assistant has it, so there is nothing to put off.")


def _snoozed(uow: UnitOfWork, thread: Thread, until: datetime | None) -> bool:
    return thread_acts.snooze(uow, thread, until, by=desk().actor)


def _until() -> datetime | None:
    """The instant that was chosen, by the clock on the spa's wall."""
    now = here().runtime.clock.now().astimezone(ZoneInfo(desk().zone))
    match request.form.get("until", ""):
        case "hour":
            chosen = now + timedelta(hours=1)
        case "tomorrow":
            chosen = datetime.combine(now.date() + timedelta(days=1), NINE, now.tzinfo)
        case "monday":
            chosen = datetime.combine(now.date() + timedelta(days=7 - now.weekday()), NINE, now.tzinfo)
        case _:
            chosen = _typed_time(request.form.get("at", ""), now)
    return chosen if now < chosen <= now + LATEST else None


def _typed_time(typed: str, now: datetime) -> datetime:
    """What is no time is now, and so not to come."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=now.tzinfo)
    except ValueError:
        return now


@bp.post("/<int:spa_id>/inbox/<of>/note")
@allowed(Permission.INBOX)
def inbox_note(of: str) -> ResponseReturnValue:
    """For the staff alone."""
    words = request.form.get("note", "")[: thread_acts.MOST_NOTE]
    if not words.strip():
        with here().runtime.unit_of_work() as uow:
            return page_of(uow, found(uow, of), status=422, wrong={"note": "Write the note first."})

    def note(uow: UnitOfWork, thread: Thread) -> str | None:
        return "Noted, for the staff alone." if thread_acts.note(uow, thread, words, by=desk().actor) else None

    return _done(of, note, "Nothing of the note could be kept.")


# --- answering --------------------------------------------------------------------------------------------------------


@bp.post("/<int:spa_id>/inbox/<of>/reply")
@allowed(Permission.INBOX)
def inbox_reply(of: str) -> ResponseReturnValue:
    """What it would be, the first time; and said, once that was shown."""
    words, address, token = _written()
    with here().runtime.unit_of_work() as uow:
        thread = found(uow, of)
        quoted = thread_acts.quote(uow, thread, address, words)
        if isinstance(quoted, Stopped):
            return page_of(uow, thread, status=422, typed=words, to=address, stopped=quoted)
        if request.form.get("mark") != quoted.mark or not carts.is_token(token):
            return page_of(uow, thread, typed=words, to=address, quoted=quoted)
        if once.said_before(uow, desk().spa_id, token, actor=desk().actor) is not None:
            return redirect(to(of), 303)
        cannot = thread_acts.reply(uow, thread, quoted, by=desk().actor)
        if cannot is not None:
            once.forget(uow, desk().spa_id, token)
            return page_of(uow, thread, status=409, typed=words, to=address, stopped=Stopped(cannot=cannot))
    flash(_said(quoted), "success")
    return redirect(to(of), 303)


def _said(quoted: Quote) -> str:
    return f"It goes at {moment(quoted.not_before)}." if quoted.not_before else "It is on its way."


def _written() -> tuple[str, str, str]:
    form = request.form
    return form.get("words", "")[:MOST_TYPED], form.get("to", "")[:320], form.get("once", "")


@bp.post("/<int:spa_id>/inbox/<of>/count")
@allowed(Permission.INBOX)
def inbox_count(of: str) -> ResponseReturnValue:
    """The same for a script, while it is typed: a piece of the page, with the mark of what it says."""
    words, address, _ = _written()
    with here().runtime.unit_of_work() as uow:
        quoted = thread_acts.quote(uow, found(uow, of), address, words) if words.strip() else None
    facts = {"stopped": quoted} if isinstance(quoted, Stopped) else {"quoted": quoted}
    return shown("inbox_quote", **facts)
