"""The only place that reads the time: everything else is told what time it is."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, aware and in UTC."""

    def now(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class StoppedClock:
    """A clock that moves only when told to: for tests and simulations."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """The real time plus an offset that several processes share through a file of whole seconds.

    The demo's time machine. A missing file means no offset; settings refuse it in production.
    """

    path: Path
    wall: Clock = field(default_factory=WallClock)

    def now(self) -> datetime:
        return self.wall.now() + self.offset()

    def offset(self) -> timedelta:
        try:
            return timedelta(seconds=int(self.path.read_text()))
        except FileNotFoundError:
            return timedelta(0)

    def advance(self, by: timedelta) -> None:
        moved = self.path.with_suffix(".new")
        moved.write_text(str(int((self.offset() + by).total_seconds())))
        moved.replace(self.path)
