"""`assistant checkout` and `assistant ticket`, as a clerk types them: on a whole spa, with Stripe on loopback."""

import re
from datetime import date, timedelta

import pytest

from assistant.db.spas import Service
from assistant.sandbox.stripe_cards import Verdict
from tests.cli.test_billing_cli import Commands, run
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

MEMBER_PRICES = {"dues_cents": 14_900, "pricing": [{"category": "facials", "percent": 20}]}


@pytest.fixture
def ana(world: World) -> int:
    with world.rt.unit_of_work() as uow:
        uow.session.add_all(
            Service(
                spa_id=world.spa.spa_id,
                code=code,
                name=name,
                category="facials",
                list_price_cents=cents,
                credit_unit=unit,
            )
            for code, name, cents, unit in (
                ("signature", "Signature Facial", 16_500, "visit"),
                ("peel", "Gentle Peel", 14_000, None),
            )
        )
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 11, 1), terms=MEMBER_PRICES)
    world.grant(client_id, 2)
    return client_id


def ticket(run: Commands, pattern: str = r"Ticket (\d+)") -> str:
    found = re.search(pattern, run.told + run.complained)
    assert found, run.told + run.complained
    return found[1]


def test_a_visit_from_its_quote_to_its_void(world: World, run: Commands, ana: int) -> None:
    world.card(ana)
    assert run("checkout", "--member", ana, "signature", "peel:no-discount=not today", "--tip", "10") == 0
    assert run.told.splitlines() == [
        "  Glow, active",
        "  Signature Facial                      $165.00   due      $0.00",
        "      1 visit credit covers $165.00",
        "  Gentle Peel                           $140.00   due    $140.00",
        "      discount of $28.00 taken off: not today",
        "  due                                                    $140.00",
        "  tip                                                     $10.00",
        "  total                                                  $150.00",
        "  left afterwards: 1 visit credit",
    ]
    assert world.rows("SELECT count(*) FROM ticket") == [(0,)]

    assert run("checkout", "--member", ana, "signature", "peel", "--yes", "--key", "a") == 0
    assert "is paid: $112.00 by card." in run.told
    number = ticket(run)
    assert run("checkout", "--member", ana, "signature", "peel", "--yes", "--key", "a") == 0
    assert ticket(run) == number

    assert run("ticket", "show", number) == 0
    assert run.told.startswith(f"Ticket {number}, paid, by card, sold by staff:desk")
    assert run("ticket", "void", number, "--reason", "wrong client", "--by", "staff:kim") == 0
    assert run.told == f"Ticket {number} is void: $112.00 and 1 visit credit went back.\n"
    assert run("ticket", "show", number) == 0
    assert "voided, by staff:kim: wrong client" in run.told
    assert run("ticket", "abandon", number) == 2
    assert run.complained == "The ticket is void, not open.\n"
    assert run("ledger", "verify") == 0


def test_a_card_that_says_no(world: World, run: Commands, ana: int) -> None:
    world.stripe.behave(world.card(ana), *[Verdict("insufficient_funds", "try_again_later", "51")] * 2)
    assert run("checkout", "--member", ana, "peel", "--yes") == 1
    said = "There was not enough money on the card. Nothing is tried again by itself"
    assert f"is open. {said}" in run.complained
    number = ticket(run)
    assert run("ticket", "show", number) == 0
    assert said in run.told
    assert run("ticket", "pay", number, "--tender", "card") == 1
    assert run("ticket", "pay", number, "--tender", "cash") == 0
    assert run.told == f"Ticket {number} is paid: $112.00 by cash.\n"

    world.clock.advance(timedelta(minutes=5))
    world.stripe.behave(world.card(ana), Verdict("expired_card", None, "54"))
    assert run("checkout", "--member", ana, "signature", "peel", "--yes") == 1
    number = ticket(run)
    assert run("ticket", "abandon", number) == 0
    assert run.told == f"Ticket {number} is let go; what it held is free again.\n"
    assert world.rows("SELECT sum(remaining - held)::bigint FROM credit_lot") == [(2000,)]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["botany"], "Nothing is sold under botany.\n"),
        (["peel*0"], "This cannot be priced: 0 of peel is no quantity.\n"),
        (["peel", "--on", "2026-11-21"], "2026-11-21 is in the future.\n"),
        (["peel", "--on", "2026-11-19", "--yes"], "A visit that is written down late needs a reason: --because.\n"),
    ],
)
def test_what_is_refused(run: Commands, ana: int, words: list[str], complaint: str) -> None:
    assert run("checkout", "--member", ana, *words) == 2
    assert run.complained == complaint


def test_nobody_and_nothing(run: Commands) -> None:
    assert run("checkout", "--member", 999, "peel") == 2
    assert run.complained == "There is no client 999.\n"
    assert run("ticket", "show", 999) == 2
    assert run.complained == "There is no ticket 999.\n"
    for words in (["checkout", "--member", "1", "peel:free"], ["checkout", "--member", "1", "peel", "--tip", "1.005"]):
        with pytest.raises(SystemExit):
            run(*words)
