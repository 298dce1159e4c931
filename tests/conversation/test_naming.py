"""Which plan is named, by its name, by most of it, or by its price."""

import pytest

from assistant.conversation.naming import plan_named
from assistant.conversation.normalise import plain

PLANS = ("Glow", "Radiance", "Luxe")
PRICES = {"Glow": 99, "Radiance": 149, "Luxe": 249}
METALS = ("Silver", "Gold", "Platinum")


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("radience", "Radiance"),
        ("raidance plan", "Radiance"),
        ("lux", "Luxe"),
        ("radi ance", "Radiance"),
        ("cancel my Luxe upgrade and put me back on Glow", "Glow"),
        ("switch from glow to radiance", "Radiance"),
        ("de glow a luxe", "Luxe"),
        ("glow instead of luxe", "Glow"),
        ("luxe not radiance", "Luxe"),
        ("glow or luxe", None),
        ("grow my plan", None),
        ("the 149 one", None),
        ("the middle one", None),
        ("the cheapest one", None),
    ],
)
def test_by_its_name(text: str, plan: str | None) -> None:
    assert plan_named(plain(text), PLANS) == plan


@pytest.mark.parametrize("text", ["good morning, upgrade me", "sounds good, switch me", "is that all you sold"])
def test_an_ordinary_word_is_no_plan(text: str) -> None:
    assert plan_named(plain(text), METALS) is None


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("the 149 one", "Radiance"),
        ("switch me to the $249 plan", "Luxe"),
        ("$99.00 a month one", "Glow"),
        ("upgrade me from 99 to 149", "Radiance"),
        ("al de 249", "Luxe"),
        ("the middle one please", "Radiance"),
        ("el de en medio", "Radiance"),
        ("downgrade me to the cheapest plan", "Glow"),
        ("el plan mas barato", "Glow"),
        ("the most expensive one", "Luxe"),
        ("i pay 149 now, switch me", None),
        ("the 120 one", None),
        ("a cheaper one", None),
        ("quiero un plan mas barato", None),
        ("the luxe one, not the 149 one", "Luxe"),
    ],
)
def test_by_its_price_where_that_is_plain(text: str, plan: str | None) -> None:
    assert plan_named(plain(text), PLANS, PRICES) == plan


def test_two_of_one_price_are_asked_about() -> None:
    prices = {"Glow": 99, "Radiance": 99, "Luxe": 249}
    assert plan_named("the 99 one", PLANS, prices) is None
    assert plan_named("the cheapest", PLANS, prices) is None
    assert plan_named("the cheapest", PLANS, {"Glow": 99, "Luxe": 249}) is None


def test_prices_in_cents_are_said_in_dollars() -> None:
    assert plan_named("the 149 one", PLANS, {"Glow": 9900, "Radiance": 14900, "Luxe": 24900}) == "Radiance"
