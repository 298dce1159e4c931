"""A spa's colour as a style sheet of its own: a few properties, kept by browsers for good, under an address that says
which colour it is. Whose it is, it does not say.
"""

from functools import lru_cache
from hashlib import sha256

from flask import url_for

from assistant.domain import colours
from assistant.domain.colours import Colour, Palette


def address(accent: str | None) -> str | None:
    """Where an accent's sheet is; None where there is none, or where nobody could read it."""
    sheet = style(accent.lower()) if accent else None
    if accent is None or sheet is None:
        return None
    return url_for("member.colours", accent=accent[1:].lower(), v=sha256(sheet.encode()).hexdigest()[:12])


@lru_cache(maxsize=256)
def style(accent: str) -> str | None:
    """The properties of `member.css` that the accent changes, in light and in dark; None for one that may not be."""
    colour = Colour.read(accent)
    if colour is None or colour.hex != accent or not colours.passes(colour):
        return None
    in_light, in_dark = _properties(colours.light(colour)), _properties(colours.dark(colour))
    return f":root{{{in_light}}}@media (prefers-color-scheme:dark){{:root{{{in_dark}}}}}\n"


def _properties(palette: Palette) -> str:
    named = {
        "green": palette.accent,
        "green-deep": palette.pressed,
        "on-green": palette.on_accent,
        "tint": palette.tint,
        "tint-ink": palette.on_tint,
    }
    return ";".join(f"--{name}:{colour.hex}" for name, colour in named.items())
