"""One step of whatever campaign is due: choosing, telling, or pausing one that goes badly."""

from assistant.runtime import Runtime
from assistant.services import campaign_planning, campaign_telling


def next_step(rt: Runtime) -> bool:
    """Do the next thing there is to do; False when there is nothing."""
    return campaign_planning.plan_next(rt) or campaign_telling.tell_next(rt)
