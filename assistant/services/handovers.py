"""A person takes a thread, speaks in it and hands it back; the assistant is silent in between (`features.md` E19)."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from assistant.db.handovers import COLUMNS, Handover
from assistant.db.spas import house
from assistant.domain.pan import redact
from assistant.domain.words import sanitise
from assistant.messages.handover import PersonSays, PersonWrites
from assistant.runtime import UnitOfWork
from assistant.services import audit, messaging, tasks
from assistant.services.addressing import Addressee, Answering

MOST_SUMMARY = 2_000
ANSWERS_FOR = timedelta(hours=24)
"""For so long what a person writes answers their last words; after it, it is something new that they are told."""
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


BEGIN = f"""
    INSERT INTO handover (spa_id, channel, address, client_id, topic, summary, event_id, opened_at, taken_at, taken_by)
    VALUES (%(spa)s, %(channel)s, %(address)s, %(client)s, 'taken', '', 0, %(now)s, %(now)s, %(by)s)
    ON CONFLICT (spa_id, channel, address) WHERE closed_at IS NULL DO UPDATE SET
        taken_at = coalesce(handover.taken_at, %(now)s), taken_by = %(by)s, snoozed_until = NULL
    WHERE coalesce(handover.taken_by, %(by)s) = %(by)s OR %(assigned)s
    RETURNING {COLUMNS}"""


def begin(
    uow: UnitOfWork,
    spa_id: int,
    *,
    channel: str,
    address: str,
    client_id: int | None,
    by: str,
    assigned_by: str | None = None,
) -> Handover | None:
    """A person has this thread from now on, whether it waited for one or not; None where it is another's.

    A colleague (`assigned_by`) may give it to them even so.
    """
    facts = {"spa": spa_id, "channel": channel, "address": address, "client": client_id, "now": uow.now, "by": by}
    row = uow.sql(BEGIN, facts | {"assigned": assigned_by is not None}).fetchone()
    if row is None:
        return None
    found, act = Handover(*row), "thread_assigned" if assigned_by else "thread_taken"
    after = {"to": by} if assigned_by else None
    audit.write(
        uow, spa_id, actor=assigned_by or by, evidence="E3", act=act, subject=f"handover:{found.id}", after=after
    )
    return found


def snooze(uow: UnitOfWork, spa_id: int, handover_id: int, until: datetime | None, *, by: str) -> bool:
    """Out of sight until then, or until they write again; None: back in sight. False where it was handed back."""
    row = uow.sql(
        "UPDATE handover h SET snoozed_until = %s, snoozed_after = coalesce((SELECT e.id FROM inbound_event e"
        " WHERE e.spa_id = h.spa_id AND e.sender = h.address ORDER BY e.id DESC LIMIT 1), 0)"
        " WHERE h.spa_id = %s AND h.id = %s AND h.closed_at IS NULL RETURNING 1",
        (until, spa_id, handover_id),
    ).fetchone()
    if row is None:
        return False
    act, after = ("thread_snoozed", {"until": until.isoformat()}) if until else ("thread_woken", None)
    audit.write(uow, spa_id, actor=by, evidence="E3", act=act, subject=f"handover:{handover_id}", after=after)
    return True


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
    clean, subject = redact(sanitise(words)).text, f"handover:{handover_id}"
    messaging.tell(uow, _in_their_thread(uow, to), _words(uow, to, clean), key=f"person:{handover_id}:{said}")
    audit.write(uow, spa_id, actor=by, evidence="E3", act="thread_answered", subject=subject, after={"said": said})
    return True


def send_draft(uow: UnitOfWork, to: Addressee, words: str, *, key: str, event_id: int | None) -> None:
    """What the assistant drafted and a person sends, as it was or in their words: it answers the event itself."""
    clean = redact(sanitise(words)).text
    messaging.tell(uow, _in_their_thread(uow, to), _words(uow, to, clean), key=key, answers=event_id)


def _words(uow: UnitOfWork, to: Addressee, clean: str) -> PersonSays | PersonWrites:
    return PersonSays(words=clean) if heard_lately(uow, to.spa_id, to.number) else PersonWrites(words=clean)


def heard_lately(uow: UnitOfWork, spa_id: int, address: str) -> bool:
    """Whether what is said to an address now answers what it wrote."""
    row = uow.sql(
        "SELECT received_at FROM inbound_event WHERE spa_id = %s AND sender = %s ORDER BY id DESC LIMIT 1",
        (spa_id, address),
    ).fetchone()
    return row is not None and row[0] > uow.now - ANSWERS_FOR


def _in_their_thread(uow: UnitOfWork, to: Addressee) -> Addressee:
    """A mail answers their last one, so that their mail program shows the two together."""
    if to.channel != "email":
        return to
    row = uow.sql(
        "SELECT facts FROM inbound_event WHERE spa_id = %s AND sender = %s AND channel = 'email'"
        " ORDER BY id DESC LIMIT 1",
        (to.spa_id, to.number),
    ).fetchone()
    facts = row[0] if row else {}
    mail = Answering(facts.get("message_id", ""), facts.get("references", ""), facts.get("subject", ""))
    return replace(to, answering=mail) if facts else to


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
