"""Ills of things are nobody's, and the same ills of a body are a clinician's: `domain.medical_things`."""

import pytest

from assistant.domain.medical import Medical, read

OF_A_THING = """
got a rash of meetings this week
my card had an allergic reaction to christmas
i almost fainted at my statement, why two payments
your emails are a cancer
this update gave my phone a fever
the new prices gave everyone at my office whiplash
i have a headache just trying to read this statement
does my plan cover the swelling mask you sell
what is the name of the burn candle in the lobby
swollen with pride, love my glow
makes my blood boil
i had the best reaction from my coworkers
a sight for sore eyes
bloody brilliant, thanks
everyone is gonna die when they see me
casi me desmayo cuando vi el cobro
could you fit me in after work for a facial
"""
OF_A_BODY = """
got a rash of bumps on my chin
i had an allergic reaction to the mask
i almost fainted when i stood up after the facial
the shot site looks infected
my face is on fire
my face is swollen, call my phone
my left side is numb, i saw your text
bloody discharge from the spot
my reaction to the serum is not good
after work my cheek swelled
siento la cara dura
am in the family way, what about my laser
our cat licked my face cream
i want to die when people see me
i almost had a seizure at your spa
my daughter took one of my weight shots
"""


def _lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("text", _lines(OF_A_THING))
def test_what_ails_a_thing_is_no_ill(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize("text", _lines(OF_A_BODY))
def test_the_same_words_of_a_body_are_looked_at(text: str) -> None:
    assert read(text) in {Medical.CARE, Medical.CRISIS}
