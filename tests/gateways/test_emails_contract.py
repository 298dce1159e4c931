"""The Emails port, kept by both doors: SendGrid's SDK over HTTP against the sandbox, and the sandbox in process."""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Response, request
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug.test import EnvironBuilder

from assistant.clock import StoppedClock
from assistant.gateways.email_port import Emails, Mail
from assistant.gateways.ports import Accepted, Answer, Refused, Unanswered
from assistant.gateways.sendgrid_emails import SendGridEmails
from assistant.sandbox.book import TwilioBook
from assistant.sandbox.emails import SandboxEmails
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.sendgrid_shapes import Hook
from assistant.sandbox.sendgrid_side import SendGridSide
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World
from tests.gateways.conftest import SPECS, Serve

KEY = "SG.of-the-sandbox"
EVENTS = "https://assistant.example/webhooks/sendgrid/events"
ANA = "ana@example.com"
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
MAIL = Mail(
    spa_id=7,
    message_id=41,
    sender="hello@mail.example.com",
    sender_name="Fern & Lumen",
    recipient=ANA,
    subject="¡Hola, Ana!",
    text="Hello, Ana ✓\n",
    html="<p>Hello, Ana ✓</p>",
    reply_to="m+7-abcdefghijklmnopqrstuvwxyz234567@mail.example.com",
    headers={"Message-ID": "<one@mail.example.com>", "Auto-Submitted": "auto-generated"},
)


@dataclass(slots=True)
class Door:
    """One way in, and the book behind it."""

    emails: Emails
    book: SendGridBook
    clock: StoppedClock
    told: list[dict[str, Any]] = field(default_factory=list)
    seen: list[tuple[Any, Any]] = field(default_factory=list)

    def later(self, **by: float) -> None:
        total, step = timedelta(**by), timedelta(seconds=0.5)
        for _ in range(int(total / step)):
            self.clock.advance(step)
            self.book.pump(self._tell)

    def events(self) -> list[str]:
        return [each["event"] for each in self.told]

    def _tell(self, hook: Hook) -> None:
        assert (hook.url, hook.content_type) == (EVENTS, "application/json")
        self.told += json.loads(hook.raw)


def _in_process(book: SendGridBook, clock: StoppedClock, _: ExitStack, __: Serve) -> Door:
    return Door(SandboxEmails(book), book, clock)


class AsSendGrid(WerkzeugOpenAPIRequest):
    """Our request as if it had gone to SendGrid's own host."""

    host_url = "https://api.sendgrid.com"


def _over_http(book: SendGridBook, clock: StoppedClock, opened: ExitStack, serve: Serve) -> Door:
    twilio = TwilioBook(":memory:", clock)
    opened.callback(twilio.close)
    world = World(
        Account(f"AC{'a' * 32}", "t"), twilio, clock, NoInsight("none"), "", mail=SendGridSide(book, api_key=KEY)
    )
    app = create_sandbox(world)
    door = Door(SendGridEmails(KEY, opened.enter_context(serve(app)), timeout=0.5), book, clock)

    @app.after_request
    def keep(response: Response) -> Response:
        request.get_data()
        door.seen.append((AsSendGrid(request._get_current_object()), response))  # noqa: SLF001
        return response

    return door


@pytest.fixture(scope="module")
def spec() -> OpenAPI | None:
    path = SPECS / "sendgrid_mail_v3.json"
    return OpenAPI.from_dict(json.loads(path.read_text())) if path.exists() else None


@pytest.fixture(params=[_in_process, _over_http], ids=["in-process", "over-http"])
def door(request: pytest.FixtureRequest, serve: Serve, spec: OpenAPI | None) -> Iterator[Door]:
    clock = StoppedClock(START)
    make: Callable[..., Door] = request.param
    with ExitStack() as opened:
        book = SendGridBook(":memory:", clock, events_url=EVENTS)
        opened.callback(book.close)
        made = make(book, clock, opened, serve)
        yield made
        for heard, response in made.seen if spec else ():
            assert spec is not None
            spec.validate_request(heard)
            if response.status_code in {202, 400, 401, 403}:
                spec.validate_response(heard, WerkzeugOpenAPIResponse(response))


def accepted(answer: Answer) -> str:
    assert isinstance(answer, Accepted), answer
    return answer.provider_id


def test_a_mail_is_taken_whole(door: Door) -> None:
    taken_as = accepted(door.emails.send(MAIL))
    [letter] = door.book.box(ANA)
    assert letter.id == taken_as
    assert (letter.sender, letter.sender_name, letter.recipient) == (MAIL.sender, MAIL.sender_name, ANA)
    assert (letter.subject, letter.text, letter.html) == (MAIL.subject, MAIL.text, MAIL.html)
    assert (letter.reply_to, letter.headers) == (MAIL.reply_to, MAIL.headers)
    assert letter.args == {"s": "7", "m": "41"}, "two numbers, and nothing of anyone's (rules.md 4.10)"


def test_a_mail_need_have_no_reply_address(door: Door) -> None:
    accepted(door.emails.send(replace(MAIL, reply_to=None)))
    assert door.book.box(ANA)[0].reply_to == ""


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "not an address"},
        {"sender": ""},
        {"subject": ""},
        {"text": ""},
        {"headers": {"Subject": "another"}},
        {"headers": {"X-Note": "one\ntwo"}},
        {"reply_to": "ana@"},
    ],
)
def test_what_sendgrid_would_not_take_is_refused_in_our_own_words(door: Door, change: dict[str, Any]) -> None:
    mail = replace(MAIL, **change)
    answer = door.emails.send(mail)
    assert isinstance(answer, Refused)
    assert answer.code == 400
    assert not any(secret in answer.reason for secret in (mail.recipient, mail.sender, mail.subject) if secret)
    assert not door.book.addresses()
    door.seen.clear()  # such a request is not one that SendGrid describes


@pytest.mark.parametrize("status", [401, 403, 413, 429])
def test_a_refusal_keeps_its_status_and_nothing_is_taken(door: Door, status: int) -> None:
    door.book.faults.add(Fault(FaultKind.REFUSE, code=status))
    answer = door.emails.send(MAIL)
    assert answer == Refused(status, getattr(answer, "reason", ""))
    assert not door.book.box(ANA)
    accepted(door.emails.send(MAIL))


@pytest.mark.parametrize(
    ("fault", "taken"),
    [
        (Fault(FaultKind.FAIL_BEFORE), 0),
        (Fault(FaultKind.FAIL_AFTER), 1),
        (Fault(FaultKind.HANG_AFTER, seconds=1), 1),
    ],
)
def test_a_lost_answer_is_not_known_and_only_events_tell(door: Door, fault: Fault, taken: int) -> None:
    door.book.faults.add(fault)
    assert isinstance(door.emails.send(MAIL), Unanswered)
    assert len(door.book.box(ANA)) == taken
    door.later(seconds=3)
    assert door.events() == ["processed", "delivered"] * taken
    assert all((each["s"], each["m"]) == ("7", "41") for each in door.told)


def test_events_name_our_row_and_our_message_id(door: Door) -> None:
    taken_as = accepted(door.emails.send(MAIL))
    door.later(seconds=3)
    assert {each["smtp-id"] for each in door.told} == {"<one@mail.example.com>"}
    assert all(each["sg_message_id"].startswith(f"{taken_as}.") for each in door.told)
    assert len({each["sg_event_id"] for each in door.told}) == 2
    assert door.book.letter(taken_as).status == "delivered"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(FaultKind.DUPLICATE_CALLBACKS), ["processed", "processed", "delivered", "delivered"]),
        (Fault(FaultKind.REORDER_CALLBACKS), ["delivered", "processed"]),
        (Fault(FaultKind.LOSE_CALLBACKS), []),
        (Fault(FaultKind.UNDELIVERED, code=550), ["processed", "bounce"]),
        (Fault(FaultKind.UNDELIVERED, code=421), ["processed", "bounce"]),
        (Fault(FaultKind.HOLD, seconds=1), ["processed", "deferred", "delivered"]),
    ],
)
def test_events_when_things_go_wrong(door: Door, fault: Fault, told: list[str]) -> None:
    door.book.faults.add(fault)
    accepted(door.emails.send(MAIL))
    door.later(seconds=4)
    assert door.events() == told


def test_late_events_come_late(door: Door) -> None:
    door.book.faults.add(Fault(FaultKind.DELAY_CALLBACKS, seconds=20))
    accepted(door.emails.send(MAIL))
    door.later(seconds=19)
    assert door.events() == []
    door.later(seconds=3)
    assert door.events() == ["processed", "delivered"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("bounce", "Bounced Address"), ("spamreport", "Spam Reporting Address"), ("unsubscribe", "Unsubscribed Address")],
)
def test_sendgrid_drops_what_follows_a_bounce_or_a_complaint(door: Door, kind: str, reason: str) -> None:
    first = accepted(door.emails.send(MAIL))
    door.later(seconds=3)
    door.book.say(first, kind)
    accepted(door.emails.send(MAIL))
    door.later(seconds=3)
    assert door.events() == ["processed", "delivered", kind, "dropped"]
    assert door.told[-1]["reason"] == reason


def test_many_threads_may_send_at_once(door: Door) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: door.emails.send(replace(MAIL, subject=f"number {n}")), range(24)))
    assert len({accepted(answer) for answer in answers}) == 24
    assert len(door.book.box(ANA)) == 24


def test_a_wrong_key_is_refused(door: Door) -> None:
    if not isinstance(door.emails, SendGridEmails):
        pytest.skip("there is no key in process")
    other = SendGridEmails("SG.another", door.emails._client.host)  # noqa: SLF001
    answer = other.send(MAIL)
    assert isinstance(answer, Refused)
    assert answer.code == 401


def _answering(status: str, headers: list[tuple[str, str]], calls: list[str]) -> Callable[..., Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        calls.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        start_response(status, headers)
        return [b""]

    return app


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect"])
def test_a_redirect_is_not_followed_with_our_key(serve: Serve, status: str) -> None:
    calls: list[str] = []
    with serve(_answering(status, [("Location", "/elsewhere")], calls)) as base:
        assert isinstance(SendGridEmails(KEY, base).send(MAIL), Unanswered)
    assert calls == ["POST /v3/mail/send"]


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content", "500 Oops", "503 Busy", "408 Timeout"])
def test_an_answer_without_an_id_is_no_answer(serve: Serve, status: str) -> None:
    with serve(_answering(status, [], [])) as base:
        assert isinstance(SendGridEmails(KEY, base).send(MAIL), Unanswered)


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "http://nowhere.invalid"])
def test_what_never_left_is_refused_as_not_sent(base: str) -> None:
    answer = SendGridEmails(KEY, base, timeout=1).send(MAIL)
    assert answer == Refused(0, "not sent: no connection to SendGrid")


def test_the_check_sees_a_mail_without_a_sender(spec: OpenAPI | None) -> None:
    if spec is None:
        pytest.skip("SendGrid's OpenAPI description is not at ../shared/specs")
    asked = {"personalizations": [{"to": [{"email": ANA}]}], "subject": "x"}
    built = EnvironBuilder("/v3/mail/send", method="POST", json=asked)
    with pytest.raises(OpenAPIError):
        spec.validate_request(AsSendGrid(built.get_request()))
