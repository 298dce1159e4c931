"""Any moves of any memberships, some in one statement, are judged as a small pure oracle judges them.

Clients add up as cents do, from three sides: the sums by day, the moves, and how every membership stands.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.calendar import local_day
from assistant.domain.membership import ALLOWED, Standing
from assistant.domain.metrics import Movement
from assistant.runtime import UnitOfWork
from assistant.services.reports import churn, members, mrr
from tests.world import World

ZONE = "America/Denver"
BEGAN = datetime(2026, 11, 20, 18, tzinfo=UTC)
ON = frozenset({Standing.ACTIVE, Standing.PAST_DUE, Standing.SUSPENDED})
HELD = ON | {Standing.PAUSED}
PLANS = ((10_000, 1), (20_000, 1), (14_999, 1), (100_003, 12), (0, 1))
"""Dues and months: a year counts by its twelfth, to half a cent up."""
A_MONTH = (10_000, 20_000, 14_999, 8_334, 0)


@dataclass(slots=True)
class Oracle:
    """Memberships as they stand, and every move that counts. A step is one statement."""

    client: dict[int, int] = field(default_factory=dict)
    standing: dict[int, Standing] = field(default_factory=dict)
    plan: dict[int, int] = field(default_factory=dict)
    moves: list[tuple[date, int, int, str]] = field(default_factory=list)
    members_ever: set[int] = field(default_factory=set)
    seen: dict[date, tuple[int, int]] = field(default_factory=dict)
    """By day, revenue and clients at its end."""

    def counts(self, membership: int) -> int:
        return A_MONTH[self.plan[membership]] if self.standing.get(membership) in ON else 0

    def holders(self) -> set[int]:
        return {self.client[each] for each, standing in self.standing.items() if standing in HELD}

    def step(self, day: date, to: dict[int, tuple[Standing, int]]) -> None:
        """All at once: each membership stands so from now on, under that plan."""
        before, held = self.holders(), {each: self.standing.get(each) in HELD for each in to}
        was = {each: (self.standing.get(each), self.counts(each) if each in self.standing else 0) for each in to}
        for each, (standing, plan) in to.items():
            self.standing[each], self.plan[each] = standing, plan
        after = self.holders()
        begin = [each for each in sorted(to) if self.standing[each] in HELD and not held[each]]
        end = [each for each in sorted(to) if held[each] and self.standing[each] not in HELD]
        firsts = {self.client[each]: each for each in reversed(begin)}
        lasts = {self.client[each]: each for each in end}
        for each in sorted(to):
            client, (standing, cents) = self.client[each], was[each]
            delta, kind = self.counts(each) - cents, None
            if each in begin:
                comes = client not in before and firsts[client] == each
                kind = ("reactivation" if client in self.members_ever else "new") if comes else "expansion"
            elif each in end:
                kind = "churn" if client not in after and lasts[client] == each else "contraction"
            elif standing is Standing.PAUSED and self.standing[each] in ON:
                kind = "resumed"
            elif standing in ON and self.standing[each] is Standing.PAUSED:
                kind = "paused"
            elif delta:
                kind = "expansion" if delta > 0 else "contraction"
            if kind:
                self.moves.append((day, each, delta, kind))
        self.members_ever |= after
        self.seen[day] = (sum(self.counts(each) for each in self.standing), len(after))

    def at(self, day: date) -> tuple[int, int]:
        """Revenue and clients at the end of a day."""
        return max(((each, seen) for each, seen in self.seen.items() if each <= day), default=(day, (0, 0)))[1]


@dataclass(slots=True)
class Spa:
    """A spa of its own, changed by plain statements; each step is one."""

    uow: UnitOfWork
    spa_id: int
    clients: list[int]
    versions: list[int]

    @classmethod
    def begun(cls, uow: UnitOfWork) -> "Spa":
        [[spa_id]] = uow.sql(
            "INSERT INTO spa (name, zone, locale, help_phone, help_email, carrier_confirms_stop)"
            " VALUES ('Fern', %s, 'en', '', '', false) RETURNING spa_id",
            (ZONE,),
        ).fetchall()
        clients = uow.sql(
            "INSERT INTO client (spa_id, first_name, last_name, locale, zone, created_at)"
            " SELECT %s, 'Ana', 'Example', 'en', %s, %s FROM generate_series(1, 3) RETURNING id",
            (spa_id, ZONE, BEGAN),
        ).fetchall()
        versions = []
        for place, (dues, months) in enumerate(PLANS):
            [[plan]] = uow.sql(
                "INSERT INTO plan (spa_id, code, name) VALUES (%s, %s, 'Glow') RETURNING id", (spa_id, f"p{place}")
            ).fetchall()
            [[version]] = uow.sql(
                "INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, cycle_months, grants, sold_from)"
                " VALUES (%s, %s, 1, %s, %s, '[]', %s) RETURNING id",
                (spa_id, plan, dues, months, BEGAN),
            ).fetchall()
            versions.append(version)
        return cls(uow, spa_id, [row[0] for row in clients], versions)

    def join(self, at: datetime, wanted: list[tuple[int, int, Standing]]) -> list[int]:
        """Memberships for (client, plan, standing), in one statement."""
        rows = self.uow.sql(
            "INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, resumes_on, created_at)"
            " SELECT %s, c, v, s, %s, CASE s WHEN 'paused' THEN %s::date + 30 END, %s"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS u(c, v, s) RETURNING id",
            (
                self.spa_id,
                at.date(),
                at.date(),
                at,
                [self.clients[client] for client, _, _ in wanted],
                [self.versions[plan] for _, plan, _ in wanted],
                [standing.value for _, _, standing in wanted],
            ),
        ).fetchall()
        return [row[0] for row in rows]

    def move(self, at: datetime, to: dict[int, tuple[Standing, int]]) -> None:
        self.uow.sql(
            "UPDATE membership m SET standing = u.s, plan_version_id = u.v, changed_at = %s,"
            " ended_on = CASE u.s WHEN 'ended' THEN %s::date END, resumes_on = NULL"
            " FROM unnest(%s::bigint[], %s::text[], %s::bigint[]) AS u(id, s, v) WHERE m.id = u.id AND m.spa_id = %s",
            (
                at,
                at.date(),
                [*to],
                [standing.value for standing, _ in to.values()],
                [self.versions[plan] for _, plan in to.values()],
                self.spa_id,
            ),
        )


class Restart(Exception):  # noqa: N818 - nothing is wrong
    """The example is over: what it wrote is rolled back."""


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[int, list[tuple[int, int, int]]]]:
    """Hours that pass, and then a few picks that are read as joins or as moves of whoever is there."""
    pick = st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
    return draw(
        st.lists(st.tuples(st.integers(1, 80), st.lists(pick, min_size=1, max_size=4)), min_size=1, max_size=25)
    )


def _free(oracle: Oracle, client: int, taken: set[tuple[int, int]]) -> list[int]:
    """Plans under which the client may begin: one membership at a time under each."""
    mine = {oracle.plan[each] for each, standing in oracle.standing.items() if standing is not Standing.ENDED
            and oracle.client[each] == client}  # fmt: skip
    return [plan for plan in range(len(PLANS)) if plan not in mine and (client, plan) not in taken]


def _joins(oracle: Oracle, picks: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, Standing]]:
    taken: set[tuple[int, int]] = set()
    for one, two, three in picks:
        client = one % 3
        if plans := _free(oracle, client, taken):
            plan = plans[two % len(plans)]
            taken.add((client, plan))
            yield client, plan, (Standing.ACTIVE, Standing.ACTIVE, Standing.SCHEDULED, Standing.PAUSED)[three % 4]


def _moves(oracle: Oracle, picks: list[tuple[int, int, int]]) -> dict[int, tuple[Standing, int]]:
    live = sorted(each for each, standing in oracle.standing.items() if standing is not Standing.ENDED)
    to: dict[int, tuple[Standing, int]] = {}
    taken: set[tuple[int, int]] = set()
    for one, two, three in picks:
        each = live[one % len(live)]
        if each in to:
            continue
        here, plan = oracle.standing[each], oracle.plan[each]
        choices = [here, *sorted(there for was, there in ALLOWED if was is here)]
        if three % 3 == 0 and (plans := _free(oracle, oracle.client[each], taken)):
            plan = plans[three % len(plans)]
            taken.add((oracle.client[each], plan))
        if (choices[two % len(choices)], plan) != (here, oracle.plan[each]):
            to[each] = (choices[two % len(choices)], plan)
    return to


def _live(uow: UnitOfWork, story: list[tuple[int, list[tuple[int, int, int]]]]) -> None:
    spa, oracle, at = Spa.begun(uow), Oracle(), BEGAN
    for hours, picks in story:
        at += timedelta(hours=hours)
        joins = picks[0][0] % 4 == 0 or all(each is Standing.ENDED for each in oracle.standing.values())
        to = {} if joins else _moves(oracle, picks)
        if joins:
            wanted = list(_joins(oracle, picks))
            for membership, (client, plan, standing) in zip(spa.join(at, wanted), wanted, strict=True):
                oracle.client[membership] = client
                to[membership] = (standing, plan)
        elif to:
            spa.move(at, to)
        oracle.step(local_day(at, ZONE), to)
    _agrees(spa, oracle, local_day(at, ZONE))


def _agrees(spa: Spa, oracle: Oracle, last: date) -> None:
    uow = spa.uow
    moves = "SELECT {} FROM membership_move WHERE spa_id = %s AND kind IS NOT NULL {}"
    kept = uow.sql(moves.format("on_day, membership_id, delta_cents, kind", "ORDER BY id"), (spa.spa_id,)).fetchall()
    assert kept == oracle.moves
    by_move = moves.format("on_day, kind, sum(delta_cents)::bigint, count(*)", "GROUP BY 1, 2 ORDER BY 1, 2")
    by_day = """SELECT on_day, kind, sum(delta_cents)::bigint, sum(moves)::bigint FROM mrr_day
                WHERE spa_id = %s GROUP BY 1, 2 ORDER BY 1, 2"""
    assert uow.sql(by_day, (spa.spa_id,)).fetchall() == uow.sql(by_move, (spa.spa_id,)).fetchall()
    stands = """SELECT coalesce(sum(mrr_of(m.standing, v.dues_cents, v.cycle_months)), 0)::bigint
                FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
                WHERE m.spa_id = %s"""
    [[cents]] = uow.sql(stands, (spa.spa_id,)).fetchall()
    assert cents == oracle.at(last)[0]
    for day in {last, *oracle.seen, *(each - timedelta(days=1) for each in oracle.seen)}:
        found = mrr.mrr(uow, spa.spa_id, day, day)
        assert (found.period.closing_cents, found.period.closing_clients) == oracle.at(day)
        assert found.holds
        assert members.members(uow, spa.spa_id, day).holds
    months = churn.churned(uow, spa.spa_id, BEGAN.date(), last)
    assert months.holds
    assert months.months[-1].period.closing_clients == len(oracle.holders())
    left = Counter(kind for _, _, _, kind in oracle.moves)[Movement.CHURN]
    assert sum(each.period.of(Movement.CHURN).moves for each in months.months) == left


@pytest.fixture
def begin(world: World) -> Callable[[], AbstractContextManager[UnitOfWork]]:
    return lambda: world.rt.unit_of_work()  # noqa: PLW0108 - what Hypothesis can print when an example fails


@given(stories())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_moves_are_judged_as_the_oracle_judges_them(
    begin: Callable[[], AbstractContextManager[UnitOfWork]], story: list[tuple[int, list[tuple[int, int, int]]]]
) -> None:
    with pytest.raises(Restart), begin() as uow:  # noqa: PT012 - rolled back, whatever it lived
        _live(uow, story)
        raise Restart


def test_one_leaves_a_plan_and_begins_another_in_one_statement(world: World) -> None:
    """She was a member before it and is one after it: nobody came and nobody went."""
    with world.rt.unit_of_work() as uow:
        spa = Spa.begun(uow)
        [one, two] = spa.join(BEGAN, [(0, 0, Standing.ACTIVE), (0, 1, Standing.SCHEDULED)])
        spa.move(BEGAN + timedelta(days=1), {one: (Standing.ENDED, 0), two: (Standing.ACTIVE, 1)})
        kinds = uow.sql("SELECT kind, delta_cents FROM membership_move WHERE kind IS NOT NULL ORDER BY id").fetchall()
    assert kinds == [("new", 10_000), ("contraction", -10_000), ("expansion", 20_000)]


@pytest.mark.parametrize("last", [False, True], ids=["begin", "end"])
def test_two_at_once_are_judged_one_after_the_other(world: World, last: bool) -> None:
    """Of two memberships that begin in two transactions one is new; of two that end, one is the last."""
    with world.rt.unit_of_work() as uow:
        spa = Spa.begun(uow)
        pair = spa.join(BEGAN, [(0, 0, Standing.SCHEDULED), (0, 1, Standing.SCHEDULED)])
        if last:
            spa.move(BEGAN, {each: (Standing.ACTIVE, place) for place, each in enumerate(pair)})
    to = Standing.ENDED if last else Standing.ACTIVE
    later = BEGAN + timedelta(days=1)

    def other() -> None:
        with world.rt.unit_of_work() as beside:
            Spa(beside, spa.spa_id, spa.clients, spa.versions).move(later, {pair[1]: (to, 1)})

    with world.rt.unit_of_work() as uow:
        Spa(uow, spa.spa_id, spa.clients, spa.versions).move(later, {pair[0]: (to, 0)})
        thread = Thread(target=other)
        thread.start()
        thread.join(timeout=0.3)
    thread.join()
    with world.rt.unit_of_work() as uow:
        kinds = uow.sql("SELECT kind FROM membership_move WHERE kind IS NOT NULL ORDER BY id DESC LIMIT 2").fetchall()
    assert [kind for (kind,) in reversed(kinds)] == (["contraction", "churn"] if last else ["new", "expansion"])
