"""For how long, or until when: "2 mo", "6 wks", "til the 15th", "thru feb", "half a year", "hasta marzo".

English and Spanish, small and careful. What it reads is always said back with its date before anything hangs on it;
what it cannot be sure of is `Vague`, and is asked. Nothing is ever invented.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.domain import span_words as say
from assistant.domain.pay_dates import MONTHS, Unclear, read_pay_day
from assistant.domain.span_days import feast, last_of, months_in_a_row, next_month
from assistant.domain.span_text import tidied
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
    text = tidied(text)
    plain = say.NUMBERS_APART.sub(r"\1 \2", matchable(say.DECIMAL.sub(" half half ", text)))
    if say.VAGUE.search(plain):
        return Vague()
    found = [*_read(plain, text, today, locale)]
    if not found and asked:
        found = [*_answered(plain, text, today, locale)]
    if not found:
        return Vague() if say.HINTS.search(plain) or (asked and say.UNSURE.search(plain)) else None
    first = found[0]
    return first if all(each == first for each in found) else Vague()


LONGEST = timedelta(days=400)
"""Beyond this, something else was meant."""


def _read(plain: str, text: str, today: date, locale: str) -> Iterator[Span | Vague]:
    """Every span that is named; a day that is named after "until" is read once, by the clearest of its readers."""
    for pattern, length in _NAMED:
        if pattern.search(plain):
            plain = pattern.sub("_", plain)
            yield length
    for match in (*say.COUNTED.finditer(plain), *say.PAYMENTS.finditer(plain)):
        if not say.NOT_BEFORE.search(plain[: match.start()]) and not say.NOT_AFTER.match(plain[match.end() :]):
            yield _length(match.groupdict())
    yield from _until(plain, text, today, locale) or _skipped(plain, today)


_NAMED = (
    (say.HALF_A_YEAR, Length(months=6)),
    (say.YEAR_LONG, Length(months=12)),
    (say.MONTH_LONG, Length(months=1)),
    (say.QUARTER, Length(months=3)),
    (say.FORTNIGHT, Length(days=14, weeks=True)),
)


def _length(said: dict[str, str | None]) -> Length | Vague:
    """So many of a unit; what is counted without one is payments, and so months."""
    number = say.count(said["number"] or "")
    if not 0 < number <= 366:
        return Vague()
    if said.get("w") or said.get("f"):
        return Length(days=number * (7 if said.get("w") else 14), weeks=True)
    if said.get("d"):
        return Length(days=number)
    return Length(months=number * (12 if said.get("y") else 1)) if number <= 60 else Vague()


def _until(plain: str, text: str, today: date, locale: str) -> list[Until | Vague]:
    """At most one: the first reader that knows what it says."""
    for pattern, through in ((say.UNTIL_AFTER_MONTH, True), (say.THROUGH_MONTH, True), (say.UNTIL_MONTH, False)):
        if match := pattern.search(plain):
            year = int(match[2]) if (match.re.groups > 1 and match[2]) else None
            return [(_month_end if through else _month_start)(MONTHS[match[1]], year, today)]
    if say.AFTER_FEAST.search(plain):
        return [Vague()]
    for pattern, over in _ENDS:
        if pattern.search(plain):
            return [over(today)]
    if match := say.UNTIL_FEAST.search(plain):
        return [_within_reach(Until(feast(match["feast"], today)), today)]
    if match := say.UNTIL_YEAR.search(plain):
        return [_within_reach(Until(date(int(match[1]), 1, 1)), today)]
    return _until_day(plain, text, today, locale)


_ENDS: tuple[tuple[re.Pattern[str], Callable[[date], Until]], ...] = (
    (say.END_OF_NEXT_MONTH, lambda today: Until(last_of(next_month(today)), through=True)),
    (say.REST_OF_MONTH, lambda today: Until(next_month(today))),
    (say.UNTIL_NEXT_MONTH, lambda today: Until(next_month(today))),
    (say.END_OF_YEAR, lambda today: Until(date(today.year, 12, 31), through=True)),
    (say.END_OF_MONTH, lambda today: Until(last_of(today), through=True)),
    (say.UNTIL_NEXT_YEAR, lambda today: Until(date(today.year + 1, 1, 1))),
)


def _within_reach(until: Until, today: date) -> Until | Vague:
    return until if today < until.day <= today + LONGEST else Vague()


def _until_day(plain: str, text: str, today: date, locale: str) -> list[Until | Vague]:
    for pattern, through in ((say.THROUGH_DAY, True), (say.UNTIL_DAY, False)):
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
    written = say.TAIL.search(text)
    return f"on {written[1]}" if written else f"on {tail}"


def _month_start(month: int, year: int | None, today: date) -> Until | Vague:
    """The coming one; the month it is now is over, or a year away: nobody can tell."""
    if month == today.month and year is None:
        return Vague()
    start = date(year or today.year + (month < today.month), month, 1)
    return _within_reach(Until(start), today)


def _month_end(month: int, year: int | None, today: date) -> Until | Vague:
    end = last_of(date(year or today.year + (month < today.month), month, 1))
    return Until(end, through=True) if today <= end <= today + LONGEST else Vague()


def _skipped(plain: str, today: date) -> Iterator[Skip | Length | Vague]:
    if say.BOTH_MONTHS.search(plain):
        yield Length(months=2)
    elif (many := months_in_a_row(plain, today)) is not None:
        yield Length(months=many) if many else Vague()
    elif match := say.SKIP_MONTH.search(plain):
        this = "this " in match[0] or "este" in match[0]
        yield Skip(today.replace(day=1) if this else next_month(today))
    elif match := next(filter(None, (named.search(plain) for named in say.SKIP_NAMED)), None):
        month = MONTHS[match[1]]
        yield Skip(date(today.year + (month < today.month), month, 1))


def _answered(plain: str, text: str, today: date, locale: str) -> Iterator[Span | Vague]:
    """An answer to "for how long?": a number is months, and what else names a day is until it."""
    bare = " ".join(word for word in plain.split() if word not in say.FILLERS)
    if say.NUMBER.fullmatch(bare):
        number = say.count(bare)
        yield Length(months=number) if 0 < number <= 24 else Vague()
    elif bare in MONTHS:
        yield _month_start(MONTHS[bare], None, today)
    elif bare and not say.UNTIL.search(plain):
        yield from _until(f"until {bare}", f"until {text}", today, locale)
