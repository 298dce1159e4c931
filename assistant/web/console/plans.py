"""Plans: what each is in sentences and in figures, designed with the math in sight, and new prices told in time."""

import re
from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.spas import credit_words, house
from assistant.domain import notices
from assistant.domain.calendar import local_day
from assistant.domain.ledger import USD
from assistant.domain.permissions import Permission
from assistant.domain.plans import Terms, math
from assistant.messages.dues import PriceChange
from assistant.messages.message import Credits
from assistant.messages.render import LOCALES, Rendered, in_words, sms
from assistant.runtime import UnitOfWork
from assistant.services import once, plan_views, price_changes
from assistant.services import plans as service
from assistant.services.plan_views import Plan, Version
from assistant.web.console import bp, shown
from assistant.web.console.plan_form import Typed, typed_of
from assistant.web.console.policy import allowed, desk, is_fresh
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 64
NEW = {"cadence": "monthly", "most_months": "3", "most_in_12": "2"}


@bp.get("/<int:spa_id>/plans")
@allowed(Permission.SEE_PLANS)
def plans() -> ResponseReturnValue:
    """What members join, and what each brings in."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        return shown("plans", listed=plan_views.listed(uow, spa_id), held=_held(uow))


@bp.get("/<int:spa_id>/plans/<int:plan_id>")
@allowed(Permission.SEE_PLANS)
def plan(plan_id: int) -> ResponseReturnValue:
    """One of them, as it is sold now and as it was."""
    with here().runtime.unit_of_work() as uow:
        return shown("plan", found=_found(uow, plan_id), held=_held(uow), area="plans")


@bp.get("/<int:spa_id>/plans/new")
@allowed(Permission.EDIT_PLANS)
def plan_new() -> ResponseReturnValue:
    """An empty one."""
    return here().runtime.transact(lambda uow: _form(uow, Typed(dict(NEW)), None))


@bp.get("/<int:spa_id>/plans/<int:plan_id>/design")
@allowed(Permission.EDIT_PLANS)
def plan_design(plan_id: int) -> ResponseReturnValue:
    """A new version, from the newest."""

    def opened(uow: UnitOfWork) -> ResponseReturnValue:
        found = _found(uow, plan_id)
        return _form(uow, typed_of(found.name, found.newest.terms), found, found.newest.terms)

    return here().runtime.transact(opened)


@bp.post("/<int:spa_id>/plans/new")
@allowed(Permission.EDIT_PLANS, fresh=False)
def plan_written() -> ResponseReturnValue:
    """Look at it, or offer it."""
    return here().runtime.transact(lambda uow: _written(uow, None))


@bp.post("/<int:spa_id>/plans/<int:plan_id>/design")
@allowed(Permission.EDIT_PLANS, fresh=False)
def plan_rewritten(plan_id: int) -> ResponseReturnValue:
    """The same of a plan there is: those who have it keep their terms."""
    return here().runtime.transact(lambda uow: _written(uow, _found(uow, plan_id)))


@bp.post("/<int:spa_id>/plans/<int:plan_id>/retire")
@allowed(Permission.EDIT_PLANS)
def plan_retire(plan_id: int) -> ResponseReturnValue:
    """Nobody new may join it."""
    spa_id, actor = desk().spa_id, desk().actor

    def retired(uow: UnitOfWork) -> None:
        if _found(uow, plan_id).retired_at is None:
            service.retire(uow, spa_id, plan_id, actor=actor)

    here().runtime.transact(retired)
    flash("Nobody new can join it. Its members stay as they are.", "success")
    return redirect(_at(plan_id), 303)


@bp.get("/<int:spa_id>/plans/<int:plan_id>/price")
@allowed(Permission.EDIT_PLANS)
def plan_price(plan_id: int) -> ResponseReturnValue:
    """Who would go over to the newest terms, from which day, told when."""
    return here().runtime.transact(lambda uow: _price(uow, _found(uow, plan_id), {}))


@bp.post("/<int:spa_id>/plans/<int:plan_id>/price")
@allowed(Permission.EDIT_PLANS)
def plan_priced(plan_id: int) -> ResponseReturnValue:
    """Decide it, with the number of members typed."""
    return here().runtime.transact(lambda uow: _decide(uow, _found(uow, plan_id)))


# --- designing --------------------------------------------------------------------------------------------------------


def _written(uow: UnitOfWork, found: Plan | None) -> ResponseReturnValue:
    spa_id, typed = desk().spa_id, Typed.of(request.form)
    before = found.newest.terms if found else None
    terms = typed.terms(before, service.list_prices(uow, spa_id))
    name = typed.fields.get("name", "")
    if not name:
        typed.wrong["name"] = "Give it a name that members will know it by."
    elif found is None and _taken(uow, name):
        typed.wrong["name"] = "There is a plan of that name. Design a new version of it instead."
    if terms is None or typed.wrong:
        return _form(uow, typed, found, status=422)
    token = request.form.get("once", "")
    if "save" not in request.form or not 8 <= len(token) <= LONGEST:
        return _form(uow, typed, found, terms)
    if not is_fresh():  # asked for here, so that nothing typed is lost by it
        return _form(uow, typed, found, terms, status=401)
    before_id = once.said_before(uow, spa_id, token, actor=desk().actor)
    if not before_id:
        code = found.code if found else _code(name)
        offered = service.offer(uow, spa_id, code, name, terms, actor=desk().actor)
        before_id = str(offered.plan_id)
        once.say(uow, spa_id, token, before_id)
        if offered.warning:
            flash(f"That makes {offered.warning.plans} plans. One or two are easier to choose from.", "info")
    flash("On offer from now. Whoever is a member keeps the terms they joined under.", "success")
    return redirect(_at(int(before_id)), 303)


def _form(
    uow: UnitOfWork, typed: Typed, found: Plan | None, terms: Terms | None = None, *, status: int = 200
) -> ResponseReturnValue:
    spa_id = desk().spa_id
    prices = service.list_prices(uow, spa_id)
    categories, services = plan_views.sorts(uow, spa_id)
    return shown(
        "plan_form",
        status=status,
        typed=typed.fields,
        wrong=typed.wrong,
        found=found,
        terms=terms,
        stale=status == 401,
        math=terms and math(terms, prices),
        units=[(USD, "dollars"), *((unit, many) for unit, (_, many) in credit_words(uow, spa_id, "en").items())],
        categories=categories,
        services=services,
        held=_held(uow),
        area="plans",
    )


def _taken(uow: UnitOfWork, name: str) -> bool:
    row = uow.sql(
        "SELECT 1 FROM plan WHERE spa_id = %s AND (code = %s OR lower(name) = lower(%s))",
        (desk().spa_id, _code(name), name),
    ).fetchone()
    return row is not None


def _code(name: str) -> str:
    """A code of its name, as `glow-plus`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "plan"


# --- a new price ------------------------------------------------------------------------------------------------------


def _price(uow: UnitOfWork, found: Plan, wrong: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    today, held_by = local_day(uow.now, desk().zone), [each for each in found.versions[1:] if each.members]
    version = _asked(held_by)
    effective_on = _day() or today + timedelta(days=notices.NOTICE_DAYS)
    notice = notices.price_notice(effective_on, today)
    if isinstance(notice, notices.Refused) and "effective_on" not in wrong:
        wrong["effective_on"] = "Members are to be told at least a week before, and no more than thirty days."
    return shown(
        "plan_price",
        status=422 if wrong and status == 200 and request.args else status,
        found=found,
        versions=held_by,
        version=version,
        effective_on=effective_on,
        notice_on=None if isinstance(notice, notices.Refused) else notice.send_on,
        said=_said(uow, found, version, effective_on) if version else (),
        typed=request.values,
        wrong=wrong,
        area="plans",
    )


def _said(uow: UnitOfWork, found: Plan, version: Version, effective_on: date) -> list[tuple[str, Rendered]]:
    """The very words of the notice, to somebody called Ana, in both languages."""
    notice = PriceChange(
        first_name="Ana",
        plan=found.name,
        old_cents=version.terms.dues_cents,
        new_cents=found.newest.terms.dues_cents,
        effective_on=effective_on,
        help_phone=house(uow, desk().spa_id).help_phone,
    )
    return [(locale, sms(notice, locale)) for locale in LOCALES]


def _decide(uow: UnitOfWork, found: Plan) -> ResponseReturnValue:
    today, wrong = local_day(uow.now, desk().zone), dict[str, str]()
    version, effective_on = _asked([each for each in found.versions[1:] if each.members]), _day()
    if version is None or effective_on is None:
        wrong["effective_on"] = "Say from which day."
    elif request.form.get("members", "").replace(",", "").strip() != str(version.members):
        wrong["members"] = f"It changes the price of {version.members:,} members. Type that number."
    if wrong or version is None or effective_on is None:
        return _price(uow, found, wrong, status=422)
    if any(rise.effective_on == effective_on and rise.from_number == version.number for rise in found.rises):
        return redirect(_at(found.plan_id), 303)
    decided = price_changes.decide(
        uow,
        desk().spa_id,
        version.version_id,
        found.newest.version_id,
        effective_on=effective_on,
        today=today,
        actor=desk().actor,
    )
    if isinstance(decided, notices.Refused):
        wrong["effective_on"] = (
            f"{decided.earliest_effective_on:%b} {decided.earliest_effective_on.day} is the first day."
        )
        return _price(uow, found, wrong, status=422)
    flash("Decided. Each member is told, and pays the new price only where that is proven.", "success")
    return redirect(_at(found.plan_id), 303)


def _asked(versions: list[Version]) -> Version | None:
    """The older version whose members go over: the one that was chosen, or the one that most have."""
    chosen = request.values.get("version", "")
    return next(
        (each for each in versions if str(each.version_id) == chosen),
        max(versions, key=lambda each: each.members, default=None),
    )


def _day() -> date | None:
    try:
        return date.fromisoformat(request.values.get("effective_on", ""))
    except ValueError:
        return None


# --- both -------------------------------------------------------------------------------------------------------------


def _found(uow: UnitOfWork, plan_id: int) -> Plan:
    return plan_views.look(uow, desk().spa_id, plan_id) or abort(404)


def _held(uow: UnitOfWork) -> Any:  # noqa: ANN401 - a function for the page
    """Amounts of credit in words: `2 visit credits`, `$50.00`."""
    words = credit_words(uow, desk().spa_id, "en")
    return lambda unit, amount: in_words(Credits.of(words, unit, amount))


def _at(plan_id: int) -> str:
    return url_for("console.plan", spa_id=desk().spa_id, plan_id=plan_id)
