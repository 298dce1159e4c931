"""What a member is told of money that goes back."""

from dataclasses import dataclass

from assistant.messages.message import Credits, MoneyNotice


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundMade(MoneyNotice):
    """How much goes back, when a card shows it, and which unused credit went with it."""

    refunded_cents: int
    to_card: bool
    """Else it is handed back at the desk."""
    taken_back: tuple[Credits, ...]
    help_phone: str
