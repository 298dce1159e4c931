"""Tickets at the till."""

from assistant.services import open_tickets, voids
from jobs.desk import runtime


def tend() -> None:
    """Let go what nobody paid for, and end the voids whose money has gone back."""
    open_tickets.abandon_stale(runtime())
    voids.finish_voids(runtime())
