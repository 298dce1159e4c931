"""Pausing, coming back, leaving and staying: each shown as it would be, and then done by one button."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import Response, abort, request

from assistant.domain.changing import ChangeQuote
from assistant.domain.leaving import LeaveQuote
from assistant.domain.pausing import PauseQuote, ResumeQuote
from assistant.runtime import UnitOfWork
from assistant.services import member_changes, membership_views
from assistant.services.member_changes import Refused, Undo
from assistant.services.member_sessions import Session
from assistant.services.membership_views import Account, Line
from assistant.web.here import here
from assistant.web.member import language
from assistant.web.member.membership import bp
from assistant.web.member.signed import Agreed, Cannot, Doing, Done, carry_out, forged, form_of, home, page, signed_in

__all__ = ["bp"]

Quote = PauseQuote | ResumeQuote | LeaveQuote | ChangeQuote | Undo
Asked = Callable[[UnitOfWork], Quote | Refused]


def _agreed(asked: Asked) -> Callable[[UnitOfWork], Agreed | Cannot]:
    def quoted(uow: UnitOfWork) -> Agreed | Cannot:
        quote = asked(uow)
        return Cannot(quote.why) if isinstance(quote, Refused) else Agreed(quote)

    return quoted


def _shown(
    name: str,
    session: Session,
    membership_id: int,
    found: Agreed | Cannot | None,
    *,
    status: int = 200,
    changed: bool = False,
    **facts: object,
) -> Response:
    """The page of an act: as it would be, or why not."""
    rt = here().runtime
    account = rt.transact(lambda uow: membership_views.look(uow, session, language()))
    facts |= {"account": account, "line": _line(account, membership_id), "changed": changed}
    agreed = found if isinstance(found, Agreed) else None
    facts |= {"quote": agreed and agreed.quote, "mark": agreed.mark if agreed else ""}
    facts |= {"why": found.why if isinstance(found, Cannot) else ""}
    status = 409 if changed or isinstance(found, Cannot) else status
    return page(name, session, account, status=status, **facts)


def _line(account: Account, membership_id: int) -> Line:
    return next((each for each in account.lines if each.id == membership_id), None) or abort(404)


def _act(name: str, session: Session, membership_id: int, asked: Asked, do: Callable[..., str | None]) -> Response:
    """Look at it, or do it."""
    quoted, rt = _agreed(asked), here().runtime
    if not rt.transact(lambda uow: membership_views.mine(uow, session, membership_id)):
        abort(404)
    if request.method != "POST":
        return _shown(name, session, membership_id, rt.transact(quoted))
    form = form_of(session)
    if form is None:
        return forged(session)
    outcome = carry_out(session, form, Doing(quoted, do))
    if isinstance(outcome, Done):
        return home(outcome.said)
    return _shown(name, session, membership_id, outcome, changed=isinstance(outcome, Agreed))


# --- to rest, and back ------------------------------------------------------------------------------------------------


@bp.route("/my/<int:membership_id>/pause", methods=["GET", "POST"])
@signed_in
def my_pause(session: Session, membership_id: int) -> Response:
    """For how long; then what it means; then a button."""
    until, months = _day(request.args), _months(request.args)
    if until is None and months is None:
        return _how_long(session, membership_id, wrong="no_day" if request.args.get("until") else "")

    def asked(uow: UnitOfWork) -> PauseQuote | Refused:
        return member_changes.quote_pause(uow, session, membership_id, months=None if until else months, until=until)

    def do(uow: UnitOfWork, quote: PauseQuote) -> str | None:
        return member_changes.pause(uow, session, membership_id, quote)

    refused = here().runtime.transact(asked) if request.method != "POST" else None
    if isinstance(refused, Refused):
        return _how_long(session, membership_id, wrong=refused.why)
    return _act("pause", session, membership_id, asked, do)


def _how_long(session: Session, membership_id: int, *, wrong: str) -> Response:
    """The months that may be; or why it cannot rest at all."""
    rt = here().runtime
    if request.method == "POST" or not rt.transact(lambda uow: membership_views.mine(uow, session, membership_id)):
        abort(404)
    ways = rt.transact(lambda uow: member_changes.pauses_to_choose(uow, session, membership_id))
    found = Cannot(ways.why) if isinstance(ways, Refused) else None
    facts: dict[str, Any] = {"ways": ways, "possible_on": None, "wrong": wrong}
    if isinstance(ways, Refused):
        facts = {"ways": (), "possible_on": ways.possible_on, "wrong": ""}
    return _shown("pause_how_long", session, membership_id, found, status=422 if wrong else 200, **facts)


def _months(given: Mapping[str, str]) -> int | None:
    typed = given.get("months", "")
    return int(typed) if typed in {str(n) for n in range(1, 37)} else None


def _day(given: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(given.get("until", ""))
    except ValueError:
        return None


@bp.route("/my/<int:membership_id>/resume", methods=["GET", "POST"])
@signed_in
def my_resume(session: Session, membership_id: int) -> Response:
    """On again, or a pause called off; with what it costs today."""
    return _act(
        "resume",
        session,
        membership_id,
        lambda uow: member_changes.quote_resume(uow, session, membership_id),
        lambda uow, quote: member_changes.resume(uow, session, membership_id, quote),
    )


# --- to leave, and to stay --------------------------------------------------------------------------------------------


@bp.route("/my/<int:membership_id>/cancel", methods=["GET", "POST"])
@signed_in
def my_cancel(session: Session, membership_id: int) -> Response:
    """One page and one button, as joining is."""
    rt, locale = here().runtime, language()

    def asked(uow: UnitOfWork) -> LeaveQuote | Refused:
        return member_changes.quote_leave(uow, session, membership_id)

    def do(uow: UnitOfWork, quote: LeaveQuote) -> str | None:
        return member_changes.leave(uow, session, membership_id, quote)

    if not rt.transact(lambda uow: membership_views.mine(uow, session, membership_id)):
        abort(404)
    quoted = _agreed(asked)
    changed = False
    found: Agreed | Cannot = rt.transact(quoted)
    if request.method == "POST":
        form = form_of(session)
        if form is None:
            return forged(session)
        outcome = carry_out(session, form, Doing(quoted, do))
        if isinstance(outcome, Done):
            return home(outcome.said)
        found, changed = outcome, isinstance(outcome, Agreed)
    beside = rt.transact(lambda uow: member_changes.beside_leaving(uow, session, membership_id, locale))
    return _shown("cancel", session, membership_id, found, changed=changed, kept=beside.kept, save=beside.save)


@bp.route("/my/<int:membership_id>/undo", methods=["GET", "POST"])
@signed_in
def my_undo(session: Session, membership_id: int) -> Response:
    """Stay after all, until the day it ends."""
    return _act(
        "undo",
        session,
        membership_id,
        lambda uow: member_changes.quote_undo(uow, session, membership_id),
        lambda uow, quote: member_changes.undo(uow, session, membership_id, quote),
    )


@bp.route("/my/<int:membership_id>/smaller", methods=["GET", "POST"])
@signed_in
def my_smaller(session: Session, membership_id: int) -> Response:
    """The plan that costs less, where that is what was offered."""
    return _act(
        "smaller",
        session,
        membership_id,
        lambda uow: member_changes.quote_smaller(uow, session, membership_id),
        lambda uow, quote: member_changes.take_smaller(uow, session, membership_id, quote),
    )
