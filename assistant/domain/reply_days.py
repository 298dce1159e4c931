"""By which day a person answers what a member asked of them: a promise that the desk can keep."""

from datetime import date, datetime, timedelta

LAST_HOUR = 15
"""What is asked from three in the afternoon on is answered the next working day."""
SUNDAY = 6


def hears_by(local: datetime) -> date:
    """Today where it was asked in time; else the next day that is no Sunday. `local` is the spa's own time."""
    day = local.date()
    if local.hour < LAST_HOUR and day.weekday() != SUNDAY:
        return day
    day += timedelta(days=1)
    return day + timedelta(days=day.weekday() == SUNDAY)
