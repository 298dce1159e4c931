"""Twilio's REST API for messages, as its SDK calls it: send, list, fetch and redact."""

from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from assistant.sandbox import wire
from assistant.sandbox.book import Lost, Order, Rejected, Search, Taken
from assistant.sandbox.world import World

MOST_PER_PAGE = 1000
LONGEST_VALIDITY = 36_000
UNAUTHENTICATED, UNKNOWN, INVALID = 20003, 20404, 20001


def rest(world: World) -> Blueprint:
    """The doors of one account; everything else is 401 or 404 in Twilio's own words."""
    bp = Blueprint("rest", __name__, url_prefix=f"{wire.API}/{world.account.sid}")

    @bp.before_request
    def authenticate() -> ResponseReturnValue | None:
        given = request.authorization
        if given and (given.username, given.password) == (world.account.sid, world.account.token):
            return None
        return _error(UNAUTHENTICATED)

    @bp.post("/Messages.json")
    def send() -> ResponseReturnValue:
        return _send(world)

    @bp.get("/Messages.json")
    def listed() -> ResponseReturnValue:
        try:
            return jsonify(_page(world))
        except ValueError:
            return _error(INVALID)

    @bp.get("/Messages/<sid>.json")
    def fetch(sid: str) -> ResponseReturnValue:
        message = world.book.message(sid)
        return _error(UNKNOWN) if message is None else jsonify(wire.resource(message, world.account.sid))

    @bp.post("/Messages/<sid>.json")
    def redact(sid: str) -> ResponseReturnValue:
        if request.form.get("Body") != "":
            return _error(INVALID)
        match world.book.redact(sid):
            case Rejected(code):
                return _error(code)
            case message:
                return jsonify(wire.resource(message, world.account.sid))

    return bp


def _send(world: World) -> ResponseReturnValue:
    form = request.form
    validity = form.get("ValidityPeriod", type=int)
    if "ValidityPeriod" in form and not 1 <= (validity or 0) <= LONGEST_VALIDITY:
        return _error(INVALID)
    order = Order(form.get("From", ""), form.get("To", ""), form.get("Body", ""), form.get("StatusCallback"), validity)
    if order.sender and order.sender not in world.book.numbers():
        world.numbers()  # it may belong to a spa that is newer than this process
    match world.book.send(order):
        case Taken(message):
            world.bell.set()
            return jsonify(wire.resource(message, world.account.sid)), 201
        case Rejected(code):
            return _error(code, sender=order.sender, to=order.to)
        case Lost(_, seconds):
            world.bell.set()
            sleep(seconds)
            return _broken()


def _page(world: World) -> dict[str, Any]:
    """One page of a search, with Twilio's links to the others."""
    size = min(request.args.get("PageSize", 50, type=int), MOST_PER_PAGE)
    number = request.args.get("Page", 0, type=int)
    found = world.book.search(_search())
    start = number * size
    shown = found[start : start + size]
    more = len(found) > start + size
    return {
        "first_page_uri": _uri(0, size),
        "next_page_uri": _uri(number + 1, size, token=f"PA{shown[-1].sid}") if more else None,
        "previous_page_uri": _uri(number - 1, size, token=f"PB{number}") if number else None,
        "uri": _uri(number, size),
        "page": number,
        "page_size": size,
        "start": start,
        "end": start + max(len(shown) - 1, 0),
        "messages": [wire.resource(message, world.account.sid) for message in shown],
    }


def _search() -> Search:
    """`DateSent`, `DateSent<` and `DateSent>` take a day or an instant in GMT; both ends are inclusive."""
    args = request.args
    sent_on, until, since = (args.get(f"DateSent{sign}") for sign in ("", "<", ">"))
    return Search(
        to=args.get("To"),
        sender=args.get("From"),
        sent_from=_instant(since or sent_on),
        sent_until=_instant(until or sent_on, end_of_day=True),
    )


def _instant(given: str | None, *, end_of_day: bool = False) -> datetime | None:
    if given is None:
        return None
    at = datetime.fromisoformat(given)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    whole_day = end_of_day and "T" not in given
    return at + timedelta(days=1, microseconds=-1) if whole_day else at


def _uri(page: int, size: int, *, token: str | None = None) -> str:
    kept = [(key, value) for key, value in request.args.items() if not key.startswith("Page")]
    paging = [("PageSize", str(size)), ("Page", str(page)), *([("PageToken", token)] if token else [])]
    return f"{request.path}?{urlencode(kept + paging)}"


def _error(code: int, *, sender: str = "", to: str = "") -> ResponseReturnValue:
    body, status = wire.error(code, sender=sender, to=to)
    return jsonify(body), status


def _broken() -> Response:
    return Response("<html>Internal Server Error</html>", 500, mimetype="text/html")
