"""What a declined card asks of us: whether and when it may be asked again, and what its owner is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Rule(StrEnum):
    """What happens next (`rules.md` 5.5)."""

    NEVER = "never"
    """This card is not asked again by anyone: another one is needed."""
    FIX = "fix"
    """The card or its details must change first."""
    AUTH = "auth"
    """Its owner must say yes to the bank, on a hosted page."""
    LATER = "later"
    """Soft: the ladder's own tries may succeed."""
    ONCE = "once"
    """Technical: one more try soon, then as LATER."""
    REVIEW = "review"
    """Our own fault: stop, and have a person look."""
    CHECK = "check"
    """Perhaps already paid: find the earlier charge before anything."""


SOFT = frozenset({Rule.LATER, Rule.ONCE})
"""Asking again may help."""
HARD = frozenset({Rule.NEVER, Rule.FIX, Rule.AUTH})
"""Nothing that asking again could change."""
OURS = frozenset({Rule.REVIEW, Rule.CHECK})
"""Nothing to tell a member about their card."""


class Script(StrEnum):
    """What the member is told."""

    FUNDS = "funds"
    """Asks for a date."""
    EXPIRED = "expired"
    """Link."""
    DETAILS = "details"
    """Link."""
    CALL_BANK = "call_bank"
    """Call your bank, then reply RETRY."""
    NEW_CARD = "new_card"
    """Link only; never says why."""
    AUTHENTICATE = "authenticate"
    """Link."""
    SOFT = "soft"
    """We will try again."""
    NOTHING = "nothing"
    """Our own fault: nothing about their card."""

    @property
    def sends_link(self) -> bool:
        """Whether its words have a link in them; the others say that CARD gets one."""
        return self in {Script.EXPIRED, Script.DETAILS, Script.NEW_CARD, Script.AUTHENTICATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """A decline as the provider spells it. Network codes mean different things to each brand."""

    decline_code: str | None
    advice_code: str | None = None
    network_decline_code: str | None = None
    network_advice_code: str | None = None
    """The merchant advice code, as the network numbers it."""
    brand: str | None = None
    blocked: bool = False
    """The provider's own fraud rules stopped it: the bank was not asked."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a decline asks of us."""

    rule: Rule
    script: Script
    wait: timedelta = timedelta(0)
    """The least there is before the next attempt."""
    most_retries: int | None = None
    """After so many more declines like it, the card must change."""
    opens_cancel_case: bool = False
    """The cardholder told the bank to stop: to charge another card needs a fresh yes."""
    bars_card: bool = False
    """This card's fingerprint is never asked again, however often the card is added."""


_DAY = timedelta(days=1)
_NEVER = Verdict(Rule.NEVER, Script.NEW_CARD, bars_card=True)
_REVOKED = replace(_NEVER, opens_cancel_case=True)
_REVIEW = Verdict(Rule.REVIEW, Script.NOTHING)
_CHANGED = Verdict(Rule.FIX, Script.NEW_CARD)
UNKNOWN = Verdict(Rule.LATER, Script.SOFT, most_retries=1)
"""For a code nobody has told us about."""

_ROWS: tuple[tuple[Verdict, str], ...] = (
    (
        Verdict(Rule.AUTH, Script.AUTHENTICATE),
        "authentication_required authentication_not_handled mobile_device_authentication_required",
    ),
    (Verdict(Rule.LATER, Script.FUNDS), "insufficient_funds"),
    (Verdict(Rule.LATER, Script.SOFT, _DAY), "card_velocity_exceeded withdrawal_count_limit_exceeded"),
    (Verdict(Rule.LATER, Script.CALL_BANK), "do_not_honor generic_decline no_action_taken call_issuer"),
    (Verdict(Rule.LATER, Script.SOFT), "try_again_later"),
    (Verdict(Rule.LATER, Script.CALL_BANK, most_retries=1), "security_violation"),
    (
        Verdict(Rule.ONCE, Script.SOFT, timedelta(hours=2)),
        "approve_with_id issuer_not_available processing_error reenter_transaction",
    ),
    (Verdict(Rule.FIX, Script.EXPIRED), "expired_card"),
    (Verdict(Rule.FIX, Script.DETAILS), "invalid_expiry_month invalid_expiry_year incorrect_zip incorrect_address"),
    (Verdict(Rule.FIX, Script.DETAILS), "incorrect_number invalid_number incorrect_cvc invalid_cvc"),
    (Verdict(Rule.FIX, Script.DETAILS, 2 * _DAY), "new_account_information_available"),
    (_CHANGED, "card_not_supported currency_not_supported resource_missing no_card"),
    (Verdict(Rule.FIX, Script.CALL_BANK), "service_not_allowed not_permitted transaction_not_allowed"),
    (_NEVER, "invalid_account lost_card stolen_card pickup_card restricted_card fraudulent do_not_try_again"),
    (_REVOKED, "revocation_of_authorization revocation_of_all_authorizations stop_payment_order"),
    (_REVIEW, "merchant_blacklist testmode_decline invalid_amount invalid_request"),
    (_REVIEW, "incorrect_pin invalid_pin pin_try_exceeded offline_pin_required online_or_offline_pin_required"),
    (Verdict(Rule.CHECK, Script.NOTHING), "duplicate_transaction"),
)
TABLE: Mapping[str, Verdict] = {code: verdict for verdict, codes in _ROWS for code in codes.split()}
"""The card processor's decline codes, two of its errors, and our own `no_card` (`rules.md` 5.5)."""

VISA_NEVER = frozenset("04 07 12 14 15 41 43 46 57 R0 R1 R3".split())
"""Visa's category 1: to ask again is forbidden (`rules.md` 5.1)."""
VISA_REVOKED = frozenset({"R0", "R1", "R3"})
ADVICE_NEVER = frozenset({"03", "21"})
ADVICE_FIX = frozenset({"01", "04"})
ADVICE_NEW_CARD = frozenset({"40", "41"})
"""A prepaid card that cannot be loaded, a number good for one payment: another card is needed now."""
ADVICE_WAITS: Mapping[str, timedelta] = {
    "02": timedelta(0),
    "24": timedelta(hours=1),
    "25": _DAY,
    **{str(26 + n): (2 + 2 * n) * _DAY for n in range(5)},
}
"""How long Mastercard has us wait (`rules.md` 5.2)."""


def judge(decline: Decline, *, earlier: int = 0) -> Verdict:
    """The one verdict on a decline, its signals in the order of `rules.md` 5.4.

    `earlier` is how many declines of this invoice came before it under a verdict with `most_retries`. A duplicate is
    looked up before anything else is made of it; what bars a card or opens a case does so under any rule.
    """
    row = TABLE.get(decline.decline_code or "", UNKNOWN)
    never = _never(decline)
    if row.rule is Rule.CHECK:
        return replace(row, bars_card=never)
    if never:
        return _REVOKED if row.opens_cancel_case or _visa(decline) in VISA_REVOKED else _NEVER
    if decline.advice_code == "confirm_card_data" or decline.network_advice_code in ADVICE_FIX | ADVICE_NEW_CARD:
        return _to_be_fixed(decline, row)
    return _soft(decline, row, earlier) if row.rule in SOFT else row


def _visa(decline: Decline) -> str | None:
    return decline.network_decline_code if decline.brand == "visa" else None


def _never(decline: Decline) -> bool:
    return (
        _visa(decline) in VISA_NEVER
        or decline.network_advice_code in ADVICE_NEVER
        or decline.advice_code == "do_not_try_again"
    )


def _to_be_fixed(decline: Decline, row: Verdict) -> Verdict:
    script = row.script if row.rule in {Rule.FIX, Rule.NEVER} else Script.DETAILS
    if decline.network_advice_code in ADVICE_NEW_CARD:
        script = Script.NEW_CARD
    wait = 2 * _DAY if decline.network_advice_code == "01" else row.wait
    return replace(row, rule=Rule.FIX, script=script, wait=wait, most_retries=None)


def _soft(decline: Decline, row: Verdict, earlier: int) -> Verdict:
    """The network's own wait makes a technical failure an ordinary one."""
    if decline.blocked:
        return _REVIEW
    if row.most_retries is not None and earlier >= row.most_retries:
        return _CHANGED
    wait = ADVICE_WAITS.get(decline.network_advice_code or "")
    return row if wait is None else replace(row, rule=Rule.LATER, wait=max(wait, row.wait))


# ── how often one card may be asked ──


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier attempt on a card, however it was added then."""

    at: datetime
    amount_cents: int
    declined: bool
    bars_card: bool
    automatic: bool
    """False for what a person asked for; and for a technical failure, which leaves the day's one try to the next."""
    in_flight: bool = False
    """Asked, and not yet answered: it may be declined."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be asked now."""


@dataclass(frozen=True, slots=True)
class NotBefore:
    """It may be asked again from this instant."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Barred:
    """It may never be asked again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Limit:
    """So many declines of one card in a stretch of time. What succeeded is no reattempt, and is not counted."""

    most: int
    within: timedelta
    same_amount: bool = False
    automatic: bool | None = None
    """Counts and binds only what asks by itself (True) or only what a person asked for (False)."""

    def counts(self, past: Past, amount_cents: int) -> bool:
        if not past.declined or (self.same_amount and past.amount_cents != amount_cents):
            return False
        return self.automatic is None or past.automatic == self.automatic


CARD_LIMITS: tuple[Limit, ...] = (
    Limit(6, 30 * _DAY, same_amount=True),
    Limit(1, _DAY, automatic=True),
    Limit(3, _DAY, automatic=False),
    Limit(15, 30 * _DAY, same_amount=True),  # Visa, by the lower of two editions
    Limit(10, _DAY),  # Mastercard
    Limit(35, 30 * _DAY, same_amount=True),  # Mastercard
)
"""Ours first, and the networks' own ceilings far above them (`rules.md` 5.1-5.3)."""


SOON_ANSWERED = timedelta(minutes=5)
"""How long we wait for what is in flight, where it may be the last decline that a card is allowed."""


def may_attempt(
    history: Sequence[Past], *, now: datetime, amount_cents: int, by_member: bool
) -> Allowed | NotBefore | Barred:
    """Whether a card may be asked now; `by_member`: a person asked for it, the member or the desk.

    `history` is every attempt of its fingerprint in 30 days, and any older one that barred it. Two invoices may be
    asked of one card side by side: what is in flight counts as declined where the month's last try is at stake.
    """
    if any(past.bars_card for past in history):
        return Barred("never_again")
    binding = [limit for limit in CARD_LIMITS if limit.automatic is not by_member]
    free = max((_free_at(limit, history, amount_cents) or now for limit in binding), default=now)
    if free > now:
        return NotBefore(free)
    feared = [replace(past, declined=True) if past.in_flight else past for past in history]
    monthly = [limit for limit in binding if limit.same_amount]
    full = any((_free_at(limit, feared, amount_cents) or now) > now for limit in monthly)
    return NotBefore(now + SOON_ANSWERED) if full else Allowed()


def _free_at(limit: Limit, history: Sequence[Past], amount_cents: int) -> datetime | None:
    """When enough of what counts will have passed out of sight; None where there never was enough of it."""
    counted = sorted((past.at for past in history if limit.counts(past, amount_cents)), reverse=True)
    return counted[limit.most - 1] + limit.within if len(counted) >= limit.most else None
