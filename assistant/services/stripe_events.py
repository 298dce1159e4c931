"""Stripe's events: kept once each as names only, thanked for, and acted on afterwards (`rules.md` 5.8)."""

import logging
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from assistant.db.events import EventStatus
from assistant.db.spas import UNCLAIMED
from assistant.doorbells import Doorbell
from assistant.runtime import Runtime, UnitOfWork, is_transient
from assistant.services import tasks
from assistant.services.cards import ProviderAway
from assistant.services.stripe_handlers import HANDLERS, Event

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""How long a worker has to ask Stripe and to write what came of it."""
SOONEST, LATEST = timedelta(seconds=30), timedelta(days=1)
MOST_FAILURES = 8
KEPT_FOR = timedelta(days=90)
"""Longer than Stripe brings an event again, or anybody could replay one (`reliability.md` §0.8)."""
BATCH = 1000

NAME = re.compile(r"[A-Za-z0-9_]{1,255}")
EVENT_ID = re.compile(r"evt_[A-Za-z0-9_]{1,250}")
ACCOUNT_ID = re.compile(r"acct_[A-Za-z0-9_]{1,250}")
TYPE = re.compile(r"[a-z0-9_]{1,60}(\.[a-z0-9_]{1,60}){1,4}")
SPA = re.compile(r"[0-9]{1,18}")
LAST_SECOND = 253_402_300_799
"""The last of the year 9999."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as it was brought, its signature verified. Nothing in it is believed but who it is about."""

    external_id: str
    type: str
    account: str | None
    object_id: str
    """Empty for the few kinds of object that have none."""
    created_at: datetime
    livemode: bool
    spa: int | None
    """Our own metadata on the object, and below it what else may say whose it is."""
    customer_id: str | None
    payment_method_id: str | None
    payment_id: str | None


def read(event: object) -> Told | None:
    """An event out of what its JSON said; None for anything that Stripe would not send."""
    found = event if isinstance(event, dict) else {}
    match found:
        case {
            "object": "event",
            "id": str(external_id),
            "type": str(kind),
            "livemode": bool(livemode),
            "created": int(created),
            "data": {"object": dict(about)},
        } if not isinstance(created, bool):
            pass
        case _:
            return None
    account, object_id = found.get("account"), about.get("id", "")
    named = EVENT_ID.fullmatch(external_id) and TYPE.fullmatch(kind) and 0 <= created <= LAST_SECOND
    of_account = account is None or (isinstance(account, str) and ACCOUNT_ID.fullmatch(account))
    about_one = object_id == "" or (isinstance(object_id, str) and NAME.fullmatch(object_id))
    if not (named and of_account and about_one):
        return None
    return Told(
        external_id=external_id,
        type=kind,
        account=account,
        object_id=object_id,
        created_at=datetime.fromtimestamp(created, UTC),
        livemode=livemode,
        spa=_spa(about),
        customer_id=object_id if about.get("object") == "customer" else _name(about, "customer"),
        payment_method_id=object_id if about.get("object") == "payment_method" else _name(about, "payment_method"),
        payment_id=_name(about, "payment_intent"),
    )


def _spa(about: Mapping[str, object]) -> int | None:
    metadata = about.get("metadata")
    spa = metadata.get("spa") if isinstance(metadata, dict) else None
    return int(spa) if isinstance(spa, str) and SPA.fullmatch(spa) else None


def _name(about: Mapping[str, object], field: str) -> str | None:
    value = about.get(field)
    return value if isinstance(value, str) and NAME.fullmatch(value) else None


# --- keeping ---------------------------------------------------------------------------------------------------------

WHOSE = """
    SELECT CASE WHEN %(account)s::text IS NOT NULL THEN (SELECT spa_id FROM spa WHERE stripe_account = %(account)s)
    ELSE coalesce(
        (SELECT spa_id FROM spa WHERE stripe_account IS NULL AND spa_id = %(spa)s AND spa_id <> 0),
        (SELECT s.spa_id FROM spa s JOIN payer p ON p.spa_id = s.spa_id
         WHERE s.stripe_account IS NULL AND p.customer_id = %(customer_id)s LIMIT 1),
        (SELECT s.spa_id FROM spa s JOIN card c ON c.spa_id = s.spa_id
         WHERE s.stripe_account IS NULL AND c.payment_method_id = %(payment_method_id)s LIMIT 1),
        (SELECT s.spa_id FROM spa s JOIN charge_attempt a ON a.spa_id = s.spa_id
         WHERE s.stripe_account IS NULL AND a.payment_id = %(payment_id)s LIMIT 1))
    END"""
"""A connected account is one spa's, whatever its objects say; on the installation's own, our own metadata says it."""

AGAIN = """
    UPDATE provider_event SET again = again + 1
    WHERE spa_id IN (0, %(spa_id)s) AND external_id = %(external_id)s RETURNING status"""

KEEP = """
    INSERT INTO provider_event (spa_id, external_id, type, account, object_id, created_at, received_at,
                                status, reason, try_at, settled_at)
    VALUES (%(spa_id)s, %(external_id)s, %(type)s, %(account)s, %(object_id)s, %(created_at)s, %(now)s,
            %(status)s, %(reason)s, %(now)s, CASE WHEN %(status)s <> 'kept' THEN %(now)s END)
    ON CONFLICT (spa_id, external_id) DO UPDATE SET again = provider_event.again + 1 RETURNING status"""


def keep(rt: Runtime, told: Told, *, livemode: bool = False) -> None:
    """Keep an event, once for its id; brought again, it is only counted. `livemode` says which kind is ours."""
    rt.transact(lambda uow: _keep(uow, told, livemode=livemode))


def _keep(uow: UnitOfWork, told: Told, *, livemode: bool) -> None:
    [[found]] = uow.sql(WHOSE, asdict(told)).fetchall()
    spa_id = found or UNCLAIMED
    reason = _no_use(told, spa_id, livemode=livemode)
    status = EventStatus.QUARANTINED if reason else EventStatus.KEPT
    row = {**asdict(told), "spa_id": spa_id, "status": status.value, "reason": reason, "now": uow.now}
    brought = uow.sql(AGAIN, row).fetchone() or uow.sql(KEEP, row).fetchone()
    if brought == (EventStatus.KEPT,):
        uow.later(Doorbell.HEAR)


def _no_use(told: Told, spa_id: int, *, livemode: bool) -> str | None:
    """Why an event is not acted on, if it is not."""
    if told.livemode != livemode:
        return "livemode"
    if told.account is not None and spa_id == UNCLAIMED:
        return "unknown_account"
    if told.type not in HANDLERS:
        return "unknown_type"
    if spa_id == UNCLAIMED:
        return "no_spa"
    return None if told.object_id else "no_object"


# --- acting on one ---------------------------------------------------------------------------------------------------

TAKE = """
    UPDATE provider_event e SET try_at = %(until)s
    FROM (SELECT spa_id, id FROM provider_event WHERE status = 'kept' AND try_at <= %(now)s
          ORDER BY try_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) next
    WHERE (e.spa_id, e.id) = (next.spa_id, next.id)
    RETURNING e.spa_id, e.id, e.external_id, e.type, e.account, e.object_id, e.received_at, e.failures"""


@dataclass(frozen=True, slots=True)
class Taken:
    """An event under a lease: `until` is its fence, for whoever takes it next moves that on."""

    event: Event
    received_at: datetime
    failures: int
    until: datetime


def apply_next(rt: Runtime) -> bool:
    """Act on the event that has waited longest; False when none is due.

    Its handler runs in transactions of its own, any of which may have been committed before: each does its part once.
    """
    taken = rt.transact(_take)
    if taken is None:
        return False
    event = taken.event
    try:
        reason = HANDLERS[event.type](rt, event)
    except ProviderAway:
        rt.transact(lambda uow: _wait(uow, taken))
    except Exception as error:
        if is_transient(error):
            raise  # the database's trouble and not the event's: the lease runs out, and it is taken again
        log.exception("Stripe's event %s could not be acted on", event.external_id)
        rt.transact(lambda uow: _failed(uow, taken))
    else:
        status = EventStatus.QUARANTINED if reason else EventStatus.APPLIED
        rt.transact(lambda uow: _settle(uow, taken, status, reason))
    return True


def _take(uow: UnitOfWork) -> Taken | None:
    until = uow.now + LEASE
    row = uow.sql(TAKE, {"now": uow.now, "until": until}).fetchone()
    return None if row is None else Taken(Event(*row[:6]), row[6], row[7], until)


MINE = " WHERE spa_id = %s AND id = %s AND status = 'kept' AND try_at = %s"


def _mine(taken: Taken) -> tuple[int, int, datetime]:
    return taken.event.spa_id, taken.event.id, taken.until


def _settle(uow: UnitOfWork, taken: Taken, status: EventStatus, reason: str | None) -> bool:
    """The last word on an event, unless the lease ran out and somebody else has it now."""
    done = uow.sql(
        f"UPDATE provider_event SET status = %s, reason = %s, settled_at = %s{MINE}",
        (status.value, reason, uow.now, *_mine(taken)),
    )
    return done.rowcount == 1


def _wait(uow: UnitOfWork, taken: Taken) -> None:
    """As long again as it has waited already, within bounds: that doubles each time."""
    pause = min(max(uow.now - taken.received_at, SOONEST), LATEST)
    uow.sql(f"UPDATE provider_event SET try_at = %s{MINE}", (uow.now + pause, *_mine(taken)))


def _failed(uow: UnitOfWork, taken: Taken) -> None:
    """Tried again ever later; after the last time a person must look."""
    failures = taken.failures + 1
    done = uow.sql(
        f"UPDATE provider_event SET failures = %s, try_at = %s{MINE}",
        (failures, again := uow.now + SOONEST * 2**failures, *_mine(taken)),
    )
    if done.rowcount != 1 or failures < MOST_FAILURES:
        return
    event = taken.event
    _settle(uow, Taken(event, taken.received_at, failures, again), EventStatus.DEAD, "trouble")
    facts = {"event": event.external_id, "type": event.type, "object": event.object_id}
    tasks.open_task(uow, event.spa_id, key=f"stripe_event:{event.external_id}", kind="stripe_event", facts=facts)


def forget_old(rt: Runtime) -> int:
    """Delete what was settled and is older than anybody will ask for, a batch a transaction. Returns how many."""
    forgotten = 0
    while True:
        with rt.unit_of_work() as uow:
            gone = uow.sql(
                """DELETE FROM provider_event WHERE (spa_id, id) IN (
                       SELECT spa_id, id FROM provider_event WHERE received_at < %s AND status <> 'kept'
                       ORDER BY received_at LIMIT %s)""",
                (uow.now - KEPT_FOR, BATCH),
            ).rowcount
        forgotten += gone
        if gone < BATCH:
            return forgotten
