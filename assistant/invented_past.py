"""The invented members' past: dues that were paid at the terminal, visits, gifts, and what ran out."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from assistant.clock import StoppedClock
from assistant.db.spas import Spa
from assistant.domain import ledger as books
from assistant.domain.calendar import cycle_date, local_day
from assistant.domain.credits import MILLI, LotClass
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import credits, earning, ledger
from assistant.services.credits import Grant

VISIT, EXTRA = "visit", "extra"
PRICES = {VISIT: 16_500, EXTRA: 4_500}
GIFT_LASTS = timedelta(days=60)
BILLED_AT = time(15, 0, tzinfo=UTC)
"""Nine in the morning at the spa, or eight: a day is all that the books look at."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A seeded member, and how they came to where they are."""

    client_id: int
    membership_id: int
    version_id: int
    joined_on: date
    dues_cents: int
    grants: tuple[tuple[str, int], ...]
    paid_until: date | None
    """From when on nothing was paid: they left, rest, or their card failed."""
    worths: tuple[int, ...]
    """What the dues pay for each grant."""
    uses: float
    """How much of what they get they use."""


def live_through(rt: Runtime, spa: Spa, members: list[Enrolled], chance: random.Random) -> None:
    """Live through the days since the first joined: dues, grants, visits, a birthday treat, and what ran out."""
    now = rt.clock.now()
    first = min(member.joined_on for member in members)
    for days in range((local_day(now, spa.zone) - first).days + 1):
        day = first + timedelta(days=days)
        at = min(datetime.combine(day, BILLED_AT), now)
        past = replace(rt, clock=StoppedClock(at))
        paid = [(member, cycle) for member in members if (cycle := _cycle_paid(member, day)) is not None]
        if paid:
            with past.unit_of_work() as uow:
                _collect(uow, spa, paid, at)
        visiting = [member for member in members if member.joined_on < day and chance.random() < member.uses / 30]
        for member in visiting:
            with past.unit_of_work() as uow:
                _visit(uow, spa, member, day)
        if day.day == 1:
            with past.unit_of_work() as uow:
                credits.expire(uow, spa.spa_id, spa.zone)
            earning.earn(past)


def _cycle_paid(member: Enrolled, day: date) -> int | None:
    months = (day.year - member.joined_on.year) * 12 + day.month - member.joined_on.month
    if member.paid_until and day >= member.paid_until:
        return None
    return months if day == cycle_date(member.joined_on, months) else None


def _collect(uow: UnitOfWork, spa: Spa, paid: list[tuple[Enrolled, int]], at: datetime) -> None:
    """A paid cycle banks its credits; every fifth also brings an extra as a gift, which runs out in 60 days."""
    today = local_day(at, spa.zone)
    invoices = [_paid_invoice(uow, spa, each, cycle, today) for each, cycle in paid]
    entries = [
        books.dues_collected(f"dues:{invoice}", at, each.dues_cents, access_cents=each.dues_cents - sum(each.worths))
        for invoice, (each, _) in zip(invoices, paid, strict=True)
    ]
    ledger.post(uow, spa.spa_id, entries)
    banked = [
        Grant(
            f"cycle:{invoice}:{place}",
            each.client_id,
            unit,
            amount,
            LotClass.PAID,
            at,
            paid_cents=each.worths[place],
            reference_cents=PRICES[unit] * amount // MILLI,
            invoice_id=invoice,
        )
        for invoice, (each, _) in zip(invoices, paid, strict=True)
        for place, (unit, amount) in enumerate(each.grants)
    ]
    gifts = [
        Grant(
            f"gift:{each.membership_id}:{cycle}", each.client_id, EXTRA, MILLI, LotClass.PROMO, at, today + GIFT_LASTS
        )
        for each, cycle in paid
        if cycle % 5 == 0
    ]
    credits.grant(uow, spa.spa_id, spa.zone, banked + gifts)


def _paid_invoice(uow: UnitOfWork, spa: Spa, member: Enrolled, cycle: int, due_on: date) -> int:
    """From before the machine's own time: taken at the terminal, so that no card was asked."""
    [[invoice_id]] = uow.sql(
        "INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, status,"
        " opened_at, settled_at, paid_at, paid_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, 'paid', %s, %s, %s, 'terminal') RETURNING id",
        (
            spa.spa_id,
            member.membership_id,
            member.client_id,
            member.version_id,
            cycle,
            due_on,
            member.dues_cents,
            *[uow.now] * 3,
        ),
    ).fetchall()
    return int(invoice_id)


def _visit(uow: UnitOfWork, spa: Spa, member: Enrolled, day: date) -> None:
    """A visit takes a credit, where there is one."""
    for unit, amount in member.grants:
        credits.spend(
            uow,
            spa.spa_id,
            client_id=member.client_id,
            unit=unit,
            amount=amount,
            key=f"visit:{member.client_id}:{day}:{unit}",
            zone=spa.zone,
        )
