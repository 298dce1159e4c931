"""What a client may use in each standing, what a quote tells besides, and what makes it stale."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from assistant.domain import stored
from assistant.domain.benefits import Benefit, Usable
from assistant.domain.checkout import Cart, CartLine, Item
from assistant.domain.desk import DeskPolicy
from assistant.domain.entitlements import Held, Membership, entitled
from assistant.domain.membership import Standing
from assistant.domain.pausing import PausePolicy
from assistant.domain.plans import Terms
from assistant.domain.pricing import PriceRule
from assistant.domain.tickets import (
    Arrival,
    CannotSell,
    Change,
    Changed,
    Client,
    Instead,
    InsteadOf,
    Left,
    Offer,
    Quote,
    Refusal,
    Tender,
    changes,
    quote,
    same_deal,
)

TODAY = date(2026, 11, 20)
PEEL = Item(1, "peel", "Gentle Peel", "facials", 14_000, "visit")
FIFTH, TENTH = PriceRule(percent=20), PriceRule(percent=10)
GLOW = Terms(dues_cents=14_900, pricing=(FIFTH,))
CART = Cart(lines=(CartLine(code="peel"),))
PLAIN = DeskPolicy()
WHOLE = Arrival(owed_cents=9, promised_on=TODAY, expiring=Left("visit", 1), expires_on=TODAY, tasks=2)


def client(*memberships: Membership, **given: object) -> Client:
    facts = {"client_id": 1, "today": TODAY, "on": TODAY, "items": {"peel": PEEL}, "memberships": memberships}
    return Client(**facts | given)  # type: ignore[arg-type]


def member(standing: Standing, terms: Terms = GLOW, ended_on: date | None = None) -> Membership:
    return Membership("Glow", standing, terms, ended_on or (TODAY if standing is Standing.ENDED else None))


def quoted(found: Quote | Refusal) -> Quote:
    assert isinstance(found, Quote)
    return found


@pytest.mark.parametrize(
    ("standing", "prices", "paid", "promo"),
    [
        (Standing.SCHEDULED, True, False, False),
        (Standing.ACTIVE, True, True, True),
        (Standing.PAST_DUE, True, True, True),
        (Standing.SUSPENDED, False, True, False),
        (Standing.PAUSED, False, True, True),
        (Standing.ENDED, False, True, True),  # for sixty days
    ],
)
def test_each_standing_by_the_table(standing: Standing, prices: bool, paid: bool, promo: bool) -> None:
    may = entitled([member(standing)], TODAY, PLAIN)
    assert (bool(may.rules), may.paid, may.promo) == (prices, paid, promo)


def test_a_plan_of_its_own_mind() -> None:
    lenient = replace(GLOW, usable=Usable(suspended=frozenset(Benefit)))
    assert entitled([member(Standing.SUSPENDED, lenient)], TODAY, PLAIN).rules == (FIFTH,)
    asleep = replace(GLOW, pause=PausePolicy(benefits_usable=False, expiry_clock_stops=True))
    may = entitled([member(Standing.PAUSED, asleep)], TODAY, PLAIN)
    assert not may.paid
    assert not may.promo
    only_promo = replace(GLOW, usable=Usable(paused=frozenset({Benefit.PROMO_CREDITS})))
    may = entitled([member(Standing.PAUSED, only_promo)], TODAY, PLAIN)
    assert (may.paid, may.promo) == (False, False)  # a use takes from both: promotions never outlast what was paid for


def test_who_never_was_a_member_may_use_what_they_were_given() -> None:
    may = entitled([], TODAY, PLAIN)
    assert (may.rules, may.paid, may.promo) == ((), True, True)
    assert may.of([Held("visit", 1000, 500)]) == {"visit": 1500}


def test_any_membership_will_do() -> None:
    other = member(Standing.ACTIVE, replace(GLOW, pricing=(TENTH,)))
    may = entitled([member(Standing.SUSPENDED), other], TODAY, PLAIN)
    assert (may.rules, may.promo) == ((TENTH,), True)


@pytest.mark.parametrize(("days", "promo"), [(0, True), (30, True), (31, False)])
def test_promotions_after_leaving_are_the_spas_to_limit(days: int, promo: bool) -> None:
    left = member(Standing.ENDED, ended_on=TODAY - timedelta(days=days))
    assert entitled([left], TODAY, DeskPolicy(leave_credit_days=30)).promo is promo


@pytest.mark.parametrize(("booked", "ended", "rules"), [(40, 30, 1), (40, 31, 0), (20, 30, 0), (30, 30, 1)])
def test_a_price_booked_before_the_lapse(booked: int, ended: int, rules: int) -> None:
    left = member(Standing.ENDED, ended_on=TODAY - timedelta(days=ended))
    assert len(entitled([left], TODAY, PLAIN, TODAY - timedelta(days=booked)).rules) == rules


def test_the_best_plan_on_offer_is_the_one_that_saves_most_and_then_the_cheaper() -> None:
    offers = [
        Offer("Dear", replace(GLOW, dues_cents=30_000)),
        Offer("Glow", GLOW),
        Offer("Little", replace(GLOW, dues_cents=100, pricing=(TENTH,))),
    ]
    found = quoted(quote(client(offers=offers), CART))
    assert found.instead == (Instead(InsteadOf.JOINED, "Glow", 14_900, 11_200, 2_800),)
    assert quoted(quote(client(member(Standing.ACTIVE), offers=offers), CART)).instead == ()
    assert len(quoted(quote(client(member(Standing.ENDED), offers=offers), CART)).instead) == 1
    free = [Held("visit", 1000, 0)]
    assert quoted(quote(client(offers=offers, held=free), CART)).instead == ()  # nothing to save


def test_who_owes_is_told_what_it_would_be_once_paid() -> None:
    found = quoted(quote(client(member(Standing.SUSPENDED), arrival=Arrival(owed_cents=14_900)), CART))
    assert found.instead == (Instead(InsteadOf.PAID_UP, "Glow", 14_900, 11_200, 2_800),)
    found = quoted(quote(client(member(Standing.PAST_DUE), arrival=Arrival(owed_cents=14_900)), CART))
    assert found.instead == (Instead(InsteadOf.PAID_UP, "Glow", 14_900, 11_200, 0),)


def test_what_is_left_and_what_rests() -> None:
    held = [Held("visit", 1500, 2000), Held("USD", 0, 700)]
    found = quoted(quote(client(member(Standing.SUSPENDED), held=held), CART))
    assert found.bill.uses() == {"visit": 1000}
    assert (found.left, found.resting) == ((Left("visit", 500),), (Left("USD", 700), Left("visit", 2000)))


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (quote(client(on=TODAY + timedelta(days=1)), CART), CannotSell.IN_THE_FUTURE),
        (quote(client(on=TODAY - timedelta(days=32)), CART), CannotSell.TOO_LONG_AGO),
        (quote(client(items={}), CART), CannotSell.NO_SUCH_SERVICE),
        (quote(client(), Cart(lines=())), CannotSell.BAD_CART),
    ],
)
def test_what_is_refused(found: Quote | Refusal, why: CannotSell) -> None:
    assert isinstance(found, Refusal)
    assert found.why is why


def test_a_late_visit_is_quoted_as_late() -> None:
    assert quoted(quote(client(on=TODAY - timedelta(days=31)), CART)).told_late
    assert not quoted(quote(client(), CART)).told_late


def test_a_quote_is_kept_to_the_letter() -> None:
    cart = Cart(lines=(CartLine(code="peel", promo=TENTH, take_off="so"),), booked_on=TODAY)
    found = quoted(quote(client(member(Standing.SUSPENDED), held=[Held("visit", 500, 1)], arrival=WHOLE), cart))
    assert stored.read(Quote, stored.written(found), "quote") == found


def test_only_what_is_taken_makes_a_quote_stale() -> None:
    accepted = quoted(quote(client(member(Standing.ACTIVE), held=[Held("visit", 1000, 0)]), CART))
    richer = quoted(quote(client(member(Standing.ACTIVE), held=[Held("visit", 3000, 0)]), CART))
    assert same_deal(accepted, richer)
    poorer = quoted(quote(client(member(Standing.SUSPENDED)), CART))
    assert not same_deal(accepted, poorer)
    assert changes(accepted, poorer) == (
        Change(Changed.CREDIT, "visit", 1000, 0),
        Change(Changed.STANDING),
        Change(Changed.PRICE, None, 0, 14_000),
    )
    tomorrow = TODAY + timedelta(days=1)
    later = quoted(quote(client(member(Standing.ACTIVE), today=tomorrow, on=tomorrow), CART))
    assert not same_deal(accepted, later)
    assert Change(Changed.DAY) in changes(accepted, later)


def test_every_tender_has_its_word() -> None:
    assert set(Tender) == {"card", "cash", "cheque", "terminal", "nothing"}
