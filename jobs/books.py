"""The books: access is earned as its days go by, and the daily sums are caught up."""

from assistant.services import book_days, earning
from jobs.desk import runtime


def tend() -> None:
    """Earn what today has brought, then sum what can be summed, at every spa."""
    earning.earn(runtime())
    book_days.catch_up(runtime())
