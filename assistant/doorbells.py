"""The jobs that may be asked for, each with the queue that works it: named here, written in `jobs/`."""

from enum import Enum


class Doorbell(Enum):
    """A job by its dotted name, and its queue. Ringing one is a courtesy: the rows are the truth."""

    ANSWER = ("talk", "jobs.inbound.answer")
    DELIVER = ("send", "jobs.messages.deliver")
    OFFER = ("chores", "jobs.campaigns.offer")
    SEND_OFFERS = ("bulk", "jobs.campaigns.send")
    CHARGE = ("money", "jobs.billing.charge")
    HEAR = ("money", "jobs.stripe.hear")
    LOOK_UP_REFUNDS = ("money", "jobs.refunds.look_up")
    SWEEP = ("chores", "jobs.chores.sweep")
    EXPIRE_CREDITS = ("chores", "jobs.chores.expire_credits")
    TIME_OUT_HOLDS = ("chores", "jobs.credits.time_out_holds")
    TEND_CAPS = ("chores", "jobs.credits.tend_caps")
    BILL = ("chores", "jobs.billing.bill")
    CHASE = ("chores", "jobs.billing.chase")
    GIVE_PERKS = ("chores", "jobs.chores.give_perks")
    TURN_DAY = ("chores", "jobs.membership.turn_day")
    TEND_CARDS = ("chores", "jobs.billing.tend_cards")
    TEND_TICKETS = ("chores", "jobs.tickets.tend")
    TEND_BOOKS = ("chores", "jobs.books.tend")
    RECONCILE = ("chores", "jobs.books.reconcile")
    REMIND = ("chores", "jobs.reminders.remind")
    TEND_CHANGES = ("chores", "jobs.plan_changes.tend")

    def __init__(self, queue: str, job: str) -> None:
        self.queue = queue
        self.job = job
