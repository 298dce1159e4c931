"""What members are told of itself."""

from assistant.services import fallbacks, legal_notices, reminders
from jobs.desk import runtime


def remind() -> None:
    """Reminders at each spa's own hour, and the notices the law wants until they have arrived."""
    rt = runtime()
    reminders.remind(rt)
    legal_notices.tend(rt)
    fallbacks.tell_in_another_way(rt)
