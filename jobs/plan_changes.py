"""Changes of plan."""

from assistant.services import plan_changes
from jobs.desk import runtime


def tend() -> None:
    """Let go of what was asked for and never charged."""
    plan_changes.drop_abandoned(runtime())
