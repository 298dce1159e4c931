"""Days and months that go by a name: Christmas, Labor Day, the end of the year, "december and january"."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from assistant.domain.calendar import cycle_date
from assistant.domain.pay_dates import MONTHS

MONTH = f"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_SUNDAY, _MONDAY, _THURSDAY = 6, 0, 3


def next_month(today: date) -> date:
    """The first of it."""
    return cycle_date(today.replace(day=1), 1)


def last_of(month: date) -> date:
    """The last day of the month that a day is in."""
    return next_month(month) - timedelta(days=1)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _easter(year: int) -> date:
    """Gauss's, as Anonymous put it (Nature, 1876)."""
    golden, century, of_century = year % 19, year // 100, year % 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _on(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


_FEASTS: tuple[tuple[str, Callable[[int], date]], ...] = (
    (r"(?:christmas|xmas|x mas|navidad|las navidades|la navidad)(?: day)?(?! eve)", _on(12, 25)),
    (r"(?:christmas|xmas) eve|noche ?buena", _on(12, 24)),
    (r"new year(?:'?s)? eve", _on(12, 31)),
    (
        r"(?:the )?(?:(?:first|1st|start|beginning) of (?:the |next )?(?:new )?year|new year(?:'?s)?(?: day)?(?! eve))",
        _on(1, 1),
    ),
    (
        r"(?:el )?(?:primero de ano|ano nuevo|comienzo del? ano|inicio del? ano|principios? del? (?:proximo )?ano)",
        _on(1, 1),
    ),
    (r"(?:el )?(?:dia de )?(?:los )?reyes(?: magos)?|three kings(?: day)?", _on(1, 6)),
    (r"(?:saint |st )?valentine(?:'?s)?(?: day)?|(?:el )?(?:dia de )?san valentin", _on(2, 14)),
    (r"(?:saint |st )patrick(?:'?s)?(?: day)?", _on(3, 17)),
    (r"cinco de mayo", _on(5, 5)),
    (r"(?:independence day|(?:the )?(?:4th|fourth) of july)", _on(7, 4)),
    (r"halloween", _on(10, 31)),
    (r"(?:el )?dia de (?:los )?muertos", _on(11, 2)),
    (r"easter(?: sunday)?|(?:domingo de )?pascua", _easter),
    (r"mother(?:'?s)? day", lambda year: _nth(year, 5, _SUNDAY, 2)),
    (r"memorial day", _last_monday_of_may),
    (r"father(?:'?s)? day", lambda year: _nth(year, 6, _SUNDAY, 3)),
    (r"labor day", lambda year: _nth(year, 9, _MONDAY, 1)),
    (r"thanksgiving(?: day)?|accion de gracias", lambda year: _nth(year, 11, _THURSDAY, 4)),
)
FEAST = "|".join(pattern for pattern, _ in _FEASTS)


def feast(name: str, today: date) -> date:
    """The coming one; today's is over a year from now."""
    of = next(of for pattern, of in _FEASTS if re.fullmatch(pattern, name))
    return next(day for year in (today.year, today.year + 1) if (day := of(year)) > today)


_LISTED = re.compile(rf"(?<!\S)({MONTH}(?:(?: (?:and|y|e|n|plus))? {MONTH})+)(?! ?\d)(?!\S)")


def months_in_a_row(plain: str, today: date) -> int | None:
    """How many months are named one after the other, from this one or the next; None where that is not what is said."""
    found = _LISTED.search(plain)
    if not found:
        return None
    named = [MONTHS[word] for word in found[1].split() if word in MONTHS]
    in_a_row = all((one % 12) + 1 == two for one, two in pairwise(named))
    near = named[0] in {today.month, next_month(today).month}
    return len(named) if in_a_row and near else 0
