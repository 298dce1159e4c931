"""The books on a real database: balanced, once by key, never overdrawn, and proved from their postings."""

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from threading import Barrier

import psycopg
import pytest

from assistant.domain import ledger as books
from assistant.domain.credits import MILLI, LotClass
from assistant.domain.ledger import USD, Account, Entry, Leg
from assistant.runtime import SecondStatementError, UnitOfWork
from assistant.services import credits, ledger, sweep, verification
from assistant.services.credits import Grant
from assistant.services.ledger import Posted
from tests.world import World

AT = datetime(2026, 11, 20, 17, 30, 15, 123456, tzinfo=timezone(timedelta(hours=-7)))
BO = "+15055550111"


def post(world: World, *entries: Entry) -> list[Posted]:
    with world.rt.unit_of_work() as uow:
        return ledger.post(uow, world.spa.spa_id, entries)


def balance(world: World, account: Account, unit: str, client_id: int = 0) -> int:
    with world.rt.unit_of_work() as uow:
        return ledger.balance(uow, world.spa.spa_id, account, unit, client_id)


def differences(world: World) -> list[str]:
    with world.rt.unit_of_work() as uow:
        return [each.check for each in verification.differences(uow)]


def count(world: World, table: str) -> int:
    [[many]] = world.rows(f"SELECT count(*) FROM {table}")
    return int(str(many))


def owed(key: str, cents: int, *members: int) -> Entry:
    """Dollars that move from the first member's account to the second's, or from the spa to the one there is."""
    debit = Leg(Account.DEFERRED, USD, cents, members[0])
    other = members[1] if len(members) > 1 else 0
    return Entry.transfer(key, "test", AT, debit=debit, credit=Leg(Account.DEFERRED, USD, -cents, other))


@pytest.fixture
def ana(world: World) -> int:
    return world.client("Ana")


@pytest.fixture
def bo(world: World) -> int:
    return world.client("Bo", BO)


# --- posting -----------------------------------------------------------------------------------------------------


def test_one_entry_is_in_the_books_as_it_was_said(world: World, ana: int) -> None:
    [posted] = post(world, books.granted("g", AT, ana, "visit", 2000))

    assert posted.fresh
    assert world.rows("SELECT id, key, kind, occurred_at, recorded_at, reverses FROM ledger_entry") == [
        (posted.entry_id, "g", "credits_granted", AT, world.clock.now(), None)
    ]
    assert world.rows("SELECT leg, client_id, account, unit, amount FROM ledger_posting ORDER BY leg") == [
        (1, 0, "issued", "visit", 2000),
        (2, ana, "credits", "visit", -2000),
    ]
    assert balance(world, Account.CREDITS, "visit", ana) == -2000
    assert balance(world, Account.ISSUED, "visit") == 2000


@pytest.mark.parametrize("many", [1, 2, 10_000])
def test_any_number_is_one_statement(world: World, ana: int, bo: int, many: int) -> None:
    entries = [owed(f"k{n:05}", n + 1, (ana, bo)[n % 2]) for n in range(many)]

    with world.rt.single_statement() as uow:
        posted = ledger.post(uow, world.spa.spa_id, entries)

    assert [row.fresh for row in posted] == [True] * many
    keys = dict(world.rows("SELECT id, key FROM ledger_entry"))
    assert [keys[row.entry_id] for row in posted] == [entry.key for entry in entries]
    assert balance(world, Account.DEFERRED, USD, ana) == sum(range(1, many + 1, 2))
    assert count(world, "ledger_posting") == 2 * many
    assert differences(world) == []


def test_two_members_in_one_entry(world: World, ana: int, bo: int) -> None:
    post(world, owed("gift", 500, ana, bo))

    assert (balance(world, Account.DEFERRED, USD, ana), balance(world, Account.DEFERRED, USD, bo)) == (500, -500)
    assert world.rows("SELECT leg, client_id FROM ledger_posting ORDER BY leg") == [(1, ana), (2, bo)]


def test_words_that_an_array_would_trip_on(world: World, ana: int) -> None:
    words = [
        "two\nlines",
        '"',
        "\\",
        '\\"',
        "{a,b}",
        "NULL",
        "null",
        "",
        " ",
        "a b",
        "a,b",
        "Ümlaut é 💳",
        "line\nend",
        "'",
        "%s",
        "{}",
    ]
    entries = [Entry(word, word, AT, (Leg(Account.ISSUED, word, 1), Leg(Account.DEFERRED, word, -1))) for word in words]
    alone = Entry('one\\"{}', '"', AT, (Leg(Account.ISSUED, '\\"', 1), Leg(Account.DEFERRED, '\\"', -1, ana)))

    post(world, *entries)
    post(world, alone)

    kept = world.rows("SELECT e.key, e.kind, p.unit FROM ledger_entry e JOIN ledger_posting p ON p.entry_id = e.id")
    assert sorted(set(kept)) == sorted([*((word, word, word) for word in words), ('one\\"{}', '"', '\\"')])


def test_the_spas_own_accounts_have_no_row_to_fight_over(world: World, ana: int) -> None:
    post(world, books.dues_collected("dues", AT, 14_900))
    post(world, books.granted("g", AT, ana, "visit", 1000), books.dues_collected("dues 2", AT, 14_900))

    assert world.rows("SELECT client_id, account, unit, balance FROM ledger_account") == [
        (ana, "credits", "visit", -1000)
    ]
    assert balance(world, Account.CLEARING, USD) == 29_800


# --- once by key -------------------------------------------------------------------------------------------------


@pytest.fixture(params=["alone", "among others", "two members"])
def again(request: pytest.FixtureRequest, world: World, ana: int, bo: int) -> Callable[[int], Posted]:
    """Posts an entry under one key for so many cents, by each of the ways to the books."""
    calls = iter(range(100))

    def run(cents: int) -> Posted:
        if request.param == "alone":
            return post(world, owed("k", cents, ana))[0]
        if request.param == "two members":
            return post(world, owed("k", cents, ana, bo))[0]
        return post(world, owed(f"other {next(calls)}", 1, bo), owed("k", cents, ana))[1]

    return run


def test_a_known_key_with_the_same_legs_changes_nothing(world: World, ana: int, again: Callable[[int], Posted]) -> None:
    first, second = again(700), again(700)

    assert (first.fresh, second.fresh) == (True, False)
    assert first.entry_id == second.entry_id
    assert balance(world, Account.DEFERRED, USD, ana) == 700
    assert differences(world) == []


def test_a_known_key_with_other_legs_is_refused_and_nothing_of_the_call_is_posted(
    world: World, ana: int, bo: int, again: Callable[[int], Posted]
) -> None:
    again(700)
    before = count(world, "ledger_posting"), balance(world, Account.DEFERRED, USD, bo)

    with pytest.raises(psycopg.errors.UniqueViolation, match="posted with other legs"):
        again(701)

    assert (count(world, "ledger_posting"), balance(world, Account.DEFERRED, USD, bo)) == before
    assert balance(world, Account.DEFERRED, USD, ana) == 700


def test_a_key_is_of_one_spa(world: World, ana: int) -> None:
    post(world, owed("k", 700, ana))
    with world.rt.unit_of_work() as uow:
        [posted] = ledger.post(uow, 0, [books.dues_collected("k", AT, 5)])
    assert posted.fresh


def test_one_key_twice_in_one_call_is_a_mistake(world: World, ana: int) -> None:
    with pytest.raises(ValueError, match="same key twice"):
        post(world, owed("k", 1, ana), owed("k", 2, ana))


def test_eight_threads_with_the_same_entries_post_each_once(world: World, ana: int, bo: int) -> None:
    entries = [owed(f"k{n}", n + 1, *((ana, bo) if n % 3 else (bo, ana))) for n in range(1500)]

    def work(seed: int) -> int:
        mine = random.Random(seed).sample(entries, len(entries))  # noqa: S311
        barrier.wait()
        fresh = sum(row.fresh for row in post(world, *mine[5:]))
        return fresh + sum(post(world, entry)[0].fresh for entry in mine[:5])

    barrier = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 1500
    assert balance(world, Account.DEFERRED, USD, ana) == sum(n + 1 if n % 3 else -n - 1 for n in range(1500))
    assert differences(world) == []


def test_eight_threads_on_the_same_accounts_in_opposite_orders_never_lock_each_other_out(
    world: World, ana: int, bo: int
) -> None:
    """A deadlock would be raised: a unit of work is not tried again by itself."""

    def work(thread: int) -> None:
        pair = (ana, bo) if thread % 2 else (bo, ana)
        barrier.wait()
        for n in range(15):
            post(world, *(owed(f"{thread}:{n}:{each}", 10 + thread, each) for each in pair))
            post(world, owed(f"{thread}:{n}", 1 + thread, *pair))

    barrier = Barrier(8)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    across = sum(15 * (1 + thread) * (1 if thread % 2 else -1) for thread in range(8))
    each = sum(15 * (10 + thread) for thread in range(8))
    assert balance(world, Account.DEFERRED, USD, ana) == each + across
    assert balance(world, Account.DEFERRED, USD, bo) == each - across
    assert differences(world) == []


# --- what the database refuses -----------------------------------------------------------------------------------

UNBALANCED = {
    "one leg": "(1, {e}, 1, 0, 'clearing', 'USD', 5)",
    "two legs": "(1, {e}, 1, 0, 'clearing', 'USD', 5), (1, {e}, 2, 0, 'deferred', 'USD', -6)",
    "two units": "(1, {e}, 1, 0, 'clearing', 'USD', 5), (1, {e}, 2, 0, 'deferred', 'visit', -5)",
    "two entries": "(1, {e}, 1, 0, 'clearing', 'USD', 5), (1, {other}, 3, 0, 'deferred', 'USD', -5)",
}


@pytest.mark.parametrize("legs", UNBALANCED.values(), ids=UNBALANCED)
def test_unbalanced_is_refused_whoever_writes(world: World, legs: str) -> None:
    [other] = post(world, books.dues_collected("dues", AT, 100))
    with world.rt.unit_of_work() as uow:
        [[entry]] = uow.sql(
            "INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at) VALUES (1, 'raw', 'raw', %s, %s)"
            " RETURNING id",
            (AT, AT),
        ).fetchall()

    with pytest.raises(psycopg.errors.CheckViolation, match="does not balance"), world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount) VALUES "
            + legs.format(e=entry, other=other.entry_id)
        )
    assert count(world, "ledger_posting") == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount = amount * 2",
        "UPDATE ledger_posting SET amount = amount WHERE false",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting CASCADE",
        "UPDATE ledger_entry SET key = key || 'x'",
        "DELETE FROM ledger_entry",
        "UPDATE allocation SET amount = amount",
        "DELETE FROM allocation",
        "DELETE FROM credit_lot",
        "UPDATE credit_lot SET granted = granted + 1",
        "UPDATE credit_lot SET client_id = client_id + 1",
        "UPDATE credit_lot SET expires_on = '2030-01-01'",
    ],
)
def test_nothing_is_ever_edited(world: World, ana: int, statement: str) -> None:
    world.grant(ana)
    with pytest.raises(psycopg.errors.RestrictViolation), world.rt.unit_of_work() as uow:
        uow.sql(statement)


def test_credits_are_never_overdrawn_by_any_way(world: World, ana: int, bo: int) -> None:
    post(world, books.granted("g", AT, ana, "visit", 1000))
    too_much = books.spent("s", AT, ana, "visit", 1001)
    given_away = Entry.transfer(
        "t",
        "test",
        AT,
        debit=Leg(Account.CREDITS, "visit", 1001, ana),
        credit=Leg(Account.CREDITS, "visit", -1001, bo),
    )
    for entries in ([too_much], [owed("ok", 5, bo), too_much], [given_away], [books.spent("n", AT, bo, "extra", 1)]):
        with pytest.raises(psycopg.errors.CheckViolation, match="credits_not_overdrawn"):
            post(world, *entries)
    assert count(world, "ledger_entry") == 1
    post(world, books.spent("s", AT, ana, "visit", 1000))
    assert balance(world, Account.CREDITS, "visit", ana) == 0


def test_a_reversal_is_the_mirror_and_happens_once(world: World, ana: int, bo: int) -> None:
    [posted] = post(world, owed("k", 700, ana, bo))

    def reverse(spa_id: int, entry_id: int) -> Posted:
        with world.rt.unit_of_work() as uow:
            return ledger.reverse(uow, spa_id, entry_id, at=AT)

    first, second = reverse(world.spa.spa_id, posted.entry_id), reverse(world.spa.spa_id, posted.entry_id)

    assert (first.fresh, second.fresh) == (True, False)
    assert first.entry_id == second.entry_id
    assert [balance(world, Account.DEFERRED, USD, each) for each in (ana, bo)] == [0, 0]
    assert world.rows("SELECT reverses FROM ledger_entry ORDER BY id") == [(None,), (posted.entry_id,)]
    legs = owed("k", -700, ana, bo).legs
    with pytest.raises(psycopg.errors.UniqueViolation, match="uq_ledger_entry_reverses"):
        post(world, Entry("another name", "reversal", AT, legs, reverses=posted.entry_id))
    for spa_id, entry_id in ((0, posted.entry_id), (world.spa.spa_id, posted.entry_id + 100)):
        with pytest.raises(LookupError):
            reverse(spa_id, entry_id)


def test_a_single_statement_is_one_statement_and_its_own_transaction(world: World, ana: int) -> None:
    with world.rt.single_statement() as uow:
        ledger.post(uow, world.spa.spa_id, [owed("k", 1, ana)])
        with pytest.raises(SecondStatementError):
            uow.sql("SELECT 1")
    assert count(world, "ledger_entry") == 1  # committed, and the second refused

    with pytest.raises(SecondStatementError), world.rt.single_statement() as uow:
        _ = uow.session
    with pytest.raises(psycopg.errors.CheckViolation), world.rt.single_statement() as uow:
        ledger.post(uow, world.spa.spa_id, [books.spent("s", AT, ana, "visit", 1)])
    assert count(world, "ledger_entry") == 1
    assert world.rt.database.lent == 0


# --- proof -------------------------------------------------------------------------------------------------------


def test_the_books_are_right_after_a_thousand_things(world: World, ana: int, bo: int) -> None:
    chance = random.Random(7)  # noqa: S311
    done = dict.fromkeys(("grant", "gift", "spend", "undo", "expire"), 0)
    spent: list[int] = []
    for _ in range(150):
        member, act = chance.choice((ana, bo)), chance.choice(list(done))
        done[act] += _act(world, act, member, chance, spent)
        world.clock.advance(timedelta(hours=chance.choice((1, 30, 200))))
    assert min(done.values()) >= 5, done
    assert differences(world) == []


def _act(world: World, act: str, member: int, chance: random.Random, spent: list[int]) -> int:
    today = world.clock.now().date()
    match act:
        case "grant":
            world.grant(member, chance.randint(1, 3))
        case "gift":
            world.grant(member, 1, unit="extra", expires_on=today + timedelta(days=chance.randint(0, 5)))
        case "spend":
            result = world.spend(member, chance.randint(1, 2), unit=chance.choice(("visit", "visit", "extra")))
            if not isinstance(result, credits.Spent):
                return 0
            spent.append(result.entry_id)
        case "undo":
            if not spent:
                return 0
            with world.rt.unit_of_work() as uow:
                credits.undo(uow, world.spa.spa_id, spent.pop(chance.randrange(len(spent))), zone=world.spa.zone)
        case "expire":
            return sweep.expire_credits(world.rt)
    return 1


SUMS, HAS, BALANCE, ALLOCATED, LEFT, LOTS, DUES, HELD, DEFERRED, OWN = verification.CHECKS
PLANTED = {
    SUMS: (
        "UPDATE ledger_posting SET amount = amount + 1 WHERE account = 'issued' AND entry_id = {grant}",
        {SUMS},
        ("entry {grant} visit", 0, 1),
    ),
    HAS: ("DELETE FROM ledger_posting WHERE entry_id = {dues}", {HAS, DEFERRED}, ("entry {dues}", 1, 0)),
    BALANCE: (
        "UPDATE ledger_account SET balance = balance + 100 WHERE client_id = {ana} AND account = 'deferred'",
        {BALANCE},
        ("client {ana} deferred USD", 600, 500),
    ),
    ALLOCATED: (
        "DELETE FROM allocation WHERE entry_id = {use}",
        {ALLOCATED, LEFT, DUES},
        ("entry {use} leg 1", 1000, 0),
    ),
    LEFT: (
        "UPDATE credit_lot SET remaining = remaining - 1 WHERE entry_id = {grant}",
        {LEFT, LOTS},
        ("lot {lot}", 999, 1000),
    ),
    LOTS: (
        "UPDATE ledger_account SET balance = balance - 7 WHERE client_id = {ana} AND account = 'credits'",
        {BALANCE, LOTS},
        ("client {ana} visit", 1007, 1000),
    ),
    DUES: (
        "UPDATE allocation SET cents = cents + 3 WHERE entry_id = {use}",
        {DUES},
        ("lot {lot}", 50, 47),
    ),
    HELD: (
        "UPDATE credit_lot SET held = held + 5 WHERE id = {lot}",
        {HELD},
        ("lot {lot}", 505, 500),
    ),
    DEFERRED: (
        "UPDATE credit_lot SET paid_cents = paid_cents + 9, cents_left = cents_left + 9 WHERE id = {lot}",
        {DEFERRED},
        ("spa {spa}", 59, 50),
    ),
    OWN: (
        "UPDATE allocation SET lot_id = {other_lot} WHERE entry_id = {use}",
        {LEFT, DUES, OWN},
        ("allocation of entry {use} to lot {other_lot}", "{bo}", "{ana}"),
    ),
}
"""Check → what breaks it, the checks that then speak, and what this one says."""


@pytest.fixture
def ids(world: World, ana: int, bo: int) -> dict[str, int]:
    """Some of everything, by name."""
    spa_id, zone = world.spa.spa_id, world.spa.zone
    [dues] = post(world, books.dues_collected("dues", AT, 100))
    with world.rt.unit_of_work() as uow:
        paid = Grant("paid", ana, "visit", 2 * MILLI, LotClass.PAID, AT, paid_cents=100)
        credits.grant(uow, spa_id, zone, [paid])
    world.grant(bo, 2)
    use = world.spend(ana, 1)
    assert isinstance(use, credits.Spent)
    with world.rt.unit_of_work() as uow:
        credits.hold(
            uow,
            spa_id,
            client_id=ana,
            unit="visit",
            amount=500,
            ref="booking:1",
            until=AT + timedelta(days=1),
            zone=zone,
        )
    post(world, owed("o", 500, ana))
    [(grant, lot), (_, other_lot)] = world.rows("SELECT entry_id, id FROM credit_lot ORDER BY id")
    found = {"ana": ana, "bo": bo, "use": use.entry_id, "dues": dues.entry_id, "spa": spa_id}
    return found | {"grant": int(str(grant)), "lot": int(str(lot)), "other_lot": int(str(other_lot))}


@pytest.fixture
def unguarded(world: World) -> Iterator[UnitOfWork]:
    """A transaction in which no trigger watches, as none watches a disk that goes bad."""
    with world.rt.unit_of_work() as uow:
        uow.sql("SET LOCAL session_replication_role = replica")
        yield uow


@pytest.mark.parametrize("check", verification.CHECKS)
def test_what_is_not_so_is_named(check: str, ids: dict[str, int], unguarded: UnitOfWork) -> None:
    statement, speaking, (subject, stored, recomputed) = PLANTED[check]
    assert not list(verification.differences(unguarded))

    assert unguarded.sql(statement.format(**ids)).rowcount > 0

    found = {each.check: each for each in verification.differences(unguarded)}
    assert set(found) == speaking
    assert found[check].subject == subject.format(**ids)
    assert str(found[check].stored) == str(stored).format(**ids)
    assert str(found[check].recomputed) == str(recomputed).format(**ids)
    assert str(found[check]).startswith(f"{check}: {found[check].subject} says ")


def test_a_gift_that_ran_out_and_a_use_undone_leave_the_books_right(world: World, ana: int) -> None:
    world.grant(ana, 2, unit="extra", expires_on=date(2026, 11, 21))
    use = world.spend(ana, 1, unit="extra")
    assert isinstance(use, credits.Spent)
    world.clock.advance(timedelta(days=3))
    assert sweep.expire_credits(world.rt) == 1
    with world.rt.unit_of_work() as uow:
        credits.undo(uow, world.spa.spa_id, use.entry_id, zone=world.spa.zone)
    assert differences(world) == []
