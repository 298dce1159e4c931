"""Months of dues with everything going wrong: in bulk, closely watched, and with bugs that are there to be found.

`SIMULATE=200 pytest tests/stories/test_simulate.py -k closely` lives through two hundred small years.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from assistant.cli import simulate
from assistant.db.connections import Database
from assistant.gateways.ports import Approved, ChargeOrder, Page, PageOrder
from assistant.local.postgres import LocalPostgres
from assistant.sandbox.stripe_ports import SandboxPayments
from assistant.simulation.checks import BrokenError
from assistant.simulation.house import House
from assistant.simulation.life import BEGIN, Life
from assistant.simulation.peril import AskedInsideError
from assistant.simulation.script import Script
from assistant.simulation.story import Story, ended, lived
from assistant.simulation.wanted import never_happened
from tests.stories.bug_bank import BUGS, Bug

SMALL = Script(members=14, days=110, close=True)
SEEDS = range(int(os.environ.get("SIMULATE", "8")))
BULK = {"members": 900, "months": 12}
BULK_SEEDS = (1, 2)
LEAST_MEMBER_MONTHS = 20_000
NUMBERS = count(1)


@contextmanager
def a_database(postgres: LocalPostgres, template: str) -> Iterator[Database]:
    name = f"story_{next(NUMBERS)}"
    database = Database(postgres.create_database(name, template))
    try:
        yield database
    finally:
        database.close()
        postgres.drop_database(name)


def simulated(*, members: int, months: int, seed: int) -> subprocess.Popen[str]:
    """The command itself, in a process of its own."""
    words = ["simulate", "--members", str(members), "--months", str(months), "--seed", str(seed), "--json"]
    program = "import sys; from assistant.cli import main; sys.exit(main())"
    environ = {**os.environ, "PYTHONHASHSEED": str(seed * 7 + next(NUMBERS))}
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    )


@pytest.fixture(scope="module")
def bulk() -> Iterator[list[subprocess.Popen[str]]]:
    """Two stories side by side, each in a process of its own with a database of its own; begun first, heard later."""
    running = [simulated(**BULK, seed=seed) for seed in BULK_SEEDS]
    yield running
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def small(bulk: list[subprocess.Popen[str]], postgres: LocalPostgres, template: str) -> list[Story]:
    """Small years, meanwhile; the first that breaks is the last."""
    del bulk
    stories: list[Story] = []
    for seed in SEEDS:
        with a_database(postgres, template) as database:
            stories.append(lived(database, SMALL, seed))
        if stories[-1].broken is not None:
            break
    return stories


def test_small_years_watched_closely(small: list[Story]) -> None:
    """After every step everything is held against the processor's own book."""
    for story in small:
        assert story.broken is None, "\n".join(ended(story, f"lived(…, SMALL, {story.seed}) of {__file__}"))
        assert len(story.log) > 200
        assert story.checks > 10_000
    assert len(small) == len(SEEDS)


def test_twenty_thousand_member_months(bulk: list[subprocess.Popen[str]], small: list[Story]) -> None:
    """What happened in none of them was not tried (I26)."""
    told = [process.communicate(timeout=900) for process in bulk]
    assert [process.returncode for process in bulk] == [0, 0], [words for _, words in told]
    totals = [json.loads(out.splitlines()[-1]) for out, _ in told]
    assert sum(each["member_months"] for each in totals) >= LEAST_MEMBER_MONTHS
    assert sum(each["checks"] for each in totals) > 10_000
    stories = [Story(0, SMALL, (), each["happened"], each["totals"], each["checks"], None) for each in totals]
    assert never_happened([*stories, *small]) == []


def test_a_seed_is_a_story_byte_for_byte_and_another_seed_another() -> None:
    running = [simulated(members=20, months=3, seed=seed) for seed in (5, 5, 6)]
    one, same, other = (process.communicate(timeout=300) for process in running)
    assert one == same
    assert one[0] != other[0]
    assert [process.returncode for process in running] == [0, 0, 0]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_that_was_planted_is_seen(bug: Bug, postgres: LocalPostgres, template: str) -> None:
    broken = None
    for seed in bug.seeds:
        with a_database(postgres, template) as database:
            story = lived(database, SMALL, seed, payments=bug.payments, refunds=bug.refunds, plant=bug.plant)
        if (broken := story.broken) is not None:
            break
    assert broken is not None
    assert bug.seen_by in broken


# ── each watch is shown the thing it watches for ──


@contextmanager
def a_calm_month(postgres: LocalPostgres, template: str) -> Iterator[Life]:
    """A few members, most of whom have paid, and nothing that goes wrong."""
    with a_database(postgres, template) as database, House.begun(database, BEGIN, 1) as house:
        life = Life(house, Script(members=8, days=16, close=False), 1)
        life.weather = replace(life.weather, unreadable=False, a_day=0, never=0, lost=0, twice=0, backwards=0)
        house.peril.dying = house.peril.crossing = house.phones.forgetful = 0.0
        life.live()
        life.settle()
        life.check_the_end()
        yield life


PAID = "(SELECT min(id) FROM invoice WHERE paid_by = 'card')"
SUCCEEDED = "(SELECT min(id) FROM charge_attempt WHERE status = 'succeeded')"
ASKED_TWICE = f"""
    INSERT INTO charge_attempt (spa_id, invoice_id, number, key, cause, customer_id, fingerprint, amount_cents, status,
                                created_at, asked_at, look_at, answered_at, rule)
    SELECT spa_id, invoice_id, n, 'k' || n, 'retry', customer_id, 'x', amount_cents, 'declined', created_at + n * m,
           asked_at + n * m, look_at, created_at + n * m, 'later'
    FROM charge_attempt, generate_series(91, 92) n, (SELECT interval '1 minute') i(m) WHERE id = {SUCCEEDED}"""
SPOILT = (
    ("I06 dues are booked", f"UPDATE invoice SET paid_by = NULL, paid_at = NULL, status = 'skipped' WHERE id = {PAID}"),
    ("I06 dues are booked", f"UPDATE ledger_entry SET key = 'lost' WHERE key = 'dues:' || {PAID}"),
    ("I01 one attempt", f"UPDATE invoice SET paid_by = 'cash' WHERE id = {PAID}"),
    ("I01 one attempt", f"UPDATE charge_attempt SET status = 'declined', rule = 'later' WHERE id = {SUCCEEDED}"),
    ("I01 attempt", f"UPDATE charge_attempt SET payment_id = 'pi_other' WHERE id = {SUCCEEDED}"),
    ("I02 a payment", f"UPDATE charge_attempt SET amount_cents = amount_cents + 1 WHERE id = {SUCCEEDED}"),
    ("I02 attempt", f"UPDATE charge_attempt SET created_at = created_at + interval '1 day' WHERE id = {SUCCEEDED}"),
    ("I12 who is past due", "UPDATE membership SET standing = 'past_due' WHERE standing = 'active'"),
    ("I15 no card is asked by itself", ASKED_TWICE),
    ("I16 a cycle costs", f"UPDATE invoice SET dues_cents = dues_cents - 1 WHERE id = {PAID}"),
    ("I20 every move", "UPDATE membership SET standing = 'paused' WHERE standing = 'active'"),
    ("I23 cycle", f"UPDATE invoice SET due_on = due_on + 1 WHERE id = {PAID}"),
    ("lot", "UPDATE credit_lot SET remaining = remaining - 1"),
    ("sums to zero", "UPDATE ledger_posting SET amount = amount + 1 WHERE leg = 1 AND unit = 'visit'"),
    ("I22", "UPDATE client SET last_name = '4242 0055 0000 0016' WHERE id = (SELECT min(id) FROM client)"),
    ("I21 a message", "UPDATE outbound_message SET status = 'waiting'"),
    ("I13", f"UPDATE charge_attempt SET status = 'asked' WHERE id = {SUCCEEDED}"),
)


@pytest.mark.parametrize(("words", "spoil"), SPOILT, ids=[words for words, _ in SPOILT])
def test_what_would_be_wrong_in_our_tables_is_seen(
    words: str, spoil: str, postgres: LocalPostgres, template: str
) -> None:
    with a_calm_month(postgres, template) as life:
        with life.house.bare.unit_of_work() as uow:
            uow.sql("SET LOCAL session_replication_role = replica")  # past the rules that would refuse it
            assert uow.sql(spoil).rowcount > 0
        with pytest.raises(BrokenError, match=words):
            life.check_the_end()


def _order(house: House, *, key: str | None = None) -> ChargeOrder:
    """What was paid once, to be paid again."""
    paid = house.stripe.all("payment_intent", where={"status": "succeeded"})[0]
    metadata = {name: each for name, each in paid["metadata"].items() if name != "key"}
    key = key or paid["metadata"]["key"]
    return ChargeOrder(None, key, paid["customer"], paid["payment_method"], paid["amount"], metadata)


def test_a_charge_nobody_intended_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        SandboxPayments(life.house.stripe).charge(replace(_order(life.house, key="theirs"), metadata={}))
        with pytest.raises(BrokenError, match=r"I02 .* no attempt of ours"):
            life.watch.month()


def test_a_success_that_came_twice_is_seen(postgres: LocalPostgres, template: str) -> None:
    """The same key, when the processor has forgotten it."""
    with a_calm_month(postgres, template) as life:
        life.house.clock.advance(timedelta(days=2))
        assert isinstance(SandboxPayments(life.house.stripe).charge(_order(life.house)), Approved)
        with pytest.raises(BrokenError, match=r"I01 .* charged 2 times"):
            life.watch.month()


def test_a_card_that_was_saved_and_is_not_known_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        house = life.house
        [[client, customer]] = house.rows("SELECT client_id, customer_id FROM payer ORDER BY client_id LIMIT 1")
        about = {"spa": str(house.spa_id), "client": str(client), "page": "99"}
        until = house.clock.now() + timedelta(hours=1)
        page = house.bare.card_pages.open(PageOrder(None, "k", str(customer), "https://x.example", "en", about, until))
        assert isinstance(page, Page)
        assert house.stripe.type_card(page.page_id, house.new_number()).turn == "done"
        with pytest.raises(BrokenError, match="we do not know it"):
            life.watch.settled()


def test_a_move_that_is_not_listed_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        life.watch.step()
        with life.house.bare.unit_of_work() as uow:
            uow.sql("SET LOCAL session_replication_role = replica")
            uow.sql(f"UPDATE invoice SET status = 'written_off', paid_at = NULL, paid_by = NULL WHERE id = {PAID}")
        with pytest.raises(BrokenError, match="I12 invoice went from paid to written_off"):
            list(map(_raise, life.watch.moves()))


def _raise(broken: str) -> None:
    raise BrokenError(broken)


def test_an_event_that_nobody_foresaw_ends_the_story(postgres: LocalPostgres, template: str) -> None:
    """What a handler raises is swallowed by the machine, and seen by the watch."""
    with a_calm_month(postgres, template) as life:
        with life.house.bare.unit_of_work() as uow:
            uow.sql("UPDATE provider_event SET failures = 1 WHERE id = (SELECT min(id) FROM provider_event)")
        with pytest.raises(BrokenError, match="I11 an event was too much"):
            life.watch.month()


def test_a_provider_asked_inside_a_transaction_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life, life.house.bare.unit_of_work(), pytest.raises(AskedInsideError):
        life.house.rt.payments.fetch(None, "pi_1")


def test_a_worker_dies_where_it_is_told(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        life.house.peril.calm, life.house.peril.dying = False, 1.0
        assert life.house.peril.alone(lambda: life.house.rt.transact(lambda uow: uow.sql("SELECT 1"))) is False
        assert life.house.happened["worker died at commit"] == 1


def test_what_broke_is_told_with_all_it_takes_to_see_it_again(
    capsys: pytest.CaptureFixture[str], postgres: LocalPostgres, template: str
) -> None:
    bug = next(bug for bug in BUGS if bug.name == "one cent more")
    with a_database(postgres, template) as database:
        story = lived(database, SMALL, 3, payments=bug.payments)
    assert simulate.told(story, "assistant simulate --seed 3", as_json=False) == 1
    said = capsys.readouterr()
    assert "Broken at step" in said.err
    assert "of seed 3: BrokenError: I" in said.err
    assert "Again: assistant simulate --seed 3" in said.err
    assert len(said.err.splitlines()) <= 34


def test_a_story_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert simulate.run(members=6, months=1, seed=2, as_json=False) == 0
    said = capsys.readouterr().out
    assert "Money: $" in said
    assert "checks, by our books and by the processor's own: all of it is so." in said


def test_what_never_happened_is_named() -> None:
    empty = Story(0, SMALL, (), {}, {}, 0, None)
    assert "machine away" in never_happened([empty])
    assert "cycles paid" in never_happened([empty])
