"""What if a plan's credit rolled over otherwise: asked in the address, answered by its members' own history."""

from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue

from assistant.db.spas import credit_words
from assistant.domain.credits import LotClass
from assistant.domain.ledger import USD
from assistant.domain.permissions import Permission
from assistant.domain.plans import GrantTerms
from assistant.domain.rollover import AtCap, Cap, Expire, Kept, RollOver, Rollover, guard
from assistant.domain.what_if import Kind, Stand
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import UnitOfWork
from assistant.services import plan_views, what_if
from assistant.services.what_if import WhatIf
from assistant.web.console import bp, charting, shown
from assistant.web.console.charting import Chart, Column
from assistant.web.console.plan_form import amount_typed, read_amount
from assistant.web.console.policy import allowed, desk
from assistant.web.console.report_charts import dollars
from assistant.web.here import here

__all__ = ["bp"]

AT_CAP = {"hold": AtCap.HOLD_AND_REDUCE, "convert": AtCap.CONVERT, "oldest": AtCap.ROLL_OFF_OLDEST}
MOST_DAYS = 3653
LONGEST = 12


@dataclass(slots=True)
class Asked:
    """One grant of the plan, and what is asked of it, as it was typed."""

    place: int
    kind: Kind
    amount: int
    typed: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    kept: Kept | None = None
    """Why what is asked would take nothing."""


@bp.get("/<int:spa_id>/plans/<int:plan_id>/what-if")
@allowed(Permission.SEE_REPORTS)
def plan_what_if(plan_id: int) -> ResponseReturnValue:
    """Both side by side, once something is asked."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        found = plan_views.look(uow, spa_id, plan_id) or abort(404)
        every = list(chain.from_iterable(each.terms.grants for each in found.versions))
        grants = [_asked(place, grant, every) for place, grant in enumerate(found.newest.terms.grants)]
        policy = {each.kind: read for each in grants if (read := _read(each)) is not None}
        answer, unknown = None, ""
        if request.args and not any(each.wrong for each in grants):
            try:
                answer = what_if.ask(uow, spa_id, plan_id, policy)
            except ValueError as error:
                unknown = str(error)
        return shown(
            "plan_what_if",
            status=422 if unknown or any(each.wrong for each in grants) else 200,
            found=found,
            grants=grants,
            answer=answer,
            unknown=unknown,
            rows=answer and _rows(answer),
            chart=answer and _chart(answer),
            held=_held(uow),
            area="plans",
        )


def _asked(place: int, grant: GrantTerms, every: list[GrantTerms]) -> Asked:
    """What is in the address, or what holds now. A cap holds the largest grant of every version."""
    kind = (grant.unit, grant.lot_class)
    amount = max(each.amount for each in every if (each.unit, each.lot_class) == kind)
    typed = _typed_of(grant)
    if f"keeps{place}" in request.args:
        typed = {name: request.args.get(f"{name}{place}", "").strip()[:LONGEST] for name in typed}
    return Asked(place, kind, amount, typed)


def _typed_of(grant: GrantTerms) -> dict[str, str]:
    typed = {"keeps": "stays", "most": "", "then": "hold", "days": "", "grace": ""}
    match grant.rollover:
        case Cap(most, at_cap, _, grace):
            then = next(name for name, each in AT_CAP.items() if each is at_cap)
            typed |= {"keeps": "cap", "most": amount_typed(grant.unit, most), "then": then, "grace": str(grace)}
        case Expire(days, grace):
            typed |= {"keeps": "days", "days": str(days), "grace": str(grace or "")}
    return typed


def _read(each: Asked) -> Rollover | None:
    """The policy that was typed; None where it cannot be, and `wrong` says why."""
    unit, lot_class = each.kind
    asked: Rollover = RollOver()
    if each.typed["keeps"] == "cap":
        most = read_amount(unit, each.typed["most"])
        if most is None or most < each.amount:
            each.wrong["most"] = "A cap holds at least what one cycle has ever banked."
            return None
        at_cap = AT_CAP.get(each.typed["then"], AtCap.HOLD_AND_REDUCE)
        if at_cap is AtCap.CONVERT and unit == USD:
            each.wrong["then"] = "Dollars are dollars already: choose another."
            return None
        asked = Cap(most, at_cap, grace_days=_days(each, "grace", 366) or 0)
    elif each.typed["keeps"] == "days":
        days = _days(each, "days", MOST_DAYS)
        if not days:
            each.wrong["days"] = "A number of days, 1 to 3,653."
            return None
        asked = Expire(days, min(_days(each, "grace", 366) or 0, MOST_DAYS - days))
    judged = guard(asked, lot_class, None)
    each.kept = judged if isinstance(judged, Kept) and lot_class is not LotClass.PROMO else None
    return None if each.wrong else asked


def _days(each: Asked, name: str, most: int) -> int | None:
    typed = each.typed[name]
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and int(typed) <= most):
        each.wrong[name] = f"A whole number of days, up to {most:,}."
        return None
    return int(typed)


def _rows(answer: WhatIf) -> list[tuple[str, int, int]]:
    """What is told of both, in cents: what stands today, and what came of it over the months that are shown."""

    def over(stands: list[Stand], name: str) -> int:
        return int(getattr(stands[-1], name) - getattr(stands[0], name))

    sold, asked = answer.sold.stands or [Stand()], answer.asked.stands or [Stand()]
    now = [
        ("owed_cents", sold[-1].owed_cents, asked[-1].owed_cents),
        ("list_cents", sold[-1].list_cents, asked[-1].list_cents),
    ]
    names = ("ran_out_cents", "uncharged_cents", "uncovered_cents")
    return [*now, *((name, over(sold, name), over(asked, name)) for name in names)]


def _chart(answer: WhatIf) -> Chart | None:
    """Two bars a month: what is owed as it was sold, and as it is asked."""
    columns: list[Column] = []
    for mark, sold, asked in zip(answer.marks, answer.sold.stands, answer.asked.stands, strict=False):
        columns += [
            charting.one(f"{mark:%b}", sold.owed_cents, "", "faint"),
            charting.one("", asked.owed_cents, "", "whole"),
        ]
    return charting.standing(columns, dollars) if columns else None


def _held(uow: UnitOfWork) -> Any:  # noqa: ANN401 - a filter of its template
    words = credit_words(uow, desk().spa_id, "en")
    return lambda unit, amount: in_words(Credits.of(words, unit, amount))
