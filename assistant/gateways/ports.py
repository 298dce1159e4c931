"""What we ask of the world, in our words: every adapter and every sandbox answers these and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from assistant.doorbells import Doorbell


@dataclass(frozen=True, slots=True)
class Text:
    """One text to send. `message_id` is our own row's id: it rides in the callback URL, so that an answer lost
    on the way back can still be matched (`reliability.md` §0.5).
    """

    spa_id: int
    message_id: int
    sender: str
    """E.164 number of the spa."""
    recipient: str
    """E.164 number of the member."""
    body: str
    validity_seconds: int
    """How long the provider may keep trying, so that nothing lands outside its window: 1 to 36,000."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has taken the text and will call back about it."""

    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider answered, and did not take the text. `code` is its own error number (`rules.md` 3.6)."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody knows: the text may or may not have been taken. Never repeat it before looking it up."""

    reason: str


Answer = Accepted | Refused | Unanswered


class Texts(Protocol):
    """Text messages, by any provider."""

    def send(self, text: Text) -> Answer:
        """Hand one text to the provider. Never raises for anything the network or the provider does."""
        ...

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        """Look up a text whose answer was lost: same sender, recipient and body, taken at or after `since`, and not one
        of the `known` provider ids. None when the provider says it has no such text.
        """
        ...

    def redact(self, provider_id: str) -> bool:
        """Have the provider forget the words of one message it holds (`rules.md` 7.1). True when it has."""
        ...


class Queue(Protocol):
    """The doorbell. A ring may be lost or doubled: the rows are the truth."""

    def ring(self, bell: Doorbell) -> None:
        """Ask for a job to run soon; many rings before it starts are one run. Never raises: a sweep finds the lost."""
        ...


# ── cards and charges ──


@dataclass(frozen=True, slots=True)
class ChargeOrder:
    """One attempt to charge one invoice, exactly as it was committed before anyone was asked (`rules.md` 5.6)."""

    account: str | None
    """The spa's own connected account at the provider; None is the installation's."""
    key: str
    """The idempotency key, of one attempt only; it rides in the metadata too, so that a lost answer is found."""
    customer_id: str
    payment_method_id: str
    amount_cents: int
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Approved:
    """The money has moved, or is certain to. `fee_cents` is what the provider keeps, where it has said."""

    payment_id: str
    charge_id: str
    amount_cents: int
    fee_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Declined:
    """The provider answered, and no money moved. Codes are spelt as it spells them; `rules.md` 5.4 has their order."""

    payment_id: str | None
    decline_code: str
    advice_code: str | None = None
    network_decline_code: str | None = None
    network_advice_code: str | None = None
    blocked: bool = False
    """The provider's own fraud rules stopped it: the bank was not asked."""


@dataclass(frozen=True, slots=True)
class Throttled:
    """Surely not attempted: the provider had no time, or could not be reached. The same key may be asked again."""

    reason: str


ChargeAnswer = Approved | Declined | Throttled | Unanswered


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment as the provider's own book has it."""

    payment_id: str
    key: str | None
    """Our attempt's key, from its metadata; None for one that is not ours."""
    metadata: Mapping[str, str]
    amount_cents: int
    refunded_cents: int
    created_at: datetime
    answer: Approved | Declined | None
    """None while it may still go either way."""


class Payments(Protocol):
    """Charging cards on file, by any provider."""

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        """Ask once. Never raises for anything the network or the provider does."""
        ...

    def fetch(self, account: str | None, payment_id: str) -> Payment | Unanswered | None:
        """One payment as it is now. None when the provider has no such payment."""
        ...

    def listed(
        self, account: str | None, *, since: datetime, until: datetime | None = None, customer_id: str | None = None
    ) -> Sequence[Payment] | Unanswered:
        """Every payment created between two instants, by listing and never by searching (`reliability.md` §0.3)."""
        ...


@dataclass(frozen=True, slots=True)
class Card:
    """A card at the provider. `fingerprint` is the same for the same number, however often it is added."""

    payment_method_id: str
    customer_id: str | None
    """None: attached to nobody, and of no use for charging."""
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class PageOrder:
    """A hosted page to be opened: to save a card, or, with `pay`, to pay one attempt there with the bank looking on."""

    account: str | None
    key: str
    customer_id: str
    return_url: str
    """Where the browser comes back to, whatever happened: it proves nothing."""
    locale: str
    metadata: Mapping[str, str]
    expires_at: datetime
    pay_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A hosted page: `status` is open, complete or expired."""

    page_id: str
    url: str | None
    status: str
    metadata: Mapping[str, str]
    payment_method_id: str | None
    """The card it saved, once complete."""
    payment_id: str | None


class CardPages(Protocol):
    """Pages the provider hosts, where a member types a card: no digit of it ever reaches us."""

    def open(self, order: PageOrder) -> Page | Throttled | Unanswered:
        """Open one; the same key opens the same page."""
        ...

    def fetch(self, account: str | None, page_id: str) -> Page | Unanswered | None: ...

    def expire(self, account: str | None, page_id: str) -> bool:
        """Close an open one, so that nobody can finish it. True when it is open no more."""
        ...


class Vault(Protocol):
    """Customers and their cards at the provider."""

    def customer(self, account: str | None, *, key: str, metadata: Mapping[str, str]) -> str | Throttled | Unanswered:
        """The id of a new customer; the same key is the same customer."""
        ...

    def card(self, account: str | None, payment_method_id: str) -> Card | Unanswered | None:
        """A card as it is now."""
        ...

    def detach(self, account: str | None, payment_method_id: str) -> bool:
        """Take a card away from its customer. True when it is attached no more."""
        ...


# ── money that goes back ──


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """So much of one payment is to go back, as it was committed before anyone was asked, under a key of its own."""

    account: str | None
    key: str
    payment_id: str
    amount_cents: int
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund as the provider's book has it: the money has left us, unless there is a `failure`. Ours have a key."""

    refund_id: str
    payment_id: str
    key: str | None
    amount_cents: int
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class NotGiven:
    """The provider answered, and nothing goes back; the reason in its own word."""

    reason: str


RefundAnswer = GivenBack | NotGiven | Throttled | Unanswered


@dataclass(frozen=True, slots=True)
class Challenge:
    """A dispute as the provider has it, with the money it has moved so far; our evidence is due at `due_at`."""

    dispute_id: str
    payment_id: str
    amount_cents: int
    reason: str
    inquiry: bool
    """The bank only asks: no money moves unless it becomes more."""
    outcome: bool | None
    """Closed in our favour or not; None: still open."""
    due_at: datetime | None
    withdrawn_cents: int
    reinstated_cents: int
    fee_cents: int


class Refunds(Protocol):
    """Money back to the card it came from, and what banks take back by themselves."""

    def give(self, order: RefundOrder) -> RefundAnswer:
        """Ask once. Never raises for anything the network or the provider does."""
        ...

    def find(
        self, account: str | None, *, payment_id: str | None = None, refund_id: str | None = None
    ) -> Sequence[GivenBack] | Unanswered:
        """Every refund of a payment by listing, oldest first, or the one of an id: none, when there is none."""
        ...

    def dispute(self, account: str | None, dispute_id: str) -> Challenge | Unanswered | None: ...
