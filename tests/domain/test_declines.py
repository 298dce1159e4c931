from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.declines import (
    ADVICE_FIX,
    ADVICE_NEVER,
    ADVICE_NEW_CARD,
    ADVICE_WAITS,
    CARD_LIMITS,
    HARD,
    SOFT,
    SOON_ANSWERED,
    TABLE,
    UNKNOWN,
    VISA_NEVER,
    Allowed,
    Barred,
    Decline,
    NotBefore,
    Past,
    Rule,
    Script,
    Verdict,
    judge,
    may_attempt,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 3, 1, 16, tzinfo=UTC)

CODES = """
    authentication_required authentication_not_handled mobile_device_authentication_required insufficient_funds
    card_velocity_exceeded withdrawal_count_limit_exceeded do_not_honor generic_decline no_action_taken call_issuer
    try_again_later security_violation approve_with_id issuer_not_available processing_error reenter_transaction
    expired_card invalid_expiry_month invalid_expiry_year incorrect_number invalid_number incorrect_cvc invalid_cvc
    incorrect_zip incorrect_address new_account_information_available card_not_supported currency_not_supported
    service_not_allowed not_permitted transaction_not_allowed invalid_account lost_card stolen_card pickup_card
    restricted_card fraudulent do_not_try_again revocation_of_authorization revocation_of_all_authorizations
    stop_payment_order merchant_blacklist testmode_decline invalid_amount duplicate_transaction incorrect_pin
    invalid_pin pin_try_exceeded offline_pin_required online_or_offline_pin_required
""".split()
"""All the card codes of docs.stripe.com/declines/codes (`rules.md` 5.5)."""


def test_every_code_has_one_verdict() -> None:
    assert len(CODES) == len(set(CODES)) == 50
    assert set(CODES) | {"resource_missing", "invalid_request", "no_card"} == set(TABLE)


@pytest.mark.parametrize(
    ("codes", "rule", "script", "wait"),
    [
        ("authentication_required authentication_not_handled", Rule.AUTH, Script.AUTHENTICATE, 0 * HOUR),
        ("mobile_device_authentication_required", Rule.AUTH, Script.AUTHENTICATE, 0 * HOUR),
        ("insufficient_funds", Rule.LATER, Script.FUNDS, 0 * HOUR),
        ("card_velocity_exceeded withdrawal_count_limit_exceeded", Rule.LATER, Script.SOFT, 24 * HOUR),
        ("do_not_honor generic_decline no_action_taken call_issuer", Rule.LATER, Script.CALL_BANK, 0 * HOUR),
        ("try_again_later", Rule.LATER, Script.SOFT, 0 * HOUR),
        ("approve_with_id issuer_not_available", Rule.ONCE, Script.SOFT, 2 * HOUR),
        ("processing_error reenter_transaction", Rule.ONCE, Script.SOFT, 2 * HOUR),
        ("expired_card", Rule.FIX, Script.EXPIRED, 0 * HOUR),
        ("invalid_expiry_month invalid_expiry_year", Rule.FIX, Script.DETAILS, 0 * HOUR),
        ("incorrect_number invalid_number incorrect_cvc invalid_cvc", Rule.FIX, Script.DETAILS, 0 * HOUR),
        ("incorrect_zip incorrect_address", Rule.FIX, Script.DETAILS, 0 * HOUR),
        ("new_account_information_available", Rule.FIX, Script.DETAILS, 48 * HOUR),
        ("card_not_supported currency_not_supported resource_missing no_card", Rule.FIX, Script.NEW_CARD, 0 * HOUR),
        ("service_not_allowed not_permitted transaction_not_allowed", Rule.FIX, Script.CALL_BANK, 0 * HOUR),
        ("merchant_blacklist testmode_decline invalid_amount", Rule.REVIEW, Script.NOTHING, 0 * HOUR),
        ("incorrect_pin invalid_pin pin_try_exceeded", Rule.REVIEW, Script.NOTHING, 0 * HOUR),
        ("offline_pin_required online_or_offline_pin_required", Rule.REVIEW, Script.NOTHING, 0 * HOUR),
        ("invalid_request", Rule.REVIEW, Script.NOTHING, 0 * HOUR),
        ("duplicate_transaction", Rule.CHECK, Script.NOTHING, 0 * HOUR),
    ],
)
def test_what_a_code_asks_of_us(codes: str, rule: Rule, script: Script, wait: timedelta) -> None:
    for code in codes.split():
        assert judge(Decline(decline_code=code)) == Verdict(rule, script, wait)


@pytest.mark.parametrize("code", "invalid_account lost_card stolen_card pickup_card restricted_card".split())
def test_a_lost_card_is_never_asked_again_and_its_owner_is_not_told_why(code: str) -> None:
    assert judge(Decline(decline_code=code)) == Verdict(Rule.NEVER, Script.NEW_CARD, bars_card=True)


@pytest.mark.parametrize(
    "decline",
    [
        Decline(decline_code="stop_payment_order"),
        Decline(decline_code="revocation_of_authorization"),
        Decline(decline_code="revocation_of_all_authorizations"),
        Decline(decline_code="stop_payment_order", advice_code="do_not_try_again"),
        *(Decline(decline_code="do_not_honor", network_decline_code=code, brand="visa") for code in ("R0", "R1", "R3")),
    ],
)
def test_who_told_the_bank_to_stop_is_a_case(decline: Decline) -> None:
    verdict = judge(decline)
    assert (verdict.rule, verdict.opens_cancel_case, verdict.bars_card) == (Rule.NEVER, True, True)


@pytest.mark.parametrize("code", ["brand_new_code", "security_violation", "", None])
def test_the_unknown_is_tried_once_more(code: str | None) -> None:
    decline = Decline(decline_code=code)
    assert (judge(decline).rule, judge(decline).most_retries) == (Rule.LATER, 1)
    assert judge(decline, earlier=1) == judge(decline, earlier=2) == Verdict(Rule.FIX, Script.NEW_CARD)
    assert judge(Decline(decline_code="insufficient_funds"), earlier=9).rule is Rule.LATER


# --- precedence (`rules.md` 5.4) --------------------------------------------------------------------------------------

CODE = st.sampled_from([*CODES, "brand_new_code"])
ADVICE = st.sampled_from([None, "try_again_later", "confirm_card_data", "do_not_try_again"])
NETWORK_CODE = st.sampled_from([None, "05", "51", *sorted(VISA_NEVER)])
NETWORK_ADVICE = st.sampled_from([None, "99", *sorted(ADVICE_NEVER | ADVICE_FIX | ADVICE_NEW_CARD | set(ADVICE_WAITS))])
BRANDS = st.sampled_from([None, "visa", "mastercard", "amex"])
DECLINES = st.builds(
    Decline,
    decline_code=CODE,
    advice_code=ADVICE,
    network_decline_code=NETWORK_CODE,
    network_advice_code=NETWORK_ADVICE,
    brand=BRANDS,
    blocked=st.booleans(),
)


@given(DECLINES, st.integers(0, 3))
def test_the_order_of_the_signals(decline: Decline, earlier: int) -> None:
    verdict = judge(decline, earlier=earlier)
    row = TABLE.get(decline.decline_code or "", UNKNOWN)
    advice = decline.network_advice_code
    visa_says_never = decline.brand == "visa" and decline.network_decline_code in VISA_NEVER
    if row.rule is Rule.CHECK:
        assert verdict.rule is Rule.CHECK
    elif visa_says_never or advice in ADVICE_NEVER or decline.advice_code == "do_not_try_again":
        assert verdict.rule is Rule.NEVER
    elif decline.advice_code == "confirm_card_data" or advice in ADVICE_FIX | ADVICE_NEW_CARD:
        assert verdict.rule is Rule.FIX
    elif row.rule not in SOFT:
        assert verdict == row
    elif decline.blocked:
        assert verdict.rule is Rule.REVIEW
    else:
        assert verdict.rule in {*SOFT, Rule.FIX}


@given(DECLINES, st.integers(0, 3))
def test_what_holds_of_every_verdict(decline: Decline, earlier: int) -> None:
    verdict = judge(decline, earlier=earlier)
    row = TABLE.get(decline.decline_code or "", UNKNOWN)
    assert verdict.bars_card or not (row.bars_card or verdict.rule is Rule.NEVER)
    assert verdict.opens_cancel_case or not row.opens_cancel_case
    assert (verdict.script is Script.NOTHING) == (verdict.rule in {Rule.REVIEW, Rule.CHECK})
    assert verdict.script is not Script.CALL_BANK or not verdict.bars_card
    assert verdict.script not in {Script.FUNDS, Script.SOFT} or verdict.rule in SOFT
    assert timedelta(0) <= verdict.wait <= 10 * DAY
    if verdict.rule in SOFT:
        assert verdict.wait >= ADVICE_WAITS.get(decline.network_advice_code or "", timedelta(0))
    assert (verdict.most_retries is None) or verdict.rule in SOFT


@pytest.mark.parametrize(
    ("advice", "wait"),
    [("24", HOUR), ("25", DAY), ("26", 2 * DAY), ("27", 4 * DAY), ("28", 6 * DAY), ("29", 8 * DAY), ("30", 10 * DAY)],
)
def test_mastercards_waits(advice: str, wait: timedelta) -> None:
    verdict = judge(Decline(decline_code="insufficient_funds", network_advice_code=advice, brand="mastercard"))
    assert verdict == Verdict(Rule.LATER, Script.FUNDS, wait)
    technical = judge(Decline(decline_code="processing_error", network_advice_code=advice, brand="mastercard"))
    assert (technical.rule, technical.wait) == (Rule.LATER, max(wait, 2 * HOUR))


@pytest.mark.parametrize(
    ("decline", "rule", "script"),
    [
        (Decline(decline_code="do_not_honor", advice_code="do_not_try_again"), Rule.NEVER, Script.NEW_CARD),
        (Decline(decline_code="do_not_honor", network_decline_code="57", brand="visa"), Rule.NEVER, Script.NEW_CARD),
        (
            Decline(decline_code="do_not_honor", network_decline_code="57", brand="mastercard"),
            Rule.LATER,
            Script.CALL_BANK,
        ),
        (Decline(decline_code="do_not_honor", network_advice_code="03"), Rule.NEVER, Script.NEW_CARD),
        (Decline(decline_code="insufficient_funds", network_advice_code="01"), Rule.FIX, Script.DETAILS),
        (Decline(decline_code="expired_card", advice_code="confirm_card_data"), Rule.FIX, Script.EXPIRED),
        (Decline(decline_code="lost_card", network_advice_code="01"), Rule.FIX, Script.NEW_CARD),
        (Decline(decline_code="do_not_honor", network_advice_code="40"), Rule.FIX, Script.NEW_CARD),
        (Decline(decline_code="generic_decline", blocked=True), Rule.REVIEW, Script.NOTHING),
        (Decline(decline_code="fraudulent", blocked=True), Rule.NEVER, Script.NEW_CARD),
        (Decline(decline_code="processing_error", network_advice_code="02"), Rule.LATER, Script.SOFT),
    ],
)
def test_some_that_are_easily_got_wrong(decline: Decline, rule: Rule, script: Script) -> None:
    assert (judge(decline).rule, judge(decline).script) == (rule, script)


def test_hard_and_soft_and_ours_are_all() -> None:
    assert {*HARD, *SOFT, Rule.REVIEW, Rule.CHECK} == set(Rule)


# --- how often one card may be asked ----------------------------------------------------------------------------------


def past(
    ago: timedelta, *, cents: int = 14_900, declined: bool = True, barred: bool = False, auto: bool = True
) -> Past:
    return Past(NOW - ago, cents, declined, barred, auto)


def ask(history: Iterable[Past], *, by_member: bool = False, cents: int = 14_900) -> Allowed | NotBefore | Barred:
    return may_attempt(list(history), now=NOW, amount_cents=cents, by_member=by_member)


@pytest.mark.parametrize(
    ("history", "by_member", "answer"),
    [
        ([], False, Allowed()),
        ([past(23 * HOUR)], False, NotBefore(NOW + HOUR)),
        ([past(24 * HOUR)], False, Allowed()),
        ([past(23 * HOUR, declined=False)], False, Allowed()),
        ([past(23 * HOUR, auto=False)], False, Allowed()),
        ([past(23 * HOUR, cents=1)], False, NotBefore(NOW + HOUR)),
        ([past(23 * HOUR)], True, Allowed()),
        ([past(n * HOUR, auto=False) for n in (1, 2)], True, Allowed()),
        ([past(n * HOUR, auto=False) for n in (1, 2, 3)], True, NotBefore(NOW + 21 * HOUR)),
        ([past(n * HOUR, auto=False) for n in (1, 2, 3)], False, Allowed()),
        ([past(n * DAY) for n in range(1, 6)], False, Allowed()),
        ([past(n * DAY) for n in range(1, 7)], False, NotBefore(NOW + 24 * DAY)),
        ([past(n * DAY) for n in range(1, 7)], True, NotBefore(NOW + 24 * DAY)),
        ([past(n * DAY, cents=n) for n in range(1, 7)], False, Allowed()),
        ([past(n * DAY) for n in range(30, 60)], False, Allowed()),
        ([past(n * DAY, declined=False) for n in range(1, 20)], False, Allowed()),
        ([past(200 * DAY, barred=True)], True, Barred("never_again")),
        ([past(HOUR), past(DAY, barred=True)], False, Barred("never_again")),
    ],
)
def test_how_often(history: list[Past], by_member: bool, answer: object) -> None:
    assert ask(history, by_member=by_member) == answer


PASTS = st.builds(
    Past,
    at=st.integers(0, 60 * 24).map(lambda hours: NOW - hours * HOUR),
    amount_cents=st.sampled_from([100, 200]),
    declined=st.booleans(),
    bars_card=st.just(False),
    automatic=st.booleans(),
)


@given(st.lists(PASTS, max_size=40), st.booleans())
def test_when_it_says_it_may_then_it_may(history: list[Past], by_member: bool) -> None:
    answer = may_attempt(history, now=NOW, amount_cents=100, by_member=by_member)
    if isinstance(answer, NotBefore):
        assert NOW < answer.at <= NOW + 30 * DAY
        sooner = may_attempt(history, now=answer.at - timedelta(seconds=1), amount_cents=100, by_member=by_member)
        assert sooner == answer
        assert may_attempt(history, now=answer.at, amount_cents=100, by_member=by_member) == Allowed()


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([100, 200]), st.booleans()), max_size=200))
def test_the_networks_ceilings_are_never_reached(wishes: list[tuple[int, int, bool]]) -> None:
    """Whoever wishes to ask whenever: no 10 declines in a day, no 15 of an amount in 30 days (`rules.md` 5.1, 5.2)."""
    history: list[Past] = []
    now = NOW
    for hours, cents, by_member in wishes:
        now += hours * HOUR
        if may_attempt(history, now=now, amount_cents=cents, by_member=by_member) == Allowed():
            history.append(Past(now, cents, declined=True, bars_card=False, automatic=not by_member))
        lately = [each for each in history if each.at > now - 30 * DAY]
        assert len([each for each in lately if each.at > now - DAY]) <= 4
        assert max(len([each for each in lately if each.amount_cents == amount]) for amount in (100, 200)) <= 6


def test_what_is_in_flight_may_be_the_last_decline_that_is_allowed() -> None:
    declined = [past(days * DAY) for days in range(2, 7)]
    asked = Past(NOW - HOUR, 14_900, declined=False, bars_card=False, automatic=True, in_flight=True)
    assert ask(declined) == ask([*declined[1:], asked]) == ask([*declined, asked], cents=100) == Allowed()
    assert ask([*declined, asked]) == ask([*declined, asked], by_member=True) == NotBefore(NOW + SOON_ANSWERED)


def test_our_own_limits_bind_long_before_the_networks() -> None:
    ours, networks = CARD_LIMITS[:3], CARD_LIMITS[3:]
    assert [(limit.most, limit.within) for limit in networks] == [(15, 30 * DAY), (10, DAY), (35, 30 * DAY)]
    assert [(limit.most, limit.within) for limit in ours] == [(6, 30 * DAY), (1, DAY), (3, DAY)]
