"""Settings: the spa, its policies, what it says and in which words, what is stopped, and who did what."""

from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.domain.permissions import Permission
from assistant.domain.sending import Switch
from assistant.messages import render
from assistant.messages.catalog import CATALOG
from assistant.messages.samples import sample
from assistant.runtime import UnitOfWork
from assistant.services import audit_views, retention, spa_settings, switches
from assistant.services.spa_settings import Chosen, Place
from assistant.web.console import bp, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.console.policy_units import Unit, unit_of
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 200
CHANGED = "Changed. What was before is kept in the audit."


@bp.get("/<int:spa_id>/settings")
@allowed(Permission.SEE_SETTINGS)
def settings() -> ResponseReturnValue:
    """All of it at a glance, with what is stopped first."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        return shown(
            "settings",
            place=spa_settings.place(uow, spa_id),
            numbers=spa_settings.numbers(uow, spa_id),
            thrown=switches.thrown(uow, spa_id),
            switches=list(Switch),
            heard=spa_settings.heard(uow, spa_id),
            base=here().runtime.public_base_url,
            kept=retention,
            everywhere=switches.EVERYWHERE,
        )


@bp.post("/<int:spa_id>/settings/switch/<any(texts, mail, offers):what>")
@allowed(Permission.SEE_SETTINGS)
def settings_switch(what: str) -> ResponseReturnValue:
    """Stop it, or let it go on: whoever runs the day may, for waiting does harm."""
    spa_id, actor, why = desk().spa_id, desk().actor, request.form.get("why", "").strip()[:LONGEST]
    stop = "stop" in request.form
    if stop and not why:
        flash("Say why: whoever asks why nothing is sent is told so.", "error")
        return redirect(url_for("console.settings", spa_id=spa_id), 303)

    def turn(uow: UnitOfWork) -> bool:
        if stop:
            return switches.throw(uow, spa_id, Switch(what), why=why, actor=actor)
        return switches.lift(uow, spa_id, Switch(what), actor=actor)

    done = here().runtime.transact(turn)
    said = ("Stopped." if stop else "It goes on.") if done else "It was so already."
    flash(said, "success" if done else "info")
    return redirect(url_for("console.settings", spa_id=spa_id), 303)


@bp.route("/<int:spa_id>/settings/spa", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_spa() -> ResponseReturnValue:
    """Its name, its zone, and where people reach a person."""
    return here().runtime.transact(_spa)


def _spa(uow: UnitOfWork) -> ResponseReturnValue:
    if request.method == "GET":
        return shown("settings_spa", typed=asdict(spa_settings.place(uow, desk().spa_id)), wrong={}, area="settings")
    typed = {name: request.form.get(name, "").strip()[:LONGEST] for name in spa_settings.NAMES}
    wanted = Place(**typed)
    if wrong := wanted.wrong():
        return shown("settings_spa", status=422, typed=typed, wrong=wrong, area="settings")
    spa_settings.settle(uow, desk().spa_id, wanted, actor=desk().actor)
    flash(CHANGED, "success")
    return redirect(url_for("console.settings", spa_id=desk().spa_id), 303)


@bp.route("/<int:spa_id>/settings/policies", methods=["GET", "POST"])
@allowed(Permission.EDIT_SETTINGS)
def settings_policies() -> ResponseReturnValue:
    """What the spa may choose, each with what it means; what is a law's is not among it."""
    return here().runtime.transact(_policies)


def _policies(uow: UnitOfWork) -> ResponseReturnValue:
    spa_id, typed, wrong = desk().spa_id, dict[str, str](), dict[str, str]()
    held = spa_settings.policies(uow, spa_id)
    if request.method == "POST":
        typed = {name: value.strip()[:LONGEST] for name, value in request.form.items()}
        which = typed.get("which", "")
        if which in set(Chosen):
            values = _values(held[Chosen(which)], which, typed, wrong)
            if not wrong and _chosen(uow, Chosen(which), values, wrong):
                flash(CHANGED, "success")
                return redirect(url_for("console.settings_policies", spa_id=spa_id), 303)
    shapes = {which: _shape(policy) for which, policy in held.items()}
    return shown(
        "settings_policies", status=422 if wrong else 200, shapes=shapes, typed=typed, wrong=wrong, area="settings"
    )


def _chosen(uow: UnitOfWork, which: Chosen, values: dict[str, Any], wrong: dict[str, str]) -> bool:
    try:
        spa_settings.choose(uow, desk().spa_id, which, values, actor=desk().actor)
    except ValueError as error:
        wrong[which] = f"{str(error)[0].upper()}{str(error)[1:]}."
    return not wrong


def _shape(policy: Any) -> list[tuple[str, Any, list[str], Unit]]:  # noqa: ANN401 - any of the policies
    """Each field with what holds, as it is said, what may be chosen instead of it, and its unit."""
    return [
        (each.name, *_said(value, unit_of(each.name)))
        for each in fields(policy)
        if not is_dataclass(value := getattr(policy, each.name))
    ]


def _said(value: Any, unit: Unit) -> tuple[Any, list[str], Unit]:  # noqa: ANN401 - of any field
    if isinstance(value, Enum):
        return value, [str(one) for one in type(value)], unit
    return value if isinstance(value, bool) else unit.shown(value), [], unit


def _values(policy: Any, which: str, typed: dict[str, str], wrong: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401
    found: dict[str, Any] = {}
    for name, value, choices, unit in _shape(policy):
        said = typed.get(f"{which}.{name}", "")
        if isinstance(value, bool):
            found[name] = said == "yes"
        elif choices:
            found[name] = type(value)(said) if said in choices else value
        elif (number := unit.read(said)) is not None:
            found[name] = number
        else:
            wrong[f"{which}.{name}"] = unit.wrong
    return found


@bp.get("/<int:spa_id>/settings/messages")
@allowed(Permission.SEE_SETTINGS)
def settings_messages() -> ResponseReturnValue:
    """Everything that is said, with invented facts, in both languages, with the texts that each takes."""
    spa_id = desk().spa_id
    found = here().runtime.transact(lambda uow: spa_settings.place(uow, spa_id))
    facts = {
        "spa": found.name,
        "help_phone": found.help_phone,
        "help_email": found.help_email,
        "emergency_phone": found.emergency_phone or found.help_phone,
    }
    asked = request.args.get("q", "")[:LONGEST].strip().lower()
    listed = [(render.name_of(each), each.message_class.value, _rendered(each, facts)) for each in CATALOG]
    some = [each for each in listed if asked in f"{each[0]} {' '.join(one.body for _, one in each[2])}".lower()]
    return shown("settings_messages", listed=some, typed=asked, area="settings")


def _rendered(message: Any, facts: dict[str, str]) -> list[tuple[str, render.Rendered]]:  # noqa: ANN401 - a class
    return [(locale, render.sms(sample(message, facts), locale)) for locale in render.LOCALES]


@bp.get("/<int:spa_id>/settings/audit")
@allowed(Permission.SEE_SETTINGS)
def settings_audit() -> ResponseReturnValue:
    """Who did what, the last first."""
    spa_id = desk().spa_id
    asked = {name: request.args.get(name, "")[:LONGEST] for name in ("actor", "act", "subject")}
    page = max(1, request.args.get("page", 1, type=int))
    found = here().runtime.transact(lambda uow: audit_views.listed(uow, spa_id, page=min(page, 1_000), **asked))
    more = len(found) > audit_views.MOST
    return shown("settings_audit", listed=found[: audit_views.MOST], asked=asked, page=page, more=more, area="settings")
