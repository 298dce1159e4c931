"""What the desk is to know at one glance of who comes in (`features.md` N17), by the rules that the till goes by."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.entitlements import Entitled, entitled
from assistant.domain.tickets import Arrival, Client, Left

BIRTHDAY_DAYS = 14
"""A birthday is worth a word so many days before it, and on the day."""
CARD_DAYS = 60
"""A card that ends within so many days is worth a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of them besides what the till goes by."""

    born_on: date | None = None
    last_visit_on: date | None = None
    card_ends: tuple[int, int] | None = None
    """The year and the month of the card on file."""
    waits: tuple[str, ...] = ()
    """The kinds of what waits for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """The panel."""

    arrival: Arrival
    usable: tuple[Left, ...]
    """Credit that pays for today's visit."""
    resting: tuple[Left, ...]
    """Credit that there is, and that cannot be used in this standing."""
    birthday_on: date | None
    last_visit_on: date | None
    card_ends_on: date | None
    """The last day of the card on file, where that is soon or over."""
    card_is_over: bool
    waits: tuple[str, ...]


def brief(client: Client, known: Known) -> Brief:
    """Of a client on the day they come in."""
    may = entitled(client.memberships, client.on, client.policy)
    free, everything = may.of(client.held), Entitled((), paid=True, promo=True).of(client.held)
    ends_on = card_ends_on(known.card_ends) if known.card_ends else None
    soon = ends_on is not None and ends_on <= client.on + timedelta(days=CARD_DAYS)
    return Brief(
        arrival=client.arrival,
        usable=tuple(Left(unit, amount) for unit, amount in sorted(free.items()) if amount),
        resting=tuple(
            Left(unit, amount - free[unit]) for unit, amount in sorted(everything.items()) if amount > free[unit]
        ),
        birthday_on=birthday_soon(known.born_on, client.on) if known.born_on else None,
        last_visit_on=known.last_visit_on,
        card_ends_on=ends_on if soon else None,
        card_is_over=ends_on is not None and ends_on < client.on,
        waits=known.waits,
    )


def card_ends_on(year_and_month: tuple[int, int]) -> date:
    """A card is good to the end of its month."""
    year, month = year_and_month
    return date(year, month, monthrange(year, month)[1])


def birthday_soon(born_on: date, today: date) -> date | None:
    """The next birthday, if it is today or soon. Who was born on a leap day has it on the 28th in other years."""
    for year in (today.year, today.year + 1):
        last = monthrange(year, born_on.month)[1]
        on = date(year, born_on.month, min(born_on.day, last))
        if today <= on <= today + timedelta(days=BIRTHDAY_DAYS):
            return on
    return None
