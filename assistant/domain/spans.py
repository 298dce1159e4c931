"""For how long, or until when: "2 mo", "6 wks", "til the 15th", "thru feb", "half a year", "hasta marzo".

English and Spanish, small and careful. What it reads is always said back with its date before anything hangs on it;
what it cannot be sure of is `Vague`, and is asked. Nothing is ever invented.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain.calendar import cycle_date
from assistant.domain.pay_dates import MONTHS, NUMBERS, Unclear, read_pay_day
from assistant.domain.words import matchable


@dataclass(frozen=True, slots=True)
class Length:
    """So many months, or so many days; `weeks` says that the days were said as weeks."""

    months: int = 0
    days: int = 0
    weeks: bool = False

    @property
    def iso(self) -> str:
        """As ISO 8601 has it: P2M, P6W, P45D."""
        if self.months:
            return f"P{self.months}M"
        return f"P{self.days // 7}W" if self.weeks else f"P{self.days}D"


@dataclass(frozen=True, slots=True)
class Until:
    """Until a day: `through` is the last day of it, and otherwise it is over when that day begins."""

    day: date
    through: bool = False

    @property
    def over_on(self) -> date:
        """The first day after it."""
        return self.day + timedelta(days=self.through)


@dataclass(frozen=True, slots=True)
class Skip:
    """One month, named: this one, the next, or December. `month` is its first day."""

    month: date


@dataclass(frozen=True, slots=True)
class Vague:
    """A time is spoken of, and nobody can tell which."""


Span = Length | Until | Skip


def read_span(text: str, today: date, *, locale: str = "en", asked: bool = False) -> Span | Vague | None:
    """The one span that a text names, as seen from today; None when it speaks of none.

    `asked`: we have just asked for how long, so that "2" is two months, and "march" is until March.
    """
    plain = _NUMBERS_APART.sub(r"\1 \2", matchable(_DECIMAL.sub(" half half ", text)))
    if _VAGUE.search(plain):
        return Vague()
    found = [*_read(plain, text, today, locale)]
    if not found and asked:
        found = [*_alone(plain, today)]
    if not found:
        return Vague() if _HINTS.search(plain) else None
    first = found[0]
    return first if all(each == first for each in found) else Vague()


def _says(*ways: str) -> re.Pattern[str]:
    """Any of these, as whole words."""
    return re.compile(rf"(?<!\S)(?:{'|'.join(ways)})(?!\S)")


_MONTH = f"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}|eleven|twelve|once|doce)"
_MONTHS = r"(?:months?|mos?|mths?|mnths?|monthes|mouths|m|meses|mes)"
_WEEKS = r"(?:weeks?|wks?|w|semanas?|sems?)"
_DAYS = r"(?:days?|d|dias?)"
_YEARS = r"(?:years?|yrs?|y|anos?)"
_UNIT = rf"(?:{_MONTHS}|{_WEEKS}|{_DAYS}|{_YEARS})"
_NUMBERS_APART = re.compile(rf"(?<!\S)(\d{{1,3}})({_UNIT})(?!\S)")
_DECIMAL = re.compile(r"\d[.,]\d|\d ?½|½")
_COUNTED = _says(
    rf"(?P<number>{_NUMBER}|(?:a )?couple(?: of)?|un par de) (?:more |full |whole |mas )?"
    rf"(?:(?P<m>{_MONTHS})|(?P<w>{_WEEKS})|(?P<d>{_DAYS})|(?P<y>{_YEARS}))"
)
_NAMED = (
    (_says(r"(?:a |one )?half (?:a |of a |of the )?(?:year|yr)", r"medio ano", r"(?:un )?semestre"), Length(months=6)),
    (_says(r"(?:a |one )?(?:quarter|trimester)", r"(?:un )?trimestre"), Length(months=3)),
    (_says(r"(?:a )?fortnight", r"(?:una )?quincena"), Length(days=14, weeks=True)),
)
_UNTIL = r"(?:until|untill|till|til|up to|hasta(?: que llegue)?)"
_AFTER = r"(?:after|past|pasadas?|pasando|despues de)"
_THROUGH = (
    r"(?:(?:through|thru)(?: the end of)?|throughout|todo|(?:until|til|till) (?:the )?end of"
    r"|hasta (?:el )?(?:final|finales|fin|fines) de)"
)
_NO_DAY = r"(?! (?:the )?\d\d?(?!\d))"
_UNTIL_MONTH = _says(
    rf"{_UNTIL} (?:the )?(?:(?:start|beginning|first|1st|comienzos?|principios?|inicio) (?:of|de) )?(?:el )?"
    rf"(?:mes de )?({_MONTH}){_NO_DAY}(?: (20\d\d))?"
)
_UNTIL_AFTER_MONTH = _says(rf"{_UNTIL} (?:after|despues de) ({_MONTH}){_NO_DAY}")
_THROUGH_MONTH = _says(rf"{_THROUGH} (?:all of |the month of |el mes de )?({_MONTH}){_NO_DAY}(?: (20\d\d))?")
_UNTIL_NEXT_MONTH = _says(rf"{_UNTIL} (?:next month|(?:el )?(?:proximo mes|mes que viene|mes proximo))")
_UNTIL_NEXT_YEAR = _says(
    rf"{_UNTIL} (?:the )?(?:new years?|next year|(?:el )?(?:ano nuevo|proximo ano|ano que viene))",
)
_AFTER_HOLIDAYS = _says(
    rf"(?:{_UNTIL} )?{_AFTER} (?:the |las |los )?"
    r"(?:holidays|holiday season|new year|new years|new year's|fiestas|ano nuevo|dia de reyes)"
)
_AFTER_CHRISTMAS = _says(rf"(?:{_UNTIL} )?{_AFTER} (?:christmas|xmas|x mas|(?:la )?navidad|las navidades)")
_AFTER_THANKSGIVING = _says(rf"(?:{_UNTIL} )?{_AFTER} (?:thanksgiving|accion de gracias)")
_UNTIL_DAY = re.compile(rf"(?<!\S){_UNTIL} (?:about |the |el |on )*(?P<tail>.+)$")
_THROUGH_DAY = re.compile(r"(?<!\S)(?:through|thru) (?:the )?(?P<tail>.+)$")
_SKIP_MONTH = _says(
    r"(?:next|this)(?: one| coming)? month(?:'s|s)?",
    r"(?:el )?(?:este|proximo) mes",
    r"(?:el )?mes (?:que viene|proximo|entrante)",
)
_SKIP_NAMED = _says(
    r"(?:skip|miss|sit out|saltar(?:me)?|salta(?:me)?|omitir|for|just|only|solo|por|en) "
    rf"(?:the month of |el mes de |mi mes de )?({_MONTH}){_NO_DAY}"
)
_SPELT = r"(?:months?|mos?|weeks?|wks?|days?|meses|semanas|dias)"
_VAGUE = _says(
    rf"(?:(?:a )?few|some|several|unos|unas|algun[oa]s|vari[oa]s|couple or so) (?:more )?{_SPELT}",
    r"half half",
    r"(?:month|week|year|mes|semana|ano) (?:and|y) (?:a )?(?:half|medio|media)",
    rf"{_NUMBER} (?:(?:or|to|o|a) )?{_NUMBER} {_SPELT}",
    r"(?:months?|weeks?|mes|semana) (?:or|o) (?:so|two|three|more|dos|tres|mas)",
    r"half (?:a )?month",
    r"medio mes",
)
_HINTS = _says(
    r"(?:for )?a (?:while|bit|little|minute)",
    r"for (?:now|awhile)|awhile|some time|indefinitely|forever|until further",
    r"(?:until|til|till) (?:i|im|i'm|we|my|further|the|spring|summer|fall|autumn|winter|things|later|after)",
    r"un (?:tiempo|rato|ratito|tiempito)|por ahora|de momento|indefinid(?:o|a|amente)",
    r"hasta (?:que|nuevo|la|el|despues)",
)
LONGEST = timedelta(days=400)
"""Beyond this, something else was meant."""


def _read(plain: str, text: str, today: date, locale: str) -> Iterator[Span | Vague]:
    """Every span that is named; a day that is named after "until" is read once, by the clearest of its readers."""
    for pattern, length in _NAMED:
        if pattern.search(plain):
            plain = pattern.sub("_", plain)
            yield length
    for match in _COUNTED.finditer(plain):
        if not re.search(r"(?:ago|already|hace|every|each|cada) ?$", plain[: match.start()]) and not re.match(
            r" (?:ago|already|free|old|notice|of (?:membership|service))", plain[match.end() :]
        ):
            yield _length(match)
    yield from _until(plain, text, today, locale) or _skipped(plain, today)


_FEASTS: tuple[tuple[re.Pattern[str], Callable[[date], Until]], ...] = (
    (_UNTIL_NEXT_MONTH, lambda today: Until(cycle_date(today.replace(day=1), 1))),
    (_AFTER_HOLIDAYS, lambda today: _after(date(today.year + (today >= date(today.year, 1, 2)), 1, 1))),
    (_UNTIL_NEXT_YEAR, lambda today: Until(date(today.year + 1, 1, 1))),
    (_AFTER_CHRISTMAS, lambda today: _after(date(today.year + (today > date(today.year, 12, 25)), 12, 25))),
    (_AFTER_THANKSGIVING, lambda today: _after(_thanksgiving(today))),
)
"""Days that go by their names: the holidays are over when New Year's Day is."""


def _length(match: re.Match[str]) -> Length | Vague:
    said = match["number"]
    number = 2 if "couple" in said or "par" in said.split() else _count(said)
    if not 0 < number <= 366:
        return Vague()
    if match["m"] or match["y"]:
        return Length(months=number * (12 if match["y"] else 1)) if number <= 60 else Vague()
    return Length(days=number * 7, weeks=True) if match["w"] else Length(days=number)


def _count(said: str) -> int:
    return (
        int(said)
        if said.isdecimal()
        else {"eleven": 11, "once": 11, "twelve": 12, "doce": 12}.get(said) or NUMBERS[said]
    )


def _until(plain: str, text: str, today: date, locale: str) -> list[Until | Vague]:
    """At most one: the first reader that knows what it says."""
    for pattern, through in ((_UNTIL_AFTER_MONTH, True), (_THROUGH_MONTH, True), (_UNTIL_MONTH, False)):
        if match := pattern.search(plain):
            year = int(match[2]) if (match.re.groups > 1 and match[2]) else None
            return [(_month_end if through else _month_start)(MONTHS[match[1]], year, today)]
    for pattern, feast in _FEASTS:
        if pattern.search(plain):
            return [feast(today)]
    return _until_day(plain, text, today, locale)


def _after(day: date) -> Until:
    return Until(day, through=True)


def _thanksgiving(today: date) -> date:
    """The coming fourth Thursday of November."""
    for year in (today.year, today.year + 1):
        first = date(year, 11, 1)
        day = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
        if day >= today:
            break
    return day


def _until_day(plain: str, text: str, today: date, locale: str) -> list[Until | Vague]:
    for pattern, through in ((_THROUGH_DAY, True), (_UNTIL_DAY, False)):
        if match := pattern.search(plain):
            match read_pay_day(_tail(text, match["tail"]), today, locale=locale, asked=True):
                case date() as day if today < day <= today + LONGEST:
                    return [Until(day, through=through)]
                case None:
                    return []
                case date() | Unclear():
                    return [Vague()]
    return []


def _tail(text: str, tail: str) -> str:
    """What follows "until" as it was written, where its figures have their slashes still."""
    written = re.search(r"(?i)\b(?:until|untill|till|til|up to|hasta|through|thru)\b(.*)$", text, re.DOTALL)
    return f"on {written[1]}" if written else f"on {tail}"


def _month_start(month: int, year: int | None, today: date) -> Until | Vague:
    """The coming one; the month it is now is over, or a year away: nobody can tell."""
    if month == today.month and year is None:
        return Vague()
    start = date(year or today.year + (month < today.month), month, 1)
    return Until(start) if today < start <= today + LONGEST else Vague()


def _month_end(month: int, year: int | None, today: date) -> Until | Vague:
    start = date(year or today.year + (month < today.month), month, 1)
    end = cycle_date(start, 1) - timedelta(days=1)
    return Until(end, through=True) if today <= end <= today + LONGEST else Vague()


def _skipped(plain: str, today: date) -> Iterator[Skip]:
    this = today.replace(day=1)
    if match := _SKIP_MONTH.search(plain):
        yield Skip(this if "this" in match[0] or "este" in match[0] else cycle_date(this, 1))
    elif match := _SKIP_NAMED.search(plain):
        month = MONTHS[match[1]]
        yield Skip(date(today.year + (month < today.month), month, 1))


def _alone(plain: str, today: date) -> Iterator[Span | Vague]:
    """An answer to "for how long?": a number is months, and the name of a month is until it."""
    if match := _ALONE.fullmatch(plain):
        number = _count(match[1])
        yield Length(months=number) if 0 < number <= 24 else Vague()
    elif match := _MONTH_ALONE.fullmatch(plain):
        yield _month_start(MONTHS[match[1]], None, today)


_THANKS = r"(?: please| pls| por favor| thanks)?"
_ALONE = re.compile(rf"(?:for |maybe |just |like |about |solo |por )?({_NUMBER}){_THANKS}")
_MONTH_ALONE = re.compile(rf"(?:in |en |maybe )?({_MONTH}){_THANKS}")
