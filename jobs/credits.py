"""Credit: what is held too long is let go, and caps are told of, then kept."""

from assistant.services import caps, sweep
from jobs.desk import runtime


def time_out_holds() -> None:
    """Let go what bookings and open tickets hold past their time, at every spa."""
    sweep.time_out_holds(runtime())


def tend_caps() -> None:
    """Let go what was told to be over its cap, and warn of the cycles to come, at every spa by its own day."""
    caps.roll_off(runtime())
    caps.warn(runtime())
