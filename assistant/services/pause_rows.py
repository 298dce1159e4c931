"""Pauses as rows: agreed, begun, over."""

from datetime import date

from assistant.db.members import Held, OpenPause
from assistant.domain.pausing import PauseQuote
from assistant.runtime import UnitOfWork


def write(
    uow: UnitOfWork, spa_id: int, membership_id: int, quote: PauseQuote, *, actor: str, reason: str | None
) -> None:
    """It is agreed, as it was quoted."""
    uow.sql(
        "INSERT INTO pause (spa_id, membership_id, starts_on, resumes_on, fee_cents, clock_stops, reason, actor,"
        " asked_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            spa_id,
            membership_id,
            quote.starts_on,
            quote.resumes_on,
            quote.fee_cents,
            quote.expiry_clock_stops,
            reason,
            actor,
            uow.now,
        ),
    )


def note_rest(
    uow: UnitOfWork, spa_id: int, membership_id: int, *, starts_on: date, resumes_on: date, actor: str, reason: str
) -> None:
    """A membership that rests from this very day, because it owed: written down with the other pauses."""
    close(uow, spa_id, membership_id, ended_on=None)
    uow.sql(
        "INSERT INTO pause (spa_id, membership_id, starts_on, resumes_on, reason, actor, asked_at, began_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (spa_id, membership_id, starts_on, resumes_on, reason, actor, uow.now, uow.now),
    )


def close(uow: UnitOfWork, spa_id: int, membership_id: int, *, ended_on: date | None) -> None:
    """The pause's row is over; without a day it never began, whatever the clock does later."""
    uow.sql(
        "UPDATE pause SET ended_at = %s, ended_on = CASE WHEN began_at IS NULL THEN NULL ELSE %s::date END"
        " WHERE spa_id = %s AND membership_id = %s AND ended_at IS NULL",
        (uow.now, ended_on, spa_id, membership_id),
    )


def sooner(uow: UnitOfWork, held: Held, resumes_on: date) -> None:
    """It is over before it was to be."""
    uow.sql(
        "UPDATE membership SET resumes_on = %s WHERE spa_id = %s AND id = %s",
        (resumes_on, held.spa_id, held.membership_id),
    )
    uow.sql(
        "UPDATE pause SET resumes_on = greatest(%s, starts_on + 1) WHERE spa_id = %s AND membership_id = %s"
        " AND ended_at IS NULL",
        (resumes_on, held.spa_id, held.membership_id),
    )


def stop_the_clock(uow: UnitOfWork, held: Held, agreed: OpenPause) -> None:
    """What promotional credit they hold runs out later by the length of the pause (`features.md` B3).

    By all of it at once, for it might run out meanwhile; who comes back sooner keeps what they gained.
    """
    uow.sql(
        "UPDATE credit_lot SET expires_on = expires_on + %s::int WHERE spa_id = %s AND client_id = %s"
        " AND lot_class = 'promo' AND remaining > 0 AND expires_on >= %s",
        ((agreed.resumes_on - agreed.starts_on).days, held.spa_id, held.client_id, agreed.starts_on),
    )
