"""Opting out and back in: what may be sent to a number, with its proof."""

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import TupleRow
from psycopg.types.json import Jsonb

from assistant.domain.consent import ContactState
from assistant.runtime import UnitOfWork
from assistant.services import audit


@dataclass(frozen=True, slots=True)
class Source:
    """Where a change of consent came from, and its proof."""

    name: str
    """member, carrier, staff, import."""
    evidence: dict[str, str | int]


def stop(uow: UnitOfWork, spa_id: int, number: str, source: Source, *, event_id: int | None = None) -> None:
    """End all texts to a number, from this commit on (`rules.md` 1.6, 1.8). `event_id`: the text that said so."""
    [phone_id] = uow.sql(
        """INSERT INTO phone
               (spa_id, number, sms_transactional, sms_marketing, suppressed_at, suppressed_by, created_at)
           VALUES (%(spa)s, %(number)s, false, false, %(now)s, %(event)s, %(now)s)
           ON CONFLICT (spa_id, number) DO UPDATE
               SET suppressed_at = CASE WHEN phone.billing_at IS NULL
                                   THEN coalesce(phone.suppressed_at, excluded.suppressed_at)
                                   ELSE excluded.suppressed_at END,
                   suppressed_by = coalesce(excluded.suppressed_by, phone.suppressed_by),
                   sms_transactional = false, sms_marketing = false, billing_at = NULL
           RETURNING id""",
        {"spa": spa_id, "number": number, "event": event_id, "now": uow.now},
    ).fetchone() or [0]
    _record(uow, spa_id, number, "stopped", "all", source)
    audit.write(uow, spa_id, actor=source.name, evidence="E0", act="texts_stopped", subject=f"phone:{phone_id}")


def start(uow: UnitOfWork, spa_id: int, number: str, source: Source, *, said_at: datetime, event_id: int) -> bool:
    """Texts about the membership may be sent again; offers need their own consent, anew (`rules.md` 1.13).

    False, and nothing changes, when a later word was to stop: by a later text, or by the carrier after this was said.
    """
    row = uow.sql(
        f"""INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
           VALUES (%(spa)s, %(number)s, true, false, %(now)s)
           ON CONFLICT (spa_id, number) DO UPDATE
               SET suppressed_at = NULL, suppressed_by = NULL, billing_at = NULL, sms_transactional = true
               WHERE phone.suppressed_at IS NULL OR {SAID_SINCE}
           RETURNING id""",
        {"spa": spa_id, "number": number, "now": uow.now, "event": event_id, "said_at": said_at},
    ).fetchone()
    if row is None:
        return False
    _record(uow, spa_id, number, "started", "transactional", source)
    audit.write(uow, spa_id, actor=source.name, evidence="E0", act="texts_started", subject=f"phone:{row[0]}")
    return True


def write_number(uow: UnitOfWork, spa_id: int, number: str, said: Source | None) -> int:
    """A number that somebody at the desk wrote down: its id. `said`: its owner said that it may be texted.

    A word to stop that was said from it stands: only its owner takes it back, by text (`rules.md` 1.6).
    """
    [[phone_id, stopped, known]] = uow.sql(
        """WITH before AS (SELECT sms_transactional FROM phone WHERE spa_id = %(spa)s AND number = %(number)s)
           INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)
           VALUES (%(spa)s, %(number)s, %(texts)s, false, %(now)s)
           ON CONFLICT (spa_id, number) DO UPDATE SET sms_transactional =
               phone.sms_transactional OR (excluded.sms_transactional AND phone.suppressed_at IS NULL)
           RETURNING id, suppressed_at IS NOT NULL, coalesce((SELECT sms_transactional FROM before), false)""",
        {"spa": spa_id, "number": number, "texts": said is not None, "now": uow.now},
    ).fetchall()
    if said is not None and not stopped and not known:
        _record(uow, spa_id, number, "started", "transactional", said)
        audit.write(uow, spa_id, actor=said.name, evidence="E3", act="texts_started", subject=f"phone:{phone_id}")
    return int(phone_id)


SAID_SINCE = "(phone.suppressed_by < %(event)s OR (phone.suppressed_by IS NULL AND phone.suppressed_at <= %(said_at)s))"
"""This was said after the last word to stop."""


def billing_only(
    uow: UnitOfWork, spa_id: int, number: str, source: Source, *, said_at: datetime, event_id: int
) -> bool:
    """After an opt-out: texts about their payments, and no others. The opt-out stands (`features.md` E5).

    False, and nothing changes, where no opt-out stands, or a later word was to stop.
    """
    row = uow.sql(
        f"UPDATE phone SET billing_at = coalesce(billing_at, %(now)s)"
        f" WHERE spa_id = %(spa)s AND number = %(number)s AND suppressed_at IS NOT NULL AND {SAID_SINCE} RETURNING id",
        {"spa": spa_id, "number": number, "now": uow.now, "event": event_id, "said_at": said_at},
    ).fetchone()
    if row is None:
        return False
    _record(uow, spa_id, number, "started", "billing", source)
    audit.write(uow, spa_id, actor=source.name, evidence="E0", act="billing_texts_started", subject=f"phone:{row[0]}")
    return True


def unreachable(uow: UnitOfWork, spa_id: int, number: str, code: int) -> None:
    """A number cannot be texted at all: what is owed to its owner goes another way (`rules.md` 3.6)."""
    uow.sql(
        "UPDATE phone SET unreachable_at = %s, unreachable_code = %s"
        " WHERE spa_id = %s AND number = %s AND unreachable_at IS NULL",
        (uow.now, code, spa_id, number),
    )
    _record(uow, spa_id, number, "unreachable", "all", Source("carrier", {"code": code}))


def reachable(uow: UnitOfWork, spa_id: int, number: str) -> None:
    """A number that was given up has texted us: it can be texted."""
    uow.sql(
        "UPDATE phone SET unreachable_at = NULL, unreachable_code = NULL WHERE spa_id = %s AND number = %s",
        (spa_id, number),
    )
    _record(uow, spa_id, number, "reachable", "all", Source("member", {}))


STATE = """
    SELECT suppressed_at, sms_transactional, sms_marketing, unreachable_at IS NULL, billing_at IS NOT NULL FROM phone
    WHERE spa_id = %s AND number = %s"""


def locked_state(uow: UnitOfWork, spa_id: int, number: str) -> ContactState:
    """What may be sent to a number, until this transaction ends: an opt-out being written waits, or is waited for.

    A number that has no row gets one, for there would be nothing to wait on.
    """
    row = uow.sql(f"{STATE} FOR SHARE", (spa_id, number)).fetchone()
    if row is None:
        uow.sql(
            "INSERT INTO phone (spa_id, number, sms_transactional, sms_marketing, created_at)"
            " VALUES (%s, %s, false, false, %s) ON CONFLICT DO NOTHING",
            (spa_id, number, uow.now),
        )
        row = uow.sql(f"{STATE} FOR SHARE", (spa_id, number)).fetchone()
    return _state(row)


def state(uow: UnitOfWork, spa_id: int, number: str) -> ContactState:
    """What may be sent to a number, as of now."""
    return _state(uow.sql(STATE, (spa_id, number)).fetchone())


def _state(row: TupleRow | None) -> ContactState:
    if row is None:
        return ContactState(
            suppressed=False, sms_transactional=False, sms_marketing=False, reachable=True, stopped_at=None
        )
    stopped_at, transactional, marketing, reachable, billing = row
    return ContactState(
        suppressed=stopped_at is not None,
        sms_transactional=transactional,
        sms_marketing=marketing,
        reachable=reachable,
        stopped_at=stopped_at,
        billing=billing,
    )


def stopped_by_carrier(uow: UnitOfWork, spa_id: int, number: str) -> bool:
    """Whether the last word to stop was the carrier's: it lets nothing of ours through before a START."""
    row = uow.sql(
        "SELECT source FROM consent_change WHERE spa_id = %s AND channel = 'sms' AND address = %s"
        " AND change = 'stopped' ORDER BY id DESC LIMIT 1",
        (spa_id, number),
    ).fetchone()
    return row is not None and row[0] == "carrier"


def hold_offers(uow: UnitOfWork, spa_id: int, number: str, source: Source) -> bool:
    """What may have been a STOP, and was not plainly one: no more offers until they are asked for anew."""
    held = uow.sql(
        "UPDATE phone SET sms_marketing = false WHERE spa_id = %s AND number = %s AND sms_marketing", (spa_id, number)
    )
    if held.rowcount:
        _record(uow, spa_id, number, "withdrawn", "marketing", source)
    return bool(held.rowcount)


def allow_offers(uow: UnitOfWork, spa_id: int, number: str, source: Source) -> bool:
    """They have agreed in writing to offers by text (`rules.md` 1.1). False for a number that has said STOP."""
    allowed = uow.sql(
        "UPDATE phone SET sms_marketing = true WHERE spa_id = %s AND number = %s AND NOT sms_marketing"
        " AND sms_transactional AND suppressed_at IS NULL",
        (spa_id, number),
    )
    if allowed.rowcount:
        _record(uow, spa_id, number, "granted", "marketing", source)
        audit.write(uow, spa_id, actor=source.name, evidence="E2", act="offers_allowed", subject="phone:marketing")
    return bool(allowed.rowcount)


def _record(uow: UnitOfWork, spa_id: int, number: str, change: str, scope: str, source: Source) -> None:
    uow.sql(
        "INSERT INTO consent_change (spa_id, channel, address, change, scope, source, evidence, at)"
        " VALUES (%s, 'sms', %s, %s, %s, %s, %s, %s)",
        (spa_id, number, change, scope, source.name, Jsonb(source.evidence), uow.now),
    )
