"""How long, or until when, in the words of members."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.span_days import feast, months_in_a_row
from assistant.domain.spans import Length, Skip, Span, Until, Vague, read_span

TODAY = date(2026, 11, 22)
"""A Sunday."""


def until(month: int, day: int, year: int = 2026, *, through: bool = False) -> Until:
    return Until(date(year, month, day), through=through)


SAID: dict[str, Span | Vague | None] = {
    "pause 2 mo": Length(months=2),
    "PAUSE 2 months pls": Length(months=2),
    "pause 2mo": Length(months=2),
    "Pause 3M": Length(months=3),
    "pause for six weeks": Length(days=42, weeks=True),
    "6 wks": Length(days=42, weeks=True),
    "45 days": Length(days=45),
    "90d please": Length(days=90),
    "half a year": Length(months=6),
    "freeze it for half of a year": Length(months=6),
    "a year": Length(months=12),
    "1 month": Length(months=1),
    "just a month": Length(months=1),
    "one month only": Length(months=1),
    "a couple months": Length(months=2),
    "couple of months": Length(months=2),
    "a quarter": Length(months=3),
    "a fortnight": Length(days=14, weeks=True),
    "two more months": Length(months=2),
    "dos meses": Length(months=2),
    "pausa por 3 meses": Length(months=3),
    "congelar un mes": Length(months=1),
    "seis semanas por favor": Length(days=42, weeks=True),
    "medio año": Length(months=6),
    "un par de meses": Length(months=2),
    "un trimestre": Length(months=3),
    "til the 15th": until(12, 15),
    "until the 30th": until(11, 30),
    "until Dec 15": until(12, 15),
    "pause till january 10": until(1, 10, 2027),
    "until 1/15": until(1, 15, 2027),
    "until 2027-02-01": until(2, 1, 2027),
    "til march 1st 2027": until(3, 1, 2027),
    "until march": until(3, 1, 2027),
    "Until the beginning of March": until(3, 1, 2027),
    "until january 2027": until(1, 1, 2027),
    "hasta marzo": until(3, 1, 2027),
    "hasta el mes de enero": until(1, 1, 2027),
    "hasta el 15 de diciembre": until(12, 15),
    "hasta el proximo mes": until(12, 1),
    "until next month": until(12, 1),
    "until next year": until(1, 1, 2027),
    "until the new year": until(1, 1, 2027),
    "thru feb": until(2, 28, 2027, through=True),
    "through the end of January": until(1, 31, 2027, through=True),
    "through December": until(12, 31, through=True),
    "til the end of december": until(12, 31, through=True),
    "hasta finales de enero": until(1, 31, 2027, through=True),
    "hasta fin de enero": until(1, 31, 2027, through=True),
    "until after february": until(2, 28, 2027, through=True),
    "thru jan 15": until(1, 15, 2027, through=True),
    "until after the holidays": Vague(),
    "pause til after the holidays pls": Vague(),
    "after new years": Vague(),
    "hasta después de las fiestas": Vague(),
    "until after christmas": Vague(),
    "after thanksgiving": Vague(),
    "skip next month": Skip(date(2026, 12, 1)),
    "can I skip this month": Skip(date(2026, 11, 1)),
    "skip december": Skip(date(2026, 12, 1)),
    "saltar el mes que viene": Skip(date(2026, 12, 1)),
    "pausa este mes": Skip(date(2026, 11, 1)),
    "pause just december": Skip(date(2026, 12, 1)),
    "a few months": Vague(),
    "2 or 3 months": Vague(),
    "2-3 months": Vague(),
    "a month or two": Vague(),
    "1.5 months": Vague(),
    "a month and a half": Vague(),
    "mes y medio": Vague(),
    "for a while": Vague(),
    "por un tiempo": Vague(),
    "until summer": Vague(),
    "until I get back": Vague(),
    "until after my surgery": Vague(),
    "hasta que me recupere": Vague(),
    "indefinitely": Vague(),
    "unos meses": Vague(),
    "2 months, no 3 months": Vague(),
    "until november": Vague(),
    "pause until Feb. 1": until(2, 1, 2027),
    "pause for two (2) months": Length(months=2),
    "pause for 8 weeks starting next month": Length(days=56, weeks=True),
    "starting dec 1 for 60 days": Length(days=60),
    "freeze my plan from jan to march": until(3, 1, 2027),
    "pause from 12/10 to 1/20": until(1, 20, 2027),
    "de enero a marzo": until(3, 1, 2027),
    "pause it, i'm back on jan 10": until(1, 10, 2027),
    "restart feb 1": until(2, 1, 2027),
    "pausa y regreso el 20 de enero": until(1, 20, 2027),
    "hold it to the end of january": until(1, 31, 2027, through=True),
    "skip the next 2 billing cycles": Length(months=2),
    "skip my next payment": Skip(date(2026, 12, 1)),
    "sáltense mi próximo pago": Skip(date(2026, 12, 1)),
    "skip my december payment": Skip(date(2026, 12, 1)),
    "don't charge me in december": Skip(date(2026, 12, 1)),
    "pause for december and january": Length(months=2),
    "pause this month and next": Length(months=2),
    "este mes y el próximo": Length(months=2),
    "dos quincenas": Length(days=28, weeks=True),
    "treinta días": Length(days=30),
    "ninety days": Length(days=90),
    "another month": Length(months=1),
    "can i do a 60 day freeze": Length(days=60),
    "up to 3 months": Length(months=3),
    "month-long pause": Length(months=1),
    "1/2 a year": Length(months=6),
    "until christmas": until(12, 25),
    "until the first of the year": until(1, 1, 2027),
    "hasta fin de año": until(12, 31, through=True),
    "for the rest of the year": until(12, 31, through=True),
    "lo que queda del año": until(12, 31, through=True),
    "until the end of next month": until(12, 31, through=True),
    "until valentine's day": until(2, 14, 2027),
    "til easter": until(3, 28, 2027),
    "until mothers day": until(5, 9, 2027),
    "pause until memorial day": until(5, 31, 2027),
    "through labor day": until(9, 6, 2027),
    "until 2027": until(1, 1, 2027),
    "untill janurary 15": until(1, 15, 2027),
    "asta febrero": until(2, 1, 2027),
    "I've been a member for 3 years, pause for 2 months": Length(months=2),
    "I paid 2 weeks ago, please pause until January 5": until(1, 5, 2027),
    "pausenme enero y febrero": Vague(),
    "pause for a month, maybe two": Vague(),
    "tres meses y medio": Vague(),
    "2 and a half months": Vague(),
    "more than a month": Vague(),
    "between january and march": Vague(),
    "until mid january": Vague(),
    "for the summer": Vague(),
    "todo el verano": Vague(),
    "over the holidays": Vague(),
    "la otra semana": None,
    "cambien mi cita para otro dia": None,
    "for a period of six (6) months": Length(months=6),
    "maybe 2 maybe 3 months": Vague(),
    "between 2 and 3 months": Vague(),
    "pause mine 4 2 months": Length(months=2),
    "for the rest of the month": until(12, 1),
    "until the third of february": until(2, 3, 2027),
    "until january twenty-first": until(1, 21, 2027),
    "until the fifteenth": until(12, 15),
    "hasta el primero de febrero": until(2, 1, 2027),
    "I'll be back in april": until(4, 1, 2027),
    "until christmas eve": until(12, 24),
    "until the first week of march": Vague(),
    "my boyfriend of 3 years left, pause for 2 months": Length(months=2),
    "pause": None,
    "pause my membership": None,
    "what is my balance": None,
    "I paid 2 months ago": None,
    "charged every 2 weeks": None,
    "gracias": None,
}


@pytest.mark.parametrize("text", SAID)
def test_what_was_said_is_read(text: str) -> None:
    assert read_span(text, TODAY) == SAID[text]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2", Length(months=2)),
        ("two", Length(months=2)),
        ("maybe 3", Length(months=3)),
        ("dos", Length(months=2)),
        ("march", until(3, 1, 2027)),
        ("marzo por favor", until(3, 1, 2027)),
        ("99", Vague()),
        ("idk maybe 3", Length(months=3)),
        ("1/31", until(1, 31, 2027)),
        ("end of december", until(12, 31, through=True)),
        ("christmas", until(12, 25)),
        ("not sure yet", Vague()),
        ("lo más que se pueda", Vague()),
        ("yes", None),
    ],
)
def test_an_answer_to_for_how_long(text: str, read: Span | Vague | None) -> None:
    assert read_span(text, TODAY, asked=True) == read
    assert read_span(text, TODAY) is None


def test_what_is_over_is_over_the_day_after() -> None:
    assert until(2, 28, 2027, through=True).over_on == date(2027, 3, 1)
    assert until(3, 1, 2027).over_on == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("length", "iso"), [(Length(months=2), "P2M"), (Length(42, 0), "P42M"), (Length(days=45), "P45D")]
)
def test_a_length_as_iso_has_it(length: Length, iso: str) -> None:
    assert length.iso == iso
    assert Length(days=42, weeks=True).iso == "P6W"


TODAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))
PIECES = st.lists(
    st.sampled_from(
        "until til thru hasta after the end of feb marzo december 15th 2 dos 31 a half year month months wks next this"
        " skip holidays christmas thanksgiving 3/1 2027 every ago few for while el mes que viene".split()
    ),
    max_size=8,
).map(" ".join)


@given(PIECES | st.text(max_size=60), TODAYS, st.booleans())
def test_nothing_is_ever_over_before_it_begins(text: str, today: date, asked: bool) -> None:
    match read_span(text, today, asked=asked):
        case Until() as span:
            assert span.over_on > today
        case Length(months, days):
            assert months > 0 or days > 0
        case Skip(month):
            assert month >= today.replace(day=1)


@pytest.mark.parametrize(
    ("name", "today", "day"),
    [
        ("thanksgiving", date(2026, 11, 22), date(2026, 11, 26)),
        ("thanksgiving", date(2026, 11, 26), date(2027, 11, 25)),
        ("easter", date(2026, 3, 1), date(2026, 4, 5)),
        ("easter", date(2027, 3, 28), date(2028, 4, 16)),
        ("memorial day", date(2026, 1, 1), date(2026, 5, 25)),
        ("labor day", date(2026, 8, 14), date(2026, 9, 7)),
        ("father's day", date(2026, 1, 1), date(2026, 6, 21)),
    ],
)
def test_a_day_by_its_name_is_the_coming_one(name: str, today: date, day: date) -> None:
    assert feast(name, today) == day


@pytest.mark.parametrize(
    ("plain", "many"),
    [
        ("november and december", 2),
        ("december january and february", 3),
        ("diciembre y enero", 2),
        ("december and march", 0),
        ("february and march", 0),
        ("december", None),
    ],
)
def test_months_one_after_the_other(plain: str, many: int | None) -> None:
    assert months_in_a_row(plain, TODAY) == many
