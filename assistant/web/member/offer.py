"""The page behind the short link of an offer: looking tells nobody's secrets, and its button texts them the terms."""

import re

from flask import Response, abort, request, url_for

from assistant.services import offer_views
from assistant.web.here import here
from assistant.web.member import notice, shown, small_form, with_language
from assistant.web.member.unsubscribe import bp

__all__ = ["bp"]

CODE = re.compile(r"[a-z2-7]{16}")
LONGEST_AGENT = 200


@bp.get("/o/<code>")
def offer(code: str) -> Response:
    """What is offered, and a button."""
    found = offer_views.look(here().runtime, code, _agent()) if CODE.fullmatch(code) else None
    if found is None:
        return notice("unknown", None, status=404)
    action = with_language(url_for("member.offer_wanted", code=code)) if found.quote else ""
    return shown("offer", found, quote=found.quote, action=action, sent=False)


@bp.post("/o/<code>")
def offer_wanted(code: str) -> Response:
    """The link to the terms goes to the phone on file: who was passed this page on can start nothing for another."""
    small_form()
    found = (offer_views.ask(here().runtime, code, _agent()) if CODE.fullmatch(code) else None) or abort(403)
    view, sent = found
    return shown("offer", view, quote=view.quote if sent else None, action="", sent=sent)


def _agent() -> str:
    """What the browser says it is; nobody's browser asks for the head of a page alone."""
    return "" if request.method == "HEAD" else request.headers.get("User-Agent", "")[:LONGEST_AGENT]
