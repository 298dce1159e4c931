"""What members do with credit beside the till: they use it, keep it for a booking, and have a use undone."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from assistant.domain.credits import MILLI, Lot, Take
from assistant.runtime import UnitOfWork
from assistant.services import credits
from assistant.services.credits import Spent
from assistant.simulation.house import ZONE, House, Person
from assistant.simulation.till import said

UNITS = ("visit", "visit", "extra", "USD")


class OutOfOrderError(AssertionError):
    """Credit was used in another order than it must be, or more or less of it (`reliability.md` I05)."""


def _amount(house: House, unit: str) -> int:
    return house.chance.choice((1_000, 2_500)) if unit == "USD" else house.chance.choice((MILLI, MILLI // 2))


def use(house: House, person: Person) -> str:
    """A use of credit that no ticket is written for, held against the order in which credit is to be used."""
    house.uses += 1
    unit, key = house.chance.choice(UNITS), f"kiosk:{house.uses}"
    amount = _amount(house, unit)

    def act(uow: UnitOfWork) -> str:
        fresh = uow.sql("SELECT 1 FROM ledger_entry WHERE key = %s", (key,)).fetchone() is None
        lots = _line(uow, house, person, unit) if fresh else []
        spent = credits.spend(
            uow, house.spa_id, client_id=person.client_id, unit=unit, amount=amount, key=key, zone=ZONE
        )
        if fresh:
            in_order(lots, amount, spent.takes if isinstance(spent, Spent) else None, house.today)
        return "used" if isinstance(spent, Spent) else "short"

    word = "short"
    while not house.peril.alone(lambda: house.rt.transact(act)):
        house.clock.advance(timedelta(seconds=2))
    word = "used" if house.rows("SELECT 1 FROM ledger_entry WHERE key = %s", (key,)) else "short"
    return said(house, f"purse: {word}")


def _line(uow: UnitOfWork, house: House, person: Person, unit: str) -> list[Lot]:
    uow.sql(
        "SELECT 1 FROM ledger_account WHERE client_id = %s AND account = 'credits' AND unit = %s FOR NO KEY UPDATE",
        (person.client_id, unit),
    )
    return credits.lots(uow, house.spa_id, person.client_id, unit=unit)


def in_order(lots: Sequence[Lot], amount: int, takes: Sequence[Take] | None, today: date) -> None:
    """Soonest expiring, promotional before paid, oldest, id; all of it or nothing (`features.md` C2): counted anew."""
    line = [lot for lot in lots if lot.expires_on is None or lot.expires_on >= today]
    line.sort(key=lambda lot: (lot.expires_on or date.max, lot.lot_class != "promo", lot.granted_on, lot.id))
    wanted: dict[int, int] = {}
    for lot in line:
        if part := min(lot.remaining, amount - sum(wanted.values())):
            wanted[lot.id] = part
    enough = sum(wanted.values()) == amount
    if (takes is not None) != enough or (takes and {each.lot_id: each.amount for each in takes} != wanted):
        raise OutOfOrderError(f"I05 a use of {amount} took {takes}, and was to take {wanted}")


def undo(house: House, person: Person) -> str | None:
    """A use is undone, some of them twice; credit that ran out meanwhile can be used for a while."""
    rows = house.rows(USES, {"client": person.client_id, "now": house.clock.now()})
    if not rows:
        return None
    entry, late = house.chance.choice(rows)
    house.rt.transact(lambda uow: credits.undo(uow, house.spa_id, int(entry), zone=ZONE))
    return said(house, f"purse: undone{', after it ran out' if late else ''}")


USES = """
    SELECT e.id, EXISTS (
               SELECT 1 FROM allocation a JOIN credit_lot l ON (l.spa_id, l.id) = (a.spa_id, a.lot_id)
               JOIN spa s ON s.spa_id = l.spa_id
               WHERE (a.spa_id, a.entry_id) = (e.spa_id, e.id) AND l.expires_on < (%(now)s AT TIME ZONE s.zone)::date)
    FROM ledger_posting p JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
    WHERE p.client_id = %(client)s AND p.account = 'credits' AND e.kind = 'credits_spent' AND e.key LIKE 'kiosk:%%'
    ORDER BY e.id DESC LIMIT 4"""


def book(house: House, person: Person) -> str:
    """Credit is kept for a booking."""
    unit = house.chance.choice(UNITS[:3])
    return keep(house, person, unit, _amount(house, unit))


def keep(house: House, person: Person, unit: str, amount: int) -> str:
    """So much of a unit is kept for some days."""
    house.uses += 1
    ref, until = f"booking:{house.uses}", house.clock.now() + timedelta(days=house.chance.choice((1, 5, 20)))
    short = house.rt.transact(
        lambda uow: credits.hold(
            uow,
            house.spa_id,
            client_id=person.client_id,
            unit=unit,
            amount=amount,
            ref=ref,
            until=until,
            zone=ZONE,
        )
    )
    return said(house, f"purse: {'too little to book' if short else 'booked'}")


def come(house: House, person: Person) -> str | None:
    """They come and use what was kept, or call it off; who does neither loses the time, not the credit."""
    rows = house.rows(BOOKED, (person.client_id,))
    if not rows:
        return None
    ref, unit, amount = house.chance.choice(rows)
    if house.chance.random() < 0.3:
        house.rt.transact(lambda uow: credits.release(uow, house.spa_id, str(ref)))
        return said(house, "purse: booking called off")
    key, wanted = f"kiosk:{ref}", int(amount)
    house.rt.transact(
        lambda uow: credits.spend(
            uow,
            house.spa_id,
            client_id=person.client_id,
            unit=str(unit),
            amount=wanted,
            key=key,
            zone=ZONE,
            ref=str(ref),
        )
    )
    return said(house, "purse: came as booked")


BOOKED = """
    SELECT ref, unit, sum(amount)::bigint FROM credit_hold
    WHERE client_id = %s AND settled_at IS NULL AND ref LIKE 'booking:%%' GROUP BY ref, unit ORDER BY min(id)"""


Deed = Callable[[House, Person], str | None]
