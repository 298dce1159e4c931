"""The Texts port, kept by both doors: Twilio's SDK over HTTP against the sandbox, and the sandbox in process."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response, request
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug.test import EnvironBuilder

from assistant.clock import StoppedClock
from assistant.gateways.ports import Accepted, Refused, Text, Texts, Unanswered
from assistant.gateways.twilio_texts import TwilioTexts
from assistant.sandbox.book import TwilioBook
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.posts import Post
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.texts import SandboxTexts
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World
from tests.gateways.conftest import Serve

ACCOUNT = Account(f"AC{'a' * 32}", "the-token")
BASE = "https://assistant.example"
SPA, ANA = "+15555550100", "+15555550111"
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TEXT = Text(spa_id=7, message_id=41, sender=SPA, recipient=ANA, body="Hello, Ana ✓", validity_seconds=3600)


class AsTwilio(WerkzeugOpenAPIRequest):
    """Our request as if it had gone to Twilio's own host."""

    host_url = "https://api.twilio.com"


@dataclass(slots=True)
class Door:
    """One way in, and the book behind it."""

    texts: Texts
    book: TwilioBook
    clock: StoppedClock
    told: list[Post] = field(default_factory=list)
    seen: list[tuple[Any, Any]] = field(default_factory=list)

    def later(self, **by: float) -> None:
        """Let time pass in small steps, telling whatever falls due."""
        total, step = timedelta(**by), timedelta(seconds=0.5)
        for _ in range(int(total / step)):
            self.clock.advance(step)
            self.book.pump(self._tell)

    def statuses(self) -> list[str]:
        return [dict(post.pairs)["MessageStatus"] for post in self.told]

    def _tell(self, post: Post) -> None:
        self.told.append(post)


def _in_process(book: TwilioBook, clock: StoppedClock, _: ExitStack, __: Serve) -> Door:
    return Door(SandboxTexts(book, BASE), book, clock)


def _over_http(book: TwilioBook, clock: StoppedClock, opened: ExitStack, serve: Serve) -> Door:
    app = create_sandbox(World(ACCOUNT, book, clock, NoInsight("none here"), f"{BASE}/webhooks/twilio/inbound"))
    api_base = opened.enter_context(serve(app))
    texts = TwilioTexts(ACCOUNT.sid, ACCOUNT.token, BASE, api_base, timeout=(1, 0.5))
    door = Door(texts, book, clock)
    _overhear(app, door)
    return door


def _overhear(app: Flask, door: Door) -> None:
    @app.before_request
    def keep_body() -> None:
        request.get_data()  # before the form is read, which would leave nothing

    @app.after_request
    def keep(response: Response) -> Response:
        heard = AsTwilio(request._get_current_object())  # noqa: SLF001
        door.seen.append((heard, response))
        return response


@pytest.fixture(params=[_in_process, _over_http], ids=["in-process", "over-http"])
def door(request: pytest.FixtureRequest, serve: Serve, twilio_spec: OpenAPI | None) -> Iterator[Door]:
    clock = StoppedClock(START)
    make: Callable[..., Door] = request.param
    with ExitStack() as opened:
        book = TwilioBook(":memory:", clock, ACCOUNT.sid)
        opened.callback(book.close)
        book.own(SPA, f"{BASE}/webhooks/twilio/inbound")
        made = make(book, clock, opened, serve)
        yield made
        if twilio_spec is not None:
            _check(twilio_spec, made.seen)


def _check(spec: OpenAPI, seen: list[tuple[Any, Any]]) -> None:
    """Every request is one Twilio describes, and so is every answer to it but a refusal, which it does not describe."""
    for heard, response in seen:
        spec.validate_request(heard)
        if response.status_code < 400:
            spec.validate_response(heard, WerkzeugOpenAPIResponse(response))


def accepted(answer: object) -> str:
    assert isinstance(answer, Accepted)
    return answer.provider_id


def find(
    door: Door, text: Text = TEXT, *, known: frozenset[str] = frozenset(), ago: timedelta = timedelta(0)
) -> object:
    return door.texts.find(text, since=door.clock.now() - ago, known=known)


def test_an_accepted_text_is_in_the_book_as_it_was_sent(door: Door) -> None:
    sid = accepted(door.texts.send(TEXT))
    message = door.book.message(sid)
    assert sid.startswith("SM")
    assert len(sid) == 34
    assert (message.sender, message.recipient, message.body) == (SPA, ANA, TEXT.body)
    assert message.validity_seconds == 3600
    assert message.callback_url == f"{BASE}/webhooks/twilio/status?m=41&s=7"


def test_an_opted_out_phone_is_refused_until_it_opts_in_again(door: Door) -> None:
    door.book.receive(ANA, SPA, " stop ")
    answer = door.texts.send(TEXT)
    assert answer == Refused(21610, answer.reason)
    door.book.receive(ANA, SPA, "UNSTOP")
    accepted(door.texts.send(TEXT))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipient": "5555550111"}, 21211),
        ({"recipient": "+15005550001"}, 21211),
        ({"recipient": "+15005550009"}, 21614),
        ({"recipient": ""}, 21604),
        ({"sender": "+15555559999"}, 21606),
        ({"sender": ""}, 21603),
        ({"body": ""}, 21602),
        ({"body": "a" * 1601}, 21617),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code_and_tells_no_secrets(
    door: Door, change: dict[str, str], code: int
) -> None:
    text = replace(TEXT, **change)
    answer = door.texts.send(text)
    assert answer == Refused(code, answer.reason)
    assert not any(secret in answer.reason for secret in (text.sender, text.recipient, text.body) if secret)
    assert not door.book.thread(ANA)


def test_a_throttled_text_is_refused_and_not_taken(door: Door) -> None:
    door.book.faults.add(Fault(FaultKind.REFUSE, code=20429))
    answer = door.texts.send(TEXT)
    assert answer == Refused(20429, answer.reason)
    assert find(door) is None
    accepted(door.texts.send(TEXT))


def test_an_answer_lost_after_acceptance_is_found(door: Door) -> None:
    door.book.faults.add(Fault(FaultKind.FAIL_AFTER))
    assert isinstance(door.texts.send(TEXT), Unanswered)
    assert find(door) == Accepted(door.book.thread(ANA)[0].sid)


def test_a_hanging_answer_is_given_up_and_found(door: Door) -> None:
    door.book.faults.add(Fault(FaultKind.HANG_AFTER, seconds=1))
    assert isinstance(door.texts.send(TEXT), Unanswered)
    assert find(door) == Accepted(door.book.thread(ANA)[0].sid)


def test_a_text_not_taken_is_not_found(door: Door) -> None:
    door.book.faults.add(Fault(FaultKind.FAIL_BEFORE))
    assert isinstance(door.texts.send(TEXT), Unanswered)
    assert find(door) is None


def test_a_text_still_in_the_queue_is_found_and_so_is_a_delivered_one(door: Door) -> None:
    sid = accepted(door.texts.send(TEXT))
    assert find(door) == Accepted(sid)
    door.later(seconds=3)
    assert find(door, ago=timedelta(seconds=3)) == Accepted(sid)


def test_only_the_same_words_between_the_same_numbers_fit(door: Door) -> None:
    accepted(door.texts.send(TEXT))
    door.book.receive("+15555550112", SPA, TEXT.body)
    assert find(door, replace(TEXT, body="Hello, Ana")) is None
    assert find(door, replace(TEXT, recipient="+15555550112")) is None


def test_a_text_from_long_before_does_not_fit(door: Door) -> None:
    accepted(door.texts.send(TEXT))
    door.clock.advance(timedelta(hours=2))
    assert find(door, ago=timedelta(hours=1)) is None


def test_the_same_words_twice_are_told_apart_by_what_is_known(door: Door) -> None:
    first = accepted(door.texts.send(TEXT))
    door.book.faults.add(Fault(FaultKind.FAIL_AFTER))
    assert isinstance(door.texts.send(TEXT), Unanswered)
    second = door.book.thread(ANA)[-1].sid
    assert find(door, known=frozenset({first})) == Accepted(second)
    assert find(door, known=frozenset({first, second})) is None


def test_of_two_that_fit_the_older_is_found(door: Door) -> None:
    first = accepted(door.texts.send(TEXT))
    door.clock.advance(timedelta(seconds=5))
    accepted(door.texts.send(TEXT))
    assert find(door, ago=timedelta(minutes=1)) == Accepted(first)


def test_one_is_found_behind_pages_of_others(door: Door) -> None:
    wanted = accepted(door.texts.send(TEXT))
    for n in range(60):
        accepted(door.texts.send(replace(TEXT, body=f"another {n}")))
    assert find(door) == Accepted(wanted)


def test_many_threads_may_send_at_once(door: Door) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda n: door.texts.send(replace(TEXT, body=f"number {n}")), range(40)))
    assert len({accepted(answer) for answer in answers}) == 40
    assert len(door.book.thread(ANA)) == 40


def test_the_words_of_a_delivered_text_are_forgotten(door: Door) -> None:
    sid = accepted(door.texts.send(TEXT))
    assert door.texts.redact(sid) is False  # still on its way
    door.later(seconds=3)
    assert door.texts.redact(sid) is True
    assert door.texts.redact(sid) is True
    assert door.book.message(sid).body == ""


def test_words_that_twilio_does_not_hold_count_as_forgotten(door: Door) -> None:
    assert door.texts.redact(f"SM{'0' * 32}") is True


def test_progress_is_told_in_its_order_and_never_the_first_status(door: Door) -> None:
    sid = accepted(door.texts.send(TEXT))
    assert door.book.message(sid).status == "queued"
    door.later(seconds=3)
    assert door.statuses() == ["sent", "delivered"]
    assert {post.url for post in door.told} == {f"{BASE}/webhooks/twilio/status?m=41&s=7"}
    assert [step.status for step in door.book.history(sid)] == ["queued", "sent", "delivered"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(FaultKind.DUPLICATE_CALLBACKS), ["sent", "sent", "delivered", "delivered"]),
        (Fault(FaultKind.REORDER_CALLBACKS), ["delivered", "sent"]),
        (Fault(FaultKind.LOSE_CALLBACKS), []),
        (Fault(FaultKind.UNDELIVERED, code=30006), ["sent", "undelivered"]),
        (Fault(FaultKind.HOLD, seconds=7200), ["failed"]),
    ],
)
def test_progress_as_told_when_things_go_wrong(door: Door, fault: Fault, told: list[str]) -> None:
    door.book.faults.add(fault)
    accepted(door.texts.send(TEXT))
    door.later(hours=1, seconds=3) if fault.kind is FaultKind.HOLD else door.later(seconds=3)
    assert door.statuses() == told


def test_late_progress_is_told_late(door: Door) -> None:
    door.book.faults.add(Fault(FaultKind.DELAY_CALLBACKS, seconds=20))
    accepted(door.texts.send(TEXT))
    door.later(seconds=19)
    assert door.statuses() == []
    door.later(seconds=3)
    assert door.statuses() == ["sent", "delivered"]


def test_requests_are_checked_against_twilios_own_description(door: Door, twilio_spec: OpenAPI | None) -> None:
    if twilio_spec is None:
        pytest.skip("Twilio's OpenAPI description is not at ../shared/specs")
    door.texts.send(TEXT)
    find(door)
    door.texts.redact(f"SM{'0' * 32}")
    if isinstance(door.texts, TwilioTexts):
        assert [(heard.method, bool(heard.body)) for heard, _ in door.seen] == [
            ("post", True),
            ("get", False),
            ("post", True),
        ]


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ({"From": SPA, "Body": "x"}, "Messages.json"),
        ({"To": ANA, "ValidityPeriod": "soon"}, "Messages.json"),
        ({"Body": ""}, "Messages/SM1.json"),
    ],
)
def test_the_check_sees_a_missing_recipient_a_wrong_type_and_a_bad_sid(
    twilio_spec: OpenAPI | None, form: dict[str, str], path: str
) -> None:
    if twilio_spec is None:
        pytest.skip("Twilio's OpenAPI description is not at ../shared/specs")
    built = EnvironBuilder(f"/2010-04-01/Accounts/{ACCOUNT.sid}/{path}", method="POST", data=form, auth=("a", "b"))
    with pytest.raises(OpenAPIError):
        twilio_spec.validate_request(AsTwilio(built.get_request()))
