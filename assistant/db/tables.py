"""Every table, imported once so that the metadata is whole."""

from assistant.db import (
    audit,
    billing,
    billing_day,
    books,
    cards,
    changes,
    checkout,
    clients,
    credits,
    dunning,
    emails,
    events,
    handovers,
    inbox,
    ledger,
    messages,
    plans,
    questions,
    refunds,
    spas,
    tasks,
)
from assistant.db.base import Base

__all__ = [
    "METADATA",
    "audit",
    "billing",
    "billing_day",
    "books",
    "cards",
    "changes",
    "checkout",
    "clients",
    "credits",
    "dunning",
    "emails",
    "events",
    "handovers",
    "inbox",
    "ledger",
    "messages",
    "plans",
    "questions",
    "refunds",
    "spas",
    "tasks",
]

METADATA = Base.metadata
