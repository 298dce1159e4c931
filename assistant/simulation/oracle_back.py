"""What the processor's own book says went back, and what is left with it, beside ours (G in `reliability.md` §6)."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from assistant.simulation.house import House

OURS = """
    SELECT r.id, r.status, r.cents, r.refund_id, a.payment_id FROM refund r
    JOIN charge_attempt a ON (a.spa_id, a.id) = (r.spa_id, r.attempt_id)
    JOIN invoice i ON (i.spa_id, i.id) = (a.spa_id, a.invoice_id)"""


def of_these(house: House, clients: Collection[int] | None) -> Iterator[str]:
    """Every refund that we believe in went back, once, and no more than it says; of some clients, or of all."""
    who, some = (" WHERE i.client_id = ANY(%s)", (sorted(clients),)) if clients is not None else ("", ())
    theirs = _by_payment(house, clients)
    for id_, status, cents, refund_id, payment_id in house.rows(f"{OURS}{who}", some):
        found = [each for each in theirs.get(str(payment_id), ()) if _is_it(each, int(id_), refund_id)]
        if len(found) > 1:
            yield f"I01 refund {id_} went back {len(found)} times"
        if found and found[0]["amount"] != cents:
            yield f"I01 refund {id_} is of {cents} and the processor gave back {found[0]['amount']}"
        if status == "done" and not found:
            yield f"I01 refund {id_} is done and the processor knows nothing of it"
        if status == "failed" and found and found[0]["status"] == "succeeded":
            yield f"I01 refund {id_} failed and the processor gave it back"


def _by_payment(house: House, clients: Collection[int] | None = None) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for each in _refunds(house, clients):
        found.setdefault(str(each["payment_intent"]), []).append(each)
    return found


def _refunds(house: House, clients: Collection[int] | None) -> list[dict[str, Any]]:
    if clients is None:
        return [*house.stripe.all("refund")]
    some = (sorted(clients),)
    customers = house.rows("SELECT customer_id FROM payer WHERE client_id = ANY(%s) ORDER BY client_id", some)
    return [each for (one,) in customers for each in house.stripe.all("refund", customer=one)]


def _is_it(theirs: dict[str, Any], id_: int, refund_id: object) -> bool:
    return bool(theirs["id"] == refund_id) or theirs.get("metadata", {}).get("refund") == str(id_)


def of_the_end(house: House) -> Iterator[str]:
    """Once everything has been heard: both books have the same refunds, the same disputes, and as much money."""
    ours: Counter[str] = Counter()
    for _, status, cents, _, payment_id in house.rows(OURS):
        ours[str(payment_id)] += cents if status == "done" else 0
    for payment, refunds in _by_payment(house).items():
        back = sum(each["amount"] for each in refunds if each["status"] == "succeeded")
        if back != ours.pop(payment, 0):
            yield f"I17 {back} of {payment} went back, and not by our books"
    yield from (f"I17 {cents} of {payment} went back by our books alone" for payment, cents in ours.items() if cents)
    stand = {str(id_): str(status) for id_, status in house.rows("SELECT dispute_id, status FROM dispute")}
    for each in house.stripe.all("dispute"):
        outcome = {"won": "won", "lost": "lost", "warning_closed": "won"}.get(each["status"], "open")
        if stand.get(each["id"]) != outcome:
            yield f"D16 dispute {each['id']} is {each['status']} and we have it {stand.get(each['id'])}"
    theirs = sum(each["net"] for each in house.stripe.all("balance_transaction"))
    [[booked]] = house.rows(LEFT)
    if theirs != booked:
        yield f"I25 the processor owes us {theirs} by its book, and {booked} by ours"


LEFT = """
    SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger_posting p
    JOIN ledger_entry e ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
    LEFT JOIN ledger_entry o ON (o.spa_id, o.id) = (e.spa_id, e.reverses)
    WHERE p.account = 'clearing' AND NOT EXISTS (
        SELECT 1 FROM invoice i WHERE i.spa_id = e.spa_id AND i.paid_by <> 'card'
        AND coalesce(o.key, e.key) = 'dues:' || i.id)
    AND NOT EXISTS (
        SELECT 1 FROM refund r WHERE r.spa_id = e.spa_id AND r.attempt_id IS NULL
        AND r.entry_id = coalesce(o.id, e.id))
    AND coalesce(o.key, e.key) NOT LIKE 'ticket:%%'"""
"""What our books have at the processor: all that was cleared and not by hand."""
