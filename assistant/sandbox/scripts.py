"""The sandbox for scripts: send a text as a member, read a phone, break things, move the clock. All JSON."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from assistant.sandbox.book import TwilioBook
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.wire import Message
from assistant.sandbox.world import World


def scripts(world: World) -> Blueprint:
    """Doors under /sandbox. A mistake in a request is a 400 with one plain sentence in `error`."""
    bp = Blueprint("scripts", __name__, url_prefix="/sandbox")

    @bp.errorhandler(ValueError)
    def mistaken(error: ValueError) -> ResponseReturnValue:
        return jsonify(error=str(error)), 400

    @bp.post("/texts")
    def text() -> ResponseReturnValue:
        asked = asked_for()
        phone, body = words(asked, "from"), words(asked, "body", may_be_empty=True)
        number = words(asked, "to") if asked.get("to") else None
        message = world.receive(phone, number, body, media=whole_number(asked, "media", 0))
        return jsonify(shown(world.book, message)), 201

    @bp.get("/phones/<phone>/texts")
    def phone_texts(phone: str) -> ResponseReturnValue:
        return jsonify(phone=phone, texts=[shown(world.book, each) for each in world.book.thread(phone)])

    @bp.get("/numbers")
    def numbers() -> ResponseReturnValue:
        return jsonify(numbers=[{"phone": phone, "inbound_url": url} for phone, url in world.numbers().items()])

    @bp.route("/faults", methods=["GET", "POST", "DELETE"])
    def faults() -> ResponseReturnValue:
        if request.method == "DELETE":
            world.book.faults.lift()
        if request.method == "POST":
            world.book.faults.add(_fault(asked_for()))
        return jsonify(faults=[asdict(fault) for fault in world.book.faults.all()])

    @bp.route("/clock", methods=["GET", "POST"])
    def clock() -> ResponseReturnValue:
        if request.method == "POST":
            world.advance(timedelta(seconds=whole_number(asked_for(), "advance_seconds", 0)))
        return jsonify(now=world.clock.now().isoformat())

    return bp


def shown(book: TwilioBook, message: Message) -> dict[str, Any]:
    """A text as a script sees it; `to_phone` is one the member received."""
    return {
        "sid": message.sid,
        "direction": "from_phone" if message.is_inbound else "to_phone",
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "segments": message.segments,
        "media": message.media,
        "opt_out_type": message.opt_out_type,
        "sent_by_twilio": message.direction == "outbound-reply",
        "validity_seconds": message.validity_seconds,
        "at": message.created_at.isoformat(),
        "history": [asdict(step) | {"at": step.at.isoformat()} for step in book.history(message.sid)],
    }


def _fault(asked: dict[str, Any]) -> Fault:
    known = {each.value for each in FaultKind}
    if asked.get("kind") not in known:
        raise ValueError(f"'kind' must be one of: {', '.join(sorted(known))}.")
    return Fault(
        FaultKind(asked["kind"]),
        phone=words(asked, "phone") if asked.get("phone") else None,
        code=whole_number(asked, "code", 0),
        seconds=whole_number(asked, "seconds", 0),
        times=None if asked.get("times", 1) is None else whole_number(asked, "times", 1),
    )


def asked_for() -> dict[str, Any]:
    asked = request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise ValueError("Send a JSON object, with the header Content-Type: application/json.")  # noqa: TRY004 - a 400
    return asked


def words(asked: dict[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    given = asked.get(name)
    if not isinstance(given, str) or not (given or may_be_empty):
        raise ValueError(f"'{name}' must be text.")
    given.encode()  # a lone surrogate is a ValueError too
    return given


def whole_number(asked: dict[str, Any], name: str, default: int) -> int:
    given = asked.get(name, default)
    if not isinstance(given, int) or isinstance(given, bool):
        raise ValueError(f"'{name}' must be a whole number.")  # noqa: TRY004 - a 400
    return given
