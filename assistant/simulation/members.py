"""What members do about what they owe: pay, skip, rest, promise, and type a card on the page, or walk away from it."""

import re
from collections.abc import Callable
from datetime import timedelta

from assistant.domain.billing import Cause
from assistant.sandbox.stripe_cards import Verdict
from assistant.services import cards, choices, links, promises
from assistant.services.cards import Redirect
from assistant.services.choices import Rests, Skipped
from assistant.services.links import Purpose
from assistant.services.promises import Promised
from assistant.simulation import outside
from assistant.simulation.house import House, Person

DESK = "+15055550101"
"""Where a link is read out to one who cannot be texted: its last digits are what they type."""
BACK = "https://spa.example.com/back"
FRAUD = "4100000000000019"
TEXTS = "SELECT body FROM outbound_message WHERE client_id = %s ORDER BY id DESC LIMIT 6"
LINK = re.compile(r"/card/([A-Za-z0-9_-]+)")


def _said(house: House, act: str, answer: object) -> str:
    word = f"{act}: {type(answer).__name__.lower()}"
    house.happened[word] += 1
    return word


def pay(house: House, person: Person) -> str:
    """PAY, or RETRY."""
    if house.chance.random() < 0.3:
        outside.sweeten(house, person)
    answer = house.rt.transact(lambda uow: choices.pay(uow, house.spa_id, person.client_id, cause=Cause.MEMBER))
    return _said(house, "pay", answer)


def skip(house: House, person: Person) -> str:
    """The quote, a while to think, and a yes."""
    spa, client = house.spa_id, person.client_id
    quote = house.rt.transact(lambda uow: choices.skip_quote(uow, spa, client))
    if not isinstance(quote, Skipped):
        return _said(house, "skip", quote)
    house.peril.between()
    return _said(
        house, "skip", house.rt.transact(lambda uow: choices.skip(uow, spa, client, quote.cycle_on, actor="member"))
    )


def rest(house: House, person: Person) -> str:
    """The same for a rest."""
    spa, client = house.spa_id, person.client_id
    quote = house.rt.transact(lambda uow: choices.rest_quote(uow, spa, client))
    if not isinstance(quote, Rests):
        return _said(house, "rest", quote)
    house.peril.between()
    return _said(
        house, "rest", house.rt.transact(lambda uow: choices.rest(uow, spa, client, quote.cycle_on, actor="member"))
    )


def promise(house: House, person: Person) -> str:
    """A day on which there will be money; sometimes there is."""
    on = house.today + timedelta(days=house.chance.choice((0, 1, 2, 3, 5, 7, 9, 10, 14)))
    answer = house.rt.transact(
        lambda uow: promises.promise(uow, house.spa_id, person.client_id, on, actor="member"),
    )
    if isinstance(answer, Promised) and house.chance.random() < 0.6:
        outside.sweeten(house, person)
    return _said(house, "promise", answer)


def unpromise(house: House, person: Person) -> str:
    """They take it back."""
    answer = house.rt.transact(lambda uow: promises.unpromise(uow, house.spa_id, person.client_id, actor="member"))
    return _said(house, "promise taken back", answer)


def new_card(house: House, person: Person) -> str:
    """A link, what they know, and a card on the hosted page; or any part of that."""
    token, sent_to = _link(house, person)
    wrong = house.chance.random() < 0.15
    if wrong:
        cards.open_page(house.rt, token, "0000" if sent_to[-4:] != "0000" else "1111", return_url=BACK)
        house.happened["page: wrong digits"] += 1
    opened = cards.open_page(house.rt, token, sent_to[-4:], return_url=BACK)
    if not isinstance(opened, Redirect):
        house.happened[f"page: {opened.reason}"] += 1
        return f"page: {opened.reason}"
    if house.chance.random() < 0.1:  # pressed twice
        cards.open_page(house.rt, token, sent_to[-4:], return_url=BACK)
        house.happened["page: opened twice"] += 1
    house.peril.between()
    return _type(house, opened.url.rsplit("/", 1)[-1])


def _link(house: House, person: Person) -> tuple[str, str]:
    """The one they were texted last, or a new one."""
    if person.number and house.chance.random() < 0.7:
        texts = house.rows(TEXTS, (person.client_id,))
        if found := [match[1] for (body,) in texts if (match := LINK.search(house.bare.seal.open(str(body))))]:
            house.happened["opened the link they were texted"] += 1
            return found[0], person.number
    owes_bank = house.bare.transact(lambda uow: choices.needs_authentication(uow, house.spa_id, person.client_id))
    purpose = Purpose.AUTHENTICATE if owes_bank else Purpose.CARD
    sent_to = person.number or DESK
    address = house.rt.transact(lambda uow: links.make(uow, house.spa_id, person.client_id, purpose, sent_to=sent_to))
    return address.rsplit("/", 1)[-1], sent_to


def _type(house: House, page_id: str) -> str:
    if house.chance.random() < 0.2:
        house.happened["page: abandoned"] += 1
        return "page: abandoned"
    if house.chance.random() < 0.15:
        house.stripe.type_card(page_id, FRAUD)
        house.happened["page: card refused"] += 1
    year = house.today.year + house.chance.randint(1, 6)
    typed = house.stripe.type_card(page_id, house.new_number(), expires=(house.chance.randint(1, 12), year))
    house.happened[f"page: typed, {typed.turn}"] += 1
    if (house.stripe.page(page_id) or {}).get("payment_intent") and typed.turn == "done":
        house.happened["page: paid on it"] += 1
    _tire(house, page_id)
    return f"page: typed, {typed.turn}"


def _tire(house: House, page_id: str) -> None:
    """Some of the cards that can be saved cannot be charged."""
    intent = house.stripe.get(str((house.stripe.page(page_id) or {}).get("setup_intent")))
    if intent and intent.get("payment_method") and house.chance.random() < 0.2:
        house.stripe.behave(intent["payment_method"], standing=Verdict("insufficient_funds"))
        house.happened["page: a card without money"] += 1


Deed = Callable[[House, Person], str | None]
DEBTORS: tuple[tuple[Deed, int], ...] = (
    (pay, 24),
    (new_card, 26),
    (skip, 7),
    (rest, 4),
    (promise, 16),
    (unpromise, 4),
    (outside.sweeten, 10),
)
"""What those who owe something do, and how often."""
ANYBODY: tuple[tuple[Deed, int], ...] = (
    (pay, 2),
    (skip, 1),
    (new_card, 8),
    (outside.sour, 60),
    (outside.renew, 9),
    (outside.detach, 5),
    (outside.give_back, 2),
)
"""What is done by, and befalls, one who may owe nothing."""
