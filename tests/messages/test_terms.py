"""What is agreed to: every amount and date is in the words, and other words have another hash."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.domain.credits import MILLI
from assistant.domain.joining import JoinQuote, plan_join
from assistant.domain.plans import Cadence, GrantTerms, Terms
from assistant.messages import terms as words_of
from assistant.messages.message import Credits
from assistant.messages.terms import Agreement, agreement

LOCALES = ("en", "es")
GLOW = Terms(
    dues_cents=14_900,
    setup_fee_cents=5_000,
    intro_cents=9_900,
    intro_cycles=3,
    minimum_cycles=6,
    grants=(GrantTerms("visit", MILLI),),
)
VISIT = Credits(MILLI, "visit credit", "visit credits")


def quoted(sold: Terms = GLOW, *, returning: bool = False) -> JoinQuote:
    return plan_join(sold, date(2026, 11, 20), plan_code="glow", plan="Glow", version_id=1, returning=returning)


def words(quote: JoinQuote, locale: str = "en", *, by_card: bool = True) -> Agreement:
    return agreement(
        quote,
        [VISIT],
        spa="Fern & Lumen",
        help_phone="(505) 555-0101",
        help_email="h@e.com",
        locale=locale,
        by_card=by_card,
    )


@pytest.mark.parametrize("locale", LOCALES)
def test_all_that_matters_is_in_it(locale: str) -> None:
    """`rules.md` 6.1, 6.6, 6.7: price, how often, that it renews, calendar dates to be charged on and to leave by."""
    text = words(quoted(), locale).text
    for said in ("Glow", "Fern & Lumen", "$149.00", "$99.00", "$50.00", "(505) 555-0101", "h@e.com", "2026", "2027"):
        assert said in text
    dates = {
        "en": ("Nov 20, 2026", "Dec 20, 2026", "Dec 19, 2026", "May 20, 2027"),
        "es": ("20 de noviembre", "20 de diciembre", "19 de diciembre", "20 de mayo de 2027"),
    }
    assert all(said in text for said in dates[locale])


@pytest.mark.parametrize("locale", LOCALES)
def test_any_other_number_is_another_agreement(locale: str) -> None:
    quote, day = quoted(), date(2028, 1, 31)
    others = [
        replace(quote, **{name: value})  # type: ignore[arg-type]
        for name, value in {
            "plan": "Luxe",
            "cadence": Cadence.YEARLY,
            "joins_on": day,
            "dues_cents": 1,
            "setup_fee_cents": 1,
            "next_charge_on": day,
            "next_charge_cents": 1,
            "usual_cents": 1,
            "intro_left": 1,
            "leave_by": day,
            "minimum_cycles": 5,
            "minimum_until": day,
        }.items()
    ]
    hashes = {words(each, locale).hash for each in (quote, *others)}
    assert len(hashes) == len(others) + 1
    assert words(quote, locale).hash == words(quote, locale).hash
    assert words(quote, locale).hash != words(quote, locale, by_card=False).hash


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("returning", [True, False])
@pytest.mark.parametrize("cadence", Cadence)
def test_the_words_are_clean(locale: str, cadence: Cadence, returning: bool) -> None:
    for sold in (GLOW, Terms(dues_cents=14_900), Terms(dues_cents=14_900, cadence=cadence)):
        for by_card in (True, False):
            text = words(quoted(sold, returning=returning), locale, by_card=by_card).text
            assert not [bad for bad in ("  ", "None", "{", "}", " .", " ,", "..", "Undefined") if bad in text], text


def test_each_version_of_the_words_has_its_number() -> None:
    """Whoever changes the words changes the number: these are the words of version 1."""
    known = {locale: words(quoted(), locale).hash[:12] for locale in LOCALES}
    assert (words_of.VERSION, known) == (1, KNOWN)


KNOWN = {"en": "816e42b9d7cb", "es": "eceadf756a18"}
