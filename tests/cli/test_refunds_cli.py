"""`assistant refund` and `assistant disputes`, as a clerk types them: on a whole spa, with Stripe on loopback."""

import json

import pytest

from tests.cli.test_billing_cli import Commands, run
from tests.services.test_refunds import Month, given, paid_month, right
from tests.world import World

__all__ = ["run"]

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def month(world: World) -> Month:
    return paid_month(world)


def test_a_month_is_refunded_once_it_was_shown(run: Commands, month: Month) -> None:
    assert run("refund", "--member", month.client_id) == 0
    assert run.told.splitlines() == [
        f"Ana Example (client {month.client_id}), invoice 1: cycle 0 of 2026-11-20, $149.00 paid by card",
        "  goes back              $149.00  to the card",
        "                         $149.00  of unused credit",
        f"  taken back      1 visit credit  client {month.client_id}",
        "  left after               $0.00",
        "Nothing is done yet: --yes gives it back.",
    ]
    assert given(month.world) == []
    assert run("refund", "--invoice", 1, "--amount", "50.00", "--yes", "--reason", "late") == 0
    assert "  stays             visit credit  $50.00 less behind it" in run.told.splitlines()
    assert run.told.endswith("Refund 1: $50.00 goes back to the card.\n")
    assert run("refund", "--invoice", 1, "--cents", 9_901) == 1
    assert run.complained == "At most $99.00 can go back.\n"
    assert run("refund", "--invoice", 1, "--yes") == 0
    assert run("refund", "--invoice", 1) == 1
    assert run.complained.startswith("Nothing of it is left")
    assert given(month.world) == [5_000, 9_900]
    right(month.world)


def test_used_credit_goes_back_by_a_manager(run: Commands, month: Month) -> None:
    month.world.spend(month.client_id)
    assert run("refund", "--invoice", 1, "--forced", "--yes") == 1
    assert "  claimed         1 visit credit  from the next grants" in run.told.splitlines()
    assert run.complained == "A manager must say yes: --approved-by NAME.\n"
    assert run("refund", "--invoice", 1, "--forced", "--yes", "--approved-by", "boss", "--reason", "hurt") == 0
    assert given(month.world) == [14_900]
    right(month.world)


def test_disputes_are_listed_with_their_last_day_and_their_evidence(run: Commands, month: Month) -> None:
    assert run("disputes", "list") == 0
    assert run.told == "No dispute.\n"
    month.world.stripe.open_dispute(month.attempt["charge"])
    month.world.settle()
    assert run("disputes", "list") == 0
    assert run.told == (
        f"     1  open     $149.00  2026-11-20  Ana Example (client {month.client_id}){' ' * 10} invoice 1"
        "  general  evidence by 2026-11-27\n"
    )
    assert run("disputes", "pack", 1) == 0
    assert json.loads(run.told)["payment"]["amount_cents"] == 14_900
    assert run("disputes", "pack", 2) == 2
    assert run("refund", "--invoice", 1, "--yes") == 1
    assert run.complained.startswith("The bank has this payment in hand")


def test_what_is_not_there_cannot_be_refunded(run: Commands) -> None:
    for option in ("--invoice", "--member", "--ticket", "--mistake"):
        assert run("refund", option, 99) == 2
        assert run.complained
