"""Whoever asks a provider waits for its turn first: how, in our words."""

from typing import Protocol


class Pacer(Protocol):
    """Whoever asks a provider waits for its turn first."""

    def wait(self, account: str | None, endpoint: str) -> None:
        """Until this request may be made."""
        ...


class NoPacer:
    """Nobody waits."""

    def wait(self, account: str | None, endpoint: str) -> None:
        """At once."""
