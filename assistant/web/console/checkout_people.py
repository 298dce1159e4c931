"""Checkout for who is new: writing them down, and joining a plan on the way to paying."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from assistant.db.spas import credit_words
from assistant.domain import joining
from assistant.domain.billing import Cause, Collection, PaidBy
from assistant.domain.joining import JoinQuote
from assistant.domain.permissions import Permission
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import UnitOfWork
from assistant.services import charges, desk_views, joins, new_clients, once, plans
from assistant.services.joins import Member
from assistant.services.new_clients import Known, Wanted
from assistant.web.console import accounts, bp, carts, shown, till_words
from assistant.web.console.policy import allowed, desk
from assistant.web.here import here

__all__ = ["bp"]

LONGEST = 64
PAYS = {"card": None, "terminal": PaidBy.TERMINAL, "cash": PaidBy.CASH, "cheque": PaidBy.CHEQUE}


@bp.get("/<int:spa_id>/checkout/new")
@allowed(Permission.CHECKOUT)
def checkout_new() -> ResponseReturnValue:
    """Who is new; what was searched for is filled in."""
    first, _, last = request.args.get("name", "")[: new_clients.LONGEST].strip().partition(" ")
    typed = {"first_name": first, "last_name": last} if first.replace("-", "").isalpha() else {}
    return shown("checkout_new", typed=typed, wrong={}, known=(), area="checkout")


@bp.post("/<int:spa_id>/checkout/new")
@allowed(Permission.CHECKOUT)
def checkout_created() -> ResponseReturnValue:
    """Write them down once, and on to their cart."""
    typed = {name: value[: new_clients.LONGEST].strip() for name, value in request.form.items()}
    wanted = Wanted(
        first_name=typed.get("first_name", ""),
        last_name=typed.get("last_name", ""),
        phone=typed.get("phone", ""),
        email=typed.get("email", ""),
        spanish=typed.get("locale") == "es",
        texts="texts" in typed,
        shares="shares" in typed,
    )
    token, spa_id = typed.get("once", ""), desk().spa_id
    if (wrong := wanted.wrong()) or not carts.is_token(token):
        return shown("checkout_new", status=422, typed=typed, wrong=wrong, known=(), area="checkout")
    made = here().runtime.transact(lambda uow: _create(uow, wanted, token))
    if isinstance(made, Known):
        return shown("checkout_new", status=409, typed=typed, wrong={}, known=made.clients, area="checkout")
    return redirect(url_for("console.checkout_sale", spa_id=spa_id, client_id=made), 303)


def _create(uow: UnitOfWork, wanted: Wanted, token: str) -> int | Known:
    """Once for its form: whoever sends it again comes to the one that was made."""
    spa_id, actor = desk().spa_id, desk().actor
    before = once.said_before(uow, spa_id, token, actor=actor)
    if before:
        return int(before)
    made = new_clients.create(uow, spa_id, wanted, actor=actor)
    if isinstance(made, Known):
        uow.sql("DELETE FROM staff_act WHERE spa_id = %s AND token = %s", (spa_id, token))
        return made
    once.say(uow, spa_id, token, str(made))
    return made


# --- joining on the way to paying -------------------------------------------------------------------------------------


@bp.get("/<int:spa_id>/checkout/<int:client_id>/join")
@allowed(Permission.CHECKOUT)
def checkout_join(client_id: int) -> ResponseReturnValue:
    """What joining would be, in the very words that are agreed to."""
    return _page(client_id)


@bp.post("/<int:spa_id>/checkout/<int:client_id>/join")
@allowed(Permission.CHECKOUT)
def checkout_joined(client_id: int) -> ResponseReturnValue:
    """A member at once, and back to the cart, which has member prices now."""
    if request.form.get("pays") not in PAYS or "agreed" not in request.form:
        return _page(client_id, status=422, wrong="Let them read it, tick that they agree, and say what pays for it.")
    paid_by = PAYS[request.form["pays"]]
    made = here().runtime.transact(lambda uow: _join(uow, client_id, paid_by))
    match made:
        case Member(membership_id, invoice_id):
            if invoice_id is not None and paid_by is None:
                accounts.let_go()
                charges.attempt(here().runtime, desk().spa_id, invoice_id, Cause.STAFF)
            _say_how_it_went(membership_id)
        case joining.Refusal(joining.JoinRefusal.HAS_IT):
            flash("They are a member on that plan.", "success")
        case joining.Refusal(reason):
            return _page(client_id, status=422, wrong=till_words.WHY_NO_JOIN[reason])
        case _:
            return _page(client_id, status=409, wrong="The terms are not as they were shown. This is how they are now.")
    kept: dict[str, Any] = dict(carts.filled(request.args).fields())
    return redirect(url_for("console.checkout_sale", spa_id=desk().spa_id, client_id=client_id, **kept), 303)


def _join(uow: UnitOfWork, client_id: int, paid_by: PaidBy | None) -> Member | joins.Stale | joining.Refusal:
    """Only by the words that were shown."""
    spa_id, plan = desk().spa_id, _plan()
    quote = joins.quote_join(uow, spa_id, client_id, plan)
    if isinstance(quote, joining.Refusal):
        return quote
    if joins.terms(uow, spa_id, quote, "en", by_card=paid_by is None).hash != request.form.get("hash"):
        return joins.Stale(quote)
    collection = Collection.MANUAL if paid_by else Collection.CARD
    return joins.joined(uow, spa_id, client_id, quote, actor=desk().actor, collection=collection, paid_by=paid_by)


def _plan() -> str:
    return request.args.get("plan", "")[:LONGEST]


def _say_how_it_went(membership_id: int) -> None:
    spa_id = desk().spa_id
    [[standing]] = here().runtime.transact(
        lambda uow: uow.sql(
            "SELECT standing FROM membership WHERE spa_id = %s AND id = %s", (spa_id, membership_id)
        ).fetchall()
    )
    if standing == "active":
        flash("They are a member: member prices and credits are in the cart now.", "success")
    else:
        flash("The membership begins once its first payment is there: the card did not pay it yet.", "error")


def _page(client_id: int, *, status: int = 200, wrong: str = "") -> ResponseReturnValue:
    spa_id = desk().spa_id
    with here().runtime.unit_of_work() as uow:
        who = desk_views.visitor(uow, spa_id, client_id) or abort(404)
        offered = plans.on_offer(uow, spa_id)
        chosen = _plan() or (offered[0].code if offered else "")
        quote = joins.quote_join(uow, spa_id, client_id, chosen)
        how = request.args.get("how") if request.args.get("how") in {"card", "desk"} else "card" if who.card else "desk"
        words, banks = None, ""
        if isinstance(quote, JoinQuote):
            words = joins.terms(uow, spa_id, quote, "en", by_card=how == "card")
            held = credit_words(uow, spa_id, "en")
            banks = ", ".join(in_words(Credits.of(held, each.unit, each.amount)) for each in quote.banks)
        else:
            wrong = wrong or till_words.WHY_NO_JOIN[quote.reason]
    return shown(
        "checkout_join",
        status=422 if wrong and status == 200 else status,
        who=who,
        plans=[(each.code, each.name) for each in offered],
        chosen=chosen,
        quote=quote if isinstance(quote, JoinQuote) else None,
        how=how,
        words=words,
        banks=banks,
        wrong=wrong,
        fields=carts.filled(request.args).fields(),
        area="checkout",
    )
