"""How a spa asks for what is owed: on which days it tries, tells and takes away, as a value that checks itself."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, Self

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LEAST_AHEAD, MOST_AHEAD = 2 * HOUR, 26 * HOUR
"""How long before its retry a text comes: while there is time to act, and not so long that it is forgotten."""
MOST_RETRIES = 5
"""With the first try six in thirty days: our own limit for one card and amount (`rules.md` 5.3)."""


class Final(StrEnum):
    """What the end of the ladder does (`features.md` D6)."""

    SKIP = "skip"
    """This cycle is let go, and the membership goes on."""
    PAUSE = "pause"
    CANCEL = "cancel"


class Told(StrEnum):
    """Which text of the ladder."""

    DECLINED = "declined"
    REMINDER = "reminder"
    BEFORE_SUSPENSION = "before_suspension"
    STILL_OWED = "still_owed"
    LAST_NOTICE = "last_notice"


ONE_EACH = (Told.DECLINED, Told.BEFORE_SUSPENSION, Told.LAST_NOTICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A ladder in days since the first decline, by the spa's own hours. Raises ValueError for one that breaks a rule.

    A retry falls on the day before each boundary, and a text comes hours before every retry but the first: text, retry
    and boundary are one plan (`features.md` D3, D4, N3).
    """

    retries: tuple[int, ...] = (2, 6, 13, 20, 29)
    tells: tuple[tuple[int, str], ...] = (
        (0, Told.DECLINED),
        (5, Told.REMINDER),
        (12, Told.BEFORE_SUSPENSION),
        (19, Told.STILL_OWED),
        (28, Told.LAST_NOTICE),
    )
    warning_day: int = 3
    """From when the desk warns at arrival; the benefits are still on."""
    suspend_day: int = 14
    """The benefits pause as this day begins."""
    final_day: int = 30
    """The end comes as this day begins."""
    final: Final = Final.CANCEL
    retry_hour: int = 9
    tell_hour: int = 10
    promise_days: int = 10
    """How far ahead a member may name the day they will pay."""

    def __post_init__(self) -> None:
        if problems := [*self._wrong_days(), *self._wrong_retries(), *self._wrong_texts()]:
            raise ValueError("; ".join(problems))

    @property
    def eves(self) -> frozenset[int]:
        """The days before each boundary: a retry falls on each."""
        return frozenset(day - 1 for day in (self.warning_day, self.suspend_day, self.final_day))

    def _wrong_days(self) -> Iterator[str]:
        days = [day for day, _ in self.tells]
        if list(self.retries) != sorted(set(self.retries)) or days != sorted(set(days)):
            yield "the days of retries and of texts must ascend"
        if not 0 < self.warning_day < self.suspend_day < self.final_day <= 30:
            yield "warning, pause of the benefits and end must follow each other within 30 days"
        if not all(8 <= hour <= 20 for hour in (self.retry_hour, self.tell_hour)):
            yield "hours are from 8 to 20"
        if not 1 <= self.promise_days <= 14:
            yield "a promise may be for 1 to 14 days ahead"

    def _wrong_retries(self) -> Iterator[str]:
        if len(self.retries) > MOST_RETRIES or any(not 0 < day < self.final_day for day in self.retries):
            yield f"there are at most {MOST_RETRIES} retries, each after the first day and before the end"
        if missing := sorted(self.eves - set(self.retries)):
            yield f"a retry must fall on the day before each boundary: there is none on day {missing[0]}"
        if early := [day for day in self.retries[1:] if not self._announced(day)]:
            yield f"a text must come 2 to 26 hours before each retry but the first: there is none before day {early[0]}"
        days = {day for day, _ in self.tells if day}
        if 0 <= self.retry_hour - self.tell_hour < 2 and days & set(self.retries):
            yield "a text on the day of a retry comes 2 hours before it, or after it"

    def _wrong_texts(self) -> Iterator[str]:
        days = {told: day for day, told in self.tells}
        kinds = [told for _, told in self.tells]
        if unknown := sorted(set(kinds) - set(Told)):
            yield f"there is no text called {unknown[0]}"
        if lost := [told for told in ONE_EACH if kinds.count(told) != 1]:
            yield f"there must be one text {lost[0]}"
            return
        if self.tells[0] != (0, Told.DECLINED):
            yield "the first text is at once, on day 0"
        if days[Told.BEFORE_SUSPENSION] >= self.suspend_day:
            yield "the text before the benefits pause must come before they do"
        if kinds[-1] != Told.LAST_NOTICE or self.final_day - days[Told.LAST_NOTICE] < 2:
            yield "the last notice is the last text, and at least 24 hours before the end"

    def _announced(self, retry_day: int) -> bool:
        ahead = ((retry_day - day) * DAY + (self.retry_hour - self.tell_hour) * HOUR for day, _ in self.tells if day)
        return any(LEAST_AHEAD <= each <= MOST_AHEAD for each in ahead)

    def to_json(self) -> dict[str, Any]:
        """As it is kept for its version."""
        return asdict(self) | {
            "retries": list(self.retries),
            "tells": [[day, str(told)] for day, told in self.tells],
            "final": self.final.value,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The very policy that was kept; what it lacks is as in our own. Raises ValueError for what is no ladder."""
        if unknown := sorted(set(stored) - {field.name for field in fields(cls)}):
            raise ValueError(f"a ladder has no {unknown[0]}")
        try:
            shaped = {name: _SHAPES.get(name, int)(value) for name, value in stored.items()}
        except TypeError as error:
            raise ValueError(f"that is no ladder: {error}") from error
        return cls(**shaped)


_SHAPES: Mapping[str, Any] = {
    "retries": lambda days: tuple(map(int, days)),
    "tells": lambda tells: tuple((int(day), Told(told)) for day, told in tells),
    "final": Final,
}
