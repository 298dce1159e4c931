"""What `assistant refund` and `assistant disputes` do."""

import argparse
import json
import sys
from collections.abc import Iterator

from assistant.cli import house
from assistant.db.spas import credit_words
from assistant.domain.credits import MILLI
from assistant.domain.ledger import USD
from assistant.domain.money import Money
from assistant.domain.refunds import RefundQuote, RefundRefusal, Refused
from assistant.gateways.ports import NotGiven, Unanswered
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import refundable, refunds
from assistant.services.refunds import Done, Refunded, Stale

WHY = {
    RefundRefusal.DISPUTED: "The bank has this payment in hand: answer the dispute, and refund nothing.",
    RefundRefusal.NOTHING_LEFT: "Nothing of it is left: it went back already, or what it bought was used.",
    RefundRefusal.TOO_MUCH: "At most {most} can go back.",
    RefundRefusal.NOT_PAID: "It was not paid.",
    RefundRefusal.IN_DOUBT: "An earlier charge or refund is being looked up: try again in a few minutes.",
    RefundRefusal.NEEDS_MANAGER: "A manager must say yes: --approved-by NAME.",
    RefundRefusal.OF_A_TICKET: "It paid for a ticket: refund that with --ticket.",
}
ACCOUNTS = {
    "deferred": "of unused credit",
    "access": "of access not given yet",
    "revenue": "of what was earned",
    "tax": "of tax",
    "tips": "of the tip",
    "goodwill": "for used credit",
    "owed_back": "that nobody owed",
}
OWNER = {
    "invoice": "SELECT spa_id, id FROM invoice WHERE id = %s",
    "ticket": "SELECT spa_id, id FROM ticket WHERE id = %s",
    "mistake": "SELECT spa_id, id FROM charge_attempt WHERE id = %s",
    "member": """SELECT spa_id, id FROM invoice WHERE client_id = %s AND kind = 'dues' AND status = 'paid'
                 ORDER BY paid_at DESC, id DESC LIMIT 1""",
}


def refund(chosen: argparse.Namespace) -> int:
    """Print what goes back, and with --yes give it. 0 when that is done, 1 when it is not, 2 when it cannot be."""
    rt = house.runtime()
    what = next(name for name in OWNER if getattr(chosen, name) is not None)
    named = getattr(chosen, what)
    with rt.unit_of_work() as uow:
        found = uow.sql(OWNER[what], (named,)).fetchone()
    if found is None:
        said = f"Client {named} has no paid cycle." if what == "member" else f"There is no {what} {named}."
        return _failed(said, 2)
    spa_id, id_ = found
    if what == "mistake":
        return _mistake(rt, spa_id, id_, chosen)
    return _ticket(rt, spa_id, id_, chosen) if what == "ticket" else _invoice(rt, spa_id, id_, chosen)


def _invoice(rt: Runtime, spa_id: int, invoice_id: int, chosen: argparse.Namespace) -> int:
    with rt.unit_of_work() as uow:
        quote = refunds.quote_refund(uow, spa_id, invoice_id, chosen.cents, forced=chosen.forced, actor=chosen.by)
        lines = [] if isinstance(quote, Refused) else [_invoice_line(uow, invoice_id), *_told(uow, spa_id, quote)]
    if isinstance(quote, Refused):
        return _refused(quote)
    print("\n".join(lines))
    if not chosen.yes:
        return _nothing_done()
    done = refunds.refund(
        rt,
        spa_id,
        invoice_id,
        quote,
        actor=chosen.by,
        reason=chosen.reason or "no reason given",
        approved_by=chosen.approved_by,
    )
    return _became(done)


def _ticket(rt: Runtime, spa_id: int, ticket_id: int, chosen: argparse.Namespace) -> int:
    with rt.unit_of_work() as uow:
        quote = refundable.ticket_quote(uow, spa_id, ticket_id, chosen.cents, actor=chosen.by)
        lines = [] if isinstance(quote, Refused) else [f"Ticket {ticket_id}", *_told(uow, spa_id, quote)]
    if isinstance(quote, Refused):
        return _refused(quote)
    print("\n".join(lines))
    if not chosen.yes:
        return _nothing_done()
    why = {"actor": chosen.by, "reason": chosen.reason or "no reason given", "approved_by": chosen.approved_by}
    return _became(refunds.refund_ticket(rt, spa_id, ticket_id, quote.cents, **why))


def _mistake(rt: Runtime, spa_id: int, attempt_id: int, chosen: argparse.Namespace) -> int:
    if not chosen.yes:
        print(f"All of attempt {attempt_id} that nobody owed goes back to the card.")
        return _nothing_done()
    reason = chosen.reason or "taken by mistake"
    return _became(refunds.mistaken(rt, spa_id, attempt_id, actor=chosen.by, reason=reason))


def _invoice_line(uow: UnitOfWork, invoice_id: int) -> str:
    [[client, name, kind, cycle, due_on, cents, paid_by]] = uow.sql(
        """SELECT c.id, c.first_name || ' ' || c.last_name, i.kind, i.cycle, i.due_on, i.dues_cents + i.setup_fee_cents,
                  i.paid_by
           FROM invoice i JOIN client c ON (c.spa_id, c.id) = (i.spa_id, i.client_id) WHERE i.id = %s""",
        (invoice_id,),
    ).fetchall()
    what = f"cycle {cycle} of {due_on}" if kind == "dues" else f"order of {due_on}"
    return f"{name} (client {client}), invoice {invoice_id}: {what}, {Money(cents)} paid by {paid_by}"


def _told(uow: UnitOfWork, spa_id: int, quote: RefundQuote) -> Iterator[str]:
    """What goes back, out of what, and what becomes of the credit: a line each."""
    words = credit_words(uow, spa_id, "en")
    yield _line("goes back", Money(quote.cents), "to the card" if quote.tender == "card" else f"by {quote.tender}")
    for name, said in ACCOUNTS.items():
        if part := getattr(quote.parts, name):
            yield _line("", Money(part), said)
    for take in quote.takes:
        if take.amount:
            yield _line("taken back", _amount(words, take.unit, take.amount), f"client {take.client_id}")
        else:
            yield _line("stays", _amount(words, take.unit, 0), f"{Money(take.cents)} less behind it")
    if quote.used_cents and not quote.claims:
        yield _line("stays paid", Money(quote.used_cents), "was used")
    for claim in quote.claims:
        yield _line("claimed", _amount(words, claim.unit, claim.amount), "from the next grants")
    yield _line("left after", Money(quote.left_cents), "")
    if quote.needs_manager:
        yield "  a manager must say yes"


def _line(what: str, much: object, said: str) -> str:
    return f"  {what:<12}{much!s:>18}  {said}".rstrip()


def _amount(words: dict[str, tuple[str, str]], unit: str, amount: int) -> str:
    if unit == USD:
        return str(Money(amount))
    one, many = words.get(unit, (unit, unit))
    return one if not amount else f"{amount / MILLI:g} {one if amount == MILLI else many}"


def _became(done: Done) -> int:
    match done:
        case Refunded(refund_id, cents, tender):
            print(
                f"Refund {refund_id}: {Money(cents)} goes back {'to the card' if tender == 'card' else f'by {tender}'}."
            )
            return 0
        case Stale():
            return _failed("It changed a moment ago: ask again, and see what goes back now.", 1)
        case Refused():
            return _refused(done)
        case NotGiven(reason):
            return _failed(f"The processor refused: {reason}. Nothing went back.", 1)
        case Unanswered():
            return _failed("The processor did not answer: it is looked up, and never given twice.", 1)


def _refused(refused: Refused) -> int:
    return _failed(WHY[refused.why].format(most=Money(refused.most_cents)), 1)


def _nothing_done() -> int:
    print("Nothing is done yet: --yes gives it back.")
    return 0


def _failed(said: str, code: int) -> int:
    print(said, file=sys.stderr)
    return code


# --- disputes --------------------------------------------------------------------------------------------------------


def disputes(_chosen: argparse.Namespace) -> int:
    """Every dispute, the open ones first, with the last day for the evidence."""
    with house.runtime().unit_of_work() as uow:
        rows = uow.sql(
            """SELECT d.id, d.status, d.cents, d.reason, c.first_name || ' ' || c.last_name, d.client_id, d.invoice_id,
                      d.due_at, d.opened_at FROM dispute d JOIN client c ON (c.spa_id, c.id) = (d.spa_id, d.client_id)
               ORDER BY d.status <> 'open', d.opened_at DESC, d.id DESC"""
        ).fetchall()
    for id_, status, cents, reason, name, client_id, invoice_id, due_at, opened_at in rows:
        due = f"evidence by {due_at:%Y-%m-%d}" if due_at and status == "open" else ""
        who = f"{name} (client {client_id})"
        print(
            f"{id_:>6}  {status:<5} {Money(cents)!s:>10}  {opened_at:%Y-%m-%d}  {who:<32} invoice {invoice_id}"
            f"  {reason}  {due}".rstrip()
        )
    if not rows:
        print("No dispute.")
    return 0


def pack(chosen: argparse.Namespace) -> int:
    """Print the evidence of a dispute as JSON."""
    with house.runtime().unit_of_work() as uow:
        row = uow.sql("SELECT pack FROM dispute WHERE id = %s", (chosen.dispute,)).fetchone()
    if row is None:
        return _failed(f"There is no dispute {chosen.dispute}.", 2)
    print(json.dumps(row[0], indent=2, ensure_ascii=False))
    return 0
