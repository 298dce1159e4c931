"""Holes are filled from a list, once: what is filled in is never read again, and nothing is ever worked out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.placeholders import KNOWN, filled, holes

VALUES = {
    "first name": "Ana",
    "spa": "Fern & Lumen",
    "plan": "Glow",
    "price": "$149.00",
    "saving": "$40",
    "link": "x/o/a",
}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ()),
        ("no holes (at all)", ()),
        ("((first name))", ("first name",)),
        ("(( First   NAME ))((first name))", ("first name",)),
        ("((plan)) ((price)) ((plan))", ("plan", "price")),
        ("(((link)))", ("link",)),
        ("(())", ("",)),
        ("((first\nname))", ("first name",)),
        ("((first name)", ()),
        ("(first name))", ()),
        ("((a(b))", ()),
        (f"(({'x' * 40}))", ("x" * 40,)),
        (f"(({'x' * 41}))", ()),
        ("((nombre))", ("nombre",)),
    ],
)
def test_holes(words: str, found: tuple[str, ...]) -> None:
    assert holes(words) == found


def test_filled() -> None:
    assert filled("Hi (( First Name )), ((plan)) is ((price)).", VALUES) == "Hi Ana, Glow is $149.00."
    with pytest.raises(KeyError):
        filled("Hi ((nombre))", VALUES)


@pytest.mark.parametrize(
    "name",
    [
        "((link))",
        "{{ 7*7 }}",
        "{% for x in y %}",
        "${HOME}",
        "%s %(spa)s",
        "{0.__class__}",
        "\\1 \\g<0>",
        "<b>Ana</b>",
        "STOP",
    ],
)
def test_a_name_is_a_name(name: str) -> None:
    """Whoever is called so is greeted so."""
    assert filled("Hi ((first name)), ((link))", VALUES | {"first name": name}) == f"Hi {name}, x/o/a"


PIECES = st.lists(st.one_of(st.sampled_from(KNOWN), st.text(max_size=20)), max_size=12)


@given(PIECES, st.dictionaries(st.sampled_from(KNOWN), st.text(max_size=30)))
def test_what_is_between_the_holes_stays_as_it_is(pieces: list[str], values: dict[str, str]) -> None:
    """Known names are holes, all else is what it is."""
    values = dict.fromkeys(KNOWN, "?") | values
    between = [each.replace("(", "").replace(")", "") if each not in KNOWN else each for each in pieces]
    words = "".join(f"(({each}))" if each in KNOWN else each for each in between)
    assert filled(words, values) == "".join(values[each] if each in KNOWN else each for each in between)
    assert set(holes(words)) == {each for each in between if each in KNOWN}


@given(st.text(max_size=200))
def test_any_words_can_be_read(words: str) -> None:
    """Everything that is a hole can be filled, and then none is left of those that were."""
    found = holes(words)
    assert len(found) == len(set(found))
    assert holes(filled(words, dict.fromkeys(found, "x"))) == () or "((" in words
