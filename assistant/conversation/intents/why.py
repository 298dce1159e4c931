"""WHY: the balance line by line; the lines sum to it (`features.md` N9)."""

from collections.abc import Mapping, Sequence
from datetime import date

from assistant.conversation.turn import Answer, Turn, personal_intent, say
from assistant.db import spas
from assistant.db.clients import Speaker
from assistant.domain.calendar import local_day
from assistant.domain.credits import Lot, explain, holdings
from assistant.messages.catalog import Credits, Why, WhyLine
from assistant.runtime import UnitOfWork
from assistant.services import credits

MOST_LINES = 6


@personal_intent(
    "why",
    en=("WHY", "EXPLAIN", "DETAILS", "WHY BALANCE"),
    es=("PORQUE", "POR QUE", "EXPLICA", "DETALLE", "DETALLES"),
)
def why(uow: UnitOfWork, turn: Turn, speaker: Speaker) -> Answer:
    """As many lines as fit; the oldest are told together where they do not."""
    house = turn.house
    words = spas.credit_words(uow, house.spa_id, turn.locale)
    lots = credits.lots(uow, house.spa_id, speaker.client_id)
    today = local_day(uow.now, house.zone)
    return say(
        *(
            Why(first_name=speaker.first_name, parts=_parts(lots, words, today, most))
            for most in range(MOST_LINES, 0, -1)
        )
    )


def _parts(
    lots: Sequence[Lot], words: Mapping[str, tuple[str, str]], today: date, most: int
) -> tuple[tuple[Credits, tuple[WhyLine, ...]], ...]:
    return tuple(
        (
            Credits.of(words, held.unit, held.amount),
            tuple(
                WhyLine(Credits.of(words, held.unit, line.amount), line.granted_on, line.expires_on, line.lots)
                for line in explain((lot for lot in lots if lot.unit == held.unit), today, most=most)
            ),
        )
        for held in holdings(lots, today)
    )
