"""Dues: opened, charged, chased."""

from assistant.doorbells import Doorbell
from assistant.services import billing, card_care, charges, chasing, unfinished
from assistant.services.drain import drain
from jobs.desk import runtime


def bill() -> None:
    """Open the invoices of every cycle that is due."""
    billing.bill(runtime())


def charge() -> None:
    """Ask the cards that are due to be asked, as many side by side as wait on the processor."""
    drain(runtime(), charges.charge_next, again=Doorbell.CHARGE, threads=charges.SIDE_BY_SIDE)


def chase() -> None:
    """Take every step of every ladder that is due."""
    drain(runtime(), chasing.step_next, again=Doorbell.CHASE)


def tend_cards() -> None:
    """Tell whose card is about to run out or whose page was left, and shut pages that are needed no more."""
    card_care.warn_of_expiry(runtime())
    card_care.shut_pages(runtime())
    unfinished.remind(runtime())
