"""Contrast as WCAG reckons it; and no accent, whatever it is, makes a page that cannot be read."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain import colours
from assistant.domain.colours import BLACK, WHITE, Colour, Palette, contrast

CSS = (Path(__file__).parents[2] / "assistant/web/static/member.css").read_text()
ANY = st.builds(Colour, *(st.integers(0, 255) for _ in range(3)))


def read(written: str) -> Colour:
    found = Colour.read(written)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#949494", "#ffffff", 3.03),
        ("#959595", "#ffffff", 2.995),
        ("#ff0000", "#ffffff", 4.00),
        ("#00ff00", "#ffffff", 1.37),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#0000ff", 2.15),
        ("#ffff00", "#000000", 19.56),
        ("#808080", "#000000", 5.32),
    ],
)
def test_the_known_ratios(one: str, other: str, ratio: float) -> None:
    assert contrast(read(one), read(other)) == pytest.approx(ratio, abs=0.005)
    assert contrast(read(other), read(one)) == contrast(read(one), read(other))


@pytest.mark.parametrize(
    "written", ["", "#fff", "1f6a58", "#1f6a5", "#1f6a588", "#1f6a5g", "red", "#1f6a58;x", "#\uff11f6a58"]
)
def test_what_is_no_colour(written: str) -> None:
    assert Colour.read(written) is None


def test_a_colour_is_read_as_it_is_written() -> None:
    assert read(" #1F6A58 ").hex == "#1f6a58"


@given(ANY)
def test_the_nearest_passes_and_is_no_darker_than_it_must_be(accent: Colour) -> None:
    found = colours.nearest(accent)
    assert colours.passes(found)
    assert (found == accent) == colours.passes(accent)
    lighter = [accent.towards(BLACK, step) for step in range(257)]
    assert not any(colours.passes(each) for each in lighter[: lighter.index(found)])


def legible(palette: Palette, *grounds: Colour) -> bool:
    words = [(palette.on_accent, palette.accent), (palette.on_accent, palette.pressed), (palette.on_tint, palette.tint)]
    words += [(palette.on_tint, ground) for ground in grounds[1:]]
    edges = [contrast(palette.accent, ground) for ground in grounds]
    return min(contrast(*each) for each in words) >= 4.5 and min(edges) >= 3


@given(ANY)
def test_every_accent_that_passes_is_legible_in_light_and_dark(accent: Colour) -> None:
    accent = colours.nearest(accent)
    assert legible(colours.light(accent), colours.LIGHT_PAGE, colours.LIGHT_CARD)
    assert legible(colours.dark(accent), colours.DARK_PAGE, colours.DARK_CARD)


def test_one_that_does_not_pass_is_not_legible() -> None:
    assert not legible(colours.light(read("#ffd54a")), colours.LIGHT_PAGE, colours.LIGHT_CARD)


@pytest.mark.parametrize("accent", [BLACK, WHITE])
def test_the_ends_of_the_scale(accent: Colour) -> None:
    assert legible(colours.dark(colours.nearest(accent)), colours.DARK_PAGE, colours.DARK_CARD)


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    papers = re.findall(r"--paper: (#[0-9a-f]{6}); --card: (#[0-9a-f]{6})", CSS)
    grounds = [(colours.LIGHT_PAGE, colours.LIGHT_CARD), (colours.DARK_PAGE, colours.DARK_CARD)]
    assert papers == [(page.hex, card.hex) for page, card in grounds]
