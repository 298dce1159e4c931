"""The inbox: the list beside one thread, and what is new in it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.spas import credit_words
from assistant.db.threads import Draft
from assistant.domain.permissions import Permission
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import UnitOfWork
from assistant.services import canned, finding, profile, reply_costs, thread_acts, thread_views, threads
from assistant.services.canned import Canned
from assistant.services.thread_acts import Quote, Stopped
from assistant.services.thread_views import Thread, View
from assistant.services.threads import Page, Show
from assistant.web.console import bp, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 400


@bp.get("/<int:spa_id>/inbox")
@allowed(Permission.INBOX)
def inbox() -> ResponseReturnValue:
    """The list; of what waits, or of all where nothing does."""
    with here().runtime.unit_of_work() as uow:
        chosen = _filter() or Show.WAITING
        page = _listed(uow, chosen)
        if not page.rows and not _filter():
            chosen = Show.ALL
            page = _listed(uow, chosen)
        names = threads.names(uow, desk().spa_id)
        now = uow.now
    return shown("inbox", page=page, names=names, view=None, now=now, area="inbox", **_asked(chosen))


@bp.get("/<int:spa_id>/inbox/<of>")
@allowed(Permission.INBOX)
def inbox_thread(of: str) -> ResponseReturnValue:
    """One thread, beside the list."""
    if threads.HANDLE.fullmatch(of) is None:
        return redirect(url_for("console.inbox", spa_id=desk().spa_id), 303)
    with here().runtime.unit_of_work() as uow:
        thread = found(uow, of)
        if thread.handle != of:
            return redirect(to(thread.handle), 303)
        return page_of(uow, thread)


@bp.get("/<int:spa_id>/inbox/<of>/news")
@allowed(Permission.INBOX)
def inbox_news(of: str) -> ResponseReturnValue:
    """A word that is another one when anything is new: in the thread, or in the list."""
    with here().runtime.unit_of_work() as uow:
        said = thread_views.mark(uow, found(uow, of)) if threads.HANDLE.fullmatch(of) else ""
        listed = threads.mark(uow, desk().spa_id)
    return jsonify(thread=said, list=listed)


@bp.get("/<int:spa_id>/inbox/cost")
@allowed(Permission.INBOX)
def inbox_cost() -> ResponseReturnValue:
    """What a month's replies cost."""
    with here().runtime.unit_of_work() as uow:
        today = uow.now.astimezone(ZoneInfo(desk().zone)).date()
        first = _month(request.args.get("month", "")[:7]) or today.replace(day=1)
        month = reply_costs.of_month(uow, desk().spa_id, first, desk().zone)
        price = reply_costs.policy(uow, desk().spa_id).segment_millicents
    beside = {"before": _other(first, -1), "after": _other(first, 1)}
    return shown("inbox_cost", month=month, price=price, area="inbox", today=today, beside=beside)


def _month(typed: str) -> date | None:
    try:
        found = date.fromisoformat(f"{typed}-01")
    except ValueError:
        return None
    return found if 2000 < found.year < 2200 else None


def _other(first: date, by: int) -> date:
    month = first.year * 12 + first.month - 1 + by
    return date(month // 12, month % 12 + 1, 1)


# --- what the acts of a thread come back to ---------------------------------------------------------------------------


def found(uow: UnitOfWork, of: str) -> Thread:
    """The thread of a handle, of this spa, or 404."""
    return thread_views.thread_of(uow, desk().spa_id, of) or abort(404)


def to(handle: str) -> str:
    """The page of a thread, with the list as it is."""
    kept = {name: request.args[name][: finding.LONGEST] for name in ("show", "q") if request.args.get(name)}
    return url_for("console.inbox_thread", spa_id=desk().spa_id, of=handle, **kept)  # type: ignore[arg-type]


def page_of(uow: UnitOfWork, thread: Thread, *, status: int = 200, **of_an_act: Any) -> ResponseReturnValue:  # noqa: ANN401
    """The thread, and what an act has to say about it."""
    chosen = _filter() or Show.ALL
    view = thread_views.look(uow, thread, _instant(request.args.get("before", "")[:40]))
    ready = canned.listed(uow, thread.spa_id)
    member = profile.look(uow, thread.spa_id, thread.client_id, with_events=False) if thread.client_id else None
    words = credit_words(uow, thread.spa_id, "en")
    facts: dict[str, Any] = {
        "page": _listed(uow, chosen),
        "names": view.names,
        "view": view,
        "member": member,
        "held": lambda unit, amount: in_words(Credits.of(words, unit, amount)),
        "colleagues": threads.colleagues(uow, thread.spa_id),
        "canned": [(each, _filled(each, thread)) for each in ready],
        "typed": _typed(thread, ready),
        "to": _usual(view),
        "drafts": [(each, each.words, quoted(uow, thread, each)) for each in view.drafts],
        "now": uow.now,
        "instant": datetime.fromisoformat,
        "wrong": {},
    }
    return shown("inbox", status=status, area="inbox", **_asked(chosen), **(facts | of_an_act))


def quoted(uow: UnitOfWork, thread: Thread, draft: Draft) -> dict[str, Quote | Stopped]:
    """What sending it as it is would be: shown before anybody presses."""
    found = thread_acts.quote(uow, thread, draft.address, draft.words, drafted=draft.words)
    return {"stopped" if isinstance(found, Stopped) else "quoted": found}


def _usual(view: View) -> str:
    """Where they wrote last."""
    last = next((each for each in reversed(view.items) if each.kind == "in"), None)
    ways = view.thread.ways
    return last.address if last else next((each.address for each in ways if not each.stopped_at), "")


def _typed(thread: Thread, ready: list[Canned]) -> str:
    """A reply that is kept ready, chosen without a script, stands in the box already."""
    chosen = request.args.get("canned", "")[:18]
    each = next((one for one in ready if str(one.id) == chosen), None)
    return _filled(each, thread) if each else ""


def _filled(each: Canned, thread: Thread) -> str:
    return canned.filled(each, first_name=thread.first_name, spa=desk().spa)


def _listed(uow: UnitOfWork, chosen: Show) -> Page:
    before = request.args.get("from", "")[:18]
    last = int(before) if before.isascii() and before.isdigit() else threads.LAST
    return threads.look(uow, desk().spa_id, chosen, desk().actor, typed=_search(), before=last)


def _asked(chosen: Show) -> dict[str, Any]:
    return {"show": chosen, "searched": _search(), "shows": Show}


def _search() -> str:
    return request.args.get("q", "")[: finding.LONGEST]


def _filter() -> Show | None:
    given = request.args.get("show", "")
    return Show(given) if given in set(Show) else None


def _instant(typed: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.tzinfo else None
