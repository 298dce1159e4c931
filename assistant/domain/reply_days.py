"""By which day a person answers what a member asked of them: a promise that the desk can keep."""

from datetime import date, datetime, timedelta

from assistant.domain.opening_hours import Hours, minute_of

LAST_HOUR = 15
"""What is asked from three in the afternoon on is answered the next working day."""
SUNDAY = 6
BEFORE_CLOSING = 120
"""Minutes before a spa whose hours we know closes for the day: what is asked then is answered the next day it opens."""


def hears_by(local: datetime, hours: Hours | None = None) -> date:
    """Today where it was asked in time; else the next day that it is open. `local` is the spa's own time.

    Of a spa whose hours we do not know: the next day that is no Sunday.
    """
    day = local.date()
    if hours:
        spans = hours.of(day)
        if spans and minute_of(local) <= spans[-1].closes - BEFORE_CLOSING:
            return day
        opening = hours.next_opening(local.replace(hour=23, minute=59))
        if opening:
            return opening.on
    if local.hour < LAST_HOUR and day.weekday() != SUNDAY:
        return day
    day += timedelta(days=1)
    return day + timedelta(days=day.weekday() == SUNDAY)
