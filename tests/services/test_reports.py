"""What the owner reads, held against a story that can be followed by hand, and against a small oracle of movements."""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from assistant.domain.membership import ALLOWED, Standing
from assistant.domain.metrics import Moved, Movement, Period, churn, percent
from assistant.services import book_days, credits
from assistant.services.reports import breakage, forecast, liability, members, mrr, past_due
from assistant.services.reports import churn as churns
from tests.world import World

TODAY = date(2026, 11, 20)
YEAR_AGO = date(2025, 11, 20)


def move(world: World, membership_id: int, standing: Standing, *, days: int = 0) -> None:
    """It stands so from a day on, as whoever changes it writes it down."""
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "UPDATE membership SET standing = %s, ended_on = %s, resumes_on = %s, changed_at = %s WHERE id = %s",
            (
                standing.value,
                TODAY if standing is Standing.ENDED else None,
                TODAY + timedelta(days=30) if standing is Standing.PAUSED else None,
                uow.now + timedelta(days=days),
                membership_id,
            ),
        )


def movements(world: World) -> list[tuple[str | None, int]]:
    with world.rt.unit_of_work() as uow:
        return uow.sql("SELECT kind, delta_cents FROM membership_move ORDER BY id").fetchall()  # type: ignore[return-value]


def test_the_vectors_of_the_rules(world: World) -> None:
    """`rules.md` 8.5-8.8: two plans and one dropped, both dropped, back after 40 days, a pause."""
    ana = world.client("Ana")
    glow = world.enrol(ana, anchor_on=TODAY, dues_cents=10_000)
    radiance = world.enrol(ana, anchor_on=TODAY, dues_cents=20_000)
    move(world, glow, Standing.PAUSED, days=1)
    move(world, glow, Standing.ACTIVE, days=2)
    move(world, glow, Standing.PAST_DUE, days=3)
    move(world, glow, Standing.ENDED, days=4)
    move(world, radiance, Standing.PAUSED, days=5)
    move(world, radiance, Standing.ENDED, days=6)
    world.clock.advance(timedelta(days=46))
    world.enrol(ana, anchor_on=TODAY, dues_cents=12_000)

    assert movements(world) == [
        ("new", 10_000),
        ("expansion", 20_000),
        ("paused", -10_000),
        ("resumed", 10_000),
        (None, 0),
        ("contraction", -10_000),
        ("paused", -20_000),
        ("churn", 0),
        ("reactivation", 12_000),
    ]


def test_the_rates_of_the_rules() -> None:
    """`rules.md` 8.9: start 1000, new 200, expansion 50, contraction 30, churn 100, reactivation 40."""
    moved = {
        Movement.NEW: Moved(200, 2),
        Movement.EXPANSION: Moved(50, 1),
        Movement.CONTRACTION: Moved(-30, 1),
        Movement.CHURN: Moved(-100, 1),
        Movement.REACTIVATION: Moved(40, 1),
    }
    month = Period(1000, 10, moved)
    assert month.closing_cents == 1160
    assert month.closing_clients == 12
    assert churn(month).gross == Fraction(13, 100)
    assert churn(month).net == Fraction(8, 100)
    assert churn(month).logo == Fraction(1, 10)
    assert churn(Period(0, 0, moved)).gross is None
    assert percent(Fraction(13, 100)) == "13.0 %"
    assert percent(Fraction(-1, 3)) == "-33.3 %"
    assert percent(Fraction(-1, 100_000)) == "0.0 %"
    assert percent(None) == "-"


ON = (Standing.ACTIVE, Standing.PAST_DUE, Standing.SUSPENDED)
HELD = (*ON, Standing.PAUSED)


class Oracle:
    """The same movements, judged one membership at a time."""

    def __init__(self) -> None:
        self.standing: dict[int, Standing] = {}
        self.cents: dict[int, int] = {}
        self.client: dict[int, int] = {}
        self.known: set[int] = set()
        self.moved: dict[str, list[int]] = defaultdict(list)

    def goes(self, membership: int, standing: Standing) -> None:
        was = self.standing.get(membership)
        self.standing[membership] = standing
        if kind := self._kind(membership, was, standing):
            delta = self.cents[membership] * ((standing in ON) - (was in ON))
            self.moved[kind].append(delta)

    def _kind(self, membership: int, was: Standing | None, now: Standing) -> str | None:
        client = self.client[membership]
        others = any(
            self.standing[each] in HELD
            for each, owner in self.client.items()
            if owner == client and each != membership and each in self.standing
        )
        if now in ON and was is Standing.PAUSED:
            return "resumed"
        if now in ON and was not in ON:
            if others:
                return "expansion"
            kind = "reactivation" if client in self.known else "new"
            self.known.add(client)
            return kind
        if now is Standing.PAUSED and was in ON:
            return "paused"
        if now is Standing.ENDED and was in HELD:
            return "contraction" if others else "churn"
        return None


@pytest.mark.parametrize("seed", range(4))
def test_any_moves_are_judged_as_the_oracle_judges_them(world: World, seed: int) -> None:
    chance, oracle = random.Random(seed), Oracle()  # noqa: S311 - a story, not a secret
    clients = [world.client(name, f"+150555501{place:02d}") for place, name in enumerate(("Ana", "Leo", "Maya"), 30)]
    for _ in range(60):
        world.clock.advance(timedelta(hours=chance.randrange(1, 60)))
        live = [each for each, standing in oracle.standing.items() if standing is not Standing.ENDED]
        if not live or (chance.random() < 0.25 and len(oracle.standing) < 14):
            client, cents = chance.choice(clients), chance.randrange(1, 5) * 5_000
            standing = chance.choice((Standing.ACTIVE, Standing.SCHEDULED))
            new = world.enrol(client, anchor_on=TODAY, dues_cents=cents, standing=standing)
            oracle.client[new], oracle.cents[new] = client, cents
            oracle.goes(new, standing)
            continue
        one = chance.choice(live)
        to = chance.choice([there for here, there in sorted(ALLOWED) if here is oracle.standing[one]])
        move(world, one, to)
        oracle.goes(one, to)

    with world.rt.unit_of_work() as uow:
        kept = uow.sql("SELECT kind, delta_cents FROM membership_move WHERE kind IS NOT NULL ORDER BY id").fetchall()
        day = world.rt.clock.now().date()
        found = mrr.mrr(uow, world.spa.spa_id, YEAR_AGO, day)
        half = mrr.mrr(uow, world.spa.spa_id, YEAR_AGO + timedelta(days=400), day)
        stands = members.members(uow, world.spa.spa_id, day)
    seen = defaultdict(list)
    for kind, delta in kept:
        seen[kind].append(delta)
    assert seen == oracle.moved
    assert all(each.holds for each in (found, half, stands))
    assert found.period.closing_cents == sum(
        oracle.cents[each] for each, standing in oracle.standing.items() if standing in ON
    )
    assert found.period.closing_clients == len(
        {oracle.client[each] for each, standing in oracle.standing.items() if standing in HELD}
    )
    assert stands.active == sum(standing in ON for standing in oracle.standing.values())


def test_several_that_change_in_one_statement_are_judged_together(world: World) -> None:
    ana, leo = world.client("Ana"), world.client("Leo", "+15055550131")
    for client in (ana, ana, leo):
        world.enrol(client, anchor_on=TODAY, dues_cents=10_000)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE membership SET standing = 'ended', ended_on = %s, changed_at = %s", (TODAY, uow.now))
    assert [kind for kind, _ in movements(world)] == ["new", "expansion", "new", "contraction", "churn", "churn"]


def test_a_move_that_is_missed_is_seen(world: World) -> None:
    ana = world.client("Ana")
    glow = world.enrol(ana, anchor_on=TODAY, dues_cents=10_000)
    with world.rt.unit_of_work() as uow:
        uow.sql("ALTER TABLE membership DISABLE TRIGGER membership_moves_go")
        uow.sql("DELETE FROM mrr_day")
    move(world, glow, Standing.PAUSED)
    with world.rt.unit_of_work() as uow:
        assert not mrr.mrr(uow, world.spa.spa_id, YEAR_AGO, TODAY).holds


def test_months_open_where_the_one_before_closed(world: World) -> None:
    ana = world.client("Ana")
    glow = world.enrol(ana, anchor_on=TODAY, dues_cents=10_000)
    move(world, glow, Standing.ENDED, days=40)
    with world.rt.unit_of_work() as uow:
        found = churns.months(uow, world.spa.spa_id, date(2026, 10, 1), date(2027, 1, 15))
    assert [(each.period.opening_cents, each.period.closing_cents) for each in found] == [
        (0, 0),
        (0, 10_000),
        (10_000, 0),
        (0, 0),
    ]
    assert [each.churn.logo for each in found] == [None, None, Fraction(1), None]


# --- what is owed -----------------------------------------------------------------------------------------------------


def test_credit_is_rolled_forward_to_what_the_books_say(world: World) -> None:
    ana = world.client("Ana")
    world.grant(ana, 5, at=datetime.fromisoformat("2026-10-05T12:00:00+00:00"))
    world.grant(ana, 1, unit="extra", expires_on=TODAY - timedelta(days=1))
    use = world.spend(ana, 2)
    world.spend(ana, 1)
    assert isinstance(use, credits.Spent)
    with world.rt.unit_of_work() as uow:
        credits.undo(uow, world.spa.spa_id, use.entry_id, zone=world.spa.zone)
        credits.expire(uow, world.spa.spa_id, world.spa.zone)
    for counted in (False, True):
        if counted:
            assert book_days.catch_up(world.rt) > 0
            assert book_days.catch_up(world.rt) == 0
        with world.rt.unit_of_work() as uow:
            found = liability.liability(uow, world.spa.spa_id, date(2026, 11, 1), TODAY)
        visit = next(each for each in found.units if each.unit == "visit")
        assert (visit.opening, visit.granted, visit.used, visit.reversed) == (5000, 0, -3000, 2000)
        assert visit.closing == 4000
        assert found.holds
        assert next(each for each in found.units if each.unit == "extra").expired == -1000


def test_a_sum_that_is_wrong_is_seen(world: World) -> None:
    ana = world.client("Ana")
    world.grant(ana, 5)
    book_days.catch_up(world.rt)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE book_day SET amount = amount - 1 WHERE account = 'credits'")
        assert not liability.liability(uow, world.spa.spa_id, TODAY, TODAY).holds


def test_what_is_not_committed_is_counted_when_it_is(world: World) -> None:
    """A writer that began first and commits last is in no sum until it has, and in one sum then."""
    ana = world.client("Ana")
    slow = world.rt.unit_of_work()
    uow = slow.__enter__()
    uow.sql("SELECT pg_current_xact_id()")
    world.grant(ana, 1)
    book_days.catch_up(world.rt)
    spa = world.spa
    credits.grant(
        uow, spa.spa_id, spa.zone, [credits.Grant("late", ana, "visit", 2000, credits.LotClass.PAID, uow.now)]
    )
    book_days.catch_up(world.rt)
    slow.__exit__(None, None, None)
    for _ in range(2):
        with world.rt.unit_of_work() as after:
            found = liability.liability(after, world.spa.spa_id, TODAY, TODAY)
        assert found.holds
        assert found.units[0].closing == 3000
        book_days.catch_up(world.rt)
    with world.rt.unit_of_work() as after:
        [[tail]] = after.sql("SELECT count(*) FROM ledger_entry e, book_mark m WHERE e.xid >= m.xid").fetchall()
    assert tail == 0


# --- what is to come, and what did not come ---------------------------------------------------------------------------


def test_the_dues_of_the_next_ninety_days(world: World) -> None:
    ana, leo, maya = (
        world.client(name, f"+150555501{place}") for place, name in ((40, "Ana"), (41, "Leo"), (42, "Maya"))
    )
    world.enrol(ana, anchor_on=date(2026, 8, 31), first_cycle=4, dues_cents=10_000)
    world.enrol(leo, anchor_on=date(2026, 8, 25), first_cycle=3, dues_cents=5_000, intro_cents=1_000, intro_cycles=4)
    world.enrol(maya, anchor_on=date(2026, 9, 1), first_cycle=3, standing=Standing.PAUSED, resumes_on=date(2027, 1, 10))
    with world.rt.unit_of_work() as uow:
        found = forecast.forecast(uow, world.spa.spa_id, TODAY)
    assert found.until_on == date(2027, 2, 18)
    # Ana: Dec 31 and Jan 31. Leo: Nov 25 at the introductory price, then Dec 25 and Jan 25. Maya: Feb 1.
    assert found.cents == 2 * 10_000 + 1_000 + 2 * 5_000 + 14_900
    assert sum(week.charges for week in found.weeks) == 6
    assert found.weeks[0].cents == 1_000


def test_what_was_owed_on_a_day_by_its_age(world: World) -> None:
    ana = world.client("Ana")
    world.card(ana, "pm_card_chargeCustomerFail")
    world.enrol(ana, anchor_on=TODAY, first_cycle=0, dues_cents=10_000)
    world.bill()
    with world.rt.unit_of_work() as uow:
        found = past_due.past_due(uow, world.spa.spa_id, TODAY, TODAY + timedelta(days=9))
    assert found.holds
    assert [(each.from_days, each.cents) for each in found.aged] == [(0, 0), (8, 10_000), (15, 0), (31, 0)]
    assert [each.after for each in found.recovered] == ["-"]
    with world.rt.unit_of_work() as uow:
        assert past_due.past_due(uow, world.spa.spa_id, YEAR_AGO, TODAY - timedelta(days=1)).open_cents == 0


def test_credit_that_sleeps_is_told_and_stays_owed(world: World) -> None:
    ana = world.client("Ana")
    world.card(ana)
    world.enrol(ana, anchor_on=TODAY, first_cycle=0, dues_cents=10_000)
    world.bill()
    with world.rt.unit_of_work() as uow:
        found = breakage.breakage(uow, world.spa.spa_id, TODAY, TODAY + timedelta(days=200))
    assert found.holds
    assert [each.cents for each in found.dormant] == [0, 0, 10_000, 0, 0]
