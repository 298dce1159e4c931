"""What can go back, for any payment and any past: never more than was paid, never more credit than is there."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.domain import stored
from assistant.domain.credits import MILLI
from assistant.domain.ledger import Parts
from assistant.domain.refunds import (
    Asked,
    Backing,
    Paid,
    RefundQuote,
    RefundRefusal,
    Refused,
    earned_by,
    plan_loss,
    plan_outside,
    plan_refund,
    plan_sale,
)

MONTH = (date(2026, 3, 1), date(2026, 4, 1))


@st.composite
def lot(draw: st.DrawFn) -> Backing:
    remaining = draw(st.integers(1, 5_000))
    free = draw(st.integers(0, remaining))
    unit = draw(st.sampled_from(["USD", "visit", "extra"]))
    return Backing(
        draw(st.integers(1, 10**6)), draw(st.integers(1, 3)), unit, remaining, free, draw(st.integers(0, 20_000))
    )


@st.composite
def paid(draw: st.DrawFn) -> Paid:
    """A payment of which some credit was used, some access given, and perhaps some has gone back."""
    lots = tuple(draw(st.lists(lot(), max_size=4, unique_by=lambda each: each.lot_id)))
    used = draw(st.integers(0, 20_000))
    access = draw(st.integers(0, 20_000))
    deferred = sum(each.cents_left for each in lots) + used
    gone = draw(st.integers(0, access))
    assume(deferred + access)
    return Paid(
        cents=deferred + access,
        gone_cents=gone,
        booked=Parts(deferred=deferred, access=access),
        back=Parts(access=gone),
        earned_access_cents=draw(st.integers(0, access)),
        lots=lots,
        used=(("visit", draw(st.integers(1, 4_000))),) if used else (),
    )


asked = st.builds(
    Asked, cents=st.none() | st.integers(1, 100_000), forced=st.booleans(), most_cents=st.integers(0, 50_000)
)


@given(paid(), asked)
def test_parts_sum_to_the_cents_and_are_never_more_than_is_left(paid: Paid, asked: Asked) -> None:
    quote = plan_refund(paid, asked)
    most = paid.left_cents - (0 if asked.forced else paid.used_cents)
    if isinstance(quote, Refused):
        assert most <= 0 or (asked.cents is not None and asked.cents > most)
        return
    assert quote.parts.cents == quote.cents <= most
    assert quote.cents == (most if asked.cents is None else asked.cents)
    assert min(stored.written(quote.parts).values()) >= 0
    assert quote.left_cents == paid.left_cents - quote.cents
    assert asked.forced or quote.parts.goodwill == 0
    assert quote.needs_manager == (quote.cents > asked.most_cents or quote.parts.goodwill > 0)
    assert stored.read(RefundQuote, stored.written(quote), "plan") == quote


@given(paid(), asked)
def test_no_more_credit_is_taken_than_is_there_and_its_dues_go_with_it(paid: Paid, asked: Asked) -> None:
    quote = plan_refund(paid, asked)
    assume(isinstance(quote, RefundQuote))
    assert isinstance(quote, RefundQuote)
    by_id = {each.lot_id: each for each in paid.lots}
    assert sum(each.cents for each in quote.takes) == quote.parts.deferred
    for take in quote.takes:
        held = by_id[take.lot_id]
        assert 0 <= take.amount <= held.free
        assert 0 <= take.cents <= held.free_cents
        assert (take.client_id, take.unit) == (held.client_id, held.unit)
        if take.amount == held.remaining:
            assert take.cents == held.cents_left
    for claim in quote.claims:
        assert 0 < claim.amount <= dict(paid.used)[claim.unit]


@given(paid())
def test_all_that_can_go_back_takes_every_unused_credit(paid: Paid) -> None:
    quote = plan_refund(paid, Asked())
    if isinstance(quote, RefundQuote):
        assert {each.lot_id: each.amount for each in quote.takes if each.amount} == {
            each.lot_id: each.free for each in paid.lots if each.free
        }


@given(paid(), st.integers(1, 60_000))
def test_a_part_takes_services_by_whole_credits(paid: Paid, cents: int) -> None:
    quote = plan_refund(paid, Asked(cents=cents))
    if isinstance(quote, RefundQuote) and cents < paid.left_cents - paid.used_cents:
        assert all(each.amount % MILLI == 0 for each in quote.takes if each.unit != "USD")


@given(paid(), st.integers(1, 60_000))
def test_a_loss_is_never_less_than_what_was_used(paid: Paid, cents: int) -> None:
    parts, takes = plan_loss(paid, cents)
    assert parts.cents <= cents
    assert sum(each.cents for each in takes) == parts.deferred <= paid.credit_cents
    assert parts.access <= paid.access_cents
    assert parts.goodwill == parts.revenue == 0


@given(paid(), st.integers(1, 60_000))
def test_what_was_given_back_elsewhere_is_booked_to_the_cent(paid: Paid, cents: int) -> None:
    quote = plan_outside(paid, cents)
    assert quote.parts.cents == cents
    assert quote.claims == ()


@given(
    st.integers(0, 50_000), st.integers(0, 5_000), st.integers(0, 5_000), st.lists(st.integers(1, 20_000), max_size=6)
)
def test_a_ticket_goes_back_to_the_cent_and_its_tip_last(due: int, tax: int, tip: int, wanted: list[int]) -> None:
    sold, back = Parts(revenue=due, tax=tax, tips=tip), Parts()
    for cents in wanted:
        quote = plan_sale(sold, back, Asked(cents=cents, most_cents=10**9))
        if isinstance(quote, Refused):
            assert cents > sold.cents - back.cents
            continue
        parts = quote.parts
        assert parts.cents == cents
        assert parts.tips == 0 or back.revenue + back.tax + parts.revenue + parts.tax == due + tax
        back = Parts(revenue=back.revenue + parts.revenue, tax=back.tax + parts.tax, tips=back.tips + parts.tips)
        assert (back.revenue <= due, back.tax <= tax, back.tips <= tip) == (True, True, True)
    rest = plan_sale(sold, back, Asked(most_cents=10**9))
    if isinstance(rest, RefundQuote):
        assert rest.cents + back.cents == sold.cents
    else:
        assert rest == Refused(RefundRefusal.NOTHING_LEFT)


@given(st.integers(0, 50_000), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_access_is_earned_by_days_and_all_of_it_in_the_end(cents: int, today: date) -> None:
    earned = earned_by(cents, *MONTH, today)
    assert 0 <= earned <= cents
    assert (earned == 0) or today > MONTH[0]
    assert today < MONTH[1] or earned == cents


def test_a_promise_to_a_booking_is_not_taken() -> None:
    held = Backing(1, 1, "visit", 2_000, 1_000, 10_000)
    paid = Paid(cents=10_000, booked=Parts(deferred=10_000), lots=(held,))
    quote = plan_refund(paid, Asked(most_cents=10**6))
    assert isinstance(quote, RefundQuote)
    assert (quote.cents, quote.takes[0].amount, quote.used_cents) == (5_000, 1_000, 5_000)
    assert plan_refund(replace(paid, gone_cents=10_000), Asked()) == Refused(RefundRefusal.NOTHING_LEFT)
