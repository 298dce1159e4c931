"""One thread as the desk reads it: what came, what was understood and done, what was answered, and what staff noted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistant.db.threads import Draft
from assistant.domain import languages
from assistant.runtime import UnitOfWork
from assistant.sealing import SEALED
from assistant.services import reply_costs, reviews, threads
from assistant.services.threads import Hold

MOST = 60
LONGEST = 4_000
MARKS = frozenset({"thread_taken", "thread_assigned", "thread_handed_back", "thread_snoozed", "thread_woken"})


@dataclass(frozen=True, slots=True)
class Way:
    """An address of theirs, and what may be said there."""

    channel: str
    address: str
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Thread:
    """Whose conversation it is, and by which ways."""

    spa_id: int
    handle: str
    client_id: int | None
    name: str
    first_name: str
    locale: str
    ways: tuple[Way, ...]

    @property
    def addresses(self) -> list[str]:
        return [each.address for each in self.ways]

    def way(self, address: str) -> Way | None:
        """The way of an address, where it is theirs."""
        return next((each for each in self.ways if each.address == address), None)


@dataclass(slots=True)
class Item:
    """One thing in a thread: `in`, `out`, `note` or `mark`."""

    kind: str
    id: int
    at: datetime
    channel: str = ""
    address: str = ""
    words: str = ""
    subject: str = ""
    what: str = ""
    """What it was understood as; the name of the message; the act."""
    certainty: int | None = None
    status: str = ""
    reason: str = ""
    locale: str = "en"
    segments: int = 0
    message_class: str = ""
    removed: bool = False
    media: bool = False
    by: str = ""
    """Of the staff."""
    answers: list[str] = field(default_factory=list)
    """The messages that answered it."""
    did: list[str] = field(default_factory=list)
    """The acts that it carried out."""
    drafted: bool = False
    """Its answer waits to be approved."""


@dataclass(frozen=True, slots=True)
class View:
    """The whole thread, or its last part."""

    thread: Thread
    items: list[Item]
    hold: Hold | None
    drafts: list[Draft]
    """What waits to be approved."""
    earlier: datetime | None
    """Before when there is more."""
    cost: reply_costs.Cost
    names: dict[str, str]
    mark: str
    """Changes when there is something new."""


CLIENT = "SELECT first_name || ' ' || last_name, first_name, locale FROM client WHERE spa_id = %s AND id = %s"
PHONES = """
    SELECT 'sms', p.number, CASE WHEN p.billing_at IS NULL THEN p.suppressed_at END
    FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
    WHERE cp.spa_id = %s AND cp.client_id = %s ORDER BY cp.preferred DESC, p.id"""
EMAILS = """
    SELECT 'email', e.address, e.undeliverable_at
    FROM client_email ce JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
    WHERE ce.spa_id = %s AND ce.client_id = %s ORDER BY ce.preferred DESC, e.id"""
NOBODYS = f"""
    SELECT e.channel, e.sender, p.suppressed_at, s.locale, w.client_id
    FROM inbound_event e JOIN spa s ON s.spa_id = e.spa_id
    LEFT JOIN phone p ON (p.spa_id, p.number) = (e.spa_id, e.sender)
    LEFT JOIN LATERAL ({threads.WHO.format(address="e.sender")}) w ON true
    WHERE e.spa_id = %(spa)s AND e.id = %(id)s AND e.sender <> ''"""
CAME = """
    SELECT id, received_at, channel, sender, body, coalesce(facts ->> 'subject', ''), coalesce(understood, ''),
           certainty, status, card_removed, coalesce(facts ->> 'NumMedia', '0') <> '0', settled_at
    FROM inbound_event WHERE spa_id = %(spa)s AND sender = ANY(%(addresses)s) AND received_at < %(before)s
    ORDER BY id DESC LIMIT %(most)s"""
WENT = """
    SELECT id, created_at, channel, recipient, body, coalesce(subject, ''), message, status, coalesce(reason, ''),
           locale, segments, message_class, key, answers_event_id
    FROM outbound_message WHERE spa_id = %(spa)s AND recipient = ANY(%(addresses)s) AND created_at < %(before)s
    ORDER BY id DESC LIMIT %(most)s"""
NOTED = """
    SELECT id, at, words, actor FROM thread_note
    WHERE spa_id = %(spa)s AND (client_id = %(client)s OR address = ANY(%(addresses)s)) AND at < %(before)s
    ORDER BY id DESC LIMIT %(most)s"""
WRITTEN = """
    SELECT u.id, u.at, u.actor, u.act, u.subject, u.after FROM audit u
    WHERE u.spa_id = %(spa)s AND u.at < %(before)s AND u.subject = ANY(
        ARRAY (SELECT 'handover:' || h.id FROM handover h WHERE h.spa_id = %(spa)s AND h.address = ANY(%(addresses)s))
        || ARRAY (SELECT 'membership:' || m.id FROM membership m WHERE m.spa_id = %(spa)s AND m.client_id = %(client)s)
        || ('client:' || coalesce(%(client)s, 0)))
    ORDER BY u.id DESC LIMIT 4 * %(most)s"""
MARK = """
    SELECT (SELECT max(id) FROM inbound_event WHERE spa_id = %(spa)s AND sender = ANY(%(addresses)s)),
           (SELECT string_agg(id || status, ',' ORDER BY id DESC) FROM (
               SELECT id, status FROM outbound_message WHERE spa_id = %(spa)s AND recipient = ANY(%(addresses)s)
               ORDER BY id DESC LIMIT 5) o),
           (SELECT max(id) FROM thread_note
            WHERE spa_id = %(spa)s AND (client_id = %(client)s OR address = ANY(%(addresses)s))),
           (SELECT string_agg(id || coalesce(taken_by, '') || coalesce(snoozed_until::text, ''), ',' ORDER BY id)
            FROM handover WHERE spa_id = %(spa)s AND address = ANY(%(addresses)s) AND closed_at IS NULL),
           (SELECT max(id) FROM inbound_event WHERE spa_id = %(spa)s AND sender = ANY(%(addresses)s)
            AND settled_at IS NOT NULL),
           (SELECT count(*) FROM draft_reply
            WHERE spa_id = %(spa)s AND address = ANY(%(addresses)s) AND settled_at IS NULL)"""


def thread_of(uow: UnitOfWork, spa_id: int, handle: str) -> Thread | None:
    """By `m` and a client's number, or `a` and an event's; the address of a client is the client's thread."""
    found = threads.HANDLE.fullmatch(handle)
    if found is None:
        return None
    if found[1] == "m":
        return _clients(uow, spa_id, int(found[2]))
    row = uow.sql(NOBODYS, {"spa": spa_id, "id": int(found[2])}).fetchone()
    if row is None:
        return None
    channel, address, stopped_at, locale, client_id = row
    if client_id is not None:
        return _clients(uow, spa_id, client_id)
    return Thread(spa_id, handle, None, address, "", locale, (Way(channel, address, stopped_at),))


def _clients(uow: UnitOfWork, spa_id: int, client_id: int) -> Thread | None:
    row = uow.sql(CLIENT, (spa_id, client_id)).fetchone()
    if row is None:
        return None
    ways = [Way(*each) for query in (PHONES, EMAILS) for each in uow.sql(query, (spa_id, client_id)).fetchall()]
    name, first_name, locale = row
    return Thread(spa_id, f"m{client_id}", client_id, name, first_name, locale, tuple(ways))


def look(uow: UnitOfWork, thread: Thread, before: datetime | None = None) -> View:
    """The last part of it, or what was before."""
    asked = _asked(thread) | {"before": before or datetime.max.replace(tzinfo=uow.now.tzinfo), "most": MOST}
    came = uow.sql(CAME, asked).fetchall()
    went = uow.sql(WENT, asked).fetchall()
    written = uow.sql(WRITTEN, asked).fetchall()
    drafts = reviews.waiting(uow, thread.spa_id, thread.addresses)
    items = [
        *_came(thread, came, went, written, drafts),
        *_went(went, written, reviews.sent_by(uow, thread.spa_id, [each[0] for each in came])),
        *_noted(uow, asked),
        *_marks(written),
    ]
    items.sort(key=lambda each: (each.at, each.kind != "in", each.id))
    return View(
        thread,
        items[-MOST:],
        hold=threads.hold_of(uow, thread.spa_id, thread.addresses),
        drafts=drafts,
        earlier=items[-MOST].at if len(items) > MOST else None,
        cost=reply_costs.of_thread(uow, thread.spa_id, thread.addresses),
        names=threads.names(uow, thread.spa_id),
        mark=mark(uow, thread),
    )


def mark(uow: UnitOfWork, thread: Thread) -> str:
    """What is different as soon as anything came, went, or was noted or taken."""
    [row] = uow.sql(MARK, _asked(thread)).fetchall()
    return ":".join(str(each or "") for each in row)


def _asked(thread: Thread) -> dict[str, Any]:
    return {"spa": thread.spa_id, "addresses": thread.addresses, "client": thread.client_id}


def _came(
    thread: Thread,
    came: list[tuple[Any, ...]],
    went: list[tuple[Any, ...]],
    written: list[tuple[Any, ...]],
    drafts: list[Draft],
) -> Iterable[Item]:
    """What they wrote; what was done in the very transaction that settled it was done for it."""
    done: dict[datetime, list[str]] = {}
    for _, at, _, act, subject, _ in reversed(written):
        if not subject.startswith("handover:"):
            done.setdefault(at, []).append(act)
    answered: dict[int, list[str]] = {}
    spoken = {each.event_id: each.locale for each in drafts}
    held = set(spoken)
    for row in reversed(went):
        if event := _event_of(row[12]):
            answered.setdefault(event, []).append(row[6])
            spoken[event] = row[9]
    for event_id, at, channel, sender, body, subject, what, certainty, status, removed, media, settled_at in came:
        yield Item(
            "in",
            event_id,
            at,
            channel,
            sender,
            body,
            subject,
            what,
            certainty,
            status,
            locale=languages.written_in(body) or spoken.get(event_id, thread.locale),
            removed=removed,
            media=media,
            answers=answered.get(event_id, []),
            did=list(dict.fromkeys(done.get(settled_at, []))),
            drafted=event_id in held,
        )


def _event_of(key: str) -> int | None:
    """Which event a message answers, by its key."""
    kind, _, rest = key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "answer" and number.isdigit() else None


def _went(went: list[tuple[Any, ...]], written: list[tuple[Any, ...]], approved: dict[str, str]) -> Iterable[Item]:
    """What we wrote; of a person's words, whose they are. The tokens of links stay sealed."""
    said = approved | {
        f"person:{subject.partition(':')[2]}:{after['said']}": actor
        for _, _, actor, act, subject, after in written
        if act == "thread_answered"
    }
    for message_id, at, channel, to, body, subject, name, status, reason, locale, segments, kind, key, _ in went:
        yield Item(
            "out",
            message_id,
            at,
            channel,
            to,
            SEALED.sub("…", body)[:LONGEST],
            subject,
            name,
            None,
            status,
            reason,
            locale,
            segments,
            kind,
            by=said.get(key, ""),
        )


def _noted(uow: UnitOfWork, asked: dict[str, Any]) -> list[Item]:
    rows = uow.sql(NOTED, asked).fetchall()
    return [Item("note", number, at, words=words, by=actor) for number, at, words, actor in rows]


def _marks(written: list[tuple[Any, ...]]) -> list[Item]:
    """That it was taken, given, put off or handed back: once, however many addresses it is of."""
    found: dict[tuple[datetime, str], Item] = {}
    for number, at, actor, act, _, after in written:
        if act in MARKS:
            given = (after or {}).get("to") or (after or {}).get("until") or ""
            found.setdefault((at, act), Item("mark", number, at, what=act, by=actor, reason=given))
    return list(found.values())
