"""The jobs that may be asked for, each with the queue that works it: named here, written in `jobs/`."""

from enum import Enum


class Doorbell(Enum):
    """A job by its dotted name, and its queue. Ringing one is a courtesy: the rows are the truth."""

    ANSWER = ("talk", "jobs.inbound.answer")
    DELIVER = ("send", "jobs.messages.deliver")
    SWEEP = ("chores", "jobs.chores.sweep")
    EXPIRE_CREDITS = ("chores", "jobs.chores.expire_credits")

    def __init__(self, queue: str, job: str) -> None:
        self.queue = queue
        self.job = job
