"""What is sent to a member, in which language, and how they are called: one form, saved as a whole."""

import json
from hashlib import sha256

from flask import Response, request

from assistant.domain import stored
from assistant.messages.pages import LOCALES, words
from assistant.services import membership_views, preferences
from assistant.services.member_sessions import Session
from assistant.services.preferences import Choice, Preferences, Refused
from assistant.web.here import here
from assistant.web.member import language
from assistant.web.member.receipts import bp
from assistant.web.member.signed import forged, form_of, home, page, signed_in

__all__ = ["bp"]

LONGEST_AGENT = 200


@bp.get("/my/preferences")
@signed_in
def my_preferences(session: Session) -> Response:
    """As they are."""
    return _page(session, {})


@bp.post("/my/preferences")
@signed_in
def my_preferences_save(session: Session) -> Response:
    """All of them as they were chosen; where something has changed since the page was made, it is shown anew."""
    form = form_of(session)
    if form is None:
        return forged(session)
    choice = Choice(
        called=form.get("called", ""),
        locale=form.get("locale", ""),
        ways={name: wanted for name, wanted in form.items() if name.startswith(("phone-", "mail-"))},
        proof=_proof(form.get("words", "")),
    )
    with here().runtime.unit_of_work() as uow:
        changed = _mark(preferences.look(uow, session)) != form.get("mark")
        refused = None if changed else preferences.save(uow, session, choice)
    if changed or refused is Refused.NAME:
        return _page(session, form, changed=changed, wrong=refused is Refused.NAME)
    return home("preferences")


def _proof(locale: str) -> dict[str, str | int]:
    """Which words were agreed to, in which language, from where."""
    spoken = locale if locale in LOCALES else LOCALES[0]
    said = words(spoken)["prefs"]["consent"]
    proof: dict[str, str | int] = {"locale": spoken, "words": sha256(said.encode()).hexdigest()}
    agent = (request.user_agent.string or "")[:LONGEST_AGENT]
    return proof | {"ip": request.remote_addr or "", "user_agent": agent}


def _mark(found: Preferences) -> str:
    return sha256(json.dumps(stored.written(found)).encode()).hexdigest()


def _page(session: Session, typed: dict[str, str], *, changed: bool = False, wrong: bool = False) -> Response:
    with here().runtime.unit_of_work() as uow:
        account = membership_views.who(uow, session)
        found = preferences.look(uow, session)
    kept = {} if changed else typed
    facts = {"found": found, "typed": kept, "mark": _mark(found), "changed": changed, "wrong": wrong}
    spoken = language() or account.locale
    status = 409 if changed else 422 if wrong else 200
    return page("preferences", session, account, status=status, account=account, spoken=spoken, **facts)
