"""The page behind a link to join: all of the terms, a yes to them, and only then on to where the card is typed."""

from flask import Response, abort, request, url_for

from assistant.messages.pages import LOCALES
from assistant.services import card_views, join_views, joins
from assistant.services.card_views import DueState
from assistant.services.cards import NotOpened, Redirect
from assistant.services.join_views import JoinView
from assistant.services.joins import Consent
from assistant.services.links import State
from assistant.web.here import here
from assistant.web.member import bp, busy, language, notice, shown, small_form, with_language
from assistant.web.member.card import MOST_LOOKS, STATUS, TOKEN

__all__ = ["bp"]

LONGEST_AGENT = 200
AGAIN = {"wrong", "unticked", "changed"}
"""What the page itself says beside its form."""


@bp.get("/join/<token>")
def join(token: str) -> Response:
    """What is joined, at which price, and how it is left."""
    found = _look(token)
    return _unknown() if found is None else _page(token, found)


@bp.post("/join/<token>")
def agree(token: str) -> Response:
    """With the right digits and a yes to these very words, on to the card. A stranger's token opens nothing."""
    form = small_form() if TOKEN.fullmatch(token) else abort(403)
    came_back = here().settings.public_base_url + url_for("member.joined", token=token)
    outcome = joins.agree(here().runtime, token, _said(form), return_url=came_back)
    if isinstance(outcome, Redirect):
        return Response(status=303, headers={"Location": outcome.url})
    found = _look(token) or abort(403)
    return _not_opened(token, found, outcome)


def _not_opened(token: str, found: JoinView, outcome: NotOpened) -> Response:
    match outcome:
        case NotOpened("busy"):
            return busy(found.view)
        case NotOpened("used"):
            return _done(token, found)
        case NotOpened(reason) if reason in AGAIN and found.view.state is State.GOOD:
            return _page(token, found, why=reason)
    return _page(token, found)


def _said(form: dict[str, str]) -> Consent:
    """In the language of the words that were shown, which the form names."""
    locale = form.get("locale", "")
    return Consent(
        typed=form.get("digits", ""),
        agreed=form.get("agree") == "yes",
        hash=form.get("terms", ""),
        locale=locale if locale in LOCALES else LOCALES[0],
        ip=request.remote_addr,
        user_agent=(request.user_agent.string or "")[:LONGEST_AGENT] or None,
    )


@bp.get("/join/<token>/done")
def joined(token: str) -> Response:
    """Where the browser comes back to. That proves nothing: this says what the rows say."""
    found = _look(token)
    if found is None:
        return _unknown()
    return _done(token, found) if found.view.saved or found.view.begun else _page(token, found)


@bp.post("/join/<token>/again")
def join_again(token: str) -> Response:
    """Text a new link, to the number on file and nowhere else."""
    known = token if TOKEN.fullmatch(token) else abort(403)
    sent = card_views.send_again(here().runtime, known)
    found = _look(token) or abort(403)
    if sent is None:
        return Response(status=303, headers={"Location": with_language(url_for("member.join", token=token))})
    return notice("sent" if sent else "desk", found.view, status=200 if sent else 403)


def _page(token: str, found: JoinView, *, why: str = "") -> Response:
    """A link's page, as the link stands."""
    view = found.view
    if view.saved:
        return _done(token, found)
    if view.state is not State.GOOD:
        action = with_language(url_for("member.join_again", token=token))
        return notice(view.state.value, view, status=STATUS[view.state], action=action)
    if found.terms is None:
        return notice("desk", view, status=409)
    action = with_language(url_for("member.join", token=token))
    status = 422 if why else 200
    return shown("join", view, status=status, action=action, why=why, terms=found.terms, quote=found.quote)


def _done(token: str, found: JoinView) -> Response:
    view, path = found.view, url_for("member.joined", token=token)
    looks = request.args.get("looks", "")
    looked = int(looks) if looks in {str(n) for n in range(MOST_LOOKS + 1)} else 0
    waiting = not view.saved or any(due.state is DueState.TRYING for due in view.dues)
    refresh = with_language(path, looks=looked + 1) if waiting and looked < MOST_LOOKS else ""
    back = with_language(url_for("member.join", token=token))
    return shown("joined", view, refresh=refresh, again=with_language(path), back=back)


def _look(token: str) -> JoinView | None:
    return join_views.look(here().runtime, token, language()) if TOKEN.fullmatch(token) else None


def _unknown() -> Response:
    return notice("unknown", None, status=404)
