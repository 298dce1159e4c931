"""Who is signed in on their own pages, and what every form of theirs must carry."""

import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, Concatenate, ParamSpec

from flask import Response, request, url_for

from assistant.domain import stored
from assistant.runtime import UnitOfWork
from assistant.services import member_sessions, membership_views, once
from assistant.services.member_sessions import LIFE, Session
from assistant.web.here import here
from assistant.web.member import Facing, file, language, notice, shown, small_form, with_language

P = ParamSpec("P")
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
ASKED = re.compile(r"[0-9-]{1,10}")
ONCE = re.compile(r"[A-Za-z0-9_-]{8,40}")


def cookie_name() -> str:
    """Bound to this very host, where there is TLS to bind it."""
    return "__Host-membership" if _secure() else "membership"


def _secure() -> bool:
    return here().settings.public_base_url.startswith("https:")


def keep(response: Response, secret: str) -> Response:
    """In this browser, for an hour; no script reads it and no other site sends it with a form."""
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=int(LIFE.total_seconds()),
        secure=_secure(),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def drop(response: Response) -> Response:
    """Out of this browser."""
    response.delete_cookie(cookie_name(), secure=_secure(), httponly=True, samesite="Lax", path="/")
    return response


def signed_in(view: Callable[Concatenate[Session, P], Response]) -> Callable[P, Response]:
    """For one who is: the others are told how to come in, and nothing else."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Response:
        session = whose()
        return notice("signed_out", None, status=403) if session is None else view(session, *args, **kwargs)

    return guarded


def whose() -> Session | None:
    """Whom this browser is signed in as."""
    secret = request.cookies.get(cookie_name(), "")
    if not SECRET.fullmatch(secret):
        return None
    return here().runtime.transact(lambda uow: member_sessions.find(uow, secret))


def form_of(session: Session) -> dict[str, str] | None:
    """What they sent; None where our own page did not make it."""
    form = small_form()
    ours = hmac.compare_digest(form.get("csrf", "").encode(), session.csrf.encode())
    return form if ours and ONCE.fullmatch(form.get("once", "")) else None


def forged(session: Session) -> Response:
    """A form that none of our pages made."""
    view = here().runtime.transact(lambda uow: membership_views.who(uow, session))
    return notice("forged", view, status=403, back=to("member.my"))


def to(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - what an address is made of
    """The address of one of these pages, in the language that was asked for."""
    query = values.pop("query", {})
    return with_language(url_for(endpoint, **values), **query)


def page(name: str, session: Session, view: Facing, *, status: int = 200, **facts: Any) -> Response:  # noqa: ANN401
    """One of their pages."""
    facts |= {"here_again": with_language(request.path, **_asked()), "request_lang": language() or ""}
    facts |= {"to": to, "csrf": session.csrf, "once": token_urlsafe(18), "my_css": file("my.css")}
    return shown(f"my/{name}", view, status=status, **facts)


def _asked() -> dict[str, str]:
    """What the address asks for, for the form that asks for the same again."""
    return {name: request.args[name] for name in ("months", "until") if ASKED.fullmatch(request.args.get(name, ""))}


# --- what is agreed to ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreed:
    """A quote, with the mark that its form carries: nothing else is done than what was shown."""

    quote: object

    @property
    def mark(self) -> str:
        return sha256(json.dumps(stored.written(self.quote)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Done:
    """It is done, now or when this form was first sent: what is said about it."""

    said: str


@dataclass(frozen=True, slots=True)
class Cannot:
    """There is nothing to agree to: why."""

    why: str


@dataclass(frozen=True, slots=True)
class Doing:
    """What it would be now, and the doing of exactly that; None where it has changed meanwhile."""

    quote: Callable[[UnitOfWork], Agreed | Cannot]
    do: Callable[[UnitOfWork, Any], str | None]


def carry_out(session: Session, form: dict[str, str], doing: Doing) -> Done | Agreed | Cannot:
    """Once for its form, and only as it was shown; what has changed since is to be shown anew."""
    return here().runtime.transact(lambda uow: _carry_out(uow, session, form, doing))


def _carry_out(uow: UnitOfWork, session: Session, form: dict[str, str], doing: Doing) -> Done | Agreed | Cannot:
    spa_id, token = session.spa_id, f"{session.actor}:{form['once']}"
    fresh = doing.quote(uow)
    if isinstance(fresh, Cannot) or fresh.mark != form.get("mark"):
        before = once.known(uow, spa_id, token)
        return fresh if before is None else Done(before)
    if (before := once.said_before(uow, spa_id, token, actor=session.actor)) is not None:
        return Done(before)
    said = doing.do(uow, fresh.quote)
    if said is None:
        once.forget(uow, spa_id, token)
        return doing.quote(uow)
    once.say(uow, spa_id, token, said)
    return Done(said)


def home(said: str = "") -> Response:
    """Back to their membership, with what is to be said."""
    return Response(status=303, headers={"Location": to("member.my", query={"said": said} if said else {})})
