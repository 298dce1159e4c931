"""A person takes a thread, speaks in it and hands it back; the assistant is silent in between (`features.md` E19)."""

import re

from assistant.db.handovers import COLUMNS, Handover
from assistant.db.spas import house
from assistant.domain.pan import redact
from assistant.domain.words import sanitise
from assistant.messages.handover import PersonSays
from assistant.runtime import UnitOfWork
from assistant.services import audit, messaging, tasks
from assistant.services.addressing import Addressee

MOST_SUMMARY = 2_000
PIECE = re.compile(r"\d{3,}")
OPEN = f"""
    INSERT INTO handover (spa_id, channel, address, client_id, topic, summary, event_id, opened_at)
    VALUES (%(spa)s, %(channel)s, %(address)s, %(client)s, %(topic)s, %(summary)s, %(event)s, %(now)s)
    ON CONFLICT (spa_id, channel, address) WHERE closed_at IS NULL DO UPDATE SET
        topic = CASE WHEN excluded.topic = 'medical' THEN 'medical' ELSE handover.topic END,
        summary = CASE WHEN handover.event_id >= excluded.event_id THEN handover.summary
                       ELSE left(handover.summary || E'\\n' || excluded.summary, {MOST_SUMMARY}) END,
        event_id = greatest(handover.event_id, excluded.event_id)
    RETURNING {COLUMNS}"""


def open_(  # noqa: PLR0913 - what a thread is, each by its name
    uow: UnitOfWork,
    spa_id: int,
    *,
    channel: str,
    address: str,
    client_id: int | None,
    topic: str,
    summary: str,
    event_id: int,
    task: str = "handover",
) -> Handover:
    """Ask a person to take this thread, once for an event; a thread that waits already has the new words added.

    The assistant goes on answering until somebody takes it: a member is never left with nobody. `task` is the kind of
    the task that the desk sees.
    """
    rows = uow.sql(
        OPEN,
        {
            "spa": spa_id,
            "channel": channel,
            "address": address,
            "client": client_id,
            "topic": topic,
            "summary": told(summary)[:MOST_SUMMARY],
            "event": event_id,
            "now": uow.now,
        },
    ).fetchall()
    facts = {"topic": topic, "channel": channel, "address": address, "event": event_id, "summary": told(summary)[:300]}
    tasks.open_task(uow, spa_id, key=f"{task}:{event_id}", kind=task, client_id=client_id, facts=facts)
    return Handover(*rows[0])


def told(words: str) -> str:
    """Without what may be a piece of a card number: the other may come later, and only the event is cleaned then."""
    return PIECE.sub(lambda found: "#" * len(found[0]), redact(sanitise(words)).text)


def take(uow: UnitOfWork, spa_id: int, handover_id: int, *, by: str) -> Handover | None:
    """From now on it is this person's. None where it is another's, or handed back already."""
    row = uow.sql(
        f"UPDATE handover SET taken_at = coalesce(taken_at, %s), taken_by = %s WHERE spa_id = %s AND id = %s"
        f" AND closed_at IS NULL AND coalesce(taken_by, %s) = %s RETURNING {COLUMNS}",
        (uow.now, by, spa_id, handover_id, by, by),
    ).fetchone()
    if row is None:
        return None
    audit.write(uow, spa_id, actor=by, evidence="E3", act="thread_taken", subject=f"handover:{handover_id}")
    return Handover(*row)


def say(uow: UnitOfWork, spa_id: int, handover_id: int, words: str, *, by: str) -> bool:
    """What the person who has the thread says, in their own words, through the same gate as all else.

    False where the thread is not theirs. Nothing that looks like a card number goes out.
    """
    row = uow.sql(
        "UPDATE handover SET said = said + 1 WHERE spa_id = %s AND id = %s AND taken_by = %s AND closed_at IS NULL"
        " RETURNING said, channel, address, client_id",
        (spa_id, handover_id, by),
    ).fetchone()
    if row is None:
        return False
    said, channel, address, client_id = row
    to = Addressee(spa_id, address, house(uow, spa_id).locale, client_id, channel)
    clean = redact(sanitise(words)).text
    messaging.tell(uow, to, PersonSays(words=clean), key=f"person:{handover_id}:{said}")
    return True


def hand_back(uow: UnitOfWork, spa_id: int, handover_id: int, *, by: str) -> bool:
    """The assistant answers again. False where it did already."""
    row = uow.sql(
        "UPDATE handover SET closed_at = %s, closed_by = %s WHERE spa_id = %s AND id = %s AND closed_at IS NULL"
        " RETURNING channel, address",
        (uow.now, by, spa_id, handover_id),
    ).fetchone()
    if row is None:
        return False
    uow.sql(
        "UPDATE staff_task SET closed_at = %s, closed_by = %s, resolution = 'handed back' WHERE spa_id = %s"
        " AND kind = 'handover' AND closed_at IS NULL AND facts ->> 'channel' = %s AND facts ->> 'address' = %s",
        (uow.now, by, spa_id, *row),
    )
    audit.write(uow, spa_id, actor=by, evidence="E3", act="thread_handed_back", subject=f"handover:{handover_id}")
    return True
