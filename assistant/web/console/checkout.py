"""Checkout: who it is, what they had, what it comes to and why, and taking exactly that once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.spas import credit_words
from assistant.db.staff_names import names_of
from assistant.domain import stored
from assistant.domain.money import Money
from assistant.domain.permissions import Permission
from assistant.domain.tickets import InsteadOf, Quote, Refusal, Tender
from assistant.messages import till
from assistant.messages.till import Words
from assistant.runtime import UnitOfWork
from assistant.services import checkout as desk_checkout
from assistant.services import desk_views, finding, held_sales, plans
from assistant.services.checkout import CardDeclined, InDoubt, Outcome, Sold, Stale
from assistant.services.desk_views import Visitor
from assistant.web.console import accounts, bp, carts, shown, till_words
from assistant.web.console.carts import Filled
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

TIPS = (15, 18, 20)
"""In percent of the list price: what a visit is worth, whatever paid for it."""
LONGEST = 64
TYPED_SINCE = "The cart was changed after it was worked out, so nothing was taken: this is what it comes to now."


@bp.get("/<int:spa_id>/checkout")
@allowed(Permission.CHECKOUT)
def checkout() -> ResponseReturnValue:
    """Who is it? And what was sold today."""
    typed = request.args.get("q", "")[: finding.LONGEST]
    spa_id, zone = desk().spa_id, desk().zone
    with here().runtime.unit_of_work() as uow:
        found = finding.find(uow, spa_id, typed) if typed.strip() else None
        on = desk_views.today_at(uow, zone)
        listed = desk_views.tickets_of(uow, spa_id, on)[:8] if found is None else []
        held = held_sales.waiting(uow, spa_id) if found is None else []
    return shown("checkout", typed=typed, found=found, most=finding.MOST, listed=listed, held=held)


@bp.get("/<int:spa_id>/checkout/<int:client_id>")
@allowed(Permission.CHECKOUT)
def checkout_sale(client_id: int) -> ResponseReturnValue:
    """The cart of somebody, and what it comes to."""
    return _page(client_id, carts.filled(request.args))


@bp.post("/<int:spa_id>/checkout/<int:client_id>")
@allowed(Permission.CHECKOUT)
def checkout_sold(client_id: int) -> ResponseReturnValue:
    """Take what was shown, once; what has changed since is shown anew, and nothing is taken."""
    form, token = carts.filled(request.form), request.form.get("once", "")
    if "hold" in request.form and form.lines:
        return _held(client_id, form)
    if "tender" not in request.form:
        return _onwards(client_id, form)
    accepted, tender = _accepted(request.form), _tender(request.form)
    if not (form.lines and form.is_right and accepted and tender and carts.is_token(token)):
        return _page(client_id, form, status=422, wrong="Look it over once more, and choose what pays it.")
    if form.cart() != accepted.cart:
        return _page(client_id, form, status=409, wrong=TYPED_SINCE)
    accounts.let_go()
    became = desk_checkout.commit(
        here().runtime,
        desk().spa_id,
        client_id,
        form.cart(),
        accepted,
        key=f"console-{token}",
        tender=tender,
        actor=desk().actor,
    )
    return _became(client_id, form, became)


def _onwards(client_id: int, form: Filled) -> ResponseReturnValue:
    """Anything but paying only changes the cart, which is in the address: nothing is done twice by loading it again."""
    kept: dict[str, Any] = dict(form.fields())
    if request.form.get("s"):
        kept["s"] = request.form["s"][:LONGEST]
    page = "checkout_sale"
    if request.form.get("join"):
        page, kept["plan"] = "checkout_join", request.form["join"][:LONGEST]
    return redirect(url_for(f"console.{page}", spa_id=desk().spa_id, client_id=client_id, **kept), 303)


def _held(client_id: int, form: Filled) -> ResponseReturnValue:
    """It waits as it was typed, and the next client is served."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        who = desk_views.visitor(uow, spa_id, client_id) or abort(404)
        held_sales.hold(uow, spa_id, client_id, form.fields(), actor=desk().actor)
    flash(f"The sale of {who.name} waits here.", "success")
    return redirect(url_for("console.checkout", spa_id=spa_id), 303)


@bp.post("/<int:spa_id>/checkout/<int:client_id>/let-go")
@allowed(Permission.CHECKOUT)
def checkout_let_go(client_id: int) -> ResponseReturnValue:
    """A sale that waits is not gone on with."""
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        if desk_views.visitor(uow, spa_id, client_id) is None:
            abort(404)
        held_sales.let_go(uow, spa_id, client_id)
    flash("It is let go: nothing was sold.", "success")
    return redirect(url_for("console.checkout", spa_id=spa_id), 303)


def _accepted(form: Mapping[str, str]) -> Quote | None:
    """The quote that was shown. It is only ever compared with what it is now: what is taken is priced anew."""
    try:
        return stored.read(Quote, json.loads(form.get("accepted", "")), "accepted")
    except (ValueError, KeyError, TypeError):
        return None


def _tender(form: Mapping[str, str]) -> Tender | None:
    given = form.get("tender", "")
    return Tender(given) if given in {str(each) for each in Tender} else None


def _became(client_id: int, form: Filled, became: Outcome) -> ResponseReturnValue:
    match became:
        case Sold(ticket_id, tender, quote):
            paid = f"Paid: {Money(quote.bill.total_cents)}, {till_words.TENDERS[tender]}."
            flash(paid if quote.bill.total_cents else "Done: there was nothing to pay.", "success")
        case CardDeclined(ticket_id, code):
            flash(till.card_said(code), "error")
        case InDoubt(ticket_id):
            flash("The bank has not answered. Take nothing else: it is being looked up.", "error")
        case Stale():
            return _page(client_id, form, status=409, stale=became)
        case Refusal() as why:
            return _page(client_id, form, status=422, wrong=till_words.refused(why))
    return redirect(url_for("console.ticket", spa_id=desk().spa_id, ticket_id=ticket_id), 303)


# --- the page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What the page of a sale shows of its quote."""

    quote: Quote | None = None
    accepted: str = ""
    wrong: str = ""
    joins: tuple[str, ...] = ()
    """Codes of the plans that can be joined: the one that saves most first."""


def _page(
    client_id: int, form: Filled, *, status: int = 200, wrong: str = "", stale: Stale | None = None
) -> ResponseReturnValue:
    spa_id, typed = desk().spa_id, request.args.get("s", "")[:LONGEST]
    with here().runtime.unit_of_work() as uow:
        who = desk_views.visitor(uow, spa_id, client_id) or abort(404)
        words = credit_words(uow, spa_id, "en")
        priced = _priced(uow, who, form, wrong)
        offered = desk_views.services(uow, spa_id, client_id, typed)
        held = None if form.lines else held_sales.of_client(uow, spa_id, client_id)
        names = desk_views.named(uow, spa_id, [each.code for each in form.lines])
        actors = {each.actor for each in stale.went if each.actor} if stale else set()
        changed = list(till_words.changed(words, stale, names_of(uow, spa_id, actors))) if stale else []
    return shown(
        "checkout_sale",
        status=422 if status == 200 and priced.wrong and form.lines else status,
        who=who,
        form=form,
        typed=typed,
        services=offered[: desk_views.MOST_SERVICES],
        more=len(offered) > desk_views.MOST_SERVICES,
        names=names,
        changed=changed,
        held=held,
        priced=priced,
        key=token_urlsafe(18),
        said=_said(words),
        tips=_tips(priced.quote),
        area="checkout",
    )


def _priced(uow: UnitOfWork, who: Visitor, form: Filled, wrong: str) -> Priced:
    spa_id = desk().spa_id
    if not (form.lines and form.is_right):
        return Priced(wrong=wrong)
    quote = desk_checkout.quote(uow, spa_id, who.client_id, form.cart(), on=form.day)
    if isinstance(quote, Refusal):
        return Priced(wrong=wrong or till_words.refused(quote))
    best = next((each.plan for each in quote.instead if each.why is InsteadOf.JOINED), "")
    offered = plans.on_offer(uow, spa_id) if quote.standing in (None, "ended") else []
    joins = tuple(each.code for each in sorted(offered, key=lambda each: each.name != best))
    return Priced(quote=quote, accepted=json.dumps(stored.written(quote)), wrong=wrong, joins=joins)


def _said(words: Words) -> dict[str, object]:
    """Reasons and amounts, in the till's own words."""
    return {"why": lambda each: till.reason(words, each), "amount": lambda each: till.amount(words, each)}


def _tips(quote: Quote | None) -> list[tuple[int, str]]:
    if quote is None or not quote.bill.list_cents:
        return []
    whole = quote.bill.list_cents
    return [(each, str(Money((whole * each + 50) // 100)).lstrip("$").replace(",", "")) for each in TIPS]
