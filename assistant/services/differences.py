"""One thing that two of our books, or ours and the card processor's, do not say alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """What one book has and the other has not, or has otherwise."""

    spa_id: int
    kind: str
    subject: str
    ours: int | None
    """Cents, or milli-units of credit, as our books have it; None: not there."""
    theirs: int | None
    client_id: int | None = None
    words: str | None = None
    """For what our own tables say of each other: what is wrong, in one line for staff."""

    def __str__(self) -> str:
        if self.words is not None:
            return f"{self.kind}: {self.subject}: {self.words}"
        return f"{self.kind}: {self.subject}, ours {_cents(self.ours)}, the processor's {_cents(self.theirs)}"


def _cents(amount: int | None) -> str:
    return "nothing" if amount is None else f"{amount} cents"
