"""Tickets: a day's list, each as its receipt, and taking one back in part or whole."""

from datetime import date, timedelta

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.spas import credit_words
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.domain.refunds import RefundQuote
from assistant.domain.tickets import CannotSell, Refusal, Tender
from assistant.messages import till
from assistant.runtime import UnitOfWork
from assistant.services import desk_views, open_tickets, refundable, ticket_views
from assistant.services.checkout import CardDeclined, InDoubt, Sold
from assistant.web.console import accounts, acts, bp, carts, shown, ticket_acts, till_words
from assistant.web.console.acts import Act, Ask, Cannot
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 200
LAST_PAGE = 200


@bp.get("/<int:spa_id>/tickets")
@allowed(Permission.CHECKOUT)
def tickets() -> ResponseReturnValue:
    """What was sold on a day, and what paid for it."""
    spa_id, typed = desk().spa_id, request.args.get("on", "")[:10]
    page = request.args.get("page", "1")[:3]
    at = min(max(int(page), 1), LAST_PAGE) if page.isascii() and page.isdigit() else 1
    with here().runtime.unit_of_work() as uow:
        today = desk_views.today_at(uow, desk().zone)
        on = _day(typed) or today
        listed = desk_views.tickets_of(uow, spa_id, on, at)
        taken = desk_views.taken_on(uow, spa_id, on)
    most = desk_views.MOST_TICKETS
    step = timedelta(days=1)
    return shown(
        "tickets",
        on=on,
        today=today,
        before=on - step if on > date.min else None,
        after=on + step if on < today else None,
        listed=listed[:most],
        more=len(listed) > most,
        page=at,
        taken=taken,
        area="checkout",
    )


def _day(typed: str) -> date | None:
    try:
        found = date.fromisoformat(typed)
    except ValueError:
        return None
    return found if found.year > 2000 else None


@bp.get("/<int:spa_id>/tickets/<int:ticket_id>")
@allowed(Permission.CHECKOUT)
def ticket(ticket_id: int) -> ResponseReturnValue:
    """The receipt, and what can be done with it."""
    return _page(ticket_id)


def _page(ticket_id: int, *, status: int = 200, wrong: str = "") -> ResponseReturnValue:
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        view = ticket_views.look(uow, spa_id, ticket_id) or abort(404)
        words = credit_words(uow, spa_id, "en")
        quote = refundable.ticket_quote(uow, spa_id, ticket_id, None) if view.ticket.status == "paid" else None
    back = quote if isinstance(quote, RefundQuote) else None
    return shown(
        "ticket",
        status=status,
        view=view,
        wrong=wrong,
        typed=request.form,
        why=lambda each: till.reason(words, each),
        amount=lambda unit, many: till.amount(words, _Held(unit, many)),
        card_said=till.card_said,
        back=back,
        may_void=_within(view.ticket.quote.bill.total_cents - view.back_cents),
        may_refund=desk().may(Permission.REFUND),
        tenders=till_words.TENDERS,
        area="checkout",
    )


class _Held:
    """So much of a unit."""

    def __init__(self, unit: str, amount: int) -> None:
        self.unit, self.amount = unit, amount


def _within(cents: int) -> bool:
    """Whether their own hand may give so much back."""
    return cents <= desk().limits.refund_cents


def _to(ticket_id: int) -> ResponseReturnValue:
    return redirect(url_for("console.ticket", spa_id=desk().spa_id, ticket_id=ticket_id), 303)


# --- what can be done with it -----------------------------------------------------------------------------------------


@bp.post("/<int:spa_id>/tickets/<int:ticket_id>/receipt")
@allowed(Permission.CHECKOUT)
def ticket_receipt(ticket_id: int) -> ResponseReturnValue:
    """The receipt once more, by text or email."""
    channel, token = request.form.get("channel", ""), request.form.get("once", "")
    if channel not in {"sms", "email"} or not carts.is_token(token):
        return _page(ticket_id, status=422, wrong="Choose how to send it.")

    def send(uow: UnitOfWork) -> bool:
        view = ticket_views.look(uow, desk().spa_id, ticket_id) or abort(404)
        return ticket_views.send_copy(uow, view, channel, token=token, actor=desk().actor)

    if not here().runtime.transact(send):
        return _page(ticket_id, status=422, wrong="It cannot be sent that way: print it.")
    flash("The receipt is on its way.", "success")
    return _to(ticket_id)


@bp.post("/<int:spa_id>/tickets/<int:ticket_id>/pay")
@allowed(Permission.CHECKOUT)
def ticket_pay(ticket_id: int) -> ResponseReturnValue:
    """An open one with something else, or the card once more."""
    given = request.form.get("tender", "")
    if given not in {str(each) for each in Tender}:
        return _page(ticket_id, status=422, wrong="Choose what pays it.")
    accounts.let_go()
    became = open_tickets.pay_otherwise(here().runtime, desk().spa_id, ticket_id, Tender(given), actor=desk().actor)
    match became:
        case Sold(_, tender, quote):
            flash(f"Paid: {Money(quote.bill.total_cents)}, {till_words.TENDERS[tender]}.", "success")
        case CardDeclined(_, code):
            flash(till.card_said(code), "error")
        case InDoubt():
            flash("The bank has not answered. Take nothing else: it is being looked up.", "error")
        case Refusal(CannotSell.NO_SUCH_TICKET):
            abort(404)
        case Refusal() as refused:
            return _page(ticket_id, status=409, wrong=till_words.refused(refused))
    return _to(ticket_id)


@bp.post("/<int:spa_id>/tickets/<int:ticket_id>/let-go")
@allowed(Permission.CHECKOUT)
def ticket_let_go(ticket_id: int) -> ResponseReturnValue:
    """An open one is off; what it held is free again."""
    spa_id, actor = desk().spa_id, desk().actor
    became = here().runtime.transact(lambda uow: open_tickets.abandon(uow, spa_id, ticket_id, actor=actor))
    match became:
        case InDoubt():
            return _page(ticket_id, status=409, wrong="The bank has not answered: it may yet be paid.")
        case Refusal(CannotSell.NO_SUCH_TICKET):
            abort(404)
        case Refusal() as refused:
            return _page(ticket_id, status=409, wrong=till_words.refused(refused))
    flash("The ticket is let go; what it held is free again.", "success")
    return _to(ticket_id)


@bp.post("/<int:spa_id>/tickets/<int:ticket_id>/void")
@allowed(Permission.CHECKOUT, fresh=True)
def ticket_void(ticket_id: int) -> ResponseReturnValue:
    """All of it: money, sale and credit. Above their own limit, another person is asked."""
    return _taken_back(ticket_acts.VOID, ticket_id)


@bp.post("/<int:spa_id>/tickets/<int:ticket_id>/refund")
@allowed(Permission.REFUND)
def ticket_refund(ticket_id: int) -> ResponseReturnValue:
    """Some of it, in money alone: the sale and its credit stay."""
    return _taken_back(ticket_acts.REFUND, ticket_id)


def _taken_back(act: Act, ticket_id: int) -> ResponseReturnValue:
    """Once for its form. What is wrong is said beside what was typed."""
    token, spa_id = request.form.get("once", ""), desk().spa_id
    with here().runtime.unit_of_work() as uow:
        view = ticket_views.look(uow, spa_id, ticket_id) or abort(404)
    if not carts.is_token(token):
        return _page(ticket_id, status=422, wrong="Send it from this page.")
    answers = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("reason", "amount")}
    ask = Ask(desk(), view.ticket.client_id, answers | {"ticket": str(ticket_id)}, token=token)
    outcome = here().runtime.transact(lambda uow: acts.done(uow, act, ask))
    if isinstance(outcome, Cannot):
        return _page(ticket_id, status=422, wrong=outcome.why)
    said = acts.told(spa_id, token, outcome)
    flash(said if isinstance(said, str) else said.why, "success" if isinstance(said, str) else "error")
    return _to(ticket_id)
