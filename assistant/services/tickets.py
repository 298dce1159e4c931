"""Tickets as rows."""

from assistant.db.billing import Owed
from assistant.gateways.ports import Declined
from assistant.runtime import UnitOfWork


def paid(uow: UnitOfWork, owed: Owed, *, fee_cents: int) -> bool:
    return False


def declined(uow: UnitOfWork, owed: Owed, answer: Declined) -> bool:
    return False
