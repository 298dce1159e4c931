"""`assistant ledger verify --replay` and `assistant reconcile`, as a person runs them."""

from datetime import date, timedelta

import pytest

from assistant.services import journal
from tests.cli.test_billing_cli import Commands, run
from tests.world import World

__all__ = ["run"]
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # a command ends with its process


def member(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 11, 20), access_cents=2_000)
    world.card(client_id)
    world.bill()
    return client_id


def test_the_journal_is_replayed_and_told(world: World, run: Commands) -> None:
    world.spend(member(world), 1)
    assert run("ledger", "verify", "--replay") == 0
    assert run.told.splitlines() == [
        "spa 1: 3 entries and 10 postings replayed, 1 uses judged by the order of use",
        "  access       USD                  -2,000",
        "  clearing     USD                  14,438",
        "  credits      visit                     0",
        "  deferred     USD                       0",
        "  fees         USD                     462",
        "  issued       visit                 1,000",
        "  redeemed     visit                -1,000",
        "  revenue      USD                 -12,900",
        "  visit: granted +1,000, used -1,000 = 0 available",
        "The books are right: 3 entries, 10 postings, 10 checks, no difference.",
    ]
    with world.rt.unit_of_work() as uow:
        uow.sql("SET LOCAL session_replication_role = replica")
        uow.sql("UPDATE ledger_entry SET kind = 'credits_eaten' WHERE kind = 'credits_spent'")
    assert run("ledger", "verify") == 0
    assert run("ledger", "verify", "--replay") == 1
    assert run.told.splitlines()[-2:] == [
        f"{journal.KNOWN}: entry 3 credits_eaten says None, its postings say 1000",
        f"{journal.WHOLE}: client 1 visit says 0, its postings say 1000",
    ]


def test_what_differs_is_told_by_kind(world: World, run: Commands) -> None:
    client_id = member(world)
    for _ in range(7):
        world.grant(client_id)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE membership SET standing = 'past_due'")
    run.at(world.clock.now() + timedelta(hours=1))
    assert run("reconcile") == 1
    lines = run.told.splitlines()
    assert [line.split(":")[0] for line in lines[:6]] == ["credits_without_payment"] * 5 + ["standing_without_debt"]
    assert lines[6:] == [
        "  credits_without_payment      7",
        "  standing_without_debt        1",
        "8 differences; each is a task for the staff.",
    ]
    assert world.rows("SELECT count(*) FROM staff_task") == [(8,)]
