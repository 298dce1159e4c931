"""Days belong to a spa's zone, and a billing date to its anchor day and cycle number."""

from calendar import monthrange
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def local_day(instant: datetime, zone: str) -> date:
    """The day it is at the spa."""
    return instant.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of a spa's day, in UTC; where midnight does not exist, the first instant after the gap."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def cycle_date(anchor: date, cycle: int) -> date:
    """When a cycle is billed: `cycle` months from the anchor, on its day or the month's last.

    Counted from the anchor and never from the last date, so 31 Jan bills 28 Feb and then 31 Mar (`features.md` A1, A2).
    """
    months = anchor.year * 12 + anchor.month - 1 + cycle
    year, month = divmod(months, 12)
    return date(year, month + 1, min(anchor.day, monthrange(year, month + 1)[1]))


def next_cycle(anchor: date, after: date) -> int:
    """The number of the first cycle billed strictly after a day."""
    cycle = max(0, (after.year - anchor.year) * 12 + after.month - anchor.month)
    return cycle if cycle_date(anchor, cycle) > after else cycle + 1


def next_charge(anchor: date, months: int, after: date) -> tuple[int, date]:
    """The first cycle of so many months that is billed strictly after a day: its number and its date."""
    cycle = -(-next_cycle(anchor, after) // months)
    return cycle, cycle_date(anchor, cycle * months)
