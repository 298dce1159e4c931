"""What an answer makes of a refund: books, credit, claims and a word to the member, all in one transaction, once."""

from datetime import timedelta

from assistant.db import refunds as table
from assistant.db.refunds import Row
from assistant.db.spas import credit_words, house
from assistant.domain import ledger as books
from assistant.domain import stored
from assistant.domain.ledger import Parts
from assistant.domain.refunds import RefundQuote
from assistant.gateways.ports import GivenBack, NotGiven, RefundAnswer, RefundOrder, Throttled, Unanswered
from assistant.messages.catalog import Credits, RefundMade
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import ledger, messaging, refundable, taking_back, tasks
from assistant.services.addressing import way_to
from assistant.services.attempts import KEY_LIFE, LOOKS

OPEN = ("asked", "unanswered")
DOUBT_LIFE = timedelta(hours=24)
"""After this it is for a person to find out."""


def order_of(row: Row) -> RefundOrder:
    metadata = {"spa": str(row.spa_id), "refund": str(row.id)}
    return RefundOrder(row.account, row.key, row.payment_id or "", row.cents, metadata)


def settle(uow: UnitOfWork, spa_id: int, refund_id: int, answer: RefundAnswer) -> bool:
    """Write an answer, unless a better one has been written: from the call, the janitor or a webhook alike.

    False when it changed nothing. What the bank sends back days later is the last word.
    """
    row = _locked(uow, spa_id, refund_id)
    match answer:
        case GivenBack(failure=None) if row.status in OPEN:
            _made(uow, row, answer.refund_id)
        case GivenBack(failure=str(why)) | NotGiven(why) if row.status in OPEN:
            _not_made(uow, row, why)
        case GivenBack(failure=str(why)) if row.status == "done":
            _sent_back(uow, row, why)
        case Throttled() | Unanswered() if row.status == "asked":
            uow.sql(
                "UPDATE refund SET status = 'unanswered', look_at = %s WHERE spa_id = %s AND id = %s",
                (uow.now + LOOKS[0], spa_id, refund_id),
            )
        case _:
            return False
    return True


def handed_back(uow: UnitOfWork, spa_id: int, refund_id: int) -> None:
    """In cash, by cheque or on the terminal: there is nobody to ask."""
    _made(uow, _locked(uow, spa_id, refund_id), None)


def _locked(uow: UnitOfWork, spa_id: int, refund_id: int) -> Row:
    """The invoice first, then its members' accounts, then the refund as it is now."""
    found = uow.sql("SELECT invoice_id FROM refund WHERE spa_id = %s AND id = %s", (spa_id, refund_id)).fetchone()
    if found is not None and found[0] is not None:
        refundable.lock(uow, spa_id, found[0])
        taking_back.lock_accounts(uow, spa_id, found[0])
    return table.refund(uow, spa_id, refund_id)


def _made(uow: UnitOfWork, row: Row, refund_id: str | None) -> None:
    """The money is on its way: booked as it was quoted, but for what was used of it meanwhile."""
    plan = stored.read(RefundQuote, row.plan, "plan")
    ref = f"refund:{row.id}"
    taking_back.let_go(uow, row.spa_id, ref, "used")
    entry_id = book(uow, row.spa_id, row.id, plan)
    uow.sql(
        "UPDATE refund SET status = 'done', settled_at = %s, refund_id = %s, entry_id = %s"
        " WHERE spa_id = %s AND id = %s",
        (uow.now, refund_id, entry_id, row.spa_id, row.id),
    )
    _claim(uow, row, plan)
    tell(uow, row.spa_id, row.client_id, row.id, plan)
    for key in (f"refund:{row.attempt_id}", f"refund:order:{row.invoice_id}"):
        tasks.close_task(uow, row.spa_id, key, by="clock", resolution=f"refund {row.id}")
    tasks.close_task(uow, row.spa_id, f"refund_in_doubt:{row.id}", by="clock", resolution="answered")


def book(uow: UnitOfWork, spa_id: int, refund_id: int, plan: RefundQuote) -> int:
    """Take the credit back and post what went: what was used of it while we asked was given, and is a courtesy."""
    ref = f"refund:{refund_id}"
    short = taking_back.take(uow, spa_id, f"{ref}:credit", plan.takes)
    parts = plan.parts
    if short:
        kept = {name: getattr(parts, name) for name in ("access", "revenue", "tax", "tips", "owed_back")}
        parts = Parts(**kept, deferred=parts.deferred - short, goodwill=parts.goodwill + short)
    [posted] = ledger.post(uow, spa_id, [books.refunded(ref, uow.now, parts)])
    return posted.entry_id


def _claim(uow: UnitOfWork, row: Row, plan: RefundQuote) -> None:
    """What was used and is paid back: the next grants are less by it. No balance ever goes below zero."""
    for claim in plan.claims:
        uow.sql(
            """INSERT INTO credit_claim (spa_id, key, client_id, unit, amount, remaining, approved_by, reason, made_at)
               SELECT r.spa_id, %s, %s, %s, %s, %s, coalesce(r.approved_by, r.actor), r.reason, %s FROM refund r
               WHERE r.spa_id = %s AND r.id = %s ON CONFLICT DO NOTHING""",
            (
                *(f"refund:{row.id}:{claim.unit}", row.client_id, claim.unit, claim.amount, claim.amount),
                *(uow.now, row.spa_id, row.id),
            ),
        )


def tell(uow: UnitOfWork, spa_id: int, client_id: int, refund_id: int, plan: RefundQuote) -> None:
    """How much, when it shows, and which credit went with it."""
    way = way_to(uow, spa_id, client_id, about_money=True)
    if way is None:
        return
    words = credit_words(uow, spa_id, way.locale)
    gone: dict[str, int] = {}
    for take in plan.takes:
        if take.client_id == client_id and take.amount:
            gone[take.unit] = gone.get(take.unit, 0) + take.amount
    message = RefundMade(
        first_name=way.first_name,
        refunded_cents=plan.cents,
        to_card=plan.tender == "card",
        taken_back=tuple(Credits.of(words, unit, amount) for unit, amount in sorted(gone.items())),
        help_phone=house(uow, spa_id).help_phone,
    )
    messaging.tell(uow, way.to, message, key=f"refund:{refund_id}")


def _not_made(uow: UnitOfWork, row: Row, why: str) -> None:
    """Nothing goes back: the credit can be used again, and a person must hear why."""
    taking_back.let_go(uow, row.spa_id, f"refund:{row.id}")
    _failed(uow, row, why)
    tasks.close_task(uow, row.spa_id, f"refund_in_doubt:{row.id}", by="clock", resolution="not given")


def _sent_back(uow: UnitOfWork, row: Row, why: str) -> None:
    """The bank could not give it to the member: it is here again, the books and the credit as they were before."""
    if row.entry_id is not None:
        ledger.reverse(uow, row.spa_id, row.entry_id, at=uow.now)
    taking_back.give_again(uow, row.spa_id, f"refund:{row.id}:credit")
    uow.sql(
        "UPDATE credit_claim SET remaining = 0 WHERE spa_id = %s AND key LIKE %s", (row.spa_id, f"refund:{row.id}:%")
    )
    _failed(uow, row, why)


def _failed(uow: UnitOfWork, row: Row, why: str) -> None:
    uow.sql(
        "UPDATE refund SET status = 'failed', settled_at = %s, failure = %s WHERE spa_id = %s AND id = %s",
        (uow.now, why, row.spa_id, row.id),
    )
    facts = {"refund": row.id, "invoice": row.invoice_id, "ticket": row.ticket_id, "cents": row.cents, "why": why}
    key = f"refund_failed:{row.id}"
    tasks.open_task(uow, row.spa_id, key=key, kind="refund_failed", client_id=row.client_id, facts=facts)


# --- the janitor -----------------------------------------------------------------------------------------------------


def resolve_next(rt: Runtime) -> bool:
    """Look up the refund that has been in doubt longest; False when none is due to be looked up."""
    with rt.unit_of_work() as uow:
        row = table.next_doubt(uow, uow.now)
        if row is not None:
            pause = LOOKS[min(row.looks, len(LOOKS) - 1)]
            uow.sql(
                "UPDATE refund SET status = 'unanswered', looks = looks + 1, look_at = %s"
                " WHERE spa_id = %s AND id = %s",
                (uow.now + pause, row.spa_id, row.id),
            )
            if row.asked_at <= uow.now - DOUBT_LIFE:
                _is_somebodys(uow, row)
    if row is None:
        return False
    look_up(rt, row)
    return True


def look_up(rt: Runtime, row: Row) -> None:
    """By listing what of the payment went back. What did not, and may still be asked under its key, is asked again."""
    found = rt.refunds.find(row.account, payment_id=row.payment_id)
    if isinstance(found, Unanswered):
        return
    answer: RefundAnswer | None = next((each for each in found if each.key == row.key), None)
    if answer is None and rt.clock.now() - row.asked_at >= KEY_LIFE:
        answer = NotGiven("never_happened")
    answer = answer or rt.refunds.give(order_of(row))
    rt.transact(lambda uow: settle(uow, row.spa_id, row.id, answer))


def _is_somebodys(uow: UnitOfWork, row: Row) -> None:
    """Said before it is looked up once more, by a worker that may die of it; an answer closes the task."""
    facts = {"refund": row.id, "key": row.key, "cents": row.cents}
    tasks.open_task(uow, row.spa_id, key=f"refund_in_doubt:{row.id}", kind="in_doubt", facts=facts)
