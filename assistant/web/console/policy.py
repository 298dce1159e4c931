"""Which permission each page and act of the console asks for; who lacks it is told so, and a stranger signs in."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import cast

from flask import Response, abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security.utils import check_and_update_authn_fresh

from assistant.db import staff
from assistant.db.staff import Post
from assistant.domain.permissions import FRESH, Permission
from assistant.web.console.signing import FRESH as FRESH_FOR
from assistant.web.here import here

View = Callable[..., ResponseReturnValue]
POLICY = "console_policy"


def allowed(permission: Permission, *, fresh: bool | None = None) -> Callable[[View], View]:
    """Only who works at the spa of the address and may do this. `fresh`: they proved lately who they are; by default
    where money moves and something is posted.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(spa_id: int, **of_the_address: object) -> ResponseReturnValue:
            if (answer := _stopped(spa_id, permission)) is not None:
                return answer
            needed = fresh if fresh is not None else permission in FRESH and request.method == "POST"
            if needed and not is_fresh():
                return _again()
            return view(**of_the_address)

        setattr(guarded, POLICY, permission)
        return guarded

    return guard


def anyone_signed_in(view: View) -> View:
    """For the few pages that are of no spa: somebody's own account, and where they work."""

    @wraps(view)
    def guarded(**of_the_address: object) -> ResponseReturnValue:
        return view(**of_the_address) if current_user.is_authenticated else to_sign_in()

    setattr(guarded, POLICY, None)
    return guarded


def desk() -> Post:
    """Who is asking, at which spa."""
    return cast("Post", g.post)


def is_fresh() -> bool:
    """Whether they proved within the quarter of an hour who they are: of the real clock, as Flask-Security does."""
    return bool(check_and_update_authn_fresh(FRESH_FOR, timedelta(0), "session"))


def _stopped(spa_id: int, permission: Permission) -> ResponseReturnValue | None:
    if not current_user.is_authenticated:
        return to_sign_in()
    user_id = current_user.id
    found = here().runtime.transact(lambda uow: staff.post(uow, user_id, spa_id), single=True)
    if found is None:
        abort(404)
    g.post = found
    return None if found.may(permission) else abort(403)


def to_sign_in() -> Response:
    """And back to where they were going; after a form, to its page."""
    onwards = request.full_path.rstrip("?") if request.method == "GET" else None
    return cast("Response", redirect(url_for("security.login", next=onwards), 303))


def _again() -> Response:
    """Their password or passkey once more, and back to the page the form was on."""
    came = request.referrer or ""
    path = came.removeprefix(request.host_url.rstrip("/"))
    onwards = path if path.startswith("/console/") else url_for("console.home")
    return cast("Response", redirect(url_for("security.verify", next=onwards), 303))
