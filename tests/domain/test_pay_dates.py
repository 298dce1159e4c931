from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.pay_dates import Unclear, read_pay_day

WEDNESDAY = date(2026, 3, 4)
UNCLEAR = "unclear"


def read(text: str, today: date = WEDNESDAY, **how: object) -> str | None:
    found = read_pay_day(text, today, **how)  # type: ignore[arg-type]
    return UNCLEAR if isinstance(found, Unclear) else found and found.isoformat()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I get paid Friday", "2026-03-06"),
        ("friday", "2026-03-06"),
        ("FRIDAY!!", "2026-03-06"),
        ("on Fridays", "2026-03-06"),
        ("fri pls", "2026-03-06"),
        ("this friday", "2026-03-06"),
        ("can you wait until friday?", "2026-03-06"),
        ("monday", "2026-03-09"),
        ("tues", "2026-03-10"),
        ("on sat", "2026-03-07"),
        ("by sunday", "2026-03-08"),
        ("el viernes", "2026-03-06"),
        ("me pagan el viernes", "2026-03-06"),
        ("Este sábado cobro", "2026-03-07"),
        ("el miércoles", UNCLEAR),
        ("wednesday", UNCLEAR),
        ("on the 15th", "2026-03-15"),
        ("the 15th", "2026-03-15"),
        ("15th", "2026-03-15"),
        ("I get paid on the 15th of the month", "2026-03-15"),
        ("the 15", "2026-03-15"),
        ("the 15 credits", None),
        ("the 1st", "2026-04-01"),
        ("on the first", "2026-04-01"),
        ("the 3rd", "2026-04-03"),
        ("the 4th", UNCLEAR),
        ("the 31st", "2026-03-31"),
        ("the 32nd", UNCLEAR),
        ("el 15", "2026-03-15"),
        ("el día 15 por favor", "2026-03-15"),
        ("el 1ro", "2026-04-01"),
        ("el primero", "2026-04-01"),
        ("tomorrow", "2026-03-05"),
        ("Tomorrow morning works", "2026-03-05"),
        ("day after tomorrow", "2026-03-06"),
        ("mañana", "2026-03-05"),
        ("mañana por la mañana", "2026-03-05"),
        ("por la mañana", None),
        ("pasado mañana", "2026-03-06"),
        ("today", "2026-03-04"),
        ("hoy", "2026-03-04"),
        ("in 3 days", "2026-03-07"),
        ("in three days", "2026-03-07"),
        ("in a week", "2026-03-11"),
        ("give me 2 weeks", "2026-03-18"),
        ("en 3 dias", "2026-03-07"),
        ("en 3 días", "2026-03-07"),
        ("dentro de una semana", "2026-03-11"),
        ("3 days late", None),
        ("in 3 credits", None),
        ("next friday", UNCLEAR),
        ("next monday", "2026-03-09"),
        ("next tuesday", "2026-03-10"),
        ("next sunday", UNCLEAR),
        ("el próximo viernes", UNCLEAR),
        ("el lunes que viene", "2026-03-09"),
        ("Dec 3", UNCLEAR),
        ("Mar 20", "2026-03-20"),
        ("March 20th, 2026", "2026-03-20"),
        ("20 March", "2026-03-20"),
        ("the 20th of March", "2026-03-20"),
        ("20 de marzo", "2026-03-20"),
        ("el 3 de abril", "2026-04-03"),
        ("el martes 10 de marzo", "2026-03-10"),
        ("el martes 11 de marzo", UNCLEAR),
        ("may 3", "2026-05-03"),
        ("I may pay 3", None),
        ("Feb 30", UNCLEAR),
        ("friday the 6th", "2026-03-06"),
        ("friday 6", "2026-03-06"),
        ("friday the 13th", "2026-03-13"),
        ("friday the 12th", UNCLEAR),
        ("friday march 6", "2026-03-06"),
        ("3/12", "2026-03-12"),
        ("3/20", "2026-03-20"),
        ("20/3", "2026-03-20"),
        ("3/20/26", "2026-03-20"),
        ("2026-03-20", "2026-03-20"),
        ("2/12", UNCLEAR),
        ("13/13", UNCLEAR),
        ("24/7", None),
        ("el 12/3", UNCLEAR),
        ("el 20/3", "2026-03-20"),
        ("el 4/4", "2026-04-04"),
        ("end of the month", "2026-03-31"),
        ("a fin de mes", "2026-03-31"),
        # said no to, past, or more than one
        ("not friday", UNCLEAR),
        ("no puedo el viernes", UNCLEAR),
        ("don't charge me friday", UNCLEAR),
        ("I don't get paid until friday", "2026-03-06"),
        ("no me pagan hasta el viernes", "2026-03-06"),
        ("I don't have money, I get paid friday", "2026-03-06"),
        ("No, el viernes", "2026-03-06"),
        ("last friday", UNCLEAR),
        ("el viernes pasado", UNCLEAR),
        ("I paid friday", UNCLEAR),
        ("3 days ago", UNCLEAR),
        ("friday or saturday", UNCLEAR),
        ("every other friday", UNCLEAR),
        ("friday week", UNCLEAR),
        ("after friday", UNCLEAR),
        ("después del 15", UNCLEAR),
        ("next sat", UNCLEAR),
        # a day is meant, and not said
        ("when I get paid", UNCLEAR),
        ("next week", UNCLEAR),
        ("la quincena", UNCLEAR),
        ("payday", UNCLEAR),
        # no day at all
        ("BALANCE", None),
        ("PAY", None),
        ("", None),
        ("2", None),
        ("I sat in the sun", None),
        ("my card ends in 4242", None),
        ("how many credits do I have?", None),
        ("ok", None),
        ("S7", None),
        ("S15", None),
    ],
)
def test_what_is_said(text: str, day: str | None) -> None:
    assert read(text) == day


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("next friday", date(2026, 3, 6), "2026-03-13"),
        ("next friday", date(2026, 3, 7), "2026-03-13"),
        ("next friday", date(2026, 3, 8), UNCLEAR),
        ("friday", date(2026, 3, 6), UNCLEAR),
        ("Dec 3", date(2026, 11, 28), "2026-12-03"),
        ("December 3rd", date(2026, 11, 28), "2026-12-03"),
        ("3 de diciembre", date(2026, 11, 28), "2026-12-03"),
        ("12/3", date(2026, 11, 28), "2026-12-03"),
        ("Jan 5", date(2026, 12, 28), "2027-01-05"),
        ("the 5th", date(2026, 12, 28), "2027-01-05"),
        ("1/5", date(2026, 12, 28), "2027-01-05"),
        ("the 31st", date(2026, 4, 10), UNCLEAR),
        ("the 30th", date(2026, 1, 31), UNCLEAR),
        ("Feb 29", date(2028, 2, 1), "2028-02-29"),
        ("end of month", date(2026, 3, 31), UNCLEAR),
    ],
)
def test_it_depends_on_the_day_it_is_said(text: str, today: date, day: str) -> None:
    assert read(text, today) == day


def test_which_way_round_figures_are() -> None:
    assert read("12/3", date(2026, 11, 28), locale="es") == UNCLEAR
    assert read("3/3", date(2026, 2, 20), locale="es") == "2026-03-03"
    assert read("25/3", locale="es") == "2026-03-25"
    assert read("3/25", locale="es") == "2026-03-25"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15", "2026-03-15"),
        ("the 15?", "2026-03-15"),
        ("15 pls", "2026-03-15"),
        ("4", UNCLEAR),
        ("99", UNCLEAR),
        ("no", None),
    ],
)
def test_a_number_alone_is_a_day_only_if_we_asked(text: str, day: str | None) -> None:
    assert read(text, asked=True) == day
    assert text != "15" or read(text) is None


@given(st.text(max_size=60), st.dates(date(2024, 1, 1), date(2040, 1, 1)), st.booleans())
def test_it_never_fails_and_never_looks_back(text: str, today: date, asked: bool) -> None:
    found = read_pay_day(text, today, asked=asked)
    assert not isinstance(found, date) or today <= found <= today + timedelta(days=180)


WORDS = "friday viernes next the 15th el 15 in 3 days not march de 12/3 2/30 until mañana feb last 31 may i get".split()


@given(st.lists(st.sampled_from(WORDS), max_size=8), st.dates(date(2024, 1, 1), date(2040, 1, 1)))
def test_any_words_of_dates(words: list[str], today: date) -> None:
    found = read_pay_day(" ".join(words), today)
    assert not isinstance(found, date) or today <= found <= today + timedelta(days=180)
