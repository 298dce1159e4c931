"""Visits: what was quoted is sold at one till while another sells too, the card says no, and tickets are voided."""

from collections.abc import Callable
from typing import Any, cast

from assistant.domain.checkout import Cart, CartLine
from assistant.domain.tickets import Quote, Refusal, Tender
from assistant.services import checkout, open_tickets, voids
from assistant.services.checkout import CardDeclined, InDoubt, Outcome, Sold, Stale
from assistant.services.open_tickets import abandon
from assistant.simulation.house import House, Person
from assistant.simulation.people import until_done

ACTOR, OTHER = "staff:front", "staff:back"
MANAGER = "staff:owner"
CARTS = (("signature",), ("signature",), ("express",), ("signature", "extra"), ("peel",), ("extra",), ("peel", "cream"))
TENDERS = (Tender.CARD, Tender.CARD, Tender.CASH, Tender.TERMINAL)
ANOTHER, THINKS_AGAIN = 0.25, 0.7
"""How often another till sells to the same client meanwhile; and how often what has changed is taken all the same."""


def said(house: House, word: str) -> str:
    """Counted, and told in the log."""
    house.happened[word] += 1
    return word


def visit(house: House, person: Person) -> str:
    """One visit: a cart, its price, and what pays for it; sometimes at two tills at once."""
    cart = _cart(house)
    accepted = _quote(house, person, cart)
    if isinstance(accepted, Refusal):
        return said(house, f"till: {accepted.why}")
    if house.chance.random() < ANOTHER:
        house.happened["two tills at once"] += 1
        house.peril.alone(lambda: _sell_beside(house, person))
    before, house.at_till = house.at_till, person
    try:
        return _sell(house, person, cart, accepted)
    finally:
        house.at_till = before


def _cart(house: House) -> Cart:
    codes = house.chance.choice(CARTS)
    lines = tuple(CartLine(code=code, no_credit=house.chance.random() < 0.04) for code in codes)
    return Cart(lines=lines, tip_cents=house.chance.choice((0, 0, 1_500)))


def _quote(house: House, person: Person, cart: Cart) -> Quote | Refusal:
    return house.rt.transact(lambda uow: checkout.quote(uow, house.spa_id, person.client_id, cart))


def _sell_beside(house: House, person: Person) -> str:
    """The other till is quick: it sells at once what it is asked for."""
    cart = _cart(house)
    accepted = _quote(house, person, cart)
    return _sell(house, person, cart, accepted) if isinstance(accepted, Quote) else accepted.why


def _sell(house: House, person: Person, cart: Cart, accepted: Quote) -> str:
    """The till sends it under its own key, and again when it hears nothing."""
    house.tickets += 1
    key, tender = f"till:{house.tickets}", house.chance.choice(TENDERS)
    outcome = _rung_up(house, person, cart, accepted, key, tender)
    if isinstance(outcome, Stale):
        where = ", its credit went elsewhere" if outcome.went else ""
        said(house, f"till: stale{where}")
        if house.chance.random() < THINKS_AGAIN:
            outcome = _rung_up(house, person, cart, outcome.quote, key, tender)
    return _ended(house, outcome)


def _rung_up(house: House, person: Person, cart: Cart, accepted: Quote, key: str, tender: Tender) -> Outcome | None:
    def act() -> Outcome:
        return _commit(house, person, cart, accepted, key, tender)

    return cast("Outcome | None", until_done(house, act, most=2))


def _commit(house: House, person: Person, cart: Cart, accepted: Quote, key: str, tender: Tender) -> Outcome:
    spa, client = house.spa_id, person.client_id
    return checkout.commit(house.rt, spa, client, cart, accepted, key=key, tender=tender, actor=ACTOR)


def _ended(house: House, outcome: Outcome | None) -> str:
    match outcome:
        case Sold(_, tender, quote):
            said(house, f"till: paid by {tender}")
            if quote.bill.uses():
                said(house, "till: credit used" + (", and a remainder" if quote.bill.total_cents else ""))
            return f"sold for {quote.bill.total_cents}"
        case CardDeclined(ticket_id):
            return said(house, "till: card declined") + "; " + _after_a_no(house, ticket_id)
        case InDoubt(ticket_id):
            return said(house, "till: in doubt") + "; " + _impatient(house, ticket_id)
        case Refusal(why):
            return said(house, f"till: {why}")
        case Stale():
            return said(house, "till: thought again")
    return said(house, "till: nobody knows")


def _after_a_no(house: House, ticket_id: int) -> str:
    """Cash instead, the card once more, nothing at all, or they walk out."""
    [(word, tender)] = house.chance.choices(
        [("cash", Tender.CASH), ("card", Tender.CARD), ("let go", None), ("walked out", Tender.NOTHING)],
        (50, 15, 20, 15),
    )
    house.happened[f"till: after a no, {word}"] += 1
    if tender is None:
        return _let_go(house, ticket_id)
    if tender is Tender.NOTHING:
        return word
    paid = open_tickets.pay_otherwise(house.rt, house.spa_id, ticket_id, tender, actor=ACTOR)
    return said(house, f"till: after a no, {type(paid).__name__.lower()}")


def _impatient(house: House, ticket_id: int) -> str:
    """Nobody may take cash for what the card may have paid."""
    paid = open_tickets.pay_otherwise(house.rt, house.spa_id, ticket_id, Tender.CASH, actor=ACTOR)
    return said(house, f"till: in doubt, {type(paid).__name__.lower()}")


def _let_go(house: House, ticket_id: int) -> str:
    left = house.rt.transact(lambda uow: abandon(uow, house.spa_id, ticket_id, actor=ACTOR))
    return said(house, f"till: let go{', ' + type(left).__name__.lower() if left else ''}")


def void(house: House, person: Person) -> str | None:
    """A sale of the last days is taken back."""
    rows = house.rows(SALES, (person.client_id,))
    if not rows:
        return None
    ticket = int(house.chance.choice(rows)[0])

    def act() -> Any:  # noqa: ANN401 - whatever came of it
        return voids.void(
            house.rt, house.spa_id, ticket, actor=ACTOR, reason="not as it should be", approved_by=MANAGER
        )

    done = until_done(house, act, most=2)
    why = f", {done.why}" if isinstance(done, Refusal) else ""
    return said(house, f"till: void, {type(done).__name__.lower()}{why}")


SALES = "SELECT id FROM ticket WHERE client_id = %s AND status = 'paid' ORDER BY id DESC LIMIT 3"
Deed = Callable[[House, Person], str | None]
