"""What is done to credit by hand: within a limit by list value, or with a second person's yes (`features.md` I3)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.db import credits as table
from assistant.domain.calendar import local_day
from assistant.domain.credits import MILLI
from assistant.domain.desk import DeskPolicy
from assistant.domain.ledger import USD
from assistant.runtime import UnitOfWork
from assistant.services import audit, limits
from assistant.services.limits import By


@dataclass(frozen=True, slots=True)
class Done:
    """It is done, now or before: how much, by which entries."""

    amount: int
    entry_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NeedsManager:
    """It is worth more than one hand may give or take: another has to say yes."""

    worth_cents: int
    most_cents: int


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be: unknown_client, unknown_lot, unknown_gift, no_end, not_later, nothing_left, same_person, over."""

    reason: str


def worth(uow: UnitOfWork, spa_id: int, unit: str, amount: int) -> int:
    """The list value of so much credit, in cents, a fraction up. Raises `LookupError` where nobody has said it."""
    if unit == USD:
        return amount
    prices = table.prices(uow, spa_id)
    if unit not in prices:
        raise LookupError(f"spa {spa_id} has no credit called {unit!r}")
    return -(-prices[unit] * amount // MILLI)


@dataclass(frozen=True, slots=True)
class Desk:
    """A spa's own desk today, and how much the hand that is at it may do."""

    spa_id: int
    zone: str
    today: date
    most_cents: int
    grace_days: int


def desk_of(uow: UnitOfWork, spa_id: int, by: By) -> Desk:
    [[zone, chosen]] = uow.sql("SELECT zone, policy FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    policy = DeskPolicy.from_json(chosen)
    most_cents = limits.hand(uow, spa_id, by.actor).limits.grant_cents
    return Desk(spa_id, zone, local_day(uow.now, zone), most_cents, policy.undo_grace_days)


def too_much(desk: Desk, worth_cents: int, by: By) -> NeedsManager | None:
    fits = worth_cents <= desk.most_cents or by.two_hands
    return None if fits else NeedsManager(worth_cents, desk.most_cents)


def over(desk: Desk, expires_on: date | None) -> Refused | None:
    return Refused("over") if expires_on is not None and expires_on < desk.today else None


def cannot_reach(uow: UnitOfWork, spa_id: int, *client_ids: int) -> Refused | None:
    rows = uow.sql("SELECT id FROM client WHERE spa_id = %s AND id = ANY(%s)", (spa_id, [*client_ids])).fetchall()
    return None if len(rows) == len(set(client_ids)) else Refused("unknown_client")


def entries(uow: UnitOfWork, spa_id: int, *keys: str) -> tuple[int, ...]:
    rows = uow.sql("SELECT id FROM ledger_entry WHERE spa_id = %s AND key = ANY(%s) ORDER BY id", (spa_id, [*keys]))
    return tuple(row[0] for row in rows.fetchall())


def write_down(uow: UnitOfWork, spa_id: int, by: By, act: str, subject: str, facts: dict[str, Any]) -> None:
    after = facts | {"reason": by.reason, "approved_by": by.approved_by}
    audit.write(uow, spa_id, actor=by.actor, evidence="E3", act=act, subject=subject, after=after)
