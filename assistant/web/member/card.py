"""The page behind a card link: looking does nothing; what only the member knows leads on to the processor's page."""

import re

from flask import Response, abort, request, url_for

from assistant.services import card_views, cards
from assistant.services.card_views import DueState, View
from assistant.services.cards import NotOpened, Redirect
from assistant.services.links import State
from assistant.web.here import here
from assistant.web.member import bp, busy, notice, shown, small_form, with_language

__all__ = ["bp"]

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
STATUS = {State.GOOD: 200, State.USED: 200, State.EXPIRED: 410, State.LOCKED: 403}
COOKIES = {"__Host-membership", "membership"}
"""Of one who is signed in: they came from their own pages."""
MOST_LOOKS = 5
"""How often the last page looks again by itself."""


@bp.get("/card/<token>")
def card(token: str) -> Response:
    """What it is for, and what will be charged."""
    view = _view(token)
    return _unknown() if view is None else _page(token, view)


@bp.post("/card/<token>")
def go_on(token: str) -> Response:
    """With the right digits, on to where the card is typed. A stranger's token opens nothing."""
    typed = _known(token) and small_form().get("digits", "")
    came_back = here().settings.public_base_url + url_for("member.done", token=token)
    outcome = cards.open_page(here().runtime, token, typed, return_url=came_back)
    view = _view(token) if isinstance(outcome, NotOpened) else None
    match outcome:
        case Redirect(url):
            return _on_to(url)
        case NotOpened("busy"):
            return busy(view)
        case NotOpened() if view is None:
            abort(403)
        case NotOpened("used"):
            return _done(token, view)
        case NotOpened("wrong") if view.state is State.GOOD:
            return _page(token, view, wrong=True)
    return _page(token, view)


@bp.get("/card/<token>/done")
def done(token: str) -> Response:
    """Where the browser comes back to. That proves nothing: this says what the rows say."""
    view = _view(token)
    if view is None:
        return _unknown()
    return _done(token, view) if view.saved or view.begun else _page(token, view)


@bp.post("/card/<token>/again")
def again(token: str) -> Response:
    """Text a new link, to the number on file and nowhere else."""
    sent = card_views.send_again(here().runtime, _known(token))
    view = _view(token)
    if view is None:
        abort(403)
    if sent is None:
        return _on_to(with_language(url_for("member.card", token=token)))
    return notice("sent" if sent else "desk", view, status=200 if sent else 403)


def _page(token: str, view: View, *, wrong: bool = False) -> Response:
    """A link's page, as the link stands."""
    if view.saved:
        return _done(token, view)
    if view.state is State.GOOD:
        action = with_language(url_for("member.card", token=token))
        return shown("card", view, status=422 if wrong else 200, action=action, wrong=wrong)
    action = with_language(url_for("member.again", token=token))
    return notice(view.state.value, view, status=STATUS[view.state], action=action)


def _done(token: str, view: View) -> Response:
    path = url_for("member.done", token=token)
    looks = request.args.get("looks", "")
    looked = int(looks) if looks in {str(n) for n in range(MOST_LOOKS + 1)} else 0
    waiting = not view.saved or any(due.state is DueState.TRYING for due in view.dues)
    refresh = with_language(path, looks=looked + 1) if waiting and looked < MOST_LOOKS else ""
    back = with_language(url_for("member.card", token=token))
    mine = with_language(url_for("member.my")) if COOKIES & request.cookies.keys() else ""
    return shown("done", view, refresh=refresh, again=with_language(path), back=back, mine=mine)


def _view(token: str) -> View | None:
    return card_views.look(here().runtime, token) if TOKEN.fullmatch(token) else None


def _known(token: str) -> str:
    """What could be a token of ours: a door that writes asks nobody about anything else."""
    return token if TOKEN.fullmatch(token) else abort(403)


def _unknown() -> Response:
    return notice("unknown", None, status=404)


def _on_to(address: str) -> Response:
    return Response(status=303, headers={"Location": address})
