"""Money that goes back: refunds whole, in part, and for what was used; disputes, opened and decided by banks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from assistant.domain.refunds import RefundQuote, Refused
from assistant.services import refunds
from assistant.simulation import outside
from assistant.simulation.house import House, Person
from assistant.simulation.people import until_done
from assistant.simulation.till import ACTOR, MANAGER, said

OPEN_DISPUTES = frozenset({"needs_response", "warning_needs_response", "under_review"})


def refund(house: House, person: Person) -> str | None:
    """A paid month: all that can go back, a part of it, or for credit that was used too."""
    rows = house.rows(PAID, (person.client_id,))
    if not rows:
        return None
    invoice, total = (int(each) for each in house.chance.choice(rows))
    [(how, cents, forced)] = house.chance.choices(
        [("all", None, False), ("part", max(1, total // house.chance.randint(2, 5)), False), ("forced", None, True)],
        (5, 3, 3),
    )
    quote = house.rt.transact(lambda uow: refunds.quote_refund(uow, house.spa_id, invoice, cents, forced=forced))
    if isinstance(quote, Refused):
        return said(house, f"refund: {quote.why}")
    house.peril.between()
    spent = ", of a spent month" if quote.parts.goodwill else ""
    return _give(house, invoice, quote, f"refund of {how}{spent}")


def _give(house: House, invoice: int, quote: RefundQuote, words: str) -> str:
    """A second hand, when the first hears nothing: it finds that the money is on its way already."""

    def act(wanted: RefundQuote) -> Any:  # noqa: ANN401 - whatever came of it
        approved = MANAGER if house.chance.random() < 0.9 else None
        why = "not happy"
        return refunds.refund(house.rt, house.spa_id, invoice, wanted, actor=ACTOR, reason=why, approved_by=approved)

    done = until_done(house, lambda: act(quote), most=2)
    if isinstance(done, refunds.Stale):
        said(house, "refund: stale")
        fresh = done.quote
        done = until_done(house, lambda: act(fresh), most=2)
    why = f", {done.why}" if isinstance(done, Refused) else ""
    return said(house, f"{words}: {type(done).__name__.lower()}{why}")


PAID = """
    SELECT id, dues_cents + setup_fee_cents FROM invoice
    WHERE client_id = %s AND status = 'paid' AND paid_by <> 'nothing' ORDER BY paid_at DESC, id DESC LIMIT 3"""


def own_mistake(house: House, person: Person) -> str | None:
    """Money that came in when nobody owed it any more goes back to its owner."""
    rows = house.rows(MISTAKES, (person.client_id,))
    if not rows:
        return None
    attempt = int(rows[0][0])
    done = refunds.mistaken(house.rt, house.spa_id, attempt, actor=ACTOR, reason="it was not owed")
    house.happened["refund of what was not owed"] += 1
    return said(house, f"refund of what was not owed: {type(done).__name__.lower()}")


MISTAKES = """
    SELECT a.id FROM charge_attempt a JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)
    JOIN ledger_entry e ON e.spa_id = a.spa_id AND e.key = 'mistake:' || a.id
    WHERE i.client_id = %s ORDER BY a.id LIMIT 1"""


def bounce(house: House) -> int:
    """A bank sends a refund back, for its card is gone."""
    done = house.stripe.all("refund", where={"status": "succeeded"})
    fresh = [each for each in done[-3:] if each.get("metadata", {}).get("refund")]
    if fresh:
        house.stripe.fail_refund(fresh[-1]["id"])
        house.happened["refund sent back by a bank"] += 1
    return len(fresh)


def dispute(house: House, person: Person) -> str | None:
    """A cardholder tells their bank that a payment was wrong."""
    paid = [each for each in outside.payments_of(house, person) if each["status"] == "succeeded"]
    for payment in reversed(paid[-3:]):
        charge = house.stripe.get(_charge_id(payment)) or {}
        if charge.get("disputed") or charge.get("refunded"):
            continue
        status = "warning_needs_response" if house.chance.random() < 0.15 else "needs_response"
        house.stripe.open_dispute(charge["id"], status=status)
        word = "asked about by the bank" if status.startswith("warning") else "disputed"
        return said(house, word)
    return None


def _charge_id(payment: dict[str, Any]) -> str:
    charge = payment["latest_charge"]
    return str(charge if isinstance(charge, str) else charge["id"])


def decide(house: House) -> int:
    """What banks have had in hand for a while they decide."""
    decided = 0
    late = (house.clock.now() - timedelta(days=house.chance.choice((3, 20, 45)))).timestamp()
    for each in house.stripe.all("dispute"):
        if each["status"] not in OPEN_DISPUTES or each["created"] > late:
            continue
        outcome = "warning_closed" if each["status"].startswith("warning") else house.chance.choice(("won", "lost"))
        house.stripe.close_dispute(each["id"], outcome)
        house.happened[f"dispute {outcome}"] += 1
        decided += 1
    return decided


Deed = Callable[[House, Person], str | None]
