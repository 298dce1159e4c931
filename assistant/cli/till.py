"""What `assistant checkout` and `assistant ticket` do."""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from secrets import token_hex
from zoneinfo import ZoneInfo

from assistant.cli import house
from assistant.db.spas import credit_words
from assistant.domain.checkout import Cart
from assistant.domain.money import Money
from assistant.domain.tickets import Refusal, Tender
from assistant.messages import till
from assistant.messages.till import Words
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import checkout, open_tickets, tickets, voids
from assistant.services.checkout import CardDeclined, InDoubt, Outcome, Sold, Stale, Went
from assistant.services.voids import GoingBack, Voided


def sell(chosen: argparse.Namespace) -> int:
    """Print what it comes to, and with --yes take it. 0 when that is done, 1 when it is not, 2 when it cannot be."""
    rt = house.runtime()
    found = rt.transact(lambda uow: _spa_and_words(uow, "client", chosen.member))
    if found is None:
        return _failed(f"There is no client {chosen.member}.", 2)
    spa_id, words, zone = found
    cart = Cart(
        lines=tuple(chosen.lines),
        tip_cents=chosen.tip,
        booked_on=chosen.booked,
        booking=chosen.booking,
        late_because=chosen.because,
    )
    quoted = rt.transact(lambda uow: checkout.quote(uow, spa_id, chosen.member, cart, on=chosen.on))
    if isinstance(quoted, Refusal):
        return _failed(till.refusal(quoted), 2)
    _print(till.told(words, quoted))
    if not chosen.yes:
        return 0
    key, tender = chosen.key or f"cli-{token_hex(8)}", Tender(chosen.tender)
    became = checkout.commit(rt, spa_id, chosen.member, cart, quoted, key=key, tender=tender, actor=chosen.by)
    return _became(words, zone, became)


def show(chosen: argparse.Namespace) -> int:
    """Print a ticket as it was accepted, and what has become of it."""
    return _with_ticket(chosen, lambda rt, spa_id, words, _: _show(rt, spa_id, chosen.ticket, words))


def _show(rt: Runtime, spa_id: int, ticket_id: int, words: Words) -> int:
    ticket = rt.transact(lambda uow: tickets.find(uow, spa_id, ticket_id))
    if ticket is None:
        return _failed(f"There is no ticket {ticket_id}.", 2)
    print(f"Ticket {ticket.id}, {ticket.status}, by {ticket.tender}, sold by {ticket.actor}")
    _print(till.told(words, ticket.quote))
    if ticket.declined:
        print(f"  {till.card_said(ticket.declined)}")
    if ticket.voided_by:
        print(f"  {'voided' if ticket.status == 'void' else 'to be void'}, by {ticket.voided_by}: {ticket.void_reason}")
    return 0


def pay(chosen: argparse.Namespace) -> int:
    """Pay an open ticket with something else, or ask the card on file once more."""

    def act(rt: Runtime, spa_id: int, words: Words, zone: str) -> int:
        tender = Tender(chosen.tender)
        became = open_tickets.pay_otherwise(rt, spa_id, chosen.ticket, tender, actor=chosen.by)
        return _became(words, zone, became)

    return _with_ticket(chosen, act)


def abandon(chosen: argparse.Namespace) -> int:
    """Let an open ticket go, and its credit with it."""

    def act(rt: Runtime, spa_id: int, words: Words, zone: str) -> int:
        became = rt.transact(lambda uow: open_tickets.abandon(uow, spa_id, chosen.ticket, actor=chosen.by))
        if became is not None:
            return _became(words, zone, became)
        print(f"Ticket {chosen.ticket} is let go; what it held is free again.")
        return 0

    return _with_ticket(chosen, act)


def void(chosen: argparse.Namespace) -> int:
    """Take back a paid ticket: the money, the sale, and each use of credit."""

    def act(rt: Runtime, spa_id: int, words: Words, _zone: str) -> int:
        became = voids.void(
            rt, spa_id, chosen.ticket, actor=chosen.by, reason=chosen.reason, approved_by=chosen.approved_by
        )
        match became:
            case Voided(ticket_id, money, lefts):
                back = [str(Money(money)), *(till.amount(words, each) for each in lefts)]
                print(f"Ticket {ticket_id} is void: {' and '.join(back)} went back.")
            case GoingBack(ticket_id):
                print(f"Ticket {ticket_id}: the money is on its way back; the ticket is void once that is certain.")
            case Refusal() as refused:
                return _failed(till.refusal(refused), 1)
        return 0

    return _with_ticket(chosen, act)


def _became(words: Words, zone: str, became: Outcome) -> int:
    match became:
        case Sold(ticket_id, tender, quote):
            print(f"Ticket {ticket_id} is paid: {Money(quote.bill.total_cents)} by {tender}.")
            return 0
        case Stale(quote, changes, went):
            told = [till.change(words, each) for each in changes] + [_went(words, zone, each) for each in went]
            _failed(" ".join(["It is not as it was quoted, and nothing was taken.", *told]), 1)
            _print(till.told(words, quote))
        case CardDeclined(ticket_id, code):
            _failed(f"Ticket {ticket_id} is open. {till.card_said(code)}", 1)
        case InDoubt(ticket_id):
            _failed(f"Ticket {ticket_id}: the bank has not answered. Take nothing else: it is being looked up.", 1)
        case Refusal() as refused:
            return _failed(till.refusal(refused), 2)
    return 1


def _went(words: Words, zone: str, each: Went) -> str:
    at: datetime = each.at.astimezone(ZoneInfo(zone))
    amount = till.amount(words, each)
    who = f", by {each.actor}" if each.actor else ""
    return f"{amount} {'has been held since' if each.held else 'was used'} {at:%b %d %H:%M} for {each.by}{who}."


Act = Callable[[Runtime, int, Words, str], int]


def _with_ticket(chosen: argparse.Namespace, act: Act) -> int:
    rt = house.runtime()
    found = rt.transact(lambda uow: _spa_and_words(uow, "ticket", chosen.ticket))
    if found is None:
        return _failed(f"There is no ticket {chosen.ticket}.", 2)
    spa_id, words, zone = found
    return act(rt, spa_id, words, zone)


def _spa_and_words(uow: UnitOfWork, table: str, row_id: int) -> tuple[int, Words, str] | None:
    """Whose client or ticket it is: of any spa there is."""
    row = uow.sql(
        f"SELECT s.spa_id, s.zone FROM {table} t JOIN spa s ON s.spa_id = t.spa_id WHERE t.id = %s", (row_id,)
    ).fetchone()
    return (row[0], credit_words(uow, row[0], "en"), row[1]) if row else None


def _print(lines: Iterable[str]) -> None:
    for each in lines:
        print(each)


def _failed(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code
