"""Stripe's test cards, and what the bank says when each of them is saved or charged."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of asking the bank. Without a decline code it is yes."""

    decline_code: str | None = None
    advice_code: str | None = None
    network_decline_code: str | None = None
    network_advice_code: str | None = None
    blocked: bool = False
    """Stripe's own fraud rules say no: the bank is not asked."""
    processing: bool = False
    """Neither yes nor no yet."""

    def __post_init__(self) -> None:
        if self.processing and (self.decline_code or self.blocked):
            raise ValueError("A payment that is processing has not been declined.")
        if self.blocked and not self.decline_code:
            raise ValueError("A blocked payment has a decline code: 'fraudulent', as a rule.")

    @property
    def code(self) -> str:
        """The error's own code, which is less exact than the decline code."""
        return str(self.decline_code) if self.decline_code in OWN_CODES else "card_declined"


class Asks(StrEnum):
    """When the bank wants to see the cardholder."""

    NEVER = "never"
    ONCE = "once"
    """When the card is saved; never again after that."""
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class SampleCard:
    """One of Stripe's test numbers. `hint` is what its page says beside it."""

    number: str
    token: str
    brand: str
    hint: str
    charged: Verdict = Verdict()
    saved: Verdict | None = None
    """What saving it comes to; None: the same as charging it."""
    asks: Asks = Asks.NEVER

    @property
    def when_saved(self) -> Verdict:
        return self.charged if self.saved is None else self.saved


APPROVED = Verdict()
UNAUTHENTICATED = Verdict("authentication_required")
OWN_CODES = frozenset(
    "authentication_required expired_card incorrect_cvc incorrect_number incorrect_zip incorrect_address invalid_cvc "
    "invalid_expiry_month invalid_expiry_year invalid_number processing_error".split()
)
WORDS = {
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "incorrect_number": "Your card number is incorrect.",
    "processing_error": "An error occurred while processing your card. Try again in a little bit.",
    "card_velocity_exceeded": "Your card was declined for making repeated attempts too frequently or exceeding its "
    "amount limit.",
    "authentication_required": "Your card was declined. This transaction requires authentication.",
}
DECLINED_WORDS = "Your card was declined."

_AGAIN, _NEVER, _CHECK = "try_again_later", "do_not_try_again", "confirm_card_data"
CARDS = (
    SampleCard("4242424242424242", "pm_card_visa", "visa", "Works"),
    SampleCard("5555555555554444", "pm_card_mastercard", "mastercard", "Works"),
    SampleCard("378282246310005", "pm_card_amex", "amex", "Works"),
    SampleCard("4000056655665556", "pm_card_visa_debit", "visa", "Works (a debit card)"),
    SampleCard("6011111111111117", "pm_card_discover", "discover", "Works"),
    SampleCard(
        "4000002500003155",
        "pm_card_authenticationRequiredOnSetup",
        "visa",
        "Asks for authentication once",
        asks=Asks.ONCE,
    ),
    SampleCard(
        "4000002760003184",
        "pm_card_authenticationRequired",
        "visa",
        "Asks for authentication every time",
        asks=Asks.ALWAYS,
    ),
    SampleCard(
        "4000000000000341",
        "pm_card_chargeCustomerFail",
        "visa",
        "Can be saved; charging it fails",
        Verdict("generic_decline", _AGAIN, "05"),
        APPROVED,
    ),
    SampleCard(
        "4000000000000002",
        "pm_card_visa_chargeDeclined",
        "visa",
        "Declined",
        Verdict("generic_decline", _AGAIN, "05"),
    ),
    SampleCard(
        "4000000000009995",
        "pm_card_visa_chargeDeclinedInsufficientFunds",
        "visa",
        "Declined: insufficient funds",
        Verdict("insufficient_funds", _AGAIN, "51"),
    ),
    SampleCard(
        "4000000000009987",
        "pm_card_visa_chargeDeclinedLostCard",
        "visa",
        "Declined: lost",
        Verdict("lost_card", _NEVER, "41"),
    ),
    SampleCard(
        "4000000000009979",
        "pm_card_visa_chargeDeclinedStolenCard",
        "visa",
        "Declined: stolen",
        Verdict("stolen_card", _NEVER, "43"),
    ),
    SampleCard(
        "4000000000000069",
        "pm_card_chargeDeclinedExpiredCard",
        "visa",
        "Declined: expired",
        Verdict("expired_card", _CHECK, "54"),
    ),
    SampleCard(
        "4000000000000127",
        "pm_card_chargeDeclinedIncorrectCvc",
        "visa",
        "Declined: wrong security code",
        Verdict("incorrect_cvc", _CHECK, "N7"),
    ),
    SampleCard(
        "4000000000000119",
        "pm_card_chargeDeclinedProcessingError",
        "visa",
        "Declined: processing error",
        Verdict("processing_error", _AGAIN),
    ),
    SampleCard(
        "4000000000006975",
        "pm_card_visa_chargeDeclinedVelocityLimitExceeded",
        "visa",
        "Declined: too often",
        Verdict("card_velocity_exceeded", _AGAIN, "65"),
    ),
    SampleCard(
        "4100000000000019",
        "pm_card_radarBlock",
        "visa",
        "Blocked as fraud",
        Verdict("fraudulent", blocked=True),
    ),
)
BY_NUMBER = {card.number: card for card in CARDS}
BY_TOKEN = {card.token: card for card in CARDS}
BRANDS = {"4": "visa", "5": "mastercard", "2": "mastercard", "3": "amex", "6": "discover"}


def find_card(typed: str) -> SampleCard | None:
    """The card behind a number or a pm_card_… token. Any other real-looking number works; None for anything else."""
    digits = "".join(typed.split()).replace("-", "")
    known = BY_TOKEN.get(typed) or BY_NUMBER.get(digits)
    if known or not _looks_real(digits):
        return known
    brand = BRANDS[digits[0]]
    return SampleCard(digits, f"pm_card_{brand}", brand, "Works")


def fingerprint_of(number: str) -> str:
    """The same for the same number, and no way back to it."""
    return sha256(f"card:{number}".encode()).hexdigest()[:16]


def words_for(verdict: Verdict) -> str:
    """What Stripe says to the cardholder: little, where the truth would help a thief."""
    return WORDS.get(verdict.decline_code or "", DECLINED_WORDS)


def _looks_real(digits: str) -> bool:
    """Whether it has the length, the first digit and the check digit of a card."""
    if not (digits.isascii() and digits.isdecimal() and 13 <= len(digits) <= 19 and digits[0] in BRANDS):
        return False
    doubled = [sum(divmod(2 * int(each), 10)) for each in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
