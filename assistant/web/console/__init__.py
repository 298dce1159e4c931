"""The staff console: pages for those who work at a spa, each with its policy, all in one look."""

from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_skeleton
from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import HTTPException

from assistant.db import staff
from assistant.domain.money import Money
from assistant.web.console.policy import anyone_signed_in
from assistant.web.here import here

STATIC = Path(__file__).parents[1] / "static"
VERSIONS = {path.name: sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{data}; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SHOWS_A_QR_CODE = {"security.two_factor_setup"}
"""The one page with a picture in its own address: of a secret that no file may hold."""
NAVIGATION = (
    ("console.today", "Today", "see_today", "today"),
    ("console.members", "Members", "see_members", "members"),
    ("console.checkout", "Checkout", "checkout", "checkout"),
    ("console.inbox", "Inbox", "inbox", "inbox"),
    ("console.campaigns", "Campaigns", "see_campaigns", "campaigns"),
    ("console.plans", "Plans", "see_plans", "plans"),
    ("console.reports", "Reports", "see_reports", "reports"),
    ("console.settings", "Settings", "see_settings", "settings"),
)
bp = Blueprint("console", __name__, url_prefix="/console")


@bp.get("/")
@anyone_signed_in
def home() -> ResponseReturnValue:
    """The day of the one spa they work at, or a choice of several."""
    user_id = current_user.id
    spas = here().runtime.transact(lambda uow: staff.spas_of(uow, user_id))
    if len(spas) == 1:
        return redirect(url_for("console.today", spa_id=spas[0][0]))
    return shown("spas", spas=spas)


@bp.get("/account")
@anyone_signed_in
def account() -> ResponseReturnValue:
    """How they sign in."""
    return shown("account", account=current_user)


def shown(name: str, *, status: int = 200, **facts: object) -> Response:
    """A page of the console."""
    return make_response(render_template(f"console/{name}.html", **facts), status)


def failed(error: HTTPException | None) -> Response:
    """What went wrong, in the same look; nothing of what was asked is repeated."""
    code = (error.code if error else None) or 500
    known = code if code in {400, 403, 404, 405, 409, 413, 429, 500, 503} else 500
    return guarded(shown("error", status=code, code=known))


def guarded(response: Response) -> Response:
    """Kept by no one, shown in no frame, with no script or style but our files."""
    data = " data:" if request.endpoint in SHOWS_A_QR_CODE else ""
    response.headers["Content-Security-Policy"] = CSP.format(data=data)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response


# --- what every page is made with -------------------------------------------------------------------------------------


def facts() -> dict[str, Any]:
    """The names that every template of the console may use."""
    return {
        "desk": g.get("post"),
        "navigation": NAVIGATION,
        "file": file,
        "here_is": (request.endpoint or "").partition(".")[2],
        "once": lambda: token_urlsafe(18),
    }


def file(name: str) -> str:
    """The address of a file of ours, for good."""
    return url_for("member.static", filename=name, v=VERSIONS[name])


def money(cents: int) -> str:
    """As `$1,234.50`."""
    return str(Money(cents))


def day(on: date | datetime | None) -> str:
    """As `Nov 20, 2026`; an instant, as the day it is at the spa."""
    if on is None:
        return "—"
    return format_skeleton("yMMMd", _local(on) if isinstance(on, datetime) else on, locale="en_US")


def moment(at: datetime | None) -> str:
    """As `Fri, Nov 20, 9:00 AM`, at the spa; of another year as `Nov 20, 2025, 9:00 AM`."""
    if at is None:
        return "—"
    this_year = _local(at).year == _local(here().runtime.clock.now()).year
    return format_datetime(_local(at), "EEE, MMM d, h:mm a" if this_year else "MMM d, y, h:mm a", locale="en_US")


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(g.post.zone if "post" in g else "UTC"))


def words(code: str) -> str:
    """A code of ours, as words: `past_due` as `past due`."""
    return str(code).replace("_", " ").replace("-", " ")


def phone(number: str) -> str:
    """As the desk reads it out: `(505) 555-0110`; one that is not of this country as it is."""
    national = number.removeprefix("+1")
    return f"({national[:3]}) {national[3:6]}-{national[6:]}" if len(national) == 10 else number


def short(on: date | datetime) -> str:
    """As `Nov 20`, where the year is plain."""
    return format_skeleton("MMMd", _local(on) if isinstance(on, datetime) else on, locale="en_US")


FILTERS = {"short": short, "phone": phone, "money": money, "day": day, "moment": moment, "words": words}
