"""The one colour that a spa's pages and mails go by: refused where words on it could not be read."""

from dataclasses import dataclass

from assistant.domain import colours
from assistant.domain.colours import Colour
from assistant.runtime import UnitOfWork
from assistant.services import audit


@dataclass(frozen=True, slots=True)
class Branded:
    """It is kept; None: the product's own."""

    accent: str | None


@dataclass(frozen=True, slots=True)
class NotAColour:
    """It is not written as #rrggbb."""


@dataclass(frozen=True, slots=True)
class Illegible:
    """White words on it could not be read by everyone: the nearest shade on which they can."""

    nearest: str
    ratio: float
    """The contrast it has, where 4.5 is the least."""


def judge(written: str) -> Branded | NotAColour | Illegible:
    """Whether a colour may be the accent. Changes nothing."""
    if not written.strip():
        return Branded(None)
    colour = Colour.read(written)
    if colour is None:
        return NotAColour()
    if not colours.passes(colour):
        return Illegible(colours.nearest(colour).hex, round(colours.contrast(colour, colours.WHITE), 2))
    return Branded(colour.hex)


def accent_of(uow: UnitOfWork, spa_id: int) -> str | None:
    """What the spa has chosen, if anything."""
    row = uow.sql("SELECT accent FROM spa WHERE spa_id = %s", (spa_id,)).fetchone()
    return row[0] if row else None


def choose(uow: UnitOfWork, spa_id: int, written: str, *, actor: str) -> Branded | NotAColour | Illegible:
    """Keep an accent that may be; an empty one is the product's own again."""
    judged = judge(written)
    before = accent_of(uow, spa_id)
    if isinstance(judged, Branded) and judged.accent != before:
        uow.sql("UPDATE spa SET accent = %s WHERE spa_id = %s", (judged.accent, spa_id))
        was, now = {"accent": before}, {"accent": judged.accent}
        subject = f"spa:{spa_id}"
        audit.write(uow, spa_id, actor=actor, evidence="E3", act="accent_set", subject=subject, before=was, after=now)
    return judged
