"""What the owner reads, held against stories that can be followed by hand."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from assistant.domain.membership import Standing
from assistant.domain.metrics import Moved, Movement, Period, churn, percent
from assistant.services import book_days, credits
from assistant.services.reports import breakage, forecast, liability, mrr, past_due
from assistant.services.reports import churn as churns
from tests.world import World

TODAY = date(2026, 11, 20)
YEAR_AGO = date(2025, 11, 20)
LISTED = 16_500


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
    long_ago = datetime.fromisoformat("2026-10-05T12:00:00+00:00")
    with world.rt.unit_of_work() as uow:
        five = credits.Grant("five", ana, "visit", 5000, credits.LotClass.PAID, long_ago, reference_cents=5 * LISTED)
        credits.grant(uow, world.spa.spa_id, world.spa.zone, [five])
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
        assert (visit.list_cents, found.list_cents) == (LISTED * 4, LISTED * 4)
    with world.rt.unit_of_work() as uow:
        before = liability.liability(uow, world.spa.spa_id, date(2026, 11, 1), date(2026, 11, 2))
    assert before.holds
    assert before.list_cents == LISTED * 5


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


def test_a_database_that_was_loaded_elsewhere_counts_its_sums_anew(world: World) -> None:
    """Transactions are numbered from the start there: what is written next would be before the mark, and in no sum."""
    ana = world.client("Ana")
    world.grant(ana, 5)
    book_days.catch_up(world.rt)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE book_mark SET xid = xid + 1000000")
    world.grant(ana, 1)
    with world.rt.unit_of_work() as uow:
        assert not liability.liability(uow, world.spa.spa_id, TODAY, TODAY).holds
    book_days.catch_up(world.rt)
    with world.rt.unit_of_work() as uow:
        found = liability.liability(uow, world.spa.spa_id, TODAY, TODAY)
    assert found.holds
    assert found.units[0].closing == 6000


def test_who_rests_for_long_is_as_good_as_gone(world: World) -> None:
    """However often its price changed meanwhile (`rules.md` 8.7)."""
    ana = world.client("Ana")
    glow = world.enrol(ana, anchor_on=TODAY, dues_cents=10_000)
    move(world, glow, Standing.PAUSED)
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, grants, sold_from)"
            " SELECT spa_id, plan_id, 2, 12000, grants, sold_from FROM plan_version"
        )
        uow.sql(
            "UPDATE membership SET plan_version_id = (SELECT max(id) FROM plan_version), changed_at = %s",
            (uow.now + timedelta(days=80),),
        )
        [short], [long] = (
            mrr.mrr(uow, world.spa.spa_id, TODAY, TODAY + timedelta(days=days)).plans for days in (90, 91)
        )
    assert (short.paused_cents, short.long_paused_cents) == (12_000, 0)
    assert (long.cents, long.paused_cents, long.long_paused_cents) == (0, 12_000, 12_000)


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
    assert len(found.weeks) == 13
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
