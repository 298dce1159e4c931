"""SendGrid's API for mail, as its SDK calls it: one door."""

from threading import Event
from time import sleep

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from assistant.sandbox import sendgrid_facts
from assistant.sandbox.sendgrid_shapes import Lost, NotTaken, Taken
from assistant.sandbox.sendgrid_side import SendGridSide


def sendgrid_rest(side: SendGridSide, bell: Event) -> Blueprint:
    """`POST /v3/mail/send`."""
    bp = Blueprint("sendgrid_rest", __name__, url_prefix="/v3")

    @bp.post("/mail/send")
    def send() -> ResponseReturnValue:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not side.knows(key):
            return _no(401, [("", "The provided authorization grant is invalid, expired, or revoked")])
        if not request.is_json:
            return _no(415, [("", "Content-Type should be application/json.")])
        match side.book.send(request.get_json(silent=True)):
            case Taken(taken_as):
                bell.set()
                return Response(status=202, headers={"X-Message-Id": taken_as})
            case NotTaken(status, wrong):
                return _no(status, list(wrong))
            case Lost(seconds):
                bell.set()
                sleep(seconds)
                return Response("<html>Internal Server Error</html>", 500, mimetype="text/html")

    return bp


def _no(status: int, wrong: list[tuple[str, str]]) -> ResponseReturnValue:
    told, status = sendgrid_facts.error(status, wrong)
    return jsonify(told), status
