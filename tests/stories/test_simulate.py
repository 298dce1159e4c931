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
from assistant.domain.credits import Lot, LotClass, Take
from assistant.domain.ledger import USD, Account, Entry, Leg
from assistant.gateways.ports import Approved, ChargeOrder, Page, PageOrder
from assistant.local.postgres import LocalPostgres
from assistant.sandbox.stripe_ports import SandboxPayments
from assistant.services import ledger
from assistant.simulation.checks import BrokenError
from assistant.simulation.house import House
from assistant.simulation.life import BEGIN, Life
from assistant.simulation.peril import AskedInsideError
from assistant.simulation.purse import OutOfOrderError, in_order
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
LOT = f"(SELECT min(id) FROM credit_lot WHERE invoice_id = {PAID})"
GRANT = f"(SELECT entry_id FROM credit_lot WHERE id = {LOT})"
CHARGED = f"FROM charge_attempt a JOIN invoice i ON i.id = a.invoice_id WHERE a.id = {SUCCEEDED}"
DISPUTE = f"""
    WITH e AS (INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at)
               SELECT spa_id, 'dispute:d', 'x', now(), now() FROM spa WHERE spa_id <> 0)
    INSERT INTO dispute (spa_id, dispute_id, attempt_id, invoice_id, client_id, cents, reason, status, opened_at, pack)
    SELECT a.spa_id, 'd', a.id, i.id, i.client_id, 1, 'x', 'open', now(), '{{}}' {CHARGED}"""
LEFT = f"""
    INSERT INTO cancellation (spa_id, membership_id, code, asked_at, done_at, effective_on, channel, actor)
    SELECT i.spa_id, i.membership_id, 'x', a.created_at - interval '1 hour', now(), i.due_on, 'sms', 'x' {CHARGED}"""
MOVED = """
    INSERT INTO membership_move (spa_id, membership_id, client_id, at, on_day, standing, plan_id, plan_version_id,
                                 mrr_cents, delta_cents)
    SELECT m.spa_id, m.membership_id, m.client_id, m.at, m.on_day, m.standing, v.plan_id, v.id, m.mrr_cents, 0
    FROM (SELECT * FROM membership_move ORDER BY id LIMIT 1) m
    JOIN LATERAL (SELECT * FROM plan_version v WHERE v.id <> m.plan_version_id ORDER BY v.id LIMIT 1) v ON true"""
ROLLED_OFF = f"""
    INSERT INTO roll_off (spa_id, key, lot_id, client_id, amount, most, last_on, told_by, made_at, settled_at, entry_id)
    SELECT spa_id, 'x', id, client_id, 1, 1, granted_on, 'nobody', now(), now(), entry_id
    FROM credit_lot WHERE id = {LOT}"""


def refund(status: str, cents: str) -> str:
    """A refund of the first charge that nobody made."""
    return f"""
        INSERT INTO refund (spa_id, key, invoice_id, attempt_id, cents, status, tender, plan, reason, actor, asked_at,
                            look_at)
        SELECT a.spa_id, 'r', i.id, a.id, {cents}, '{status}', 'card', '{{}}', 'r', 'x', a.created_at, now()
        {CHARGED}"""


def pause(starts: str, resumes: str, ended: str) -> str:
    """A pause around the first charge that nobody asked for."""
    return f"""
        INSERT INTO pause (spa_id, membership_id, starts_on, resumes_on, actor, asked_at, began_at, ended_at, ended_on)
        SELECT i.spa_id, i.membership_id, {starts}, {resumes}, 'x', a.created_at, a.created_at - interval '1 hour',
               a.created_at + interval '1 hour', {ended} {CHARGED}"""


def ticket(status: str, credit: str, at: str = "2026-09-21") -> str:
    """A ticket that no till rang up."""
    return f"""
        WITH t AS (
            INSERT INTO ticket (spa_id, key, client_id, status, tender, due_cents, tax_cents, tip_cents, total_cents,
                                quote, actor, visit_on, opened_at)
            SELECT spa_id, 'x', id, '{status}', 'cash', 0, 0, 0, 0, '{{}}', 'x', '2026-09-21', '{at}' FROM client
            ORDER BY id LIMIT 1 RETURNING spa_id, id)
        INSERT INTO ticket_line (spa_id, ticket_id, place, service_id, list_cents, covered_cents, due_cents, why,
                                 credit_unit, credit_amount)
        SELECT t.spa_id, t.id, 1, s.id, 1, 1, 0, '[]', {credit} FROM t JOIN service s ON s.code = 'signature'"""


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
    ("I05 no balance", "UPDATE ledger_posting SET amount = 1 - amount WHERE account = 'credits' AND leg = 2"),
    ("I05 no lot", f"UPDATE allocation SET amount = -amount WHERE lot_id = {LOT}"),
    ("I07 what was paid for", f"UPDATE ledger_entry SET kind = 'credits_expired' WHERE id = {GRANT}"),
    ("I07 what is held back", f"UPDATE credit_lot SET granted = granted + 1 WHERE id = {LOT}"),
    ("I07 nothing is used", f"UPDATE ledger_entry SET kind = 'credits_spent' WHERE id = {GRANT}"),
    ("I06 what went back", refund("done", "amount_cents")),
    ("I17 no more goes back", refund("done", "amount_cents + 1")),
    ("I13 a refund is in doubt", refund("asked", "1")),
    ("D16 what a disputed", DISPUTE),
    ("D17 credit rests", f"UPDATE credit_lot SET frozen_at = now() WHERE id = {LOT}"),
    ("B1 nobody is charged", pause("i.due_on", "i.due_on + 30", "i.due_on + 30")),
    ("B1 who rests", pause("i.due_on - 40", "i.due_on - 10", "i.due_on - 15")),
    ("B17 nobody", LEFT),
    ("B12 terms", MOVED),
    ("C5 nothing rolls off", ROLLED_OFF),
    ("I21 a ticket is open", ticket("open", "NULL, 0")),
    ("I07 an open ticket", ticket("open", "'visit', 1000", "2027-01-01")),
    ("I07 a ticket that was paid", ticket("paid", "'visit', 1000")),
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


def test_money_that_only_one_book_has_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        house = life.house
        spa, at = house.spa_id, house.clock.now()
        debit, credit = Leg(Account.CLEARING, USD, 5), Leg(Account.OWED_BACK, USD, -5)
        odd = Entry.transfer("odd", "odd", at, debit=debit, credit=credit)
        house.bare.transact(lambda uow: ledger.post(uow, spa, [odd]))
        with pytest.raises(BrokenError, match="I25 the processor owes us"):
            life.watch.closed()


def test_what_went_back_and_nobody_heard_of_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        stripe = life.house.stripe
        stripe.refund(stripe.all("payment_intent", where={"status": "succeeded"})[0]["id"])
        with pytest.raises(BrokenError, match=r"I17 .* went back, and not by our books"):
            life.watch.closed()


def test_a_dispute_that_nobody_heard_of_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        stripe = life.house.stripe
        stripe.open_dispute(stripe.all("charge", where={"status": "succeeded"})[0]["id"])
        with pytest.raises(BrokenError, match=r"D16 dispute .* is needs_response and we have it None"):
            life.watch.closed()


def test_a_journal_that_comes_to_something_else_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        with life.house.bare.unit_of_work() as uow:
            uow.sql("SET LOCAL session_replication_role = replica")
            uow.sql("UPDATE ledger_account SET balance = balance - 1 WHERE account = 'credits'")
        with pytest.raises(BrokenError, match="the journal differs: every member's balance"):
            life.watch.replayed()


def test_a_report_that_does_not_add_up_is_seen(postgres: LocalPostgres, template: str) -> None:
    with a_calm_month(postgres, template) as life:
        with life.house.bare.unit_of_work() as uow:
            uow.sql("UPDATE mrr_day SET delta_cents = delta_cents + 1")
        with pytest.raises(BrokenError, match=r"8\.9 the report of recurring revenue"):
            life.watch.month()


def test_credit_used_in_another_order_is_seen() -> None:
    day = BEGIN.date()
    lots = [Lot(1, "visit", LotClass.PAID, 1000, 1000, day), Lot(2, "visit", LotClass.PROMO, 1000, 1000, day, day)]
    in_order(lots, 1500, (Take(2, 1000), Take(1, 500)), day)
    in_order(lots, 2500, None, day)
    for amount, takes in ((1500, (Take(1, 1000), Take(2, 500))), (1500, None), (2500, (Take(1, 2500),))):
        with pytest.raises(OutOfOrderError, match="I05"):
            in_order(lots, amount, takes, day)


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
