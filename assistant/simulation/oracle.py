"""What the card processor's own book has, beside ours: no bug can hide itself from it (G in `reliability.md` §6)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.simulation.house import House

OPEN = ("asked", "unanswered")
EARLY = timedelta(minutes=6)
"""A clock may be set back by five minutes."""

OURS = """
    SELECT a.key, a.status, a.amount_cents, a.customer_id, a.payment_method_id, a.payment_id, a.created_at, (
               SELECT sum(p.amount)::bigint FROM ledger_entry e
               JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
               WHERE e.spa_id = a.spa_id AND p.account IN ('clearing', 'fees')
                 AND e.key = coalesce(m.key, i.kind || ':' || a.invoice_id)), (
               SELECT sum(p.amount)::bigint FROM ledger_entry e
               JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
               WHERE e.spa_id = a.spa_id AND p.account = 'fees'
                 AND e.key = coalesce(m.key, i.kind || ':' || a.invoice_id))
    FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
    LEFT JOIN ledger_entry m ON (m.spa_id, m.key) = (a.spa_id, 'mistake:' || a.id)"""


@dataclass(frozen=True, slots=True)
class Ours:
    """An attempt of ours, and what the ledger has of it."""

    key: str
    status: str
    cents: int
    customer_id: str
    payment_method_id: str | None
    payment_id: str | None
    created_at: datetime
    booked: int | None
    fee: int | None


def of_these(house: House, clients: Collection[int]) -> Iterator[str]:
    """Both books, of some clients."""
    some = (sorted(clients),)
    customers = house.rows("SELECT customer_id FROM payer WHERE client_id = ANY(%s) ORDER BY client_id", some)
    rows = house.rows(f"{OURS} WHERE i.client_id = ANY(%s)", some)
    theirs = [each for (one,) in customers for each in house.stripe.all("payment_intent", customer=one)]
    yield from _compare([Ours(*row) for row in rows], theirs)


def of_all(house: House) -> Iterator[str]:
    """Both books, whole; and what was taken, summed."""
    ours = [Ours(*row) for row in house.rows(OURS)]
    theirs = house.stripe.all("payment_intent")
    yield from _compare(ours, theirs)
    undecided = {each.key for each in ours if each.status in OPEN}
    heard = sum(each["amount"] for each in theirs if _took(each) and each["metadata"].get("key") not in undecided)
    [[booked]] = house.rows(TAKEN)
    if heard != booked:
        yield f"I01 the processor took {heard} that we heard of, the ledger has {booked}"


TAKEN = """
    SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger_entry e
    JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id) AND p.account IN ('clearing', 'fees')
    LEFT JOIN (SELECT spa_id, 'dues:' || id AS key FROM invoice WHERE paid_by <> 'card') by_hand
        ON (by_hand.spa_id, by_hand.key) = (e.spa_id, e.key)
    WHERE e.kind IN ('dues_collected', 'taken_by_mistake', 'sold') AND e.key NOT LIKE 'ticket:%%'
      AND by_hand.key IS NULL"""


def _took(payment: dict[str, Any]) -> bool:
    return bool(payment["status"] == "succeeded")


def _compare(ours: Iterable[Ours], theirs: Iterable[dict[str, Any]]) -> Iterator[str]:
    by_key = {each.key: each for each in ours}
    taken, found = Counter[str](), defaultdict[str, list[dict[str, Any]]](list)
    for payment in theirs:
        key = str(payment["metadata"].get("key"))
        found[key].append(payment)
        taken[payment["metadata"].get("invoice") or key.partition(":att:")[0]] += _took(payment)
        yield from _intended(by_key.get(key), payment)
    for key, attempt in by_key.items():
        yield from _answered(attempt, found[key])
    yield from (f"I01 {invoice} was charged {many} times" for invoice, many in taken.items() if many > 1)


def _intended(attempt: Ours | None, payment: dict[str, Any]) -> Iterator[str]:
    """I02: nothing without an intention of ours, committed earlier, of the same customer, card and amount."""
    if attempt is None:
        yield f"I02 a payment of {payment['amount']} has no attempt of ours"
        return
    if (attempt.cents, attempt.customer_id) != (payment["amount"], payment["customer"]):
        yield f"I02 a payment of {payment['amount']} was meant to be {attempt.cents}, or somebody else's"
    if attempt.payment_method_id and payment["payment_method"] not in (None, attempt.payment_method_id):
        yield f"I02 attempt {attempt.key} went to another card"
    if payment["created"] < (attempt.created_at - EARLY).timestamp():
        yield f"I02 attempt {attempt.key} was written after it was asked"


def _answered(attempt: Ours, payments: list[dict[str, Any]]) -> Iterator[str]:
    """I01: what we believe of an attempt is what became of it, and the ledger has just that."""
    took = [each for each in payments if _took(each)]
    if attempt.status in OPEN:
        return
    if bool(took) != (attempt.status == "succeeded"):
        yield f"I01 attempt {attempt.key} is {attempt.status} and the processor took it {len(took)} times"
    elif took and (attempt.booked or 0) != took[0]["amount"]:
        yield f"I01 the processor took {took[0]['amount']} and the ledger has {attempt.booked} of {attempt.key}"
    elif took and attempt.payment_id != took[0]["id"]:
        yield f"I01 attempt {attempt.key} has another payment than the processor"


def cards_known(house: House) -> Iterator[str]:
    """The card that each client saved last on a hosted page, if it is theirs still, is on file with us; at the end."""
    ours = {str(method) for (method,) in house.rows("SELECT payment_method_id FROM card")}
    last: dict[str, tuple[int, str]] = {}
    for page in house.stripe.all("checkout.session", where={"status": "complete"}):
        if page["mode"] == "setup":
            about = page["metadata"]
            last[about["client"]] = max(last.get(about["client"], (0, "")), (int(about["page"]), page["setup_intent"]))
    for number, intent in last.values():
        card = house.stripe.get(str((house.stripe.get(intent) or {}).get("payment_method"))) or {}
        if card.get("customer") and card["id"] not in ours:
            yield f"a card was saved on page {number} and we do not know it"
