"""Stripe's side of the sandbox for scripts: read its book, break things, give money back. All JSON."""

from dataclasses import asdict, fields
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from assistant.sandbox.scripts import asked_for, whole_number, words
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.world import World

BOOK = {
    "customers": "customer",
    "cards": "payment_method",
    "payments": "payment_intent",
    "charges": "charge",
    "pages": "checkout.session",
    "refunds": "refund",
    "disputes": "dispute",
    "events": "event",
}
CODES = tuple(field.name for field in fields(Verdict))


def stripe_scripts(world: World, book: StripeBook) -> Blueprint:
    """Doors under /sandbox/stripe. A mistake in a request is a 400 with one plain sentence in `error`."""
    bp = Blueprint("stripe_scripts", __name__, url_prefix="/sandbox/stripe")

    @bp.errorhandler(ValueError)
    def mistaken(error: ValueError) -> ResponseReturnValue:
        return jsonify(error=str(error)), 400

    @bp.after_request
    def ring(response: Response) -> Response:
        world.bell.set()
        return response

    @bp.get(f"/<any({', '.join(BOOK)}):noun>")
    def read(noun: str) -> ResponseReturnValue:
        found = book.all(BOOK[noun], account=_account(), customer=request.args.get("customer"))
        return jsonify({noun: found})

    _cards(bp, book)
    _money(bp, book)
    _weather(bp, book)
    return bp


def _cards(bp: Blueprint, book: StripeBook) -> None:
    @bp.post("/cards")
    def add_card() -> ResponseReturnValue:
        asked = asked_for()
        return jsonify(id=book.add_card(words(asked, "customer"), words(asked, "card"), account=_account())), 201

    @bp.post("/cards/<id_>/renew")
    def renew(id_: str) -> ResponseReturnValue:
        asked = asked_for()
        number = words(asked, "number") if asked.get("number") else None
        return jsonify(book.renew_card(id_, account=_account(), number=number))

    @bp.post("/behaviours")
    def behave() -> ResponseReturnValue:
        asked = asked_for()
        coming = [_verdict(each) for each in asked.get("coming") or ()]
        standing = asked.get("standing")
        book.behave(words(asked, "card"), *coming, standing=None if standing is None else _verdict(standing))
        return jsonify(ok=True)

    @bp.post("/pages/<id_>/card")
    def type_card(id_: str) -> ResponseReturnValue:
        asked = asked_for()
        typed = book.type_card(id_, words(asked, "number"), authenticates=asked.get("authenticates", True) is True)
        return jsonify(asdict(typed))


def _money(bp: Blueprint, book: StripeBook) -> None:
    @bp.post("/refunds")
    def refund() -> ResponseReturnValue:
        asked = asked_for()
        cents = whole_number(asked, "cents", 0) or None
        return jsonify(book.refund(words(asked, "payment"), cents, account=_account())), 201

    @bp.post("/disputes")
    def dispute() -> ResponseReturnValue:
        asked = asked_for()
        status = words(asked, "status") if asked.get("status") else "needs_response"
        return jsonify(book.open_dispute(words(asked, "charge"), account=_account(), status=status)), 201

    @bp.post("/disputes/<id_>/close")
    def close(id_: str) -> ResponseReturnValue:
        return jsonify(book.close_dispute(id_, words(asked_for(), "outcome"), account=_account()))


def _weather(bp: Blueprint, book: StripeBook) -> None:
    @bp.route("/faults", methods=["GET", "POST", "DELETE"])
    def faults() -> ResponseReturnValue:
        if request.method == "DELETE":
            book.faults.lift()
        if request.method == "POST":
            book.faults.add(_trouble(asked_for()))
        return jsonify(faults=[asdict(each) for each in book.faults.all()])

    @bp.route("/limits", methods=["GET", "POST"])
    def limits() -> ResponseReturnValue:
        if request.method == "POST":
            asked = asked_for()
            book.limit(*(whole_number(asked, name, 0) or None for name in ("overall", "endpoint")))
        return jsonify(**asdict(book.limits), turned_away=book.limited)


def _account() -> str | None:
    return request.args.get("account") or None


def _verdict(given: object) -> Verdict:
    """Of an object with any of a verdict's fields; an empty one is a yes."""
    if not isinstance(given, dict) or not set(given) <= set(CODES):
        raise ValueError(f"What a card does is an object with any of: {', '.join(CODES)}.")
    return Verdict(**given)


def _trouble(asked: dict[str, Any]) -> Trouble:
    known = {each.value for each in StripeFault}
    if asked.get("kind") not in known:
        raise ValueError(f"'kind' must be one of: {', '.join(sorted(known))}.")
    return Trouble(
        StripeFault(asked["kind"]),
        customer=words(asked, "customer") if asked.get("customer") else None,
        on=words(asked, "on") if asked.get("on") else None,
        milliseconds=whole_number(asked, "milliseconds", 0),
        times=None if asked.get("times", 1) is None else whole_number(asked, "times", 1),
    )
