"""Workers that die at any edge, and others that come in between: what every job must bear."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.db.connections import Database

Act = Callable[[], object]
DEEPEST = 2
"""How many workers there are beside the first."""


class Killed(BaseException):
    """The machine under a worker has gone."""


class AskedInsideError(AssertionError):
    """A provider was asked while a transaction was open."""


@dataclass
class Peril:
    """What may befall a worker between two of its moments."""

    chance: random.Random
    happened: Counter[str]
    dying: float = 0.0
    crossing: float = 0.0
    calm: bool = True
    others: Sequence[Act] = ()
    """What another worker, or a member, may do meanwhile."""
    depth: int = 0

    def edge(self, name: str) -> None:
        """Told by the Runtime before and after each commit."""
        if self.calm:
            return
        self.die(f"at {name}")
        if name == "committed":
            self.between()

    def die(self, where: str) -> None:
        """Perhaps."""
        if not self.calm and self.chance.random() < self.dying:
            self.happened[f"worker died {where}"] += 1
            raise Killed

    def between(self) -> None:
        """Perhaps somebody else gets a word in. No transaction is open; should they die, this one lives."""
        if self.calm or self.depth >= DEEPEST or not self.others or self.chance.random() >= self.crossing:
            return
        self.depth += 1
        self.happened["workers crossed"] += 1
        try:
            self.alone(self.chance.choice(self.others))
        finally:
            self.depth -= 1

    def alone(self, act: Act) -> bool:
        """Whether it came to its end; if not, the worker is dead, and only the database and the books remember."""
        try:
            act()
        except Killed:
            return False
        return True


class Wire:
    """A port at the end of a wire: whoever asks may die just before and just after, while others go on."""

    def __init__(self, inner: object, peril: Peril, database: Database) -> None:
        self._inner, self._peril, self._database = inner, peril, database

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask = getattr(self._inner, name)

        def asked(*args: object, **named: object) -> object:
            if self._database.lent:
                raise AskedInsideError(f"{name} was asked while a transaction was open")
            self._peril.die("before asking")
            self._peril.between()
            answer = ask(*args, **named)
            self._peril.die("after asking")
            self._peril.between()
            return answer

        return asked
