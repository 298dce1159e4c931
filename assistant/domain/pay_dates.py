"""The day somebody says they will have money, in English or Spanish: small and careful, and doubtful rather than wrong.

What it reads is always said back before anything hangs on it. What it cannot be sure of is `Unclear`, and is asked.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from re import Match

from assistant.domain.calendar import cycle_date
from assistant.domain.words import matchable


@dataclass(frozen=True, slots=True)
class Unclear:
    """A day is spoken of, and it is not sure which."""


def read_pay_day(text: str, today: date, *, locale: str = "en", asked: bool = False) -> date | Unclear | None:
    """The one day that a text names, as seen from today; None when it speaks of no day.

    `locale` says which way round 12/3 is: at home in English month comes first, and in Spanish nobody can tell.
    `asked`: we have just asked which day, so that "15" is one.
    """
    clauses = [clause for clause in _CLAUSES.split(text.lower()) if clause.strip()]
    found = [each for clause in clauses for each in _read(clause, today, locale)]
    if not found and asked and (alone := re.fullmatch(r"\D{0,12}?(\d{1,2})\D{0,12}?", text.strip())):
        found = [_day_of_month(int(alone[1]), today)]
    if not found:
        return Unclear() if any(_HINTS.search(matchable(clause)) for clause in clauses) else None
    day = found[0]
    if isinstance(day, Unclear) or any(each != day for each in found):
        return Unclear()
    return day if today <= day <= today + _FARTHEST else Unclear()


_FARTHEST = timedelta(days=180)
"""Beyond this, something else was meant."""
_CLAUSES = re.compile(r"[;!?\n]|\.(?!\d)|,(?!\s*\d{4})|\bbut\b|\bpero\b")
Found = date | Unclear
Reader = Callable[[Match[str], date], Found]

WEEKDAYS = {
    name: place
    for place, names in enumerate(
        (
            "monday mondays mon lunes",
            "tuesday tuesdays tue tues martes",
            "wednesday wednesdays wed miercoles",
            "thursday thursdays thu thur thurs jueves",
            "friday fridays fri viernes",
            "saturday saturdays sabado sabados",
            "sunday sundays domingo domingos",
        )
    )
    for name in names.split()
}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
NUMBERS = {
    word: number
    for number, words in enumerate(
        "a|one|un|una|uno two|dos three|tres four|cuatro five|cinco six|seis seven|siete eight|ocho nine|nueve"
        " ten|diez".split(),
        1,
    )
    for word in words.split("|")
}
_DAY, _MONTH, _NUMBER = "|".join(WEEKDAYS), "|".join(MONTHS), "|".join(NUMBERS)
_NTH = r"(\d{1,2}) ?(?:st|nd|rd|th|ro|er|o)?"
_WITHIN = "in|within|en|dentro de|give me|dame|wait|another|otros"
_YEAR = r"(?: (?:of |de |del )?(20\d\d))?"
_ENDS = r"(?= (?:of the month|please|pls|thanks|thank you|ok|por favor|gracias|del? mes|then|when|i |if )|$)"


def _in_days(days: int) -> Reader:
    return lambda _, today: today + timedelta(days=days)


def _after(match: Match[str], today: date) -> Found:
    number = int(match[1]) if match[1].isdecimal() else NUMBERS[match[1]]
    return today + timedelta(days=number * (7 if match[2][0] in "ws" else 1))


def _weekday(match: Match[str], today: date) -> Found:
    """The coming one. Said on that very day, it may be today or in a week."""
    days = (WEEKDAYS[match[1]] - today.weekday()) % 7
    return today + timedelta(days=days) if days else Unclear()


def _next_weekday(match: Match[str], today: date) -> Found:
    """On a Tuesday "next Friday" is one day to some and another to others; once this week's has come, it is one to all.

    On a Sunday nobody agrees which week it is.
    """
    wanted, now = WEEKDAYS[match[1] or match[2]], today.weekday()
    return today + timedelta(days=(wanted - now) % 7 or 7) if wanted <= now < 6 else Unclear()


def _nth(match: Match[str], today: date) -> Found:
    return _day_of_month(int(match[1]), today)


def _weekday_nth(match: Match[str], today: date) -> Found:
    """Both must be so."""
    day = _day_of_month(int(match[2]), today)
    return day if isinstance(day, date) and day.weekday() == WEEKDAYS[match[1]] else Unclear()


def _day_of_month(day: int, today: date) -> Found:
    """The coming one. Said on that very day, or of a month that lacks it, nobody can tell."""
    if not 1 <= day <= 31 or day == today.day:
        return Unclear()
    first = today.replace(day=1)
    return _dated(cycle_date(first, 0 if day > today.day else 1).replace(day=1), day)


def _dated(first: date, day: int) -> Found:
    try:
        return first.replace(day=day)
    except ValueError:
        return Unclear()


def _month_day(match: Match[str], today: date) -> Found:
    return _date(MONTHS[match[1]], int(match[2]), match[3], today)


def _day_month(match: Match[str], today: date) -> Found:
    return _date(MONTHS[match[2]], int(match[1]), match[3], today)


def _date(month: int, day: int, year: str | None, today: date) -> Found:
    """Without a year the coming one."""
    if not 1 <= month <= 12:
        return Unclear()
    if year:
        return _dated(date(int(year) + (2000 if len(year) == 2 else 0), month, 1), day)
    this = _dated(date(today.year, month, 1), day)
    return this if isinstance(this, date) and this >= today else _dated(date(today.year + 1, month, 1), day)


def _end_of_month(_: Match[str], today: date) -> Found:
    last = cycle_date(today.replace(day=1), 1) - timedelta(days=1)
    return last if last != today else Unclear()


def _doubtful(_: Match[str], _today: date) -> Found:
    return Unclear()


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), reader)
    for pattern, reader in (
        (rf"(?:last|past) (?:{_DAY})|(?:{_DAY}) pasado|(?:every other|cada dos) (?:{_DAY})", _doubtful),
        (rf"(?:{_DAY}) (?:after next|week)|(?:a week|week|semana) (?:from|de) (?:{_DAY})", _doubtful),
        (r"(?:\d+|a|few|couple|unos) (?:days?|weeks?) ago|hace \S+ (?:dias?|semanas?)", _doubtful),
        (rf"({_MONTH}) (?:the )?{_NTH}{_YEAR}", _month_day),
        (rf"{_NTH} (?:of |de |del )?({_MONTH}){_YEAR}", _day_month),
        (r"(?:the )?day after tomorrow|pasado manana", _in_days(2)),
        (r"tomorrow|tmrw|tmr|(?<!la )manana", _in_days(1)),
        (r"today|tonight|hoy|esta noche", _in_days(0)),
        (rf"(?:{_WITHIN}) (\d{{1,2}}|{_NUMBER}) (?:more |mas )?(days?|weeks?|dias?|semanas?)", _after),
        (rf"(?:next|proximo|siguiente) ({_DAY})|({_DAY}) (?:proximo|siguiente|que viene|que entra)", _next_weekday),
        (rf"({_DAY}) (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?", _weekday_nth),
        (rf"({_DAY})", _weekday),
        (r"next (?:sat|sun)", _doubtful),
        (r"(?:on |by |until |til |till |this )(sat|sun)", lambda match, today: _abbreviated(match[1], today)),
        (r"(?:the |on the |el |dia |el dia )?(\d{1,2})(?:st|nd|rd|th|ro|er)", _nth),
        (rf"(?:the|el|del|el dia|dia) (\d{{1,2}}){_ENDS}", _nth),
        (rf"(?:on|by|until|til|till) the first{_ENDS}|(?:el|dia) primero{_ENDS}", lambda _, t: _day_of_month(1, t)),
        (r"(?:the )?end of (?:the |this )?month|(?:a |el )?(?:fin|final|fines) de(?:l)? mes", _end_of_month),
    )
)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(20\d\d|\d\d))?(?![\d/])")
_ISO = re.compile(r"(?<![\d-])(20\d\d)-(\d\d)-(\d\d)(?![\d-])")
_SPANISH = re.compile(r"\b(?:el|pagan|cobro|hasta|puedo|dia|para|tengo)\b")
_NEGATED = re.compile(r"(?<!\S)(?:not|no|don't|dont|can't|cant|cannot|won't|wont|never|nunca|tampoco)(?: \S+){0,3}$")
_AFTER = re.compile(r"(?<!\S)(?:after|despues)(?: (?:the|on|de|del|el))*$")
_UNTIL = re.compile(r"(?<!\S)(?:until|til|till|before|hasta|antes)(?: \S+){0,2}$")
_PAST = re.compile(r"(?<!\S)(?:i paid|already|ya|pague|paid you)(?!\S)")
_HINTS = re.compile(
    r"(?<!\S)(?:get paid|getting paid|pay ?day|pay ?check|me pagan|cobro|quincena|next (?:week|month)|this weekend"
    r"|(?:proxima|otra) semana|semana que viene|mes que viene|fin de semana)(?!\S)"
)


def _read(clause: str, today: date, locale: str) -> Iterator[Found]:
    """Every day that a clause names, each part of it read once; a doubtful one where it says no to it."""
    said = _SLASHED.sub(" ", _ISO.sub(" ", clause))
    plain = matchable(said)
    spanish = locale != "en" or bool(_SPANISH.search(matchable(clause)))
    found = [*_figures(clause, today, spanish=spanish)]
    doubtful = bool(_PAST.search(matchable(clause)))
    for pattern, reader in _READERS:
        while match := pattern.search(plain):
            before = plain[: match.start()].strip()
            doubtful |= bool(_AFTER.search(before)) or bool(_NEGATED.search(before) and not _UNTIL.search(before))
            found.append(reader(match, today))
            plain = f"{plain[: match.start()]}{'_ ' * bool(before)}{plain[match.end() :]}".strip()
    return iter([Unclear()] if found and doubtful else found)


def _figures(clause: str, today: date, *, spanish: bool) -> Iterator[Found]:
    for match in _ISO.finditer(clause):
        yield _date(int(match[2]), int(match[3]), match[1], today)
    for match in _SLASHED.finditer(clause):
        if match[0] == "24/7":
            continue
        first, second, year = int(match[1]), int(match[2]), match[3]
        if first <= 12 and second <= 12 and first != second and spanish:
            yield Unclear()
        elif first <= 12 and (second > 12 or not spanish):
            yield _date(first, second, year, today)
        else:
            yield _date(second, first, year, today)


def _abbreviated(name: str, today: date) -> Found:
    days = ({"sat": 5, "sun": 6}[name] - today.weekday()) % 7
    return today + timedelta(days=days) if days else Unclear()
