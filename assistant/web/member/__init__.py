"""Pages for members, behind signed links: plain, without a script, and told to nobody else."""

from hashlib import sha256
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl

import psycopg
from flask import Blueprint, Response, abort, request, url_for
from sqlalchemy.exc import SQLAlchemyError

from assistant.messages import pages
from assistant.messages.pages import LOCALES
from assistant.web.here import here
from assistant.web.member import brand

STATIC = Path(__file__).parents[1] / "static"
bp = Blueprint("member", __name__, static_folder=STATIC, static_url_path="/static")


class Facing(Protocol):
    """Whom a page speaks to, and for whom."""

    @property
    def spa(self) -> str: ...

    @property
    def help_phone(self) -> str: ...

    @property
    def locale(self) -> str: ...

    @property
    def accent(self) -> str | None: ...


MOST_BYTES = 4 * 1024
MOST_FIELDS = 12
VERSIONS = {path.name: sha256(path.read_bytes()).hexdigest()[:12] for path in STATIC.iterdir()}
"""In the address of each file: a browser may keep one for good."""
KEPT = {"member.static", "member.colours"}
A_YEAR = 365 * 24 * 3600
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {pages}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@bp.after_request
def guarded(response: Response) -> Response:
    """Kept by no one, shown in no frame, no script, and its address, which is a secret, told to no one."""
    response.headers["Content-Security-Policy"] = POLICY.format(pages=here().settings.stripe_pages_origin)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if request.endpoint in KEPT and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/brand/<accent>.css")
def colours(accent: str) -> Response:
    """A colour that may be an accent, as a style sheet; of no other."""
    return Response(brand.style(f"#{accent}") or abort(404), mimetype="text/css")


@bp.errorhandler(SQLAlchemyError)
@bp.errorhandler(psycopg.Error)
def database_away(_error: Exception) -> Response:
    """To a person: nothing is lost, try again."""
    return busy(None)


def busy(view: Facing | None) -> Response:
    """We, or the processor, have no time just now."""
    response = notice("busy", view, status=503, back=with_language(request.path))
    response.headers["Retry-After"] = "30"
    return response


def notice(kind: str, view: Facing | None, *, status: int, action: str = "", back: str = "") -> Response:
    """A page that says one thing, and perhaps offers one."""
    return shown("notice", view, status=status, kind=kind, action=action, back=back)


def shown(name: str, view: Facing | None, *, status: int = 200, refresh: str = "", **facts: object) -> Response:
    """A page in the language that was asked for, or the client's, or the browser's."""
    locale = language() or _usual(view)
    other = next(each for each in LOCALES if each != locale)
    switch = f"{request.path.removesuffix('/again')}?lang={other}"
    facts |= {"view": view, "refresh": refresh, "other": other, "switch": switch}
    facts |= {
        "css": file("member.css"),
        "icon": file("member.svg"),
        "brand": brand.address(view.accent) if view else None,
    }
    return Response(pages.page(name, locale, **facts), status=status, mimetype="text/html")


def language() -> str | None:
    """The language that the address asks for."""
    asked = request.args.get("lang")
    return asked if asked in LOCALES else None


def with_language(path: str, **query: object) -> str:
    """A way on, in the language that was asked for."""
    asked = {"lang": language()} if language() else {}
    pairs = "&".join(f"{name}={value}" for name, value in (query | asked).items())
    return f"{path}?{pairs}" if pairs else path


def _usual(view: Facing | None) -> str:
    wanted = [view.locale] if view else [code for code, _ in request.accept_languages]
    return next((code[:2].lower() for code in wanted if code[:2].lower() in LOCALES), LOCALES[0])


def file(name: str) -> str:
    return url_for("member.static", filename=name, v=VERSIONS[name])


def small_form() -> dict[str, str]:
    """The form's few fields, each once; what is no form, or too much of one, is 400."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(400)
    raw = request.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        abort(400)
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        abort(400)
    if len(dict(pairs)) != len(pairs):
        abort(400)
    return dict(pairs)
