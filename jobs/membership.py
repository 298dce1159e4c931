"""What a day brings to memberships by itself."""

from assistant.services import membership_days
from jobs.desk import runtime


def turn_day() -> None:
    """Who leaves has left, who rests is at rest or back, and whose pause is nearly over is told."""
    membership_days.turn(runtime())
