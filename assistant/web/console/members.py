"""Members: one search box, one page for each, and the acts on them."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from assistant.db.spas import credit_words
from assistant.domain.permissions import Permission
from assistant.domain.staff_words import StaffStanding
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.messages.staff import decline_line
from assistant.runtime import UnitOfWork
from assistant.services import finding, profile, staff
from assistant.services.credit_story import LotLine
from assistant.services.profile import Profile
from assistant.web.console import (
    bp,
    charge_acts,
    dues_acts,
    membership_acts,
    money_acts,
    people_acts,
    plan_acts,
    refund_acts,
    shown,
    ticket_acts,
)
from assistant.web.console.acts import page_of
from assistant.web.console.policy import allowed, anyone_signed_in, desk
from assistant.web.here import here

__all__ = ["bp"]

GROUPS = (
    ("Money", (*charge_acts.ACTS, *dues_acts.ACTS, *refund_acts.ACTS)),
    ("Membership", (*plan_acts.ACTS, *membership_acts.ACTS)),
    ("Client", (*money_acts.ACTS, *people_acts.ACTS)),
)
ACTS = tuple(act for _, acts in GROUPS for act in acts)
TITLES = {each.name: each.title for each in (*ACTS, *ticket_acts.ACTS)}
CAME_FROM = {
    "cycle": "of a paid month",
    "adjusted": "given by staff",
    "transfer": "a gift",
    "birthday": "birthday treat",
    "reinstated": "given anew",
    "migrated": "brought along",
    "order": "of a change of plan",
    "ticket": "at a visit",
    "refund": "with a refund",
    "expired": "its last day was over",
    "roll_off": "over the most that can be kept",
}


@bp.get("/<int:spa_id>/members")
@allowed(Permission.SEE_MEMBERS)
def members() -> ResponseReturnValue:
    """The search, and what it found."""
    typed = request.args.get("q", "")[: finding.LONGEST]
    spa_id = desk().spa_id
    found = here().runtime.transact(lambda uow: finding.find(uow, spa_id, typed)) if typed.strip() else None
    return shown("members", typed=typed, found=found, most=finding.MOST)


@bp.get("/<int:spa_id>/members/<int:client_id>")
@allowed(Permission.SEE_MEMBERS)
def member(client_id: int) -> ResponseReturnValue:
    """All about one of them."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        found = profile.look(uow, spa_id, client_id)
        if found is None:
            other = profile.now_is(uow, spa_id, client_id) or abort(404)
            return redirect(url_for("console.member", spa_id=spa_id, client_id=other), 303)
        words = credit_words(uow, spa_id, "en")

    def held(unit: str, amount: int) -> str:
        return in_words(Credits.of(words, unit, amount))

    can = [
        (name, [each for each in acts if desk().may(each.permission) and _applies(each.name, found)])
        for name, acts in GROUPS
    ]
    return shown(
        "member",
        found=found,
        held=held,
        why=_why,
        came_from=_came_from,
        title_of=lambda kind: TITLES.get(kind, kind),
        acts=[(name, acts) for name, acts in can if acts],
        decline_line=decline_line,
        area="members",
    )


APPLIES: dict[str, Callable[[Profile], bool]] = {
    "pause": lambda found: any(each.standing is StaffStanding.ACTIVE and not each.paused_from for each in found.lines),
    "resume": lambda found: any(each.standing is StaffStanding.PAUSED or each.paused_from for each in found.lines),
    "change": lambda found: any(each.standing is StaffStanding.ACTIVE and not each.changes_to for each in found.lines),
    "stay": lambda found: any(each.changes_to for each in found.lines),
    "cancel": lambda found: any(each.standing is not StaffStanding.CANCELLED for each in found.lines),
    "undo": lambda found: any(each.held.leaves_on is not None for each in found.lines),
    "charge": lambda found: found.owed_cents > 0 and not found.declined,
    "retry": lambda found: found.owed_cents > 0 and found.declined,
    "waive": lambda found: found.owed_cents > 0,
    "refund": lambda found: found.has_paid,
    "card-off": lambda found: found.card is not None,
    "household-out": lambda found: bool(found.household),
    "opt-out": lambda found: any(each.stopped_at is None for each in found.phones),
    "card-link": lambda found: any(each.stopped_at is None for each in found.phones),
}
"""Whether an act is worth a button: all the rest is its service's to say."""


def _applies(act: str, found: Profile) -> bool:
    return act not in APPLIES or APPLIES[act](found)


def _why(lot: LotLine) -> str:
    """Why they have it, in a few words."""
    giver = f" from {lot.giver}" if lot.giver else ""
    return _came_from(lot.came_from) + giver + (f": {lot.reason}" if lot.reason else "")


def _came_from(key: str) -> str:
    """What an entry of the books was for, by its key."""
    kind = key.partition(":")[0]
    return CAME_FROM.get(kind, kind.replace("_", " "))


@bp.post("/account/sign-out")
@anyone_signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """Whatever they are signed in with, here and elsewhere, is good no more."""
    user_id = current_user.id

    def end(uow: UnitOfWork) -> None:
        staff.end_sessions(uow, user_id)
        staff.write_down(uow, user_id, "staff_signed_out_everywhere")

    here().runtime.transact(end)
    logout_user()
    flash("You are signed out everywhere.", "success")
    return redirect(url_for("security.login"), 303)


for act in ACTS:
    bp.add_url_rule(
        f"/<int:spa_id>/members/<int:client_id>/{act.name}",
        f"act_{act.name}",
        allowed(act.permission)(page_of(act)),
        methods=["GET", "POST"],
    )
