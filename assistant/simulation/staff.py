"""What the desk does: cash, a month let go, a card taken, somebody exempted, a cycle that we missed taken after all."""

from collections.abc import Callable
from datetime import timedelta

from assistant.domain.billing import PaidBy
from assistant.runtime import UnitOfWork
from assistant.services import billing, card_care, price_changes
from assistant.services.cards import ProviderAway
from assistant.simulation import outside
from assistant.simulation.house import House, Person
from assistant.simulation.people import customer

ACTOR = "staff:front"
BY_HAND = (PaidBy.CASH, PaidBy.CHEQUE, PaidBy.TERMINAL)


def _invoice(house: House, person: Person, where: str) -> int | None:
    rows = house.rows(
        f"SELECT id FROM invoice WHERE client_id = %s AND {where} ORDER BY due_on, id LIMIT 1", (person.client_id,)
    )
    return int(rows[0][0]) if rows else None


def _said(house: House, act: str, refused: billing.Refused | None) -> str:
    word = f"desk: {act}{f' refused, {refused.reason}' if refused else ''}"
    house.happened[word] += 1
    return word


def take_cash(house: House, person: Person) -> str | None:
    """Cash, a cheque or the terminal."""
    if (invoice := _invoice(house, person, "status = 'open'")) is None:
        return None
    paid_by = house.chance.choice(BY_HAND)
    refused = house.rt.transact(
        lambda uow: billing.record_payment(uow, house.spa_id, invoice, paid_by, actor=ACTOR),
    )
    return _said(house, "payment recorded", refused)


def waive(house: House, person: Person) -> str | None:
    """A month is let go."""
    if (invoice := _invoice(house, person, "status = 'open'")) is None:
        return None
    refused = house.rt.transact(lambda uow: billing.waive(uow, house.spa_id, invoice, actor=ACTOR, reason="kindness"))
    return _said(house, "waived", refused)


def retry(house: House, person: Person) -> str | None:
    """The card is to be asked again."""
    if (invoice := _invoice(house, person, "status = 'open'")) is None:
        return None
    return _said(house, "retry", house.rt.transact(lambda uow: billing.retry(uow, house.spa_id, invoice, actor=ACTOR)))


def take_missed(house: House, person: Person) -> str | None:
    """A cycle that we missed is charged after all; sometimes one that was not is asked for, and refused."""
    wanted = "status = 'skipped' AND reason = 'missed'" if house.chance.random() < 0.9 else "status = 'paid'"
    if (invoice := _invoice(house, person, wanted)) is None:
        return None
    refused = house.rt.transact(lambda uow: billing.take_missed(uow, house.spa_id, invoice, actor=ACTOR))
    return _said(house, "missed cycle taken", refused)


def exempt(house: House, person: Person) -> str | None:
    """Out of charging, or out of being chased; and back."""
    rows = house.rows(
        "SELECT id, charge_exempt IS NOT NULL OR dunning_exempt IS NOT NULL FROM membership"
        " WHERE client_id = %s AND standing <> 'ended' ORDER BY id LIMIT 1",
        (person.client_id,),
    )
    if not rows:
        return None
    [(membership, is_exempt)] = rows
    charging = None if is_exempt or house.chance.random() < 0.5 else "a friend"
    dunning = None if is_exempt or charging else "in hospital"
    house.rt.transact(
        lambda uow: billing.exempt(
            uow, house.spa_id, int(str(membership)), charging=charging, dunning=dunning, actor=ACTOR
        )
    )
    word = "put back" if is_exempt else "exempt from charging" if charging else "exempt from chasing"
    house.happened[f"desk: {word}"] += 1
    return f"desk: {word}"


def put_back(house: House, person: Person) -> str | None:
    """Nobody is exempt for ever."""
    rows = house.rows(
        "SELECT 1 FROM membership WHERE client_id = %s AND (charge_exempt IS NOT NULL OR dunning_exempt IS NOT NULL)",
        (person.client_id,),
    )
    return exempt(house, person) if rows else None


def add_card(house: House, person: Person) -> str | None:
    """A new card at the desk, and what is owed charged to it."""
    if (found := customer(house, person)) is None:
        return None
    method = house.stripe.add_card(found, house.new_number())
    try:
        added = card_care.added_at_the_desk(house.rt, house.spa_id, person.client_id, method, actor=ACTOR)
    except ProviderAway:
        house.happened["desk: the processor was away"] += 1
        return "desk: the processor was away"
    word = "desk: card added" if added else "desk: card not added"
    house.happened[word] += 1
    return word


def remove_card(house: House, person: Person) -> str | None:
    """A client wants their card gone."""
    role = house.chance.choice(("current", "backup"))
    rows = house.rows("SELECT id FROM card WHERE client_id = %s AND role = %s", (person.client_id, role))
    if not rows:
        return None
    gone = card_care.remove(house.rt, house.spa_id, int(rows[0][0]), actor=ACTOR)
    house.happened[word := f"desk: card {'removed' if gone else 'not removed'}"] += 1
    return word


def raise_prices(house: House) -> None:
    """Who holds the newest version of the plain plan is to pay more, from a day that leaves time to tell them."""
    old, cents = house.versions["glow"], 14_900 + 500 * (1 + house.happened["new prices"])
    today = house.today
    on = today + house.chance.choice((22, 25, 30)) * timedelta(days=1)

    def decide(uow: UnitOfWork) -> None:
        new = house.new_version(uow, "glow", dues_cents=cents)
        decided = price_changes.decide(uow, house.spa_id, old, new, effective_on=on, today=today, actor=ACTOR)
        if isinstance(decided, price_changes.Decided):
            house.versions["glow"] = new
            house.happened["new prices"] += 1

    house.bare.transact(decide)


Deed = Callable[[House, Person], str | None]
FOR_DEBTORS: tuple[tuple[Deed, int], ...] = (
    (take_cash, 22),
    (waive, 7),
    (retry, 14),
    (exempt, 4),
    (add_card, 10),
    (outside.renew, 6),
)
FOR_ANYBODY: tuple[tuple[Deed, int], ...] = (
    (take_missed, 12),
    (exempt, 3),
    (put_back, 8),
    (remove_card, 4),
    (add_card, 4),
)
