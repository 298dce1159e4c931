"""Every table, imported once so that the metadata is whole."""

from assistant.db import (
    audit,
    billing,
    cards,
    clients,
    dunning,
    events,
    inbox,
    ledger,
    messages,
    plans,
    questions,
    spas,
    tasks,
)
from assistant.db.base import Base

__all__ = [
    "METADATA",
    "audit",
    "billing",
    "cards",
    "clients",
    "dunning",
    "events",
    "inbox",
    "ledger",
    "messages",
    "plans",
    "questions",
    "spas",
    "tasks",
]

METADATA = Base.metadata
