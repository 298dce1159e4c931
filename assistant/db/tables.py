"""Every table, imported once so that the metadata is whole."""

from assistant.db import audit, clients, inbox, ledger, messages, plans, questions, spas
from assistant.db.base import Base

__all__ = ["METADATA", "audit", "clients", "inbox", "ledger", "messages", "plans", "questions", "spas"]

METADATA = Base.metadata
