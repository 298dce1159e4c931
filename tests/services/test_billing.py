"""Billing days: the run does what the plan says, once, on the spa's own day, and nobody is charged by surprise."""

import random
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.db.clients import Client
from assistant.db.plans import Membership, Plan, PlanVersion, enrolment
from assistant.db.spas import Spa
from assistant.domain.billing import GAP_DAYS, Decision, PaidBy
from assistant.domain.calendar import cycle_date, local_day
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import billing, charges, plans, price_changes, verification
from assistant.services.billing import Progress, Refused
from tests.world import World

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
DENVER = ZoneInfo("America/Denver")
FUNDS = Verdict("insufficient_funds")


def spa_of(world: World, name: str, zone: str) -> int:
    with world.rt.unit_of_work() as uow:
        spa = Spa(
            name=name, zone=zone, locale="en", number=None, help_phone="(505) 555-0101", help_email="h@example.com"
        )
        uow.session.add(spa)
        uow.session.flush()
        return spa.spa_id


def enrol_at(world: World, spa_id: int, *, anchor_on: date, **of_membership: Any) -> int:  # noqa: ANN401 - columns
    """A client and a membership at any spa, under a version of its own."""
    of_version = {
        name: of_membership.pop(name)
        for name in ("dues_cents", "cycle_months", "intro_cents", "intro_cycles", "setup_fee_cents")
        if name in of_membership
    }
    with world.rt.unit_of_work() as uow:
        session = uow.session
        [[many]] = uow.sql("SELECT count(*) FROM plan").fetchall()
        client = Client(spa_id=spa_id, first_name="A", last_name=f"{many}", locale="en", zone="UTC", created_at=uow.now)
        plan = Plan(spa_id=spa_id, code=f"p{many}", name="Glow")
        session.add_all([client, plan])
        session.flush()
        version = PlanVersion(
            spa_id=spa_id,
            plan_id=plan.id,
            number=1,
            grants=[],
            sold_from=uow.now,
            **({"dues_cents": 9_900} | of_version),
        )
        session.add(version)
        session.flush()
        facts = {"standing": Standing.ACTIVE, "created_at": uow.now, "anchor_on": anchor_on} | of_membership
        member = Membership(spa_id=spa_id, client_id=client.id, plan_version_id=version.id, **facts)
        session.add(member)
        session.flush()
        return member.id


def at(world: World, day: date, hour: int = 10) -> None:
    world.clock.at = datetime.combine(day, time(hour), DENVER).astimezone(UTC)


def bill_on(world: World, day: date) -> None:
    at(world, day)
    world.bill()


def opened(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT cycle, due_on, dues_cents, setup_fee_cents, status, reason FROM invoice ORDER BY cycle")


def paid(world: World) -> list[tuple[object, ...]]:
    return world.rows(
        "SELECT cycle, (paid_at AT TIME ZONE 'America/Denver')::date, dues_cents + setup_fee_cents FROM invoice"
        " WHERE status = 'paid' ORDER BY cycle"
    )


def decision(world: World, membership_id: int, day: date = TODAY) -> Decision:
    with world.rt.unit_of_work() as uow:
        [found] = [
            line.decision for line in billing.plan(uow, world.spa.spa_id, day) if line.membership_id == membership_id
        ]
    return found


# ── the plan is the run ──

MAKES_OPEN = {Decision.CHARGE, Decision.COLLECT, Decision.COMPLETE, Decision.ASK_CARD}
MAKES_SKIPPED = {Decision.RESTS: "paused", Decision.EXEMPT: "exempt"}


def populate(world: World, rng: random.Random, many: int) -> None:
    """Memberships of every kind, some with cycles that were settled or are owed."""
    for number in range(many):
        anchor_on = TODAY - rng.randrange(-40, 420) * DAY
        standing = rng.choice(["scheduled", "active", "active", "active", "past_due", "suspended", "paused", "paused"])
        terms: dict[str, Any] = {}
        if rng.random() < 0.3:
            terms |= {"intro_cents": rng.choice([0, 4_900]), "intro_cycles": rng.choice([1, 2, 12])}
        if rng.random() < 0.3:
            terms |= {"setup_fee_cents": 5_000}
        if rng.random() < 0.1:
            terms |= {"dues_cents": 0} | ({"intro_cents": 0} if "intro_cents" in terms else {})
        member = enrol_at(
            world,
            world.spa.spa_id,
            anchor_on=anchor_on,
            standing=standing,
            cycle_months=rng.choice([1, 1, 1, 12]),
            first_cycle=rng.choice([0, 0, 1, 3]),
            resumes_on=TODAY + rng.randrange(-3, 40) * DAY if standing == "paused" and rng.random() < 0.8 else None,
            charge_exempt=rng.choice([None, None, None, "owner's sister"]),
            collection=rng.choice(["card", "card", "manual"]),
            **terms,
        )
        with world.rt.unit_of_work() as uow:
            [[client_id]] = uow.sql("SELECT client_id FROM membership WHERE id = %s", (member,)).fetchall()
            if rng.random() < 0.6:
                spa_id, key = world.spa.spa_id, f"{number}"
                uow.sql(
                    "INSERT INTO card (spa_id, client_id, role, payment_method_id, brand, last4, exp_month, exp_year,"
                    " fingerprint, consent, source, added_at) VALUES (%s, %s, 'current', %s, 'visa', '4242', 1, 2030,"
                    " %s, '{}', 'import', %s)",
                    (spa_id, client_id, f"pm_{key}", key, uow.now),
                )
        if rng.random() < 0.5:
            settle_some(world, rng, member, client_id, anchor_on)


def settle_some(world: World, rng: random.Random, member: int, client_id: int, anchor_on: date) -> None:
    """A cycle near today, paid in time, paid late, skipped or owed."""
    with world.rt.unit_of_work() as uow:
        [[version, months]] = uow.sql(
            "SELECT v.id, v.cycle_months FROM membership m JOIN plan_version v ON v.id = m.plan_version_id"
            " WHERE m.id = %s",
            (member,),
        ).fetchall()
        now = max(0, ((TODAY - anchor_on).days // 30) // months)
        cycle = max(0, now - rng.choice([0, 0, 1, 2]))
        due_on = cycle_date(anchor_on, cycle * months)
        status = rng.choice(["paid", "paid", "skipped", "open"])
        paid_on = min(due_on + rng.choice([0, 0, 3, 4, 29]) * DAY, TODAY)
        moment = datetime.combine(paid_on, time(23), DENVER).astimezone(UTC)
        uow.sql(
            "INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, status,"
            " reason, opened_at, settled_at, paid_at, paid_by) VALUES (%s, %s, %s, %s, %s, %s, 9900, %s, %s, %s, %s,"
            " %s, %s)",
            (
                world.spa.spa_id,
                member,
                client_id,
                version,
                cycle,
                due_on,
                status,
                "missed" if status == "skipped" else None,
                uow.now,
                None if status == "open" else moment,
                moment if status == "paid" else None,
                "cash" if status == "paid" else None,
            ),
        )


def promised(lines: list[Any]) -> Counter[tuple[object, ...]]:
    """The invoices that a plan's lines say there will be."""
    rows: Counter[tuple[object, ...]] = Counter()
    for line in lines:
        if line.decision in MAKES_OPEN:
            rows[line.membership_id, line.cycle, line.due_on, line.dues_cents, line.setup_fee_cents, "open", None] += 1
        elif line.decision in MAKES_SKIPPED:
            reason = MAKES_SKIPPED[line.decision]
            key = (
                line.membership_id,
                line.cycle,
                line.due_on,
                line.dues_cents,
                line.setup_fee_cents,
                "skipped",
                reason,
            )
            rows[key] += 1
        else:
            continue
        for missed in range(line.missed):
            rows[line.membership_id, line.cycle - missed - 1, "skipped"] += 1
    return rows


def came(world: World, before: int, lines: Mapping[int, Any]) -> Counter[tuple[object, ...]]:
    """The invoices that a run has made."""
    rows: Counter[tuple[object, ...]] = Counter()
    for membership_id, cycle, *rest in world.rows(
        "SELECT membership_id, cycle, due_on, dues_cents, setup_fee_cents, status, reason FROM invoice WHERE id > %s",
        (before,),
    ):
        if cycle == lines[int(str(membership_id))].cycle:
            rows[membership_id, cycle, *rest] += 1
        else:
            rows[membership_id, cycle, rest[3]] += 1
    return rows


@pytest.mark.parametrize("seed", range(3))
def test_what_the_plan_says_is_what_the_run_does(world: World, seed: int) -> None:
    rng, spa_id = random.Random(seed), world.spa.spa_id  # noqa: S311 - not a secret
    populate(world, rng, 60)
    reached: set[Decision] = set()
    for ahead in (0, 1, 2, 9, 40):
        at(world, TODAY + ahead * DAY)
        with world.rt.unit_of_work() as uow:
            lines = billing.plan(uow, spa_id, TODAY + ahead * DAY)
            [[last]] = uow.sql("SELECT coalesce(max(id), 0) FROM invoice").fetchall()
        reached |= {line.decision for line in lines}
        assert len({line.membership_id for line in lines}) == len(lines) == 60
        many = billing.bill(world.rt)
        wanted = promised(lines)
        assert came(world, last, {line.membership_id: line for line in lines}) == wanted
        assert many == sum(n for row, n in wanted.items() if "open" in row)
        assert billing.bill(world.rt) == 0
        again = world.rows("SELECT count(*) FROM invoice WHERE id > %s", (last,))
        assert again == [(wanted.total(),)]
        run = world.rows("SELECT opened, opened + skipped FROM billing_run ORDER BY id DESC LIMIT 1")
        assert run == [(many, wanted.total())]
        settle_what_is_open(world, rng)
    assert len(reached) >= 8


def settle_what_is_open(world: World, rng: random.Random) -> None:
    """Half of what is owed is paid, so that the next day finds every kind again."""
    for (invoice_id,) in world.rows("SELECT id FROM invoice WHERE status = 'open' ORDER BY id"):
        if rng.random() < 0.5:
            with world.rt.unit_of_work() as uow:
                billing.record_payment(uow, world.spa.spa_id, int(str(invoice_id)), PaidBy.CASH, actor="staff:1")


def test_every_decision_has_its_member(world: World) -> None:
    def member(name: str, **terms: Any) -> int:  # noqa: ANN401 - columns
        client_id = world.client(name, f"+150555502{len(found):02}")
        if card := terms.pop("card", True):
            world.card(client_id, "4242424242424242" if card is True else card)
        return world.enrol(client_id, **({"anchor_on": TODAY} | terms))

    found: dict[int, Decision] = {}
    found[member("Ana")] = Decision.CHARGE
    found[member("Bea", collection="manual")] = Decision.COLLECT
    found[member("Cleo", dues_cents=0)] = Decision.COMPLETE
    found[member("Dora", card=False)] = Decision.ASK_CARD
    found[member("Eva", standing=Standing.PAUSED)] = Decision.RESTS
    exempt = member("Fay")
    found[exempt] = Decision.EXEMPT
    found[member("Gia", anchor_on=TODAY + DAY)] = Decision.NOT_DUE
    found[member("Hope", standing=Standing.SCHEDULED)] = Decision.CHARGE
    found[member("Ida", standing=Standing.PAUSED, resumes_on=TODAY)] = Decision.CHARGE
    with world.rt.unit_of_work() as uow:
        billing.exempt(uow, world.spa.spa_id, exempt, charging="the owner's sister", dunning=None, actor="staff:1")
        lines = billing.plan(uow, world.spa.spa_id, TODAY)
        assert {line.membership_id: line.decision for line in lines} == found
        one = billing.plan(uow, world.spa.spa_id, TODAY, client_id=lines[0].client_id)
        assert one == [lines[0]]
        totals = billing.totals(lines)
        assert totals[Decision.CHARGE] == (3, 3 * 14_900)
        assert sum(many for many, _ in totals.values()) == len(found)
    world.bill()
    with world.rt.unit_of_work() as uow:
        after = {line.membership_id: line.decision for line in billing.plan(uow, world.spa.spa_id, TODAY)}
    assert Counter(after.values()) == {Decision.SETTLED: 6, Decision.HELD: 2, Decision.NOT_DUE: 1}
    assert world.rows("SELECT act, actor, after->>'charging' FROM audit WHERE act = 'exempted'") == [
        ("exempted", "staff:1", "the owner's sister")
    ]


# ── the day, and the hour ──


@pytest.mark.parametrize(
    ("anchor_on", "months", "days"),
    [
        (date(2027, 1, 31), 1, [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]),
        (date(2028, 1, 30), 1, [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30)]),
        (date(2028, 2, 29), 12, [date(2028, 2, 29), date(2029, 2, 28), date(2030, 2, 28)]),
        (date(2026, 12, 14), 12, [date(2026, 12, 14), date(2027, 12, 14)]),
    ],
)
def test_dues_come_on_the_anchors_day(world: World, anchor_on: date, months: int, days: list[date]) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=anchor_on, cycle_months=months)
    world.card(client_id)
    for day in days:
        bill_on(world, day - DAY)
        bill_on(world, day)
    assert paid(world) == [(cycle, day, 14_900) for cycle, day in enumerate(days)]


def test_an_introduction_and_a_set_up_fee(world: World) -> None:
    client_id = world.client("Ana")
    terms = {"intro_cents": 9_900, "intro_cycles": 2, "setup_fee_cents": 5_000}
    member = world.enrol(client_id, anchor_on=TODAY, standing=Standing.SCHEDULED, **terms)
    world.card(client_id)
    told = []
    for month in range(4):
        bill_on(world, cycle_date(TODAY, month))
        with world.rt.unit_of_work() as uow:
            found = enrolment(uow, world.spa.spa_id, client_id, local_day(uow.now, world.spa.zone))
        assert found is not None
        told.append((found.next_charge_on, found.dues_cents))
    assert [cents for _, _, cents in paid(world)] == [14_900, 9_900, 14_900, 14_900]
    assert told == [(cycle_date(TODAY, n + 1), 9_900 if n == 0 else 14_900) for n in range(4)]
    assert world.standing(member) == "active"


def test_brought_from_elsewhere_the_first_charge_is_later_and_the_first_cycle_ours(world: World) -> None:
    client_id = world.client("Ana")
    later = world.enrol(client_id, anchor_on=date(2026, 12, 5), setup_fee_cents=5_000)
    older = world.enrol(client_id, anchor_on=date(2026, 2, 20), first_cycle=10)  # its cycle of Nov 20 was theirs
    world.card(client_id)
    assert (decision(world, later), decision(world, older)) == (Decision.NOT_DUE, Decision.NOT_DUE)
    for day in (TODAY, date(2026, 12, 5), date(2026, 12, 20)):
        bill_on(world, day)
    rows = world.rows(
        "SELECT membership_id, cycle, due_on, missed.n FROM invoice, (SELECT count(*) AS n FROM invoice"
        " WHERE status <> 'paid') missed ORDER BY due_on"
    )
    assert rows == [(later, 0, date(2026, 12, 5), 0), (older, 10, date(2026, 12, 20), 0)]


def test_cycles_that_nobody_billed_are_skipped_without_credit_and_one_is_taken_by_choice(world: World) -> None:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 8, 20))
    world.card(client_id)
    bill_on(world, TODAY)
    skipped = [(n, cycle_date(date(2026, 8, 20), n), 14_900, 0, "skipped", "missed") for n in range(3)]
    assert opened(world) == [*skipped, (3, TODAY, 14_900, 0, "paid", None)]
    assert world.rows("SELECT sum(remaining)::int FROM credit_lot") == [(MILLI,)]
    assert len(world.received()) == 1  # nothing is said of a cycle that was ours to miss

    [(missed,)] = world.rows("SELECT id FROM invoice WHERE cycle = 2")
    [(settled,)] = world.rows("SELECT id FROM invoice WHERE cycle = 3")
    with world.rt.unit_of_work() as uow:
        spa_id = world.spa.spa_id
        assert billing.take_missed(uow, spa_id, int(str(settled)), actor="staff:1") == Refused("settled")
        assert billing.take_missed(uow, spa_id, int(str(missed)), actor="staff:1") is None
        assert billing.take_missed(uow, spa_id, int(str(missed)), actor="staff:1") == Refused("settled")
    world.settle()
    assert [cycle for cycle, _, _ in paid(world)] == [2, 3]
    assert world.rows("SELECT sum(remaining)::int FROM credit_lot") == [(2 * MILLI,)]
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'missed_taken'") == [(1,)]


def test_who_rests_is_not_charged_and_is_back_and_billed_on_the_day(world: World) -> None:
    client_id = world.client("Ana")
    member = world.enrol(
        client_id, anchor_on=date(2026, 10, 20), first_cycle=1, standing=Standing.PAUSED, resumes_on=date(2027, 1, 20)
    )
    world.card(client_id)
    for day in (TODAY, date(2026, 12, 20), date(2027, 1, 19)):
        bill_on(world, day)
        assert world.standing(member) == "paused"
    at(world, date(2027, 1, 20), 8)
    world.bill()
    assert world.standing(member) == "paused"
    bill_on(world, date(2027, 1, 20))
    assert world.standing(member) == "active"
    rested = [(1, TODAY, 14_900, 0, "skipped", "paused"), (2, date(2026, 12, 20), 14_900, 0, "skipped", "paused")]
    assert opened(world) == [*rested, (3, date(2027, 1, 20), 14_900, 0, "paid", None)]
    assert len(world.received()) == 1


def test_after_a_late_payment_the_next_cycle_keeps_its_distance(world: World) -> None:
    client_id = world.client("Ana")
    member = world.enrol(client_id, anchor_on=TODAY)
    world.stripe.behave(world.card(client_id), standing=FUNDS)
    world.bill()
    at(world, date(2026, 12, 19))
    [(invoice_id,)] = world.rows("SELECT id FROM invoice")
    with world.rt.unit_of_work() as uow:
        billing.record_payment(uow, world.spa.spa_id, int(str(invoice_id)), PaidBy.CASH, actor="staff:1")
    for ahead in range(GAP_DAYS):
        assert decision(world, member, date(2026, 12, 19) + ahead * DAY) in (Decision.HELD, Decision.SETTLED)
    assert decision(world, member, date(2026, 12, 19) + GAP_DAYS * DAY) is Decision.CHARGE


def test_each_spa_is_billed_from_nine_by_its_own_clock(world: World) -> None:
    zones = {
        "Pacific/Honolulu": date(2026, 11, 20),
        "Asia/Tokyo": date(2026, 11, 21),
        "Europe/London": date(2026, 11, 20),
    }
    spas = {zone: spa_of(world, zone, zone) for zone in zones}
    for zone, spa_id in spas.items():
        enrol_at(world, spa_id, anchor_on=zones[zone])
    ours = enrol_at(world, world.spa.spa_id, anchor_on=TODAY)
    opened_at: dict[object, datetime] = {}
    world.clock.at = datetime(2026, 11, 20, 0, 59, tzinfo=UTC)
    for _ in range(26):
        billing.bill(world.rt)
        for (member,) in world.rows("SELECT membership_id FROM invoice"):
            opened_at.setdefault(member, world.clock.now())
        world.clock.advance(timedelta(hours=1))
    when = {
        zone: found.astimezone(ZoneInfo(zone))
        for zone, found in (
            (zone, opened_at[member])
            for zone, member in [
                *(
                    (str(zone), member)
                    for zone, member in world.rows(
                        "SELECT s.zone, m.id FROM membership m JOIN spa s ON s.spa_id = m.spa_id WHERE m.id <> %s",
                        (ours,),
                    )
                ),
                ("America/Denver", ours),
            ]
        )
    }
    assert {zone: (found.date(), found.hour, found.minute) for zone, found in when.items()} == {
        zone: (day, 9, 59) for zone, day in (zones | {"America/Denver": TODAY}).items()
    }
    assert world.rows("SELECT count(DISTINCT spa_id) FROM billing_run") == [(4,)]


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [(date(2027, 3, 13), 16), (date(2027, 3, 14), 15), (date(2026, 11, 1), 16), (date(2026, 10, 31), 15)],
)
def test_nine_is_nine_when_the_clocks_change(world: World, day: date, utc_hour: int) -> None:
    world.enrol(world.client("Ana"), anchor_on=day)
    nine = datetime.combine(day, time(utc_hour), UTC)
    world.clock.at = nine - timedelta(seconds=1)
    assert billing.bill(world.rt) == 0
    world.clock.at = nine
    assert billing.bill(world.rt) == 1


# ── how far it has come ──


def test_progress_counts_each_invoice_in_one_place(world: World) -> None:
    visa, mastercard, discover = "4242424242424242", "5555555555554444", "6011111111111117"
    said = {"Ana": (visa, Verdict()), "Bea": (mastercard, FUNDS), "Cleo": (discover, Verdict(processing=True))}
    for number, name in enumerate([*said, "Dora", "Eva"]):
        client_id = world.client(name, f"+150555502{number:02}")
        world.enrol(client_id, anchor_on=TODAY, **({"dues_cents": 0} if name == "Eva" else {}))
        if name in said:
            card, verdict = said[name]
            world.stripe.behave(world.card(client_id, card), verdict)
    paused = world.client("Fay", "+15055550299")
    world.enrol(paused, anchor_on=TODAY, standing=Standing.PAUSED)

    def progress() -> Progress:
        with world.rt.unit_of_work() as uow:
            return billing.progress(uow, world.spa.spa_id, TODAY)

    assert progress() == Progress(0, 0, 0, 0, 0, 0, 0)
    billing.bill(world.rt)
    assert progress() == Progress(6, 0, 5, 0, 0, 1, 0)
    while charges.charge_next(world.rt):
        pass
    assert progress() == Progress(6, 2, 0, 1, 2, 1, 14_900)
    assert world.rows("SELECT opened, skipped FROM billing_run") == [(5, 1)]


# ── by a person ──


def declined(world: World, verdict: Verdict = FUNDS) -> tuple[int, int]:
    client_id = world.client("Ana")
    member = world.enrol(client_id, anchor_on=TODAY, standing=Standing.ACTIVE)
    world.stripe.behave(world.card(client_id), verdict)
    world.bill()
    [(invoice_id,)] = world.rows("SELECT id FROM invoice")
    return member, int(str(invoice_id))


def acts(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT act, actor, after->>'why' FROM audit WHERE actor LIKE 'staff%%' ORDER BY id")


@pytest.mark.parametrize("paid_by", [PaidBy.CASH, PaidBy.CHEQUE, PaidBy.TERMINAL])
def test_a_payment_at_the_desk_settles_it_with_credit_receipt_and_books(world: World, paid_by: PaidBy) -> None:
    member, invoice_id = declined(world)
    assert world.standing(member) == "past_due"
    with world.rt.unit_of_work() as uow:
        spa_id = world.spa.spa_id
        assert billing.record_payment(uow, spa_id, invoice_id, paid_by, actor="staff:1") is None
        assert billing.record_payment(uow, spa_id, invoice_id, paid_by, actor="staff:1") == Refused("settled")
        assert billing.waive(uow, spa_id, invoice_id, actor="staff:1", reason="x") == Refused("settled")
        assert billing.retry(uow, spa_id, invoice_id, actor="staff:1") == Refused("settled")
        assert billing.retry(uow, spa_id, 999, actor="staff:1") == Refused("unknown")
        assert billing.record_payment(uow, spa_id, 999, paid_by, actor="staff:1") == Refused("unknown")
        assert billing.waive(uow, spa_id, 999, actor="staff:1", reason="x") == Refused("unknown")
    world.settle()
    assert world.standing(member) == "active"
    assert world.rows("SELECT status, paid_by, next_attempt_at FROM invoice") == [("paid", paid_by.value, None)]
    assert world.rows("SELECT sum(remaining)::int FROM credit_lot") == [(MILLI,)]
    assert "$149.00 for Glow is paid" in world.received()[-1]
    assert acts(world) == [("payment_recorded", "staff:1", paid_by.value)]
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))


def test_a_month_is_let_go_without_charge_or_credit(world: World) -> None:
    member, invoice_id = declined(world)
    with world.rt.unit_of_work() as uow:
        assert billing.waive(uow, world.spa.spa_id, invoice_id, actor="staff:1", reason="flood") is None
    world.pass_time(DAY * 3)
    assert world.invoices() == [(0, "waived", "staff")]
    assert world.standing(member) == "active"
    assert world.rows("SELECT count(*) FROM credit_lot") == [(0,)]
    assert world.attempts() == [(1, "declined", "cycle")]
    assert acts(world) == [("waived", "staff:1", "flood")]


def test_nothing_is_settled_by_hand_while_a_charge_may_still_succeed(world: World) -> None:
    world.stripe.faults.add(Trouble(StripeFault.FAIL_AFTER, on="payment_intents.create", times=1))
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    _, invoice_id = declined(world, Verdict())
    with world.rt.unit_of_work() as uow:
        spa_id = world.spa.spa_id
        refused = billing.record_payment(uow, spa_id, invoice_id, PaidBy.CASH, actor="staff:1")
        assert refused == billing.waive(uow, spa_id, invoice_id, actor="staff:1", reason="x") == Refused("in_doubt")
    world.pass_time(timedelta(minutes=3))
    assert world.rows("SELECT status, paid_by FROM invoice") == [("paid", "card")]
    assert acts(world) == []


def test_staff_have_the_card_asked_again(world: World) -> None:
    member, invoice_id = declined(world)
    with world.rt.unit_of_work() as uow:
        assert billing.retry(uow, world.spa.spa_id, invoice_id, actor="staff:1") is None
    world.settle()
    assert world.attempts() == [(1, "declined", "cycle"), (2, "succeeded", "staff")]
    assert world.standing(member) == "active"
    assert acts(world) == [("retry_asked", "staff:1", "")]


def test_who_is_exempt_is_skipped_until_put_back(world: World) -> None:
    client_id = world.client("Ana")
    member = world.enrol(client_id, anchor_on=TODAY)
    world.card(client_id)
    for reason, day in (("the owner's sister", TODAY), (None, date(2026, 12, 20))):
        with world.rt.unit_of_work() as uow:
            billing.exempt(uow, world.spa.spa_id, member, charging=reason, dunning=None, actor="staff:1")
        bill_on(world, day)
    assert world.invoices() == [(0, "skipped", "exempt"), (1, "paid", None)]
    assert world.rows("SELECT after FROM audit WHERE act = 'exempted' ORDER BY id") == [
        ({"charging": "the owner's sister", "dunning": None},),
        ({"charging": None, "dunning": None},),
    ]


def test_a_new_price_that_comes_into_force_today_is_in_the_plan(world: World) -> None:
    spa_id, client_id = world.spa.spa_id, world.client("Ana")
    grant = GrantTerms("visit", MILLI)
    with world.rt.unit_of_work() as uow:
        old = plans.offer(uow, spa_id, "glow", "Glow", Terms(dues_cents=14_900, grants=(grant,)), actor="staff:1")
        new = plans.offer(uow, spa_id, "glow", "Glow", Terms(dues_cents=12_900, grants=(grant,)), actor="staff:1")
        plans.join(uow, spa_id, client_id, old.version_id, today=TODAY)
        price_changes.decide(
            uow, spa_id, old.version_id, new.version_id, effective_on=TODAY, today=TODAY, actor="staff:1"
        )
    world.card(client_id)
    with world.rt.unit_of_work() as uow:
        [line] = billing.plan(uow, spa_id, TODAY)
    assert world.rows("SELECT plan_version_id FROM membership") == [(old.version_id,)]  # to plan changes nothing
    world.bill()
    assert [cents for _, _, cents in paid(world)] == [12_900]
    assert line.total_cents == 12_900
