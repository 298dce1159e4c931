"""The jobs that may be asked for, each with the queue that works it: named here, written in `jobs/`."""

from enum import Enum


class Doorbell(Enum):
    """A job by its dotted name, and its queue. Ringing one is a courtesy: the rows are the truth."""

    ANSWER = ("talk", "jobs.inbound.answer")
    DELIVER = ("send", "jobs.messages.deliver")
    CHARGE = ("money", "jobs.billing.charge")
    HEAR = ("money", "jobs.stripe.hear")
    SWEEP = ("chores", "jobs.chores.sweep")
    EXPIRE_CREDITS = ("chores", "jobs.chores.expire_credits")
    BILL = ("chores", "jobs.billing.bill")
    CHASE = ("chores", "jobs.billing.chase")
    GIVE_PERKS = ("chores", "jobs.chores.give_perks")
    TEND_CARDS = ("chores", "jobs.billing.tend_cards")

    def __init__(self, queue: str, job: str) -> None:
        self.queue = queue
        self.job = job
