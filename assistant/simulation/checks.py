"""What must be so after every step, by our books and by the card processor's own (`reliability.md` §6).

A check against the processor's book (marked G there) cannot be fooled by ours.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from assistant.domain.calendar import cycle_date
from assistant.services import verification
from assistant.simulation.house import House


class BrokenError(AssertionError):
    """An invariant does not hold."""


def _charged_once(house: House) -> Iterator[str]:
    """I01: at most one success at the processor for each membership and cycle."""
    invoices: Counter[str] = Counter()
    for payment in house.stripe.all("payment_intent", where={"status": "succeeded"}):
        invoices[payment["metadata"].get("invoice", "none")] += 1
    yield from (f"invoice {invoice} was charged {many} times" for invoice, many in invoices.items() if many > 1)


def _taken_is_booked(house: House) -> Iterator[str]:
    """I01: what the processor took is what the ledger has as taken, but for answers not heard yet."""
    succeeded = house.stripe.all("payment_intent", where={"status": "succeeded"})
    [[booked]] = house.rows(
        """SELECT coalesce(sum(p.amount), 0)::bigint FROM ledger_posting p JOIN ledger_entry e
           ON (e.spa_id, e.id) = (p.spa_id, p.entry_id)
           WHERE p.account IN ('clearing', 'fees') AND e.kind IN ('dues_collected', 'taken_by_mistake')
             AND NOT EXISTS (SELECT 1 FROM invoice i WHERE i.spa_id = e.spa_id AND e.key = 'dues:' || i.id
                             AND i.paid_by <> 'card')"""
    )
    open_keys = {key for (key,) in house.rows("SELECT key FROM charge_attempt WHERE status IN ('asked', 'unanswered')")}
    heard = sum(each["amount"] for each in succeeded if each["metadata"].get("key") not in open_keys)
    if heard != booked:
        yield f"the processor took {heard} that we heard of, the ledger has {booked}"


def _asked_is_written(house: House) -> Iterator[str]:
    """I02: nothing at the processor without an intention of ours, committed earlier, of the same amount."""
    ours = {str(key): cents for key, cents in house.rows("SELECT key, amount_cents FROM charge_attempt")}
    for payment in house.stripe.all("payment_intent"):
        key = payment["metadata"].get("key")
        if ours.get(str(key)) != payment["amount"]:
            yield f"payment {payment['id']} of {payment['amount']} has the attempt {key} of {ours.get(str(key))}"


def _books(house: House) -> Iterator[str]:
    """I03, I04, I05, I07: the books are what their postings say."""
    with house.rt.unit_of_work() as uow:
        yield from (str(difference) for difference in verification.differences(uow))


QUERIES: Mapping[str, str] = {
    "I06 a paid cycle banks its credit, once, and no other does": """
        SELECT i.id FROM invoice i JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
        LEFT JOIN ledger_entry e ON e.spa_id = i.spa_id AND starts_with(e.key, 'cycle:' || i.id || ':')
        GROUP BY i.spa_id, i.id, i.status, v.grants
        HAVING count(e.id) <> CASE WHEN i.status = 'paid' THEN jsonb_array_length(v.grants) ELSE 0 END""",
    "I06 dues are booked for what is paid, and for nothing else": """
        SELECT i.id FROM invoice i LEFT JOIN ledger_entry e ON e.spa_id = i.spa_id AND e.key = 'dues:' || i.id
        WHERE (i.status = 'paid' AND i.dues_cents + i.setup_fee_cents > 0) <> (e.id IS NOT NULL)""",
    "I01 one attempt of a paid invoice succeeded": """
        SELECT i.id FROM invoice i LEFT JOIN charge_attempt a
            ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id) AND a.status = 'succeeded'
        GROUP BY i.spa_id, i.id, i.paid_by HAVING count(a.id) <> (coalesce(i.paid_by, '') = 'card')::int""",
    "an open case has an open invoice, and a closed one none": """
        SELECT c.id FROM dunning_case c JOIN invoice i ON (i.spa_id, i.id) = (c.spa_id, c.invoice_id)
        WHERE (c.closed_at IS NULL) <> (i.status = 'open')""",
    "who is past due owes, and who is active does not": """
        SELECT m.id FROM membership m LEFT JOIN dunning_case c
            ON (c.spa_id, c.membership_id) = (m.spa_id, m.id) AND c.closed_at IS NULL
        WHERE m.standing IN ('past_due', 'suspended') AND c.id IS NULL
           OR m.standing = 'active' AND c.id IS NOT NULL AND c.rule NOT IN ('review', 'check')""",
    "a closed case has no step left": """
        SELECT c.id FROM dunning_case c JOIN dunning_step s ON (s.spa_id, s.case_id) = (c.spa_id, c.id)
        WHERE c.closed_at IS NOT NULL AND s.done_at IS NULL""",
    "I15 at most six tries of one card for one amount in 30 days, and at most one by itself in a day": """
        SELECT a.id FROM charge_attempt a JOIN charge_attempt b
            ON (b.spa_id, b.fingerprint, b.amount_cents) = (a.spa_id, a.fingerprint, a.amount_cents)
            AND b.status = 'declined' AND b.created_at <= a.created_at
            AND b.created_at > a.created_at - interval '30 days'
        WHERE a.status = 'declined' GROUP BY a.id HAVING count(*) > 6""",
    "I15 nobody asks a card that is barred": """
        SELECT a.id FROM charge_attempt a JOIN charge_attempt b
            ON (b.spa_id, b.fingerprint) = (a.spa_id, a.fingerprint) AND b.bars_card
            AND b.answered_at < a.created_at WHERE a.created_at > b.created_at""",
    "no skipped cycle was charged": """
        SELECT i.id FROM invoice i JOIN charge_attempt a ON (a.spa_id, a.invoice_id) = (i.spa_id, i.id)
        WHERE i.status IN ('skipped', 'waived') AND a.status = 'succeeded' AND NOT EXISTS (
            SELECT 1 FROM ledger_entry e WHERE e.spa_id = a.spa_id AND e.key = 'mistake:' || a.id)""",
    "no text asked for what was settled before it was sent": """
        SELECT m.id FROM outbound_message m JOIN invoice i ON (i.spa_id, i.id) = (m.spa_id, m.owed_invoice_id)
        WHERE m.asked_at > i.settled_at""",
    "a client has a card for every card that was promised to be current": """
        SELECT c.client_id FROM card c WHERE c.role = 'current' GROUP BY c.spa_id, c.client_id HAVING count(*) > 1""",
}


def _rows(house: House) -> Iterator[str]:
    for name, query in QUERIES.items():
        if found := house.rows(f"{query} LIMIT 1"):
            yield f"{name}: {found[0][0]}"


def _dates(house: House) -> Iterator[str]:
    """I23: every invoice is due on its cycle's day, and no cycle is left out between the first and the last."""
    rows = house.rows(
        """SELECT i.membership_id, i.cycle, i.due_on, m.anchor_on, v.cycle_months FROM invoice i
           JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
           JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)"""
    )
    cycles: dict[object, set[int]] = defaultdict(set)
    for membership, cycle, due_on, anchor_on, months in rows:
        cycles[membership].add(int(str(cycle)))
        if due_on != cycle_date(date.fromisoformat(str(anchor_on)), int(str(cycle)) * int(str(months))):
            yield f"cycle {cycle} of membership {membership} is due on {due_on}"
    for membership, seen in cycles.items():
        if seen != set(range(min(seen), max(seen) + 1)):
            yield f"membership {membership} has a cycle missing: {sorted(seen)}"


STEP: Mapping[str, Callable[[House], Iterator[str]]] = {
    "charged once": _charged_once,
    "taken is booked": _taken_is_booked,
    "asked is written": _asked_is_written,
    "books": _books,
    "rows": _rows,
    "dates": _dates,
}


def check(house: House) -> int:
    """Raise `BrokenError` with the first thing that is not so. Returns how many checks were made."""
    for name, look in STEP.items():
        for broken in look(house):
            raise BrokenError(f"{name}: {broken}")
    return len(STEP) - 1 + len(QUERIES) + len(verification.CHECKS) - 1


def check_settled(house: House) -> int:
    """Once the faults have stopped and a day has gone by: nothing is in doubt, unsaid or undone (I13, I21)."""
    late = house.clock.now() - timedelta(hours=24)
    queries = {
        "an attempt is in doubt": "SELECT id FROM charge_attempt WHERE status IN ('asked', 'unanswered')",
        "an event is not applied": "SELECT id FROM provider_event WHERE status IN ('kept', 'dead')",
        "a message is not sent": "SELECT id FROM outbound_message WHERE status = 'waiting'",
        "a step is overdue": "SELECT case_id FROM dunning_step WHERE done_at IS NULL AND due_at < %(late)s",
        "somebody owes and was not told, and nobody is to tell them": """
            SELECT c.id FROM dunning_case c WHERE c.closed_at IS NULL AND c.told_at IS NULL
               AND c.opened_at < %(late)s AND c.rule NOT IN ('review', 'check') AND NOT EXISTS (
                   SELECT 1 FROM staff_task t WHERE t.spa_id = c.spa_id AND t.key = 'not_told:' || c.invoice_id)""",
    }
    with house.rt.unit_of_work() as uow:
        for name, query in queries.items():
            if row := uow.sql(f"{query} LIMIT 1", {"late": late}).fetchone():
                raise BrokenError(f"{name}: {row[0]}")
    return len(queries)
