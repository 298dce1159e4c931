"""Who of the staff may do what: one table of roles, and how much one hand may do by itself (`features.md` I3)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What somebody is at one spa."""

    OWNER = "owner"
    MANAGER = "manager"
    DESK = "desk"


class Permission(StrEnum):
    """What a page or an act asks of whoever opens it."""

    SEE_TODAY = "see_today"
    SEE_MEMBERS = "see_members"
    EDIT_MEMBERS = "edit_members"
    """Pause, resume, change, cancel, opt-outs, links: nothing that moves money at once."""
    CHARGE = "charge"
    WAIVE = "waive"
    GRANT = "grant"
    REFUND = "refund"
    APPROVE = "approve"
    """Say yes to what is over another's limit."""
    CHECKOUT = "checkout"
    INBOX = "inbox"
    SEE_CAMPAIGNS = "see_campaigns"
    SEND_CAMPAIGNS = "send_campaigns"
    SEE_PLANS = "see_plans"
    EDIT_PLANS = "edit_plans"
    SEE_REPORTS = "see_reports"
    SEE_SETTINGS = "see_settings"
    EDIT_SETTINGS = "edit_settings"
    MANAGE_STAFF = "manage_staff"


_P = Permission
AT_THE_DESK = frozenset(
    {_P.SEE_TODAY, _P.SEE_MEMBERS, _P.EDIT_MEMBERS, _P.CHARGE, _P.GRANT, _P.CHECKOUT, _P.INBOX, _P.SEE_PLANS}
)
OF_A_MANAGER = AT_THE_DESK | {
    _P.WAIVE,
    _P.REFUND,
    _P.APPROVE,
    _P.SEE_CAMPAIGNS,
    _P.SEND_CAMPAIGNS,
    _P.SEE_REPORTS,
    _P.SEE_SETTINGS,
}
MAY: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: OF_A_MANAGER,
    Role.DESK: AT_THE_DESK,
}
FRESH = frozenset({_P.CHARGE, _P.WAIVE, _P.GRANT, _P.REFUND, _P.APPROVE, _P.EDIT_PLANS, _P.MANAGE_STAFF})
"""Where money moves, or who may move it is decided: whoever does that has proved lately who they are."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one hand may do by itself; above it a second one says yes."""

    grant_cents: int
    refund_cents: int
    recipients: int
    """Of one campaign."""

    @classmethod
    def of(cls, role: Role, chosen: Mapping[str, Any]) -> "Limits":
        """A role's own, and whatever was chosen otherwise for one person."""
        known = {each.name for each in fields(cls)}
        return replace(USUAL[role], **{name: int(value) for name, value in chosen.items() if name in known})

    def to_json(self) -> dict[str, int]:
        """As it is stored."""
        return asdict(self)


WITHOUT_END = 1_000_000_00
USUAL: Mapping[Role, Limits] = {
    Role.OWNER: Limits(WITHOUT_END, WITHOUT_END, 1_000_000),
    Role.MANAGER: Limits(500_00, 500_00, 5_000),
    Role.DESK: Limits(50_00, 0, 0),
}


def may(role: Role, permission: Permission) -> bool:
    """Whether a role has a permission."""
    return permission in MAY[role]
