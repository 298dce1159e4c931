"""Who joins: monthly and by the year, by card and at the desk, brought from elsewhere, for nothing, with two of it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from assistant.gateways.ports import Card
from assistant.services import cards
from assistant.simulation.house import SHARED, House, Person

T = TypeVar("T")
KINDS: Mapping[str, int] = {
    "monthly": 38,
    "dearer": 13,
    "with an intro": 8,
    "flexible": 11,
    "with a purse": 8,
    "by the year": 9,
    "for nothing": 5,
    "at the desk": 5,
    "brought along": 8,
    "no card": 2,
}
"""In what way somebody joins, and how often."""
PLAN = {
    "dearer": "radiance",
    "with an intro": "start",
    "flexible": "flex",
    "with a purse": "purse",
    "by the year": "year",
    "for nothing": "comp",
}
WITH_BACKUP, WITH_TWO, SHARED_NUMBER = 0.15, 0.06, 0.03


def join(house: House, place: int) -> str:
    """Somebody new becomes a member; in what way is drawn."""
    [kind] = house.chance.choices(list(KINDS), list(KINDS.values()))
    person = house.move_in(place, reachable=house.chance.random() < 0.34)
    house.happened[f"joined: {kind}"] += 1
    if kind not in ("no card", "at the desk", "for nothing"):
        bring_card(house, person)
        if house.chance.random() < WITH_BACKUP:
            bring_card(house, person, role="backup")
            house.happened["joined with a backup card"] += 1
    _enrol(house, person, kind)
    return f"{person.name} joins: {kind}"


def _enrol(house: House, person: Person, kind: str) -> None:
    today = house.today
    match kind:
        case "at the desk":
            house.enrol(person, "glow", anchor_on=today, collection="manual")
        case "brought along":
            _brought_along(house, person)
        case _:
            house.enrol(person, PLAN.get(kind, "glow"), anchor_on=today)
            if kind == "monthly" and house.chance.random() < WITH_TWO:
                house.enrol(person, "radiance", anchor_on=today)
                house.happened["two memberships on one card"] += 1


def _brought_along(house: House, person: Person) -> None:
    """Paid elsewhere until their next day, which is ours: an anchor to come, or an old one and a first cycle."""
    ahead = timedelta(days=house.chance.randint(1, 27))
    if house.chance.random() < 0.5:
        house.enrol(person, "glow", anchor_on=house.today + ahead)
    else:
        house.enrol(person, "glow", anchor_on=house.today - timedelta(days=40) - ahead, first_cycle=9)
        house.rows(FIRST_CYCLE, {"client": person.client_id, "today": house.today})


FIRST_CYCLE = """UPDATE membership SET first_cycle = cycle_on(anchor_on, 1, %(today)s) + 1
                 WHERE client_id = %(client)s RETURNING 1"""


def come_back(house: House, person: Person) -> None:
    """Who had left is a member again, from today, with a new card."""
    bring_card(house, person)
    house.enrol(person, "glow", anchor_on=house.today)
    house.happened["came back"] += 1


def customer(house: House, person: Person) -> str | None:
    """Their name at the card processor; None when it gives no answer now."""
    if person.customer_id is None:
        person.customer_id = cards.ensure_customer(house.rt, house.spa_id, person.client_id, None)
    return person.customer_id


def bring_card(house: House, person: Person, *, role: str = "current") -> bool:
    """A card that was given elsewhere; asked for until the processor says whose it is."""
    found = until_done(house, lambda: customer(house, person))
    if found is None:
        return False
    shared = house.chance.random() < SHARED_NUMBER
    number = SHARED if shared else house.new_number()
    method = house.stripe.add_card(found, number, exp_month=house.chance.randint(1, 12), exp_year=_year(house))
    card = house.stripe.get(method)
    if card is None:
        return False
    known = Card(
        method,
        found,
        card["card"]["brand"],
        card["card"]["last4"],
        card["card"]["exp_month"],
        card["card"]["exp_year"],
        card["card"]["fingerprint"],
    )
    work = house.rt.transact
    until_done(
        house,
        lambda: (
            work(lambda uow: cards.arrived(uow, house.spa_id, person.client_id, known, source="import", role=role))
            or True
        ),
    )
    return True


def _year(house: House) -> int:
    return house.today.year + house.chance.choices((1, 3, 6), (2, 5, 3))[0]


def until_done(house: House, act: Callable[[], T | None], most: int = 6) -> T | None:
    """Somebody at the desk tries until it is done, or gives up."""
    for _ in range(most):
        answers: list[T | None] = []
        house.peril.alone(lambda answers=answers: answers.append(act()))  # type: ignore[misc]
        if answers and answers[0] is not None:
            return answers[0]
        house.clock.advance(timedelta(seconds=5))
    return None
