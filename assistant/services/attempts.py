"""Attempts as rows: begun under the invoice's lock, and each answered once, by whoever hears the answer first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.db import billing as table
from assistant.db.billing import Attempt, Owed
from assistant.domain.billing import AttemptStatus, Cause, attempt_key
from assistant.gateways.ports import Approved, ChargeAnswer, ChargeOrder, Declined, Throttled, Unanswered
from assistant.runtime import UnitOfWork
from assistant.services import collecting, tasks

LEASE = timedelta(seconds=90)
"""How long a worker has to ask and to write the answer: well above the provider's time-outs and the pacer's wait."""
KEY_LIFE = timedelta(hours=23)
"""For so long the provider is sure to know a key again; after that it would be a new charge (`rules.md` 5.6)."""
LOOKS = tuple(timedelta(minutes=m) for m in (1, 5, 30, 60, 120, 240))
"""How long after each look an attempt is looked up again."""
BACK_OFF = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Chargeable:
    """A card that may be asked."""

    id: int
    customer_id: str
    payment_method_id: str
    fingerprint: str


def ask_for(uow: UnitOfWork, owed: Owed, cause: Cause, *, at: datetime | None = None) -> None:
    """Have the card asked at an instant, or as soon as may be. What is settled stays so."""
    uow.sql(
        "UPDATE invoice SET next_attempt_at = %s, next_cause = %s WHERE spa_id = %s AND id = %s AND status = 'open'",
        (at or uow.now, cause.value, owed.spa_id, owed.invoice_id),
    )


def next_at(uow: UnitOfWork, owed: Owed, when: datetime | None) -> None:
    uow.sql(
        "UPDATE invoice SET next_attempt_at = %s WHERE spa_id = %s AND id = %s AND status = 'open'",
        (when, owed.spa_id, owed.invoice_id),
    )


def begin(
    uow: UnitOfWork, owed: Owed, cause: Cause, card: Chargeable | None, cents: int, *, customer_id: str = ""
) -> tuple[int, str]:
    """A new attempt's row, under the invoice's lock: its id and key."""
    [[number]] = uow.sql(
        "SELECT coalesce(max(number), 0) + 1 FROM charge_attempt WHERE spa_id = %s AND invoice_id = %s",
        (owed.spa_id, owed.invoice_id),
    ).fetchall()
    key = attempt_key(owed.spa_id, owed.invoice_id, number)
    [[attempt_id]] = uow.sql(
        """INSERT INTO charge_attempt (spa_id, invoice_id, number, key, cause, card_id, customer_id, payment_method_id,
                                       fingerprint, amount_cents, created_at, asked_at, look_at)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (
            owed.spa_id,
            owed.invoice_id,
            number,
            key,
            cause.value,
            card and card.id,
            card.customer_id if card else customer_id,
            card and card.payment_method_id,
            card and card.fingerprint,
            cents,
            uow.now,
            uow.now,
            uow.now + LEASE,
        ),
    ).fetchall()
    return attempt_id, key


def order_of(owed: Owed, key: str, customer_id: str, payment_method_id: str, cents: int) -> ChargeOrder:
    metadata = {"spa": str(owed.spa_id), "invoice": str(owed.invoice_id), "membership": str(owed.membership_id)}
    return ChargeOrder(owed.account, key, customer_id, payment_method_id, cents, metadata)


def settle(
    uow: UnitOfWork, spa_id: int, attempt_id: int, answer: ChargeAnswer, *, invoice_id: int | None = None
) -> bool:
    """Write an answer, unless a better one has been written: from the call, the janitor or a webhook alike.

    False when it changed nothing. `invoice_id` spares a question to whoever knows it: no attempt ever changes its.
    """
    if invoice_id is None:
        row = uow.sql(
            "SELECT invoice_id FROM charge_attempt WHERE spa_id = %s AND id = %s", (spa_id, attempt_id)
        ).fetchone()
        invoice_id = row[0] if row else None
    owed = table.owed(uow, spa_id, invoice_id) if invoice_id else None
    known = table.attempt(uow, spa_id, attempt_id)
    if owed is None or known is None or known.invoice_id != invoice_id:
        raise LookupError(f"spa {spa_id} has no attempt {attempt_id}")
    if isinstance(answer, Declined) and known.cause is Cause.PAGE:
        return False  # the page stays open for another card: it is the page that ends such an attempt
    match answer:
        case Approved() if known.status is not AttemptStatus.SUCCEEDED:
            _approved(uow, owed, known, answer)
        case Declined() if known.status.rank < AttemptStatus.DECLINED.rank:
            collecting.declined(uow, owed, answer, known)
        case Throttled(reason) if known.status is AttemptStatus.ASKED:
            _untaken(uow, owed, known, reason)
        case Unanswered() if known.status is AttemptStatus.ASKED:
            uow.sql(
                "UPDATE charge_attempt SET status = 'unanswered', look_at = %s WHERE spa_id = %s AND id = %s",
                (uow.now + LOOKS[0], spa_id, attempt_id),
            )
        case _:
            return False
    return True


def _approved(uow: UnitOfWork, owed: Owed, known: Attempt, answer: Approved) -> None:
    uow.sql(
        "UPDATE charge_attempt SET status = 'succeeded', answered_at = %s, payment_id = %s, charge_id = %s,"
        " fee_cents = %s WHERE spa_id = %s AND id = %s",
        (uow.now, answer.payment_id, answer.charge_id, answer.fee_cents, owed.spa_id, known.id),
    )
    collecting.collected(uow, owed, known, answer)


def _untaken(uow: UnitOfWork, owed: Owed, known: Attempt, reason: str) -> None:
    """The provider had no time: the same key again, a little later each time; no attempt is used up."""
    pause = BACK_OFF * min(2**known.looks, 32)
    uow.sql(
        "UPDATE charge_attempt SET untaken = true, looks = looks + 1, look_at = %s WHERE spa_id = %s AND id = %s",
        (uow.now + KEY_LIFE, owed.spa_id, known.id),
    )
    next_at(uow, owed, uow.now + pause)
    if known.looks == len(LOOKS):
        tasks.open_task(
            uow,
            owed.spa_id,
            key=f"untaken:{known.id}",
            kind="provider_refuses",
            client_id=owed.client_id,
            facts={"invoice": owed.invoice_id, "reason": reason},
        )


def looked(uow: UnitOfWork, spa_id: int, doubt: Attempt) -> None:
    pause = LOOKS[min(doubt.looks + 1, len(LOOKS) - 1)]
    uow.sql(
        "UPDATE charge_attempt SET status = 'unanswered', looks = looks + 1, look_at = %s, untaken = false"
        " WHERE spa_id = %s AND id = %s",
        (uow.now + pause, spa_id, doubt.id),
    )
