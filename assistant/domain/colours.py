"""Colours that a member's pages may be branded with: contrast as WCAG 2.2 has it, and the nearest that passes.

A spa chooses one accent. In light pages it carries white words; in dark ones a lighter shade of it stands in, with
white or dark words on it, so that one choice is legible in both.
"""

import re
from dataclasses import dataclass
from typing import Self

HEX = re.compile(r"#[0-9a-f]{6}")
WORDS_CONTRAST = 4.5
"""Of words on their ground (WCAG 1.4.3)."""
EDGE_CONTRAST = 3.0
"""Of a button or a focus ring on what is around it (WCAG 1.4.11)."""
STEPS = 256


@dataclass(frozen=True, slots=True)
class Colour:
    """Red, green and blue, each from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def read(cls, written: str) -> Self | None:
        """`#1f6a58`, in capitals too; None for anything else."""
        found = written.strip().lower()
        if not HEX.fullmatch(found):
            return None
        return cls(*(int(found[at : at + 2], 16) for at in (1, 3, 5)))

    @property
    def hex(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @property
    def luminance(self) -> float:
        """How light it is, from 0 to 1."""
        red, green, blue = (_linear(each) for each in (self.red, self.green, self.blue))
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def towards(self, other: "Colour", step: int) -> "Colour":
        """So many of 256 steps on the way to another."""
        pairs = ((self.red, other.red), (self.green, other.green), (self.blue, other.blue))
        return Colour(*(round(mine + (theirs - mine) * step / STEPS) for mine, theirs in pairs))


def _linear(channel: int) -> float:
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((one.luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
LIGHT_PAGE, LIGHT_CARD = Colour(0xF4, 0xF1, 0xEB), Colour(0xFF, 0xFE, 0xFB)
DARK_PAGE, DARK_CARD = Colour(0x14, 0x18, 0x17), Colour(0x1D, 0x23, 0x21)
"""The grounds of the pages (`static/member.css`): a test holds them equal."""


@dataclass(frozen=True, slots=True)
class Palette:
    """What an accent becomes in light pages, or in dark ones."""

    accent: Colour
    """Of buttons and focus rings."""
    pressed: Colour
    """Of a button under the pointer."""
    on_accent: Colour
    """Of the words on both."""
    tint: Colour
    """A quiet ground."""
    on_tint: Colour
    """Of words on it, and on the page's own."""


def passes(accent: Colour) -> bool:
    """Whether it carries white words, and stands out from a light page."""
    return contrast(accent, WHITE) >= WORDS_CONTRAST and contrast(accent, LIGHT_PAGE) >= EDGE_CONTRAST


def nearest(accent: Colour) -> Colour:
    """The same hue, darkened as little as it takes to pass; itself where it does."""
    return next(shade for step in range(STEPS + 1) if passes(shade := accent.towards(BLACK, step)))


def light(accent: Colour) -> Palette:
    """For light pages, of an accent that passes."""
    tint = LIGHT_CARD.towards(accent, 30)
    return Palette(accent, accent.towards(BLACK, 44), WHITE, tint, _legible(accent, BLACK, (tint, LIGHT_CARD)))


def dark(accent: Colour) -> Palette:
    """For dark pages: as light a shade as its button and the words on it take."""
    shade, on_accent = next(each for step in range(STEPS + 1) if (each := _in_the_dark(accent.towards(WHITE, step))))
    pressed = shade.towards(BLACK if on_accent == WHITE else WHITE, 36)
    if contrast(pressed, DARK_CARD) < EDGE_CONTRAST:
        pressed = shade
    tint = DARK_CARD.towards(shade, 50)
    return Palette(shade, pressed, on_accent, tint, _legible(shade, WHITE, (tint, DARK_CARD)))


def _in_the_dark(shade: Colour) -> tuple[Colour, Colour] | None:
    """A shade that stands out from dark pages, with the words that are legible on it."""
    if min(contrast(shade, DARK_PAGE), contrast(shade, DARK_CARD)) < EDGE_CONTRAST:
        return None
    words = max((WHITE, DARK_PAGE), key=lambda each: contrast(each, shade))
    return (shade, words) if contrast(words, shade) >= WORDS_CONTRAST else None


def _legible(words: Colour, end: Colour, grounds: tuple[Colour, ...]) -> Colour:
    """The words' own colour, moved towards black or white until they can be read on every ground."""
    shades = (words.towards(end, step) for step in range(STEPS + 1))
    return next(each for each in shades if min(contrast(each, ground) for ground in grounds) >= WORDS_CONTRAST)
