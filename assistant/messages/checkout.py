"""What a member is texted about a visit: never which one (`rules.md` 7.3)."""

from dataclasses import dataclass

from assistant.messages.message import Credits, Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketReceipt(Notice):
    """The receipt of a visit: what was paid, which credit was used, and what of it is left (`features.md` B11, N10)."""

    paid_cents: int
    used: tuple[Credits, ...]
    left: tuple[Credits, ...]
    """Of each unit that was used."""
    help_phone: str
