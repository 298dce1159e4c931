"""What a turn of a conversation starts from, in one question: the text, the spa, the phone and who has it."""

from dataclasses import dataclass
from datetime import datetime

from assistant.db.base import Asks
from assistant.db.clients import Speaker
from assistant.db.inbox import Kept
from assistant.db.spas import House


@dataclass(frozen=True, slots=True)
class Beginning:
    """A text to be thought about, with all that is known of where it came from."""

    kept: Kept
    house: House
    people: tuple[Speaker, ...]
    stopped_at: datetime | None
    """Since when the number has been opted out."""
    unreachable: bool
    """Whether it was thought that this number cannot be texted; now it has texted us."""


NEXT = """
    SELECT e.spa_id, e.id, e.channel, e.external_id, e.sender, e.recipient, e.body, e.facts, e.received_at,
           e.card_removed,
           s.spa_id, s.name, s.zone, s.locale, s.number, s.help_phone, s.help_email, s.carrier_confirms_stop,
           p.suppressed_at, p.unreachable_at IS NOT NULL, (
               SELECT jsonb_agg(jsonb_build_array(c.id, c.first_name, c.locale) ORDER BY c.id)
               FROM client_phone cp JOIN client c ON c.spa_id = cp.spa_id AND c.id = cp.client_id
               WHERE cp.spa_id = p.spa_id AND cp.phone_id = p.id)
    FROM next_kept() e JOIN spa s ON s.spa_id = e.spa_id
    LEFT JOIN phone p ON p.spa_id = e.spa_id AND p.number = e.sender"""


def take_next(uow: Asks) -> Beginning | None:
    """The oldest text of any sender who has no older one waiting, locked until the transaction ends.

    So one sender's texts are thought about one at a time and in order, by however many workers. The second lock is for
    two texts kept at the same instant: whoever thinks about one of them holds the sender.
    """
    row = uow.sql(NEXT).fetchone()
    if row is None:
        return None
    kept, house = Kept(*row[:10]), House(*row[10:18])
    stopped_at, unreachable, people = row[18:]
    uow.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (kept.sender, kept.spa_id))
    return Beginning(kept, house, tuple(Speaker(*each) for each in people or ()), stopped_at, unreachable)
