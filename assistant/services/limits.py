"""How much one hand may do by itself, and who said yes to more: the one place that every such act asks."""

from dataclasses import dataclass

from assistant.db import staff
from assistant.domain.desk import DeskPolicy
from assistant.domain.permissions import Limits, Permission
from assistant.runtime import UnitOfWork

LONGEST = 18
"""Digits of a number that the database can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who does it and why, and which other person said yes to more than one hand may do."""

    actor: str
    reason: str
    approved_by: str | None = None

    @property
    def two_hands(self) -> bool:
        return self.approved_by is not None and self.approved_by != self.actor


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody may do by themselves."""

    limits: Limits
    manages: bool
    """Whether they may say yes to others: what asks for a manager at any amount does not ask for another."""


def hand(uow: UnitOfWork, spa_id: int, actor: str) -> Hand:
    """Of one of the staff, their post's limits; of a hand without a post, such as the command line's, the spa's own."""
    number = actor.removeprefix("staff:")
    known = actor.startswith("staff:") and number.isascii() and number.isdigit() and len(number) <= LONGEST
    post = staff.post(uow, int(number), spa_id) if known else None
    if post is not None:
        return Hand(post.limits, post.may(Permission.APPROVE))
    [[chosen]] = uow.sql("SELECT policy FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    policy = DeskPolicy.from_json(chosen)
    return Hand(Limits(policy.staff_credit_cents, policy.staff_refund_cents, 0), manages=False)
