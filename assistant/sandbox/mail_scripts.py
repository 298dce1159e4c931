"""The inbox for scripts: send a mail as a member, read a box, press unsubscribe, let something happen to a mail."""

from typing import Any
from urllib.parse import unquote

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from assistant.sandbox import mail_desk
from assistant.sandbox.insight import InsightUnavailable
from assistant.sandbox.mail_desk import Draft
from assistant.sandbox.mail_posts import Form, Parts
from assistant.sandbox.mail_programs import Program
from assistant.sandbox.scripts import asked_for, words
from assistant.sandbox.sendgrid_shapes import Letter
from assistant.sandbox.sendgrid_side import SendGridSide
from assistant.sandbox.world import World


def mail_scripts(world: World, side: SendGridSide) -> Blueprint:
    """Doors under /sandbox. A mistake in a request is a 400 with one plain sentence in `error`."""
    bp = Blueprint("mail_scripts", __name__, url_prefix="/sandbox")

    @bp.errorhandler(ValueError)
    def mistaken(error: ValueError) -> ResponseReturnValue:
        return jsonify(error=str(error)), 400

    @bp.post("/mails")
    def mail() -> ResponseReturnValue:
        letter = mail_desk.send(side, _draft(world, asked_for()))
        world.bell.set()
        return jsonify(shown(letter)), 201

    @bp.get("/inboxes/<address>/mails")
    def box(address: str) -> ResponseReturnValue:
        whose = unquote(address)
        return jsonify(address=whose, mails=[shown(each) for each in side.book.box(whose)])

    @bp.post("/mails/<letter_id>/unsubscribe")
    def unsubscribe(letter_id: str) -> ResponseReturnValue:
        mail_desk.unsubscribe(side, letter_id)
        world.bell.set()
        return jsonify(status="unsubscribed")

    @bp.post("/mails/<letter_id>/events")
    def event(letter_id: str) -> ResponseReturnValue:
        side.book.say(letter_id, words(asked_for(), "event"))
        world.bell.set()
        return jsonify(status="told")

    return bp


def shown(letter: Letter) -> dict[str, Any]:
    """A mail as a script sees it; `to_member` is one the member received."""
    return {
        "id": letter.id,
        "direction": "from_member" if letter.inbound else "to_member",
        "from": letter.sender,
        "to": letter.recipient,
        "reply_to": letter.reply_to,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": letter.headers,
        "status": letter.status,
        "at": letter.created_at.isoformat(),
    }


def _draft(world: World, asked: dict[str, Any]) -> Draft:
    author = words(asked, "from")
    try:
        cards = [each for each in world.insight.members() if each.address.lower() == author.lower()]
        spas = [each for each in world.insight.numbers() if not cards or each.phone == cards[0].number]
    except InsightUnavailable:
        cards, spas = [], []
    given = {name: _said(asked, name) for name in ("to", "subject", "answers", "program", "parts", "form")}
    return Draft(
        author=author,
        author_name=_said(asked, "name") or (cards[0].name if cards else ""),
        words=_said(asked, "words"),
        to=given["to"] or ("" if given["answers"] or not spas else spas[0].address),
        subject=given["subject"],
        answers=given["answers"],
        program=Program(given["program"] or Program.IPHONE),
        parts=Parts(given["parts"] or Parts.BOTH),
        form=Form(given["form"] or Form.PARSED),
        proven=asked.get("proven") is not False,
        photo=asked.get("photo") is True,
        locale=_said(asked, "locale") or (cards[0].locale if cards else "en"),
        zone=spas[0].zone if spas else "UTC",
    )


def _said(asked: dict[str, Any], name: str) -> str:
    return words(asked, name, may_be_empty=True) if name in asked else ""
