"""What an act on a member is: what it asks, what it would be, and doing exactly that, once.

An act is a value of `Act`; `members.py` makes its page. Its page asks (GET), shows the quote (GET with the answers) and
does it (POST with the quote's own mark, and a token that makes it once). What is over the limit of who asks is written
down for another person instead (`services/approvals.py`), and done as it was quoted once they have said yes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.staff import Post
from assistant.domain import stored
from assistant.domain.permissions import Permission
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import approvals, once
from assistant.services.approvals import Wanted
from assistant.web.console import accounts, shown
from assistant.web.console.policy import desk
from assistant.web.here import here

LONGEST = 64
LONGEST_ANSWER = 200
OF_THE_FORM = {"csrf_token", "once", "mark"}
"""What a form carries besides the answers."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field of what an act asks first."""

    name: str
    label: str
    kind: str = "text"
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = True
    value: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """Who wants it done, to whom, and how they answered."""

    by: Post
    client_id: int
    answers: Mapping[str, str]
    token: str = ""
    """Of the form: what makes it once."""
    approved_by: str | None = None
    """Who else said yes to it, where it is over their limit."""

    @property
    def spa_id(self) -> int:
        return self.by.spa_id

    def number(self, name: str) -> int | None:
        """A whole number that was answered; None for anything else."""
        given = self.answers.get(name, "").strip()
        return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None

    def day(self, name: str) -> date | None:
        """A day that was answered."""
        try:
            return date.fromisoformat(self.answers.get(name, ""))
        except ValueError:
            return None

    def cents(self, name: str) -> int | None:
        """Dollars that were answered, as cents."""
        whole, _, part = self.answers.get(name, "").strip().lstrip("$").replace(",", "").partition(".")
        if not (
            whole.isascii() and whole.isdigit() and len(whole) < 8 and (not part or (part.isdigit() and len(part) < 3))
        ):
            return None
        return int(whole) * 100 + int(part.ljust(2, "0") if part else 0)


@dataclass(frozen=True, slots=True)
class Offered:
    """What it would be: the value that is agreed to, and the same in words."""

    value: Any
    lines: tuple[tuple[str, str], ...]
    over: str = ""
    """Why another person is asked for their yes first; nothing where their own hand is enough."""


@dataclass(frozen=True, slots=True)
class Cannot:
    """Why not, in a sentence for the desk."""

    why: str


@dataclass(frozen=True, slots=True)
class Then:
    """It is written down; once that is committed a provider is asked, and what came of it is said."""

    meanwhile: str
    ask: Callable[[Runtime], str | Cannot]


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a member."""

    name: str
    title: str
    permission: Permission
    quote: Callable[[UnitOfWork, Ask], Offered | Cannot]
    do: Callable[[UnitOfWork, Ask, Offered], str | Cannot | Then]
    """In one transaction; what is to be said about it."""
    questions: Callable[[UnitOfWork, Ask], tuple[Question, ...]] = lambda _uow, _ask: ()
    danger: bool = False


def page_of(act: Act) -> Callable[[int], ResponseReturnValue]:
    """The view of an act."""

    def view(client_id: int) -> ResponseReturnValue:
        given = request.form if request.method == "POST" else request.args
        answers = {name: value[:LONGEST_ANSWER] for name, value in given.items()}
        ask = Ask(desk(), client_id, answers, token=answers.get("once", ""))
        if request.method == "POST":
            return _do(act, ask)
        return here().runtime.transact(lambda uow: _asked(uow, act, ask))

    view.__name__ = f"act_{act.name}"
    view.__doc__ = act.title
    return view


def _asked(uow: UnitOfWork, act: Act, ask: Ask) -> ResponseReturnValue:
    """The questions, and once they are answered the quote."""
    questions = act.questions(uow, ask)
    answered = all(ask.answers.get(each.name) for each in questions if each.required) and (
        bool(ask.answers) or not questions
    )
    offered = act.quote(uow, ask) if answered else None
    return _page(uow, act, ask, offered, status=422 if isinstance(offered, Cannot) and questions else 200)


def _page(
    uow: UnitOfWork, act: Act, ask: Ask, offered: Offered | Cannot | None, *, status: int = 200, changed: bool = False
) -> ResponseReturnValue:
    row = uow.sql(
        "SELECT first_name || ' ' || last_name FROM client WHERE spa_id = %s AND id = %s AND merged_into IS NULL",
        (ask.spa_id, ask.client_id),
    ).fetchone()
    return shown(
        "act" if row else "error",
        status=status if row else 404,
        code=404,
        act=act,
        who=row and row[0],
        client_id=ask.client_id,
        questions=act.questions(uow, ask) if row else (),
        answers=ask.answers,
        offered=offered if isinstance(offered, Offered) else None,
        refused=offered.why if isinstance(offered, Cannot) else None,
        mark=mark(offered) if isinstance(offered, Offered) else "",
        changed=changed,
        area="members",
    )


def mark(offered: Offered) -> str:
    """What the form carries of the quote, so that nothing else is done than what was shown."""
    return sha256(json.dumps([stored.written(offered.value), offered.lines]).encode()).hexdigest()


def _do(act: Act, ask: Ask) -> ResponseReturnValue:
    """Once for its form, and only as it was shown; what has changed since is shown anew."""
    if not 8 <= len(ask.token) <= LONGEST:
        return redirect(request.full_path, 303)
    outcome = here().runtime.transact(lambda uow: _done(uow, act, ask))
    if isinstance(outcome, Offered | Cannot):
        return here().runtime.transact(
            lambda uow: _page(uow, act, ask, outcome, status=409, changed=isinstance(outcome, Offered))
        )
    said = told(ask.spa_id, ask.token, outcome)
    flash(said if isinstance(said, str) else said.why, "success" if isinstance(said, str) else "error")
    return redirect(url_for("console.member", spa_id=ask.spa_id, client_id=ask.client_id), 303)


def told(spa_id: int, token: str, outcome: str | Then) -> str | Cannot:
    """What came of it: at once, or from the provider, who is asked while no transaction is open."""
    if isinstance(outcome, str):
        return outcome
    accounts.let_go()
    said = outcome.ask(here().runtime)
    words = said if isinstance(said, str) else said.why
    here().runtime.transact(lambda uow: once.say(uow, spa_id, token, words))
    return said


def done(uow: UnitOfWork, act: Act, ask: Ask) -> str | Then | Cannot:
    """Quote it, and do it or ask another person for it: once for its form, whose page showed what it would be."""
    if (before := once.said_before(uow, ask.spa_id, ask.token, actor=ask.by.actor)) is not None:
        return before
    offered = act.quote(uow, ask)
    if isinstance(offered, Offered):
        return carried_out(uow, act, ask, offered)
    once.forget(uow, ask.spa_id, ask.token)
    return offered


def _done(uow: UnitOfWork, act: Act, ask: Ask) -> str | Then | Offered | Cannot:
    """In words what was done; or the quote as it is now, or why not, and then nothing is kept of the form."""
    offered = act.quote(uow, ask)
    if isinstance(offered, Offered) and mark(offered) == ask.answers.get("mark"):
        if (before := once.said_before(uow, ask.spa_id, ask.token, actor=ask.by.actor)) is not None:
            return before
        return carried_out(uow, act, ask, offered)
    row = uow.sql("SELECT words FROM staff_act WHERE spa_id = %s AND token = %s", (ask.spa_id, ask.token)).fetchone()
    return str(row[0] or "") if row else offered


def carried_out(uow: UnitOfWork, act: Act, ask: Ask, offered: Offered) -> str | Then | Cannot:
    """Do exactly what was offered, and keep what is to be said of it to whoever sends the form again."""
    waits = offered.over and ask.approved_by is None
    outcome = _asked_for(uow, act, ask, offered) if waits else act.do(uow, ask, offered)
    if isinstance(outcome, Cannot):
        once.forget(uow, ask.spa_id, ask.token)
    else:
        once.say(uow, ask.spa_id, ask.token, outcome if isinstance(outcome, str) else outcome.meanwhile)
    return outcome


def _asked_for(uow: UnitOfWork, act: Act, ask: Ask, offered: Offered) -> str:
    """It waits for another person, as it was quoted."""
    answers = {name: value for name, value in ask.answers.items() if name not in OF_THE_FORM}
    wanted = Wanted(
        kind=act.name,
        client_id=ask.client_id or None,
        payload={"client": ask.client_id, "answers": answers},
        mark=mark(offered),
        lines=offered.lines,
        why=offered.over,
    )
    approvals.ask(uow, ask.spa_id, wanted, token=ask.token, actor=ask.by.actor)
    return "Another person has been asked for their yes. It is done once they say it, exactly as it was shown."
