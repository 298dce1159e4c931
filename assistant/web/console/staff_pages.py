"""Who works here: invited by mail, given a role and limits, taken away; by an owner who has shown who they are."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db import staff as table
from assistant.db.staff import Listed
from assistant.domain.permissions import USUAL, Limits, Permission, Role
from assistant.runtime import UnitOfWork
from assistant.services import staff
from assistant.services.staff import Invited
from assistant.web.console import bp, invitations, shown
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 120
NUMBERS = {"grant_cents": 100, "refund_cents": 100, "recipients": 1}
"""The limits as they are typed: dollars, and people."""


@bp.get("/<int:spa_id>/settings/staff")
@allowed(Permission.MANAGE_STAFF)
def staff_list() -> ResponseReturnValue:
    """All of them, those of now first."""
    return here().runtime.transact(lambda uow: _page(uow, {}, {}))


@bp.post("/<int:spa_id>/settings/staff")
@allowed(Permission.MANAGE_STAFF)
def staff_invite() -> ResponseReturnValue:
    """Give somebody a post; who cannot sign in yet is mailed a link."""
    typed = {name: value.strip()[:LONGEST] for name, value in request.form.items()}
    wrong = {}
    head, at, domain = typed.get("email", "").partition("@")
    if not (head and at and "." in domain) or " " in typed["email"]:
        wrong["email"] = "That is no mail address."
    if not typed.get("name"):
        wrong["name"] = "Say what they are called."
    if typed.get("role") not in set(Role):
        wrong["role"] = "Choose what they are."
    if wrong:
        return here().runtime.transact(lambda uow: _page(uow, typed, wrong, status=422))
    made = here().runtime.transact(lambda uow: _invited(uow, typed))
    if made.new:
        invitations.send_link(here().runtime, desk().spa_id, made, typed["name"])
    flash(f"{typed['name']} can sign in{', and is mailed a link to choose a password' if made.new else ''}.", "success")
    return redirect(url_for("console.staff_list", spa_id=desk().spa_id), 303)


@bp.post("/<int:spa_id>/settings/staff/<int:user_id>")
@allowed(Permission.MANAGE_STAFF)
def staff_change(user_id: int) -> ResponseReturnValue:
    """Another role or other limits; or the post taken away, with every session."""
    spa_id, typed = desk().spa_id, {name: value.strip()[:LONGEST] for name, value in request.form.items()}
    said = here().runtime.transact(lambda uow: _change(uow, user_id, typed))
    flash(said[0], "success" if said[1] else "error")
    return redirect(url_for("console.staff_list", spa_id=spa_id), 303)


def _page(uow: UnitOfWork, typed: dict[str, str], wrong: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    listed = table.listed(uow, desk().spa_id)
    limits = {each.user_id: Limits.of(each.role, each.limits) for each in listed}
    return shown(
        "settings_staff",
        status=status,
        listed=listed,
        limits=limits,
        usual=USUAL,
        roles=list(Role),
        typed=typed,
        wrong=wrong,
        area="settings",
    )


def _invited(uow: UnitOfWork, typed: dict[str, str]) -> Invited:
    role = Role(typed["role"])
    return staff.invite(uow, desk().spa_id, email=typed["email"], name=typed["name"], role=role, actor=desk().actor)


def _change(uow: UnitOfWork, user_id: int, typed: dict[str, str]) -> tuple[str, bool]:
    """What was done, or why not."""
    spa_id = desk().spa_id
    uow.sql("SELECT 1 FROM staff_post WHERE spa_id = %s FOR UPDATE", (spa_id,))
    posts = table.listed(uow, spa_id)
    found = next((each for each in posts if each.user_id == user_id and not each.revoked_at), None) or abort(404)
    stays = "revoke" not in typed and typed.get("role") == Role.OWNER
    if found.role is Role.OWNER and not stays and _owners(posts) == 1:
        return "Somebody must own it: make another owner first.", False
    if "revoke" in typed:
        staff.revoke(uow, spa_id, user_id, actor=desk().actor)
        return f"{found.name} no longer works here, and is signed out everywhere.", True
    if typed.get("role") not in set(Role):
        return "Choose what they are.", False
    role, limits = Role(typed["role"]), _limits(Role(typed["role"]), typed)
    if limits is None:
        return "A limit is a whole number of dollars, or of people.", False
    staff.invite(uow, spa_id, email=found.email, name=found.name, role=role, actor=desk().actor, limits=limits)
    return f"{found.name} has another post now.", True


def _owners(posts: list[Listed]) -> int:
    return sum(each.role is Role.OWNER and not each.revoked_at for each in posts)


def _limits(role: Role, typed: dict[str, str]) -> Limits | None:
    """What was typed, else the role's own; None for what is no number."""
    chosen = {}
    for name, unit in NUMBERS.items():
        said = typed.get(name, "").replace(",", "").removeprefix("$")
        if said and not (said.isascii() and said.isdigit() and len(said) < 8):
            return None
        if said:
            chosen[name] = int(said) * unit
    return Limits.of(role, chosen)
