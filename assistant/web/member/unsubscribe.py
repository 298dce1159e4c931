"""The page that ends offers by mail: looking at it changes nothing, one click does (`rules.md` 4.3, RFC 8058)."""

import re

from flask import Response, abort, request, url_for

from assistant.services import unsubscribing
from assistant.web.here import here
from assistant.web.member import MOST_BYTES, notice, shown, small_form, with_language
from assistant.web.member.join import bp

__all__ = ["bp"]

TOKEN = re.compile(r"[A-Za-z0-9_-]{16,200}")


@bp.get("/unsubscribe/<token>")
def unsubscribe(token: str) -> Response:
    """What would end, and a button. Scanners of mail look at every page: so looking does nothing."""
    found = unsubscribing.look(here().runtime, token) if TOKEN.fullmatch(token) else None
    if found is None:
        return notice("unknown", None, status=404)
    action = with_language(url_for("member.unsubscribe_now", token=token))
    return shown("unsubscribe", found, action=action, ended=found.ended, address=found.address)


@bp.post("/unsubscribe/<token>")
def unsubscribe_now(token: str) -> Response:
    """Without a login, a cookie or a question; a mail program's button and the page's own say the same.

    Whoever asks twice is told the same; without the one field of RFC 8058 nothing was asked.
    """
    rt = here().runtime
    found = (unsubscribing.look(rt, token) if TOKEN.fullmatch(token) else None) or abort(403)
    if _form().get("List-Unsubscribe") != "One-Click":
        abort(400)
    unsubscribing.unsubscribe(rt, token, by="one_click")
    return shown("unsubscribe", found, action="", ended=True, address=found.address)


def _form() -> dict[str, str]:
    """As either kind of form, for RFC 8058 allows both."""
    if request.mimetype != "multipart/form-data":
        return small_form()
    if (request.content_length or MOST_BYTES + 1) > MOST_BYTES:
        abort(400)
    return request.form.to_dict()
