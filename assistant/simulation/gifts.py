"""Credit that the house gives for a while, and that members hand on to one another and take back."""

from collections.abc import Callable
from datetime import timedelta

from assistant.domain.credits import MILLI, Short
from assistant.services import credit_changes
from assistant.services.credit_changes import By
from assistant.simulation import purse
from assistant.simulation.house import House, Person
from assistant.simulation.people import until_done
from assistant.simulation.till import ACTOR, MANAGER, said

DESK = By(actor=ACTOR, reason="kindness", approved_by=MANAGER)
MEMBER = By(actor="member", reason="a gift")


def give(house: House, person: Person) -> str:
    """The house gives something for a while, often for a booking; or takes such a thing back."""
    house.uses += 1
    unit, key = house.chance.choice(("extra", "visit", "USD")), f"kind:{house.uses}"
    amount = 2_000 if unit == "USD" else MILLI
    back = house.chance.random() < 0.15
    until = house.today + timedelta(days=house.chance.choice((0, 3, 10, 25)))
    by = DESK if house.chance.random() < 0.8 else By(actor=ACTOR, reason="kindness")
    done = until_done(
        house,
        lambda: house.rt.transact(
            lambda uow: credit_changes.adjust(
                uow,
                house.spa_id,
                client_id=person.client_id,
                unit=unit,
                amount=-amount if back else amount,
                key=key,
                by=by,
                expires_on=None if back else until,
            )
        ),
    )
    if not back and unit != "USD" and house.chance.random() < 0.4:
        purse.keep(house, person, unit, MILLI)
    return said(house, f"gift: {'taken back by the house' if back else 'given'}, {type(done).__name__.lower()}")


def hand_on(house: House, person: Person) -> str:
    """To another client, as it is."""
    house.uses += 1
    taker, key = house.chance.choice(house.people), f"gift:{house.uses}"
    unit = house.chance.choice(("visit", "visit", "extra", "USD"))
    amount = 1_500 if unit == "USD" else MILLI
    done = until_done(
        house,
        lambda: house.rt.transact(
            lambda uow: credit_changes.transfer(
                uow,
                house.spa_id,
                giver_id=person.client_id,
                taker_id=taker.client_id,
                unit=unit,
                amount=amount,
                key=key,
                by=MEMBER,
            )
        ),
    )
    if isinstance(done, credit_changes.Done):
        house.handed_on.append(key)
    return said(house, f"handed on: {_word(done)}")


def have_back(house: House, person: Person) -> str | None:
    """While it is unspent it can be taken back; some do so twice."""
    del person
    if not house.handed_on:
        return None
    key = house.chance.choice(house.handed_on[-4:])
    done = until_done(
        house, lambda: house.rt.transact(lambda uow: credit_changes.take_back(uow, house.spa_id, key, by=DESK))
    )
    return said(house, f"handed on, and taken back: {_word(done)}")


def extend(house: House, person: Person) -> str | None:
    """A promotion is to last longer, or to be good again."""
    rows = house.rows(ENDING, (person.client_id,))
    if not rows:
        return None
    lot, to = int(house.chance.choice(rows)[0]), house.today + timedelta(days=house.chance.choice((5, 20)))
    done = house.rt.transact(lambda uow: credit_changes.extend(uow, house.spa_id, lot, to, by=DESK))
    return said(house, f"gift: made to last, {_word(done)}")


ENDING = "SELECT id FROM credit_lot WHERE client_id = %s AND expires_on IS NOT NULL ORDER BY id DESC LIMIT 3"


def _word(done: object) -> str:
    if isinstance(done, Short):
        return "short"
    return str(getattr(done, "reason", type(done).__name__.lower()))


Deed = Callable[[House, Person], str | None]
