"""The page Stripe would host, with TEST all over it: a card is typed here, and nowhere else."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_cards import CARDS
from assistant.sandbox.stripe_objects import Facts
from assistant.sandbox.stripe_pages import Turn
from assistant.sandbox.world import World

EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/ -]?\s*(?:20)?(\d{2})\s*")
ANY_EXPIRY = (12, 2034)
PAST = "Your card's expiration date is in the past."
AUTHENTICATED = {"yes": True, "no": False}
POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {addresses}"
)


def checkout(world: World, book: StripeBook) -> Blueprint:
    """The hosted page of each session; it works without a script."""
    bp = Blueprint("checkout", __name__, url_prefix="/checkout")

    @bp.get("/pay/<page_id>")
    def page(page_id: str) -> ResponseReturnValue:
        return _shown(book, page_id)

    @bp.post("/pay/<page_id>")
    def pay(page_id: str) -> ResponseReturnValue:
        return _typed(world, book, page_id)

    return bp


def _typed(world: World, book: StripeBook, page_id: str) -> ResponseReturnValue:
    form = request.form
    session = book.page(page_id)
    if session is None:
        return _shown(book, page_id)
    expires = _expiry(form.get("expiry", ""))
    now = book.clock.now()
    if (expires[1], expires[0]) < (now.year, now.month):
        return _shown(book, page_id, problem=PAST, status=402)
    authenticates = AUTHENTICATED.get(form.get("authenticate", ""))
    typed = book.type_card(page_id, form.get("number", ""), authenticates=authenticates, expires=expires)
    world.bell.set()
    match typed.turn:
        case Turn.DONE:
            return _back(session["success_url"].replace("{CHECKOUT_SESSION_ID}", page_id))
        case Turn.ASKS:
            return _shown(book, page_id, asks=True)
        case Turn.DECLINED:
            return _shown(book, page_id, problem=typed.words, status=402)
    return _shown(book, page_id)


def _shown(
    book: StripeBook, page_id: str, *, problem: str = "", asks: bool = False, status: int = 200
) -> ResponseReturnValue:
    session = book.page(page_id)
    if session is None:
        return "There is no such page.", 404
    if session["status"] == "expired":
        status = 410
    words = render_template(
        "checkout.html",
        session=session,
        locale="es" if str(session.get("locale") or "").startswith("es") else "en",
        problem=problem,
        asks=asks,
        form=request.form,
        cards=CARDS,
        action=url_for("checkout.pay", page_id=page_id),
    )
    return _guarded(make_response(words, status), session)


def _guarded(response: Response, session: Facts) -> Response:
    """A browser follows a form only to where the page says it may end up."""
    ends = {_origin(session[name]) for name in ("success_url", "cancel_url") if session.get(name)}
    response.headers["Content-Security-Policy"] = POLICY.format(addresses=" ".join(sorted(ends)))
    return response


def _back(address: str) -> Response:
    response = make_response(redirect(address, 303))
    return _guarded(response, {"success_url": address})


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _expiry(typed: str) -> tuple[int, int]:
    """The month and the year; any far-off one for what cannot be read."""
    found = EXPIRY.fullmatch(typed)
    if not found or not 1 <= int(found[1]) <= 12:
        return ANY_EXPIRY
    return int(found[1]), 2000 + int(found[2])
