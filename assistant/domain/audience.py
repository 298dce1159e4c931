"""Whom a campaign is for: clients by what they did, never by what the law or kindness leaves out (`features.md` G4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from assistant.domain import stored


class Known(StrEnum):
    """What a client has been to the spa, as to membership."""

    NEVER = "never"
    """Never a member."""
    FORMER = "former"
    """A member once, and not now."""
    MEMBER = "member"
    """A member now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is chosen: all that is said must hold. What is not said chooses everyone."""

    known: Known | None = None
    visits_at_least: int | None = None
    visits_at_most: int | None = None
    spent_at_least_cents: int | None = None
    within_days: int = 365
    """The days back from today in which visits and spending are counted."""
    categories: tuple[str, ...] = ()
    """Who had something of any of these kinds."""
    seen_within_days: int | None = None
    not_seen_for_days: int | None = None
    """Lapsed: their last visit is longer ago than that."""
    birthday_month: int | None = None
    tags: tuple[str, ...] = ()
    """Who has any of these."""
    location: str | None = None
    locale: str | None = None

    def __post_init__(self) -> None:
        counted = (
            self.visits_at_least,
            self.visits_at_most,
            self.spent_at_least_cents,
            self.seen_within_days,
            self.not_seen_for_days,
        )
        if any(each is not None and each < 0 for each in counted):
            raise ValueError("nothing of an audience is below zero")
        if not 1 <= self.within_days <= 3_660:
            raise ValueError("visits are counted over a day at least, and ten years at most")
        if self.birthday_month is not None and not 1 <= self.birthday_month <= 12:
            raise ValueError("a month is a number from 1 to 12")
        if _crossed(self.visits_at_least, self.visits_at_most):
            raise ValueError("no one has more visits than at most, and fewer than at least")
        if _crossed(self.not_seen_for_days, self.seen_within_days):
            raise ValueError("no one was seen so lately and not for so long")

    @classmethod
    def from_json(cls, json: Mapping[str, object]) -> Self:
        """What was stored. Raises `ValueError`, saying where, for anything that is no audience."""
        return stored.read(cls, json, "audience")


def _crossed(least: int | None, most: int | None) -> bool:
    return least is not None and most is not None and least > most


class Excluded(StrEnum):
    """Why somebody who fits is not chosen: the first that holds, in this order, and each is counted."""

    MEMBER = "member"
    """They have what is offered."""
    PAST_DUE = "past_due"
    IN_DISPUTE = "in_dispute"
    MINOR = "minor"
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    UNREACHABLE = "unreachable"
    NO_CONSENT = "no_consent"
    """They have not said in writing that offers may come (`rules.md` 1.1)."""
    WITH_A_PERSON = "with_a_person"
    """Somebody at the desk is talking with them."""
    LATELY = "lately"
    """They had an offer a short while ago."""
    SAME_ADDRESS = "same_address"
    """Another client at this phone or mail address gets it."""
