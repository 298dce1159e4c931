"""The only place that reads the time: everything else is told what time it is."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import uuid4


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


@dataclass(frozen=True, slots=True)
class Move:
    """How far the demo's clock was asked to be moved, and from where."""

    start: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Moves:
    """The one move of the demo's clock that is under way, in a file beside its offset, and how the last one ended."""

    clock_file: Path

    @property
    def asked_file(self) -> Path:
        return self.clock_file.with_suffix(".move")

    @property
    def stopped_file(self) -> Path:
        return self.clock_file.with_suffix(".stopped")

    def ask(self, move: Move) -> bool:
        """False while another is under way: of two who ask at once, one is first."""
        written = self.clock_file.with_suffix(f".{uuid4().hex}")
        written.write_text(json.dumps([move.start.isoformat(), move.until.isoformat()]))
        try:
            os.link(written, self.asked_file)
        except FileExistsError:
            return False
        finally:
            written.unlink()
        self.stopped_file.unlink(missing_ok=True)
        return True

    def under_way(self) -> Move | None:
        """The move that was asked for and is not over."""
        with suppress(FileNotFoundError):
            start, until = json.loads(self.asked_file.read_text())
            return Move(datetime.fromisoformat(start), datetime.fromisoformat(until))
        return None

    def over(self, *, stopped: bool = False) -> None:
        """It has come to where it was to go, or could go no further."""
        if stopped:
            self.stopped_file.touch()
        self.asked_file.unlink(missing_ok=True)

    def stopped(self) -> bool:
        """Whether the last move ended before its time."""
        return self.stopped_file.exists()
