"""The books: access is earned as its days go by, the daily sums are caught up, and all is compared once a day."""

from datetime import timedelta

from assistant.services import book_days, earning
from assistant.services import reconcile as comparing
from jobs.desk import runtime


def tend() -> None:
    """Earn what today has brought, then sum what can be summed, at every spa."""
    earning.earn(runtime())
    book_days.catch_up(runtime())


def reconcile() -> None:
    """Hold our books against the processor's over three days; what differs becomes a task for the staff."""
    rt = runtime()
    comparing.reconcile(rt, since=rt.clock.now() - timedelta(days=3))
