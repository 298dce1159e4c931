"""The page with an inbox on it: choose a member, read their mail, answer it, and see what the assistant made of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.sandbox import mail_desk, sendgrid_facts
from assistant.sandbox.insight import Insight, InsightUnavailable, MemberCard, PhoneInsight
from assistant.sandbox.mail_conversations import Conversation, conversations, snippet
from assistant.sandbox.mail_desk import GONE, JUNK, Draft
from assistant.sandbox.mail_posts import Form, Parts
from assistant.sandbox.mail_programs import Program
from assistant.sandbox.phone import Window, forwarded
from assistant.sandbox.sendgrid_shapes import Letter
from assistant.sandbox.sendgrid_side import SendGridSide
from assistant.sandbox.world import World

SEEN = "seen"
NOT_SHOWN = frozenset({"processed", "deferred", "bounce", "blocked", "dropped"})
"""Statuses of a mail that its reader has not got."""
OF_A_MAIL = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin allow-popups "
    "allow-popups-to-escape-sandbox"
}
"""Its own looks, and nothing else: no script, no form, nothing fetched."""


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in the list."""

    id: str
    who: str
    subject: str
    begins: str
    when: str
    many: int
    unread: bool
    junk: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail of the opened conversation."""

    letter: Letter
    words: str
    begins: str
    at: datetime
    status: str
    is_open: bool
    junk: bool
    gone: bool
    can_unsubscribe: bool


@dataclass(frozen=True, slots=True)
class Box:
    """One person's mail, and where it is shown from."""

    address: str
    card: MemberCard | None
    zone: ZoneInfo
    letters: Sequence[Letter]


def inbox_page(world: World, side: SendGridSide) -> Blueprint:
    """Every button is a form, so the page works without its script."""
    bp = Blueprint("inbox", __name__)

    @bp.get("/inbox")
    def page() -> ResponseReturnValue:
        return _page(world, side, request.args)

    @bp.post("/inbox/mails")
    def write() -> ResponseReturnValue:
        return _write(world, side)

    @bp.post("/inbox/mails/<letter_id>/<any(junk, unsubscribe):act>")
    def act(letter_id: str, act: str) -> ResponseReturnValue:
        return _act(world, side, letter_id, mail_desk.junk if act == "junk" else mail_desk.unsubscribe)

    @bp.get("/inbox/mails/<letter_id>/html")
    def html(letter_id: str) -> ResponseReturnValue:
        letter = side.book.letter(letter_id)
        if letter is None or not letter.html:
            abort(404)
        return Response(_shown_html(letter.html), mimetype="text/html", headers=OF_A_MAIL)

    @bp.post("/inbox/clock")
    def clock() -> ResponseReturnValue:
        form = request.form
        forwarded(world, form.get("forward", ""))
        return redirect(url_for("inbox.page", address=form.get("address"), mail=form.get("mail") or None), 303)

    return bp


def _write(world: World, side: SendGridSide) -> ResponseReturnValue:
    form = request.form
    window = look(world.insight, form.get("address", ""))
    try:
        letter = mail_desk.send(side, _draft(form, window))
    except ValueError as problem:
        return _page(world, side, form, problem=str(problem)), 400
    world.bell.set()
    return redirect(url_for("inbox.page", address=form.get("address"), mail=letter.id), 303)


def _act(
    world: World, side: SendGridSide, letter_id: str, act: Callable[[SendGridSide, str], None]
) -> ResponseReturnValue:
    form = request.form
    try:
        act(side, letter_id)
    except ValueError as problem:
        return _page(world, side, form | {"mail": letter_id}, problem=str(problem)), 400
    world.bell.set()
    return redirect(url_for("inbox.page", address=form.get("address"), mail=letter_id), 303)


def look(insight: Insight, address: str) -> Window:
    """All that the page shows of one address, or why it shows nothing."""
    try:
        about = insight.about_mail(address) if address else PhoneInsight()
        return Window(insight.numbers(), [each for each in insight.members() if each.address], about)
    except InsightUnavailable as reason:
        return Window(shut=str(reason))


def _draft(form: Mapping[str, str], window: Window) -> Draft:
    """ValueError for a choice that the page does not offer."""
    address = form.get("address", "").strip()
    box = _box(address, window, ())
    return Draft(
        author=address,
        author_name=box.card.name if box.card else "",
        words=form.get("words", "").replace("\r\n", "\n"),
        to=form.get("to", ""),
        subject=form.get("subject", ""),
        answers=form.get("answers", ""),
        program=Program(form.get("program") or Program.IPHONE),
        parts=Parts(form.get("parts") or Parts.BOTH),
        form=Form(form.get("form") or Form.PARSED),
        proven=form.get("proven") != "no",
        photo="photo" in form,
        locale=box.card.locale if box.card else "en",
        zone=box.zone.key,
    )


def _box(address: str, window: Window, letters: Sequence[Letter]) -> Box:
    card = next((each for each in window.members if each.address.lower() == address.lower()), None)
    spas = [each for each in window.numbers if card is None or each.phone == card.number]
    return Box(address, card, ZoneInfo(spas[0].zone if spas else "UTC"), letters)


def _page(world: World, side: SendGridSide, asked: Mapping[str, str], *, problem: str = "") -> str:
    address = asked.get("address", "").strip()
    window = look(world.insight, address)
    letters = [each for each in side.book.box(address) if each.status not in NOT_SHOWN] if address else []
    box = _box(address, window, letters)
    found = conversations(letters)
    opened = next((each for each in found if asked.get("mail") in {one.id for one in each.letters}), None)
    for letter in opened.letters if opened else ():
        side.book.mark(letter.id, SEEN)
    return render_template(
        "inbox.html",
        address=address,
        card=box.card,
        spa_address=next(
            (each.address for each in window.numbers if not box.card or each.phone == box.card.number), ""
        ),
        window=window,
        unread=side.book.unread(),
        rows=list(_rows(side, box, found)),
        opened=opened,
        letters=list(_letters(side, box, opened)) if opened else [],
        writing="write" in asked or bool(problem and not opened),
        problem=problem,
        draft=asked if problem else {},
        programs=Program,
        now=world.clock.now().astimezone(box.zone),
        zone=box.zone.key,
        longest=mail_desk.LONGEST_MAIL,
    )


def _rows(side: SendGridSide, box: Box, found: Sequence[Conversation]) -> Iterator[Row]:
    seen, junk = side.book.marked(SEEN), side.book.marked(JUNK)
    today = side.book.clock.now().astimezone(box.zone).date()
    for each in found:
        at = each.latest.created_at.astimezone(box.zone)
        theirs = [letter for letter in each.letters if not letter.inbound]
        yield Row(
            id=each.latest.id,
            who=(theirs[-1].sender_name or theirs[-1].sender) if theirs else f"To: {each.latest.recipient}",
            subject=each.subject,
            begins=("You: " if each.latest.inbound else "") + snippet(each.latest),
            when=_clock_time(at) if at.date() == today else f"{at:%b} {at.day}",
            many=len(each.letters),
            unread=any(letter.id not in seen for letter in theirs),
            junk=any(letter.id in junk for letter in each.letters),
        )


def _letters(side: SendGridSide, box: Box, opened: Conversation) -> Iterator[Shown]:
    """Open are the latest of the spa's and what comes after it: the rest was read before."""
    untold, junk, gone = side.book.untold(), side.book.marked(JUNK), side.book.marked(GONE)
    last = max((place for place, each in enumerate(opened.letters) if not each.inbound), default=0)
    for place, letter in enumerate(opened.letters):
        yield Shown(
            letter=letter,
            words=letter.args.get("words", "") if letter.inbound else letter.text,
            begins=snippet(letter),
            at=letter.created_at.astimezone(box.zone),
            status=_status(letter, untold),
            is_open=place >= last,
            junk=letter.id in junk,
            gone=letter.id in gone,
            can_unsubscribe=mail_desk.can_unsubscribe(letter),
        )


def _status(letter: Letter, untold: frozenset[str]) -> str:
    if letter.inbound:
        return "Waiting for the assistant to take it…" if letter.id in untold else "Delivered"
    return sendgrid_facts.STATUSES[letter.status]


def _clock_time(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def _shown_html(html: str) -> str:
    """Its links open beside the inbox, as in any mail program."""
    base = '<base target="_blank">'
    head, opening, rest = html.partition("<head>")
    return f"{head}{opening}{base}{rest}" if opening else base + html
