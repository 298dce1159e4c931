"""What is owed is asked for by one plan: text, try and boundary in their order, and only while anything is owed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from assistant.domain.billing import PaidBy
from assistant.domain.dunning import Final, Policy, Told
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.services import billing, cards, charges, choices, dunning, promises
from assistant.services.cards import Redirect
from assistant.services.promises import Promised, Retries
from tests.world import ANA, World

TODAY = date(2026, 11, 20)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEGAN = datetime(2026, 11, 20, 18, tzinfo=UTC)
"""Day 0 at 11:00 in Denver, which keeps seven hours behind all through these stories."""
MIDNIGHT = 7 * HOUR
FUNDS = Verdict("insufficient_funds", "try_again_later", "51")
LOST = Verdict("lost_card", "do_not_try_again", "41")
EXPIRED = Verdict("expired_card")
LADDER = [
    "first try",
    "payment-declined",
    "retry",
    "payment-reminder",
    "retry",
    "benefits-pause-soon",
    "retry",
    "benefits-paused",
    "still-owed",
    "retry",
    "last-notice",
    "retry",
    "membership-ended-unpaid",
]
ASKS = ("first try", "retry", "at once")
LINK = re.compile(r"/card/([\w-]+)")
DUE = """
    SELECT least((SELECT min(due_at) FROM dunning_step WHERE done_at IS NULL),
                 (SELECT min(next_attempt_at) FROM invoice WHERE status = 'open'),
                 (SELECT min(due_at) FROM outbound_message WHERE status = 'waiting'))"""
DIARY = """
    SELECT at, what FROM (
        SELECT asked_at AS at, message AS what FROM outbound_message WHERE asked_at IS NOT NULL
        UNION ALL SELECT created_at,
            CASE cause WHEN 'cycle' THEN 'first try' WHEN 'retry' THEN 'retry' ELSE 'at once' END FROM charge_attempt) d
    ORDER BY at, what"""


@dataclass(frozen=True)
class Member:
    """One whose card says no."""

    client_id: int
    membership_id: int
    card: str


def member(world: World, *says: Verdict, always: Verdict | None = FUNDS, **terms: object) -> Member:
    client_id = world.client("Ana")
    membership_id = world.enrol(client_id, anchor_on=TODAY, **terms)  # type: ignore[arg-type]
    card = world.card(client_id)
    world.stripe.behave(card, *says, standing=always)
    return Member(client_id, membership_id, card)


def on(day: float, after: timedelta = MIDNIGHT) -> datetime:
    """So long after the beginning of UTC's day; by itself a day's beginning at the spa."""
    return datetime(2026, 11, 20, tzinfo=UTC) + day * DAY + after


def live(world: World, until: datetime) -> None:
    """Every step at its own instant, until then."""
    for _ in range(300):
        world.settle()
        [(due,)] = world.rows(DUE)
        if not isinstance(due, datetime) or due > until:
            world.clock.at = until
            world.settle()
            return
        world.clock.at = max(due, world.clock.at)
    raise AssertionError("it never ends")


def diary(world: World) -> list[tuple[datetime, str]]:
    """Each question to the bank and each text, when it was asked and sent."""
    return [(at, str(what)) for at, what in world.rows(DIARY) if isinstance(at, datetime)]


def told(world: World) -> list[str]:
    return [what for _, what in diary(world) if what not in ASKS]


def tasks(world: World) -> list[object]:
    return [kind for (kind,) in world.rows("SELECT kind FROM staff_task WHERE closed_at IS NULL ORDER BY kind")]


def the_invoice(world: World) -> int:
    [(invoice_id,)] = world.rows("SELECT id FROM invoice ORDER BY id LIMIT 1")
    return int(str(invoice_id))


def ladder_left(world: World) -> list[str]:
    """What is still to come, by days since the first decline."""
    rows = world.rows("SELECT due_at, kind, what FROM dunning_step WHERE done_at IS NULL ORDER BY due_at, number")
    return [
        f"{(due_at - on(0)).days} {kind} {what}".strip() for due_at, kind, what in rows if isinstance(due_at, datetime)
    ]


def pays_cash(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        paid = billing.record_payment(uow, world.spa.spa_id, the_invoice(world), PaidBy.CASH, actor="staff:1")
        assert paid is None


def set_policy(world: World, policy: Policy) -> None:
    with world.rt.unit_of_work() as uow:
        dunning.set_policy(uow, world.spa.spa_id, policy, actor="staff:1")


def new_card(world: World, client_id: int, *says: Verdict) -> None:
    """By the link in the last text that has one, and then the bank speaks."""
    token = [found for body in world.received() for found in LINK.findall(body)][-1]
    opened = cards.open_page(world.rt, token, ANA[-4:], return_url="https://spa.example.com/card")
    assert isinstance(opened, Redirect)
    [(page_id,)] = world.rows("SELECT page_id FROM card_page ORDER BY id DESC LIMIT 1")
    world.stripe.type_card(str(page_id), "5555555555554444")
    [(customer_id,)] = world.rows("SELECT customer_id FROM payer WHERE client_id = %s", (client_id,))
    method = world.stripe.all("payment_method", customer=str(customer_id))[-1]["id"]
    world.stripe.behave(method, *says)
    world.settle()


def in_its_order(happened: Sequence[tuple[datetime, str]]) -> None:
    """Walked and not jumped; a text hours before its try; never two together; no end without its last notice."""
    assert [what for _, what in happened] == LADDER
    at = {what: when for when, what in happened}
    texts = [when for when, what in happened if what not in ASKS]
    assert all(later - earlier >= 20 * HOUR for earlier, later in pairwise(texts))
    tries = [when for when, what in happened if what == "retry"]
    assert all(not timedelta(0) <= retry - text < 2 * HOUR for retry in tries for text in texts)
    assert all(later - earlier >= DAY for earlier, later in pairwise(tries))
    assert at["benefits-paused"] - at["benefits-pause-soon"] >= DAY
    assert at["membership-ended-unpaid"] - at["last-notice"] >= DAY
    assert tries[-1] < at["membership-ended-unpaid"]


# ── the plan ──


def test_text_try_and_boundary_are_one_plan(world: World) -> None:
    who = member(world)
    world.bill()
    live(world, on(40))

    happened = diary(world)
    in_its_order(happened)
    for (before, what), (at, _) in pairwise(happened):
        assert what in ASKS or _ != "retry" or what == "payment-declined" or 2 * HOUR <= at - before <= 26 * HOUR
    days = [(at - on(0)).days for at, _ in diary(world)]
    assert days == [0, 0, 2, 5, 6, 12, 13, 14, 19, 20, 28, 29, 30]
    assert world.invoices() == [(0, "written_off", "ladder")]
    assert world.standing(who.membership_id) == "ended"
    assert world.rows("SELECT outcome FROM dunning_case WHERE closed_at IS NOT NULL") == [("written_off",)]
    assert tasks(world) == []


@pytest.mark.parametrize(
    ("gone_at", "back_after"),
    [
        (on(0, 19 * HOUR), 2 * DAY),  # before anything was said
        (on(0, 19 * HOUR), 10 * DAY),
        (on(4, 20 * HOUR), 2 * DAY),
        (on(11, 20 * HOUR), 10 * DAY),
        (on(13), 40 * DAY),
        (on(13, 12 * HOUR), 20 * HOUR),  # over a try and the boundary behind it
        (on(27, 20 * HOUR), 2 * DAY),
        (on(27, 20 * HOUR), 40 * DAY),
        (on(29, 12 * HOUR), 20 * HOUR),
        (on(28, 16 * HOUR), 23 * HOUR),  # over a text and its try
    ],
)
def test_while_the_machine_was_away_the_ladder_waited_for_it(
    world: World, gone_at: datetime, back_after: timedelta
) -> None:
    who = member(world)
    billing.bill(world.rt)
    while charges.charge_next(world.rt):
        pass
    if gone_at > on(1):
        live(world, gone_at)
    world.clock.at = gone_at + back_after
    live(world, on(90))

    in_its_order(diary(world))
    assert world.standing(who.membership_id) == "ended"


ENDINGS = {
    Final.SKIP: ("skipped", "active", None),
    Final.PAUSE: ("written_off", "paused", date(2027, 3, 20)),
    Final.CANCEL: ("written_off", "ended", None),
}


@pytest.mark.parametrize("final", list(Final))
def test_the_end_does_what_it_says(world: World, final: Final) -> None:
    set_policy(world, Policy(final=final))
    who = member(world)
    world.bill()
    live(world, on(30, 16 * HOUR))
    status, standing, back_on = ENDINGS[final]
    assert world.invoices() == [(0, status, "ladder")]
    assert world.standing(who.membership_id) == standing
    assert world.rows("SELECT resumes_on FROM membership") == [(back_on,)]
    *_, notice, last = world.received()
    assert "Last notice" in notice
    world.stripe.behave(who.card)
    told_next = {
        Final.SKIP: (date(2026, 12, 20), "Dec 20"),
        Final.PAUSE: (date(2027, 3, 20), "Mar 20"),
        Final.CANCEL: (None, "ended"),
    }
    day, words = told_next[final]
    assert words in last
    for ahead in (30, 61, 92, 120):
        world.clock.at = on(ahead, 17 * HOUR)
        world.bill()
        live(world, on(ahead, 20 * HOUR))
    paid = world.rows("SELECT min((paid_at AT TIME ZONE 'America/Denver')::date) FROM invoice WHERE status = 'paid'")
    assert paid == [(day,)]


def test_a_running_case_keeps_the_ladder_it_began_under(world: World) -> None:
    member(world)
    world.bill()
    live(world, on(3))
    short = Policy(
        retries=(2, 6, 9),
        tells=((0, Told.DECLINED), (5, Told.BEFORE_SUSPENSION), (8, Told.LAST_NOTICE)),
        warning_day=3,
        suspend_day=7,
        final_day=10,
        promise_days=3,
    )
    set_policy(world, short)
    luz = world.client("Luz", "+15055550111")
    world.enrol(luz, anchor_on=date(2026, 11, 23))
    world.stripe.behave(world.card(luz, "5555555555554444"), standing=FUNDS)
    world.clock.at = on(3, 17 * HOUR)
    world.bill()
    live(world, on(60))
    ends = world.rows("SELECT client_id, closed_at FROM dunning_case ORDER BY id")
    assert [(at - on(0)).days for _, at in ends if isinstance(at, datetime)] == [30, 13]
    asked = world.rows("SELECT invoice_id, count(*) FROM charge_attempt GROUP BY 1 ORDER BY 1")
    assert [many for _, many in asked] == [6, 4]


# ── only while it is owed ──


def test_a_text_that_waits_for_the_morning_is_dropped_when_it_is_paid_in_the_night(world: World) -> None:
    who = member(world)
    world.bill()
    live(world, on(14, 8 * HOUR))  # the benefits have paused; their text waits for the morning
    assert world.standing(who.membership_id) == "suspended"
    assert told(world)[-1] == "benefits-pause-soon"
    pays_cash(world)
    live(world, on(40))
    assert told(world)[-2:] == ["benefits-pause-soon", "payment-received"]
    assert world.rows("SELECT reason FROM outbound_message WHERE message = 'benefits-paused'") == [("settled",)]
    assert world.rows("SELECT DISTINCT outcome FROM dunning_step ORDER BY 1") == [("done",), ("settled",)]
    assert world.standing(who.membership_id) == "active"


def test_each_step_reads_anew_whether_anything_is_owed(world: World) -> None:
    member(world)
    world.bill()
    live(world, on(4))
    world.clock.at = on(5, 17 * HOUR)  # the reminder is due this instant
    pays_cash(world)
    live(world, on(40))
    assert told(world) == ["payment-declined", "payment-received"]
    assert len(world.attempts()) == 2


def test_nothing_is_said_while_the_bank_is_being_asked(world: World) -> None:
    member(world, FUNDS, FUNDS, always=None)
    world.bill()
    live(world, on(5, 16 * HOUR + 59 * MINUTE))
    world.stripe.faults.add(Trouble(StripeFault.FAIL_AFTER, on="payment_intents.create", times=1))
    world.stripe.faults.add(Trouble(StripeFault.LOSE_WEBHOOKS, times=None))
    world.say("PAY")  # it is paid, and nobody hears of it
    assert world.attempts()[-1][1] == "unanswered"
    live(world, on(5, 17 * HOUR))
    assert "payment-reminder" not in told(world)
    world.pass_time(5 * MINUTE)  # the janitor looks
    live(world, on(40))
    assert world.invoices() == [(0, "paid", None)]
    assert "payment-reminder" not in told(world)


# ── told, or somebody's task ──


def test_who_cannot_be_texted_is_somebodys_task_within_a_day_and_never_put_out(world: World) -> None:
    who = member(world)
    world.rows("UPDATE phone SET suppressed_at = %s RETURNING 1", (world.clock.now(),))
    world.bill()
    world.pass_time(19 * HOUR)
    assert tasks(world) == []
    world.pass_time(4 * HOUR)
    assert tasks(world) == ["not_told"]
    live(world, on(60))
    assert tasks(world) == ["not_told", "unpaid_untold"]
    assert world.invoices() == [(0, "open", None)]
    assert world.standing(who.membership_id) == "suspended"
    pays_cash(world)
    assert tasks(world) == []
    assert world.rows("SELECT DISTINCT closed_by, resolution FROM staff_task") == [("clock", "paid")]
    assert world.standing(who.membership_id) == "active"


def test_what_the_carrier_did_not_deliver_was_not_told_until_something_is(world: World) -> None:
    member(world)
    world.book.faults.add(Fault(FaultKind.UNDELIVERED, code=30007))
    world.bill()
    world.pass_time(23 * HOUR)
    assert tasks(world) == ["not_told"]
    live(world, on(5, 18 * HOUR))
    world.pass_time(MINUTE)
    assert told(world)[-1] == "payment-reminder"
    assert tasks(world) == []
    assert world.rows("SELECT resolution FROM staff_task") == [("delivered",)]


def test_nobody_is_chased_whom_staff_have_taken_out_of_it(world: World) -> None:
    who = member(world)
    with world.rt.unit_of_work() as uow:
        billing.exempt(
            uow, world.spa.spa_id, who.membership_id, charging=None, dunning="the owner's sister", actor="staff:1"
        )
    world.bill()
    world.pass_time(DAY)
    live(world, on(40))
    assert (told(world), tasks(world)) == ([], [])
    assert world.attempts() == [(1, "declined", "cycle")]
    assert world.rows("SELECT DISTINCT outcome FROM dunning_step") == [("exempt",)]
    assert world.invoices() == [(0, "open", None)]


# ── what the bank says next ──


@pytest.mark.parametrize("code", ["merchant_blacklist", "duplicate_transaction"])
def test_our_own_fault_is_a_task_and_no_word_to_the_member(world: World, code: str) -> None:
    who = member(world, Verdict(code), FUNDS)
    world.bill()
    live(world, on(10))
    assert (told(world), tasks(world)) == ([], ["review"])
    assert (world.standing(who.membership_id), world.invoices()) == ("active", [(0, "open", None)])

    world.clock.at = on(10, 17 * HOUR)  # a person has had a look, and has it tried again
    with world.rt.unit_of_work() as uow:
        assert billing.retry(uow, world.spa.spa_id, the_invoice(world), actor="staff:1") is None
    live(world, on(10, 18 * HOUR))
    assert told(world) == ["payment-declined"]
    assert world.standing(who.membership_id) == "past_due"
    live(world, on(39, 18 * HOUR))
    assert [what for _, what in diary(world)][2:] == LADDER[1:-1]
    live(world, on(41))
    assert world.standing(who.membership_id) == "ended"
    assert tasks(world) == []


def test_a_ladder_that_began_late_ends_late_whatever_card_comes(world: World) -> None:
    """It was our fault for 20 days; then a hard no, and another card that is declined softly."""
    who = member(world, Verdict("merchant_blacklist"), FUNDS, LOST)
    world.bill()
    live(world, on(20))
    with world.rt.unit_of_work() as uow:
        billing.retry(uow, world.spa.spa_id, the_invoice(world), actor="staff:1")
    live(world, on(25, 18 * HOUR))
    assert not any("retry" in step for step in ladder_left(world))  # lost_card at the retry of day 22
    new_card(world, who.client_id, *[FUNDS] * 9)
    assert ladder_left(world) == [
        "26 retry",
        "32 tell before_suspension",
        "33 retry",
        "34 move suspended",
        "39 tell still_owed",
        "40 retry",
        "48 tell last_notice",
        "49 retry",
        "50 final cancel",
    ]
    assert world.standing(who.membership_id) == "past_due"


@pytest.mark.parametrize("code", ["revocation_of_authorization", "stop_payment_order"])
def test_who_told_their_bank_to_stop_is_asked_by_a_person_and_not_chased(world: World, code: str) -> None:
    who = member(world, Verdict(code))
    world.bill()
    live(world, on(40))
    assert tasks(world) == ["cancel_asked_of_bank"]
    assert told(world) == []
    assert world.attempts() == [(1, "declined", "cycle")]
    assert world.standing(who.membership_id) != "ended"


def test_a_later_revocation_ends_the_ladder(world: World) -> None:
    member(world, FUNDS, Verdict("revocation_of_authorization"))
    world.bill()
    live(world, on(40))
    assert told(world) == ["payment-declined"]
    assert tasks(world) == ["cancel_asked_of_bank"]


def test_a_hard_no_ends_the_tries_and_another_card_brings_them_back(world: World) -> None:
    who = member(world, FUNDS, LOST)
    world.bill()
    live(world, on(5, 18 * HOUR))
    assert [what for _, what in diary(world)] == LADDER[:4]
    assert not any("retry" in step for step in ladder_left(world))
    new_card(world, who.client_id, *[FUNDS] * 9)
    assert told(world)[-2:] == ["card-saved", "payment-declined"]
    retries = [step for step in ladder_left(world) if "retry" in step]
    assert retries == ["6 retry", "13 retry", "20 retry", "29 retry"]
    live(world, on(40))
    assert [what for _, what in diary(world)][-9:] == LADDER[-9:]
    assert world.standing(who.membership_id) == "ended"


def test_another_card_after_we_were_away_jumps_nothing(world: World) -> None:
    who = member(world, FUNDS, LOST)
    world.bill()
    live(world, on(4))
    world.clock.at = on(16)  # the reminder of day 5 was due while nobody was there
    live(world, on(16, 18 * HOUR))
    new_card(world, who.client_id, *[FUNDS] * 9)
    assert "25 move suspended" in ladder_left(world)
    live(world, on(60))
    assert [what for _, what in diary(world)][-8:] == LADDER[-8:]


# ── promises ──


def promise(world: World, who: Member, day: date) -> object:
    with world.rt.unit_of_work() as uow:
        return promises.promise(uow, world.spa.spa_id, who.client_id, day, actor="member")


@pytest.mark.parametrize("kept", [True, False])
def test_a_named_day_holds_the_benefits_over_the_boundary_and_no_longer(world: World, kept: bool) -> None:
    who = member(world, FUNDS, FUNDS, FUNDS, *([] if kept else [FUNDS] * 5), always=None)
    world.bill()
    live(world, on(8))
    day = date(2026, 12, 6)  # day 16, two days after the benefits would have paused
    assert promise(world, who, day) == Promised(14_900, day, benefits_on=True)
    live(world, on(16, 15 * HOUR))
    assert told(world) == ["payment-declined", "payment-reminder"]
    assert world.standing(who.membership_id) == "past_due"
    live(world, on(16, 20 * HOUR))
    if kept:
        assert world.invoices() == [(0, "paid", None)]
        live(world, on(40))
        assert told(world)[2:] == ["payment-received"]
        return
    assert world.standing(who.membership_id) == "past_due"
    live(world, on(17, MIDNIGHT + MINUTE))
    assert world.standing(who.membership_id) == "suspended"
    live(world, on(40))
    assert told(world)[2:] == ["benefits-paused", "still-owed", "last-notice", "membership-ended-unpaid"]
    assert world.standing(who.membership_id) == "ended"


def test_a_promise_taken_back_after_we_were_away_jumps_nothing(world: World) -> None:
    who = member(world)
    world.bill()
    live(world, on(4))
    world.clock.at = on(16)
    live(world, on(17))
    before = ladder_left(world)
    assert before[-1] == "41 final cancel"
    assert isinstance(promise(world, who, date(2026, 12, 10)), Promised)
    with world.rt.unit_of_work() as uow:
        back = promises.unpromise(uow, world.spa.spa_id, who.client_id, actor="member")
    assert isinstance(back, Retries)
    assert ladder_left(world) == before


# ── one person, two memberships ──


def test_two_memberships_on_one_card_need_one_link(world: World) -> None:
    who = member(world, always=EXPIRED)
    other = world.enrol(who.client_id, anchor_on=TODAY, dues_cents=9_900)
    world.bill()
    assert told(world) == ["payment-declined"]  # the card is asked once a day
    assert [status for _, status, _ in world.invoices()] == ["open", "open"]
    new_card(world, who.client_id)
    assert [status for _, status, _ in world.invoices()] == ["paid", "paid"]
    assert {world.standing(each) for each in (who.membership_id, other)} == {"active"}
    assert sorted(told(world)) == ["card-saved", "payment-declined", "payment-received", "payment-received"]
    assert "$248.00" in world.received()[1]
    assert len(world.rows("SELECT 1 FROM secure_link")) == 1


# ── the day that is named is the day ──


def begun_on_the_31st(world: World) -> Member:
    """Declined on Jan 31; the next cycle is due on Feb 28, before the ladder ends."""
    world.clock.at = datetime(2027, 1, 31, 18, tzinfo=UTC)
    client_id = world.client("Ana")
    membership_id = world.enrol(client_id, anchor_on=date(2027, 1, 31))
    card = world.card(client_id)
    world.stripe.behave(card, standing=FUNDS)
    world.bill()
    return Member(client_id, membership_id, card)


def paid_on(world: World) -> list[object]:
    rows = world.rows(
        "SELECT (paid_at AT TIME ZONE 'America/Denver')::date FROM invoice WHERE status = 'paid' ORDER BY cycle"
    )
    return [day for (day,) in rows]


def test_the_end_names_a_next_charge_that_is_one(world: World) -> None:
    set_policy(world, Policy(final=Final.SKIP))
    who = begun_on_the_31st(world)
    world.stripe.behave(who.card, *[FUNDS] * 5)
    live(world, datetime(2027, 3, 2, 17, tzinfo=UTC))
    assert world.standing(who.membership_id) == "active"
    assert "Mar 2" in world.received()[-1]
    world.bill()
    live(world, datetime(2027, 3, 2, 23, tzinfo=UTC))
    assert paid_on(world) == [date(2027, 3, 2)]


def test_a_skip_names_a_next_charge_that_is_one(world: World) -> None:
    who = begun_on_the_31st(world)
    live(world, datetime(2027, 2, 28, 18, tzinfo=UTC))
    with world.rt.unit_of_work() as uow:
        quoted = choices.skip_quote(uow, world.spa.spa_id, who.client_id)
        done = choices.skip(uow, world.spa.spa_id, who.client_id, date(2027, 1, 31), actor="member")
    assert quoted == done == choices.Skipped(date(2027, 1, 31), date(2027, 2, 28))
    world.stripe.behave(who.card)
    world.bill()
    assert paid_on(world) == [date(2027, 2, 28)]


def test_a_rest_lets_one_charge_go_by_and_is_over_on_the_one_after(world: World) -> None:
    who = begun_on_the_31st(world)
    live(world, datetime(2027, 2, 28, 18, tzinfo=UTC))
    with world.rt.unit_of_work() as uow:
        rests = choices.rest(uow, world.spa.spa_id, who.client_id, date(2027, 1, 31), actor="member")
    assert rests == choices.Rests(date(2027, 2, 28), date(2027, 3, 31), date(2027, 1, 31))
    world.stripe.behave(who.card)
    for day in (datetime(2027, 2, 28, 19, tzinfo=UTC), datetime(2027, 3, 31, 17, tzinfo=UTC)):
        world.clock.at = day
        world.bill()
    assert paid_on(world) == [date(2027, 3, 31)]
    assert world.invoices() == [(0, "skipped", "paused"), (1, "skipped", "paused"), (2, "paid", None)]


def test_a_rest_of_a_yearly_member_ends_on_a_charge(world: World) -> None:
    who = member(world, cycle_months=12)
    world.bill()
    with world.rt.unit_of_work() as uow:
        rests = choices.rest(uow, world.spa.spa_id, who.client_id, TODAY, actor="member")
    assert isinstance(rests, choices.Rests)
    assert rests.resumes_on == date(2028, 11, 20)
