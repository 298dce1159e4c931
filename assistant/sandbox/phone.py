"""The page with a phone on it: choose a member, text, and see beside it what the assistant made of it."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from assistant.sandbox.insight import Insight, InsightUnavailable, MemberCard, PhoneInsight, SpaNumber
from assistant.sandbox.wire import Message
from assistant.sandbox.world import World

STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
STATUS = {
    "queued": "Sending…",
    "sent": "Sent",
    "delivered": "Delivered",
    "undelivered": "Not delivered",
    "failed": "Not sent",
}
SHOWN = 200
LONGEST_TEXT = 1600


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text on the phone. `day` heads the first of a day; `counted` is the assistant's segments, if they differ."""

    sid: str
    mine: bool
    body: str
    at: datetime
    day: str | None
    status: str
    failed: bool
    segments: int
    counted: int | None
    media: int
    by_twilio: bool


@dataclass(frozen=True, slots=True)
class Window:
    """What could be read of the assistant's database; `shut` says why it could not."""

    numbers: Sequence[SpaNumber] = ()
    members: Sequence[MemberCard] = ()
    about: PhoneInsight | None = None
    shut: str = ""


def phone_page(world: World) -> Blueprint:
    """Every button is a form, so the page works without its script."""
    bp = Blueprint("phone", __name__)

    @bp.get("/")
    def page() -> ResponseReturnValue:
        return _page(world, request.args)

    @bp.post("/phone/texts")
    def text() -> ResponseReturnValue:
        form = request.form
        phone, number = form.get("phone", ""), form.get("number") or None
        try:
            world.receive(phone, number, form.get("body", "").replace("\r\n", "\n"), media=int("photo" in form))
        except ValueError as problem:
            return _page(world, form, problem=str(problem)), 400
        return redirect(url_for("phone.page", phone=phone, number=number), 303)

    @bp.post("/phone/clock")
    def clock() -> ResponseReturnValue:
        form = request.form
        forwarded(world, form.get("forward", ""))
        return redirect(url_for("phone.page", phone=form.get("phone"), number=form.get("number")), 303)

    return bp


def forwarded(world: World, step: str) -> None:
    """Put the clock on by an hour, a day, or else a month."""
    now = world.clock.now()
    world.advance(STEPS.get(step) or _a_month_on(now) - now)


def _page(world: World, asked: Mapping[str, str], *, problem: str = "") -> str:
    phone = "".join(asked.get("phone", "").split())
    window = look(world.insight, phone)
    card = next((each for each in window.members if each.phone == phone), None)
    number = asked.get("number") or (card.number if card else _first_number(world, phone))
    spa = next((each for each in window.numbers if each.phone == number), None)
    zone = ZoneInfo(spa.zone if spa else "UTC")
    return render_template(
        "phone.html",
        phone=phone,
        number=number,
        numbers=list(world.numbers()),
        card=card,
        spa=spa,
        window=window,
        problem=problem,
        draft=asked.get("body", "") if problem else "",
        longest=LONGEST_TEXT,
        has_inbox=world.mail is not None,
        now=world.clock.now().astimezone(zone),
        zone=zone.key,
        bubbles=list(_bubbles(world, phone, number, window.about or PhoneInsight(), zone)),
    )


def look(insight: Insight, phone: str) -> Window:
    """Everything the window shows of one phone, or why it shows nothing."""
    try:
        about = insight.about(phone) if phone else PhoneInsight()
        return Window(insight.numbers(), insight.members(), about)
    except InsightUnavailable as reason:
        return Window(shut=str(reason))


def _first_number(world: World, phone: str) -> str:
    try:
        return world.number_for(phone)
    except ValueError:  # there is none yet: the page says so
        return ""


def _bubbles(world: World, phone: str, number: str, about: PhoneInsight, zone: ZoneInfo) -> Iterator[Bubble]:
    untold = world.book.untold()
    day = None
    for message in [each for each in world.book.thread(phone) if number in {each.sender, each.recipient}][-SHOWN:]:
        at = message.created_at.astimezone(zone)
        mine = message.is_inbound
        counted = about.segments.get(message.sid)
        yield Bubble(
            sid=message.sid,
            mine=mine,
            body=message.body,
            at=at,
            day=f"{at:%A, %B} {at.day}, {at.year}" if at.date() != day else None,
            status=_status(message, untold),
            failed=message.status in {"undelivered", "failed"},
            segments=message.segments,
            counted=counted if counted != message.segments else None,
            media=message.media,
            by_twilio=message.direction == "outbound-reply",
        )
        day = at.date()


def _status(message: Message, untold: frozenset[str]) -> str:
    if message.is_inbound:
        return "Waiting for the assistant to take it…" if message.sid in untold else "Delivered"
    code = f" (error {message.error_code})" if message.error_code else ""
    return STATUS[message.status] + code


def _a_month_on(now: datetime) -> datetime:
    """The same day of next month, or its last."""
    year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
    return now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))
