"""The demo's clock, and how it is moved: a bar on every page of the demo, and of no other installation.

`app.py` puts it on an app whose settings name a demo's clock; production's never do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.clock import Move, Moves
from assistant.domain.billing import CHARGED_FROM
from assistant.domain.calendar import local_day
from assistant.domain.permissions import Permission
from assistant.services import billing
from assistant.web.console.policy import allowed, desk
from assistant.web.console.signing import LEADS_ON
from assistant.web.here import here

bp = Blueprint("demo", __name__, url_prefix="/console")
FURTHEST = timedelta(days=30)
"""At most so far a click."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What the bar shows."""

    now: datetime
    move: Move | None
    stopped: bool
    here: str
    """The page it is on, to come back to."""

    @property
    def share(self) -> int:
        """How far the move has come, in percent."""
        if self.move is None:
            return 0
        whole = (self.move.until - self.move.start) / timedelta(seconds=1)
        return max(0, min(100, round(100 * ((self.now - self.move.start) / timedelta(seconds=1)) / (whole or 1))))


def facts() -> dict[str, Callable[[], Bar]]:
    """For the templates: asked where the bar is drawn."""
    return {"demo_clock": _bar}


def _bar() -> Bar:
    moves, path = _moves(), request.full_path.rstrip("?")
    back = path if request.method == "GET" and LEADS_ON.fullmatch(path) else url_for("console.home")
    return Bar(here().runtime.clock.now(), moves.under_way(), moves.stopped(), back)


@bp.post("/<int:spa_id>/demo-clock")
@allowed(Permission.SEE_TODAY)
def move_on() -> ResponseReturnValue:
    """Ask for the move: the time machine makes it, while the pages show how far it is."""
    now = here().runtime.clock.now()
    until = _until(request.form.get("by", ""), now) or abort(400)
    if not _moves().ask(Move(now, until)):
        flash("The demo's clock is moving already.", "info")
    return redirect(request.form.get("next") or url_for("console.today", spa_id=desk().spa_id), 303)


def _until(by: str, now: datetime) -> datetime | None:
    match by:
        case "hour" | "day" | "week":
            return now + timedelta(**{f"{by}s": 1})
        case "billing":
            return _next_billing(now)
    return None


def _next_billing(now: datetime) -> datetime:
    """The hour of the next day on which somebody's dues are charged; the furthest we go, if that is later."""
    spa_id, zone = desk().spa_id, desk().zone
    today = local_day(now, zone)
    begun = now.astimezone(ZoneInfo(zone)).time() >= CHARGED_FROM
    after = today if begun else today - timedelta(days=1)
    on = here().runtime.transact(lambda uow: billing.next_day(uow, spa_id, after), single=True)
    first = datetime.combine(on, CHARGED_FROM, ZoneInfo(zone)).astimezone(UTC) if on else now + FURTHEST
    return min(first, now + FURTHEST)


def _moves() -> Moves:
    return Moves(here().settings.demo_clock or abort(404))
