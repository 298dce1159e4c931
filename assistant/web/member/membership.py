"""One's own membership: the door that a link leads to, and the page behind it."""

import re

from flask import Response, abort, request, url_for

from assistant.messages.pages import words
from assistant.services import card_links, cards, member_sessions, membership_links, membership_views
from assistant.services.cards import Redirect
from assistant.services.links import FACTOR, State
from assistant.services.member_sessions import Opened, Session
from assistant.services.membership_links import Owner
from assistant.web.here import here
from assistant.web.member import busy, language, notice, shown, small_form, with_language
from assistant.web.member.card import STATUS, TOKEN
from assistant.web.member.offer import bp
from assistant.web.member.signed import drop, forged, form_of, home, keep, page, signed_in, to, whose

__all__ = ["bp"]

SEALED = re.compile(r"[A-Za-z0-9_-]{16,200}")
SAID = frozenset(words("en")["said"])


@bp.get("/membership/<token>")
def membership(token: str) -> Response:
    """The door: looking opens nothing."""
    owner = _owner(token)
    return _unknown() if owner is None else _door(token, owner)


@bp.post("/membership/<token>")
def membership_open(token: str) -> Response:
    """With the right digits they are signed in, and the link is used. A stranger's token opens nothing."""
    typed = small_form().get("digits", "") if TOKEN.fullmatch(token) else abort(403)
    opened = member_sessions.begin(here().runtime, token, typed)
    if isinstance(opened, Opened):
        return keep(home(), opened.secret)
    owner = _owner(token) or abort(403)
    return _door(token, owner, wrong=opened.reason == "wrong")


@bp.post("/membership/<token>/again")
def membership_again(token: str) -> Response:
    """Send a new link, to what is on file and nowhere else."""
    sent = membership_links.again(here().runtime, token) if TOKEN.fullmatch(token) else abort(403)
    owner = _owner(token) or abort(403)
    if sent is None:
        return Response(status=303, headers={"Location": to("member.membership", token=token)})
    return notice("sent" if sent else "desk", owner, status=200 if sent else 403)


@bp.get("/manage/<token>")
def manage(token: str) -> Response:
    """What the foot of a mail leads to: a way to ask for a link, and nothing of anyone."""
    owner = membership_links.owner(here().runtime, token) if SEALED.fullmatch(token) else None
    if owner is None:
        return _unknown()
    return notice("manage", owner, status=200, action=to("member.manage_ask", token=token))


@bp.post("/manage/<token>")
def manage_ask(token: str) -> Response:
    """Send the link, whoever pressed the button."""
    rt = here().runtime
    owner = (membership_links.owner(rt, token) if SEALED.fullmatch(token) else None) or abort(403)
    small_form()
    sent = membership_links.ask(rt, token)
    return notice("sent" if sent else "desk", owner, status=200 if sent else 403)


def _owner(token: str) -> Owner | None:
    return membership_links.look(here().runtime, token) if TOKEN.fullmatch(token) else None


def _door(token: str, owner: Owner, *, wrong: bool = False) -> Response:
    if owner.state is State.GOOD:
        action = to("member.membership_open", token=token)
        return shown("door", owner, status=422 if wrong else 200, action=action, wrong=wrong, many=FACTOR)
    if owner.state is State.USED and (session := whose()) and session.client_id == owner.client_id:
        return home()
    kind = "used" if owner.state is State.USED else owner.state.value
    status = 410 if owner.state is State.USED else STATUS[owner.state]
    return notice(kind, owner, status=status, action=to("member.membership_again", token=token))


def _unknown() -> Response:
    return notice("unknown", None, status=404)


# --- behind it --------------------------------------------------------------------------------------------------------


@bp.get("/my")
@signed_in
def my(session: Session) -> Response:
    """How it stands, what is next, what they hold and owe."""
    account = here().runtime.transact(lambda uow: membership_views.look(uow, session, language()))
    said = request.args.get("said", "")
    return page("membership", session, account, account=account, said=said if said in SAID else "")


@bp.post("/my/card")
@signed_in
def my_card(session: Session) -> Response:
    """On to where a card is typed: their digits were typed at the door."""
    rt = here().runtime
    if form_of(session) is None:
        return forged(session)
    token = rt.transact(lambda uow: card_links.for_signed_in(uow, session))
    view = rt.transact(lambda uow: membership_views.who(uow, session))
    if token is None:
        return notice("desk", view, status=403, back=to("member.my"))
    came_back = here().settings.public_base_url + with_language(url_for("member.done", token=token))
    outcome = cards.open_page(rt, token, session.digits_of[-FACTOR:], return_url=came_back)
    if isinstance(outcome, Redirect):
        return Response(status=303, headers={"Location": outcome.url})
    return busy(view)


@bp.post("/my/sign-out")
@signed_in
def my_sign_out(session: Session) -> Response:
    """This browser knows nothing of them any more."""
    rt = here().runtime
    if form_of(session) is None:
        return forged(session)
    view = rt.transact(lambda uow: membership_views.who(uow, session))
    rt.transact(lambda uow: member_sessions.end(uow, session))
    return drop(notice("left", view, status=200))
