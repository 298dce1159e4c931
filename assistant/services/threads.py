"""The inbox: one thread a client, or an address that is nobody's, the newest first."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from assistant.db.staff import listed
from assistant.domain import phones
from assistant.domain.permissions import Permission, may
from assistant.runtime import UnitOfWork
from assistant.services import finding

MOST = 30
MOST_OPEN = 500
WORDS = 140
SLICE = 300
"""Events that are looked at in one go: most threads of a page are among the last few hundred."""
MOST_SLICES = 20
LAST = 9_000_000_000_000_000_000
"""Above the number of any event."""
HANDLE = re.compile(r"([ma])([1-9][0-9]{0,17})")


class Show(StrEnum):
    """Which threads."""

    WAITING = "waiting"
    MINE = "mine"
    SNOOZED = "snoozed"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Hold:
    """That a person has a thread, or is asked to take it."""

    ids: tuple[int, ...]
    topic: str
    opened_at: datetime
    taken_by: str | None
    asleep_until: datetime | None
    """Out of sight until then."""

    def is_shown(self, show: Show, actor: str) -> bool:
        """Whether it is one of those."""
        if self.asleep_until is not None:
            return show is Show.SNOOZED
        return show is Show.MINE if self.taken_by == actor else show is Show.WAITING and self.taken_by is None


@dataclass(frozen=True, slots=True)
class Row:
    """One thread of the list."""

    handle: str
    event_id: int
    client_id: int | None
    name: str
    """Of the client; the address, where it is nobody's."""
    others: int
    """How many others have the same phone."""
    channel: str
    words: str
    at: datetime | None
    """When they last wrote; None for a client who never has."""
    understood: str
    removed: bool
    media: bool
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, with how many each filter has."""

    rows: list[Row]
    counts: dict[Show, int]
    further: int | None
    """Where the next part begins."""


WHO = """
    SELECT c.id AS client_id, c.first_name || ' ' || c.last_name AS name, count(*) OVER () - 1 AS others
    FROM (SELECT cp.client_id FROM phone p JOIN client_phone cp ON (cp.spa_id, cp.phone_id) = (p.spa_id, p.id)
          WHERE p.spa_id = %(spa)s AND p.number = {address}
          UNION
          SELECT ce.client_id FROM email a JOIN client_email ce ON (ce.spa_id, ce.email_id) = (a.spa_id, a.id)
          WHERE a.spa_id = %(spa)s AND a.address = {address}) x
    JOIN client c ON (c.spa_id, c.id) = (%(spa)s, x.client_id) ORDER BY c.id LIMIT 1"""
# A number is compared byte by byte and a sender is not: without its collation no index of senders would be used.
THEIRS = """
    SELECT p.number COLLATE "default" AS address
    FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
    WHERE cp.spa_id = %(spa)s AND cp.client_id = {client}
    UNION ALL
    SELECT a.address FROM client_email ce JOIN email a ON (a.spa_id, a.id) = (ce.spa_id, ce.email_id)
    WHERE ce.spa_id = %(spa)s AND ce.client_id = {client}"""
SHOWN = f"""
    coalesce(e.id, 0), w.client_id, coalesce(w.name, e.sender), coalesce(w.others, 0), coalesce(e.channel, ''),
    coalesce(left(e.body, {WORDS}), ''), e.received_at, coalesce(e.understood, ''), coalesce(e.card_removed, false),
    coalesce(e.facts ->> 'NumMedia', '0') <> '0'"""
RECENT = f"""
    SELECT * FROM inbound_event
    WHERE spa_id = %(spa)s AND id < %(before)s AND sender <> '' ORDER BY id DESC LIMIT {SLICE}"""
NEWEST = f"""
    WITH recent AS MATERIALIZED ({RECENT})
    SELECT {SHOWN} FROM recent e LEFT JOIN LATERAL ({WHO.format(address="e.sender")}) w ON true
    WHERE NOT EXISTS (SELECT 1 FROM inbound_event l
                      WHERE l.spa_id = %(spa)s AND l.sender = e.sender AND l.id > e.id)
      AND NOT EXISTS (SELECT 1 FROM ({THEIRS.format(client="w.client_id")}) t
                      JOIN inbound_event l ON l.spa_id = %(spa)s AND l.sender = t.address AND l.id > e.id)
    ORDER BY e.id DESC LIMIT %(most)s"""
NEXT_SLICE = f"SELECT min(id), count(*) FROM ({RECENT}) recent"
LAST_OF = f"""
    SELECT {SHOWN} FROM unnest(%(addresses)s::text[]) AS t (address)
    LEFT JOIN LATERAL (SELECT * FROM inbound_event i WHERE i.spa_id = %(spa)s AND i.sender = t.address
                       ORDER BY i.id DESC LIMIT 1) e ON true
    LEFT JOIN LATERAL ({WHO.format(address="t.address")}) w ON true
    WHERE coalesce(e.id, w.client_id) IS NOT NULL ORDER BY e.id DESC NULLS LAST, w.client_id"""
ADDRESSES = f"""
    SELECT t.address FROM unnest(%(clients)s::bigint[]) AS k (client_id)
    CROSS JOIN LATERAL ({THEIRS.format(client="k.client_id")}) t"""
OPEN = """
    SELECT h.id, h.address, h.client_id, h.topic, h.opened_at, h.taken_by,
           CASE WHEN h.snoozed_until > %(now)s AND NOT EXISTS (
               SELECT 1 FROM inbound_event e WHERE e.spa_id = h.spa_id AND e.sender = h.address
               AND e.id > h.snoozed_after) THEN h.snoozed_until END
    FROM handover h WHERE h.spa_id = %(spa)s AND h.closed_at IS NULL ORDER BY h.id DESC LIMIT %(most)s"""


def look(uow: UnitOfWork, spa_id: int, show: Show, actor: str, *, typed: str = "", before: int = LAST) -> Page:
    """The threads of a filter, or those that a search finds."""
    holds = _holds(uow, spa_id)
    counts = {each: sum(hold.is_shown(each, actor) for hold in _unlike(holds.values())) for each in Show}
    if typed.strip():
        rows = _found(uow, spa_id, typed)
    elif show is Show.ALL:
        rows = _newest(uow, spa_id, before)
    else:
        wanted = [address for address, hold in holds.items() if hold.is_shown(show, actor)]
        rows = [each for each in _last_of(uow, spa_id, wanted) if each.event_id < before]
    shown = _held(uow, spa_id, rows[:MOST], holds)
    return Page(shown, counts, shown[-1].event_id if len(rows) > MOST else None)


def _newest(uow: UnitOfWork, spa_id: int, before: int) -> list[Row]:
    """Slice by slice, until a page is full: a few who write a lot do not hide the rest."""
    rows: list[Row] = []
    for _ in range(MOST_SLICES):
        asked = {"spa": spa_id, "before": before}
        rows += _rows(uow.sql(NEWEST, asked | {"most": MOST + 1 - len(rows)}).fetchall())
        [[first, many]] = uow.sql(NEXT_SLICE, asked).fetchall()
        if len(rows) > MOST or many < SLICE:
            break
        before = first
    return rows


def _unlike(holds: Iterable[Hold]) -> set[Hold]:
    """Each once, however many addresses it is of."""
    return set(holds)


def _holds(uow: UnitOfWork, spa_id: int) -> dict[str, Hold]:
    """What is open, by address; of a client's several addresses one and the same."""
    rows = uow.sql(OPEN, {"spa": spa_id, "now": uow.now, "most": MOST_OPEN}).fetchall()
    of_one: dict[Any, list[tuple[Any, ...]]] = {}
    for row in rows:
        of_one.setdefault(row[2] or row[1], []).append(row)
    found: dict[str, Hold] = {}
    for theirs in of_one.values():
        hold = _hold(theirs)
        found |= {address: hold for _, address, *_ in theirs}
    return found


def _hold(rows: list[tuple[Any, ...]]) -> Hold:
    """Of several: somebody's, where one is somebody's; awake, where one is awake; medical, where one is."""
    topics = [topic for _, _, _, topic, *_ in rows]
    asleep = [until for *_, until in rows]
    return Hold(
        ids=tuple(row[0] for row in rows),
        topic="medical" if "medical" in topics else topics[0],
        opened_at=min(row[4] for row in rows),
        taken_by=next((row[5] for row in rows if row[5]), None),
        asleep_until=None if None in asleep else min(asleep),
    )


def hold_of(uow: UnitOfWork, spa_id: int, addresses: Iterable[str]) -> Hold | None:
    """Of one thread; None where the assistant has it."""
    holds = _holds(uow, spa_id)
    return next((holds[each] for each in addresses if each in holds), None)


def _found(uow: UnitOfWork, spa_id: int, typed: str) -> list[Row]:
    """By a client's name, phone or email, or by an address that is nobody's; who wrote last first."""
    clients = [each.client_id for each in finding.find(uow, spa_id, typed)]
    wanted = [address for (address,) in uow.sql(ADDRESSES, {"spa": spa_id, "clients": clients})] if clients else []
    said = typed[: finding.LONGEST].strip()
    return _last_of(uow, spa_id, list(dict.fromkeys([*wanted, phones.parse(said) or said.lower()])))


def _last_of(uow: UnitOfWork, spa_id: int, addresses: list[str]) -> list[Row]:
    if not addresses:
        return []
    return _rows(uow.sql(LAST_OF, {"spa": spa_id, "addresses": addresses}).fetchall())


def _rows(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """One a client, the newest first."""
    rows: dict[Any, Row] = {}
    for event_id, client_id, name, *rest in found:
        handle = f"m{client_id}" if client_id else f"a{event_id}"
        rows.setdefault(client_id or name, Row(handle, event_id, client_id, name, *rest))
    return list(rows.values())


def _held(uow: UnitOfWork, spa_id: int, rows: list[Row], holds: dict[str, Hold]) -> list[Row]:
    """With who has each, by whichever address of theirs."""
    if not holds:
        return rows
    clients = [each.client_id for each in rows if each.client_id]
    asked = {"spa": spa_id, "clients": clients}
    of_client: dict[int, Hold] = {}
    for client_id, address in uow.sql(ADDRESSES.replace("SELECT t.", "SELECT k.client_id, t."), asked):
        if address in holds:
            of_client[client_id] = holds[address]
    return [replace(each, hold=of_client.get(each.client_id or 0) or holds.get(each.name)) for each in rows]


def names(uow: UnitOfWork, spa_id: int) -> dict[str, str]:
    """Of the staff, as the audit names them."""
    return {f"staff:{each.user_id}": each.name for each in listed(uow, spa_id)}


def colleagues(uow: UnitOfWork, spa_id: int) -> list[tuple[int, str]]:
    """Who may be given a thread."""
    return [
        (each.user_id, each.name)
        for each in listed(uow, spa_id)
        if each.revoked_at is None and may(each.role, Permission.INBOX)
    ]


MARK = """
    SELECT (SELECT max(id) FROM inbound_event WHERE spa_id = %(spa)s),
           (SELECT md5(string_agg(concat_ws(',', id, event_id, taken_by, snoozed_until > %(now)s), ' ' ORDER BY id))
            FROM handover WHERE spa_id = %(spa)s AND closed_at IS NULL)"""


def mark(uow: UnitOfWork, spa_id: int) -> str:
    """What is different as soon as the list is."""
    [[last, held]] = uow.sql(MARK, {"spa": spa_id, "now": uow.now}).fetchall()
    return f"{last or 0}:{held or ''}"
