"""Twilio as we keep it in a box: its book, its manners, and the processes around it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
import requests
from flask import Flask, request
from twilio.request_validator import RequestValidator

from assistant.clock import StoppedClock, WallClock
from assistant.sandbox.book import Lost, Order, Pace, Rejected, Search, Taken, TwilioBook
from assistant.sandbox.courier import Courier
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.posts import MOST_TRIES, Post
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.twilio_facts import segments
from assistant.sandbox.wire import Account, Message
from assistant.sandbox.world import World
from tests.gateways.conftest import Serve

ROOT = Path(__file__).parents[2]
ACCOUNT = Account(f"AC{'b' * 32}", "the-sandbox-token")
SPA, ANA, BEA = "+15555550100", "+15555550111", "+15555550112"
HOOK = "https://assistant.example/webhooks/twilio/inbound"
START = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
INBOUND_FIELDS = {
    "AccountSid", "ApiVersion", "Body", "From", "FromCity", "FromCountry", "FromState", "FromZip", "MessageSid",
    "NumMedia", "NumSegments", "SmsMessageSid", "SmsSid", "SmsStatus", "To", "ToCity", "ToCountry", "ToState", "ToZip",
}  # fmt: skip


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(START)


@pytest.fixture
def book(clock: StoppedClock) -> Iterator[TwilioBook]:
    opened = TwilioBook(":memory:", clock, ACCOUNT.sid)
    opened.own(SPA, HOOK)
    yield opened
    opened.close()


def taken(outcome: Taken | Rejected | Lost) -> Message:
    assert isinstance(outcome, Taken)
    return outcome.message


def told(book: TwilioBook) -> list[Post]:
    posts: list[Post] = []
    book.pump(posts.append)
    return posts


# ── the book ──


def test_the_book_is_as_it_was_left(tmp_path: Path, clock: StoppedClock) -> None:
    path = tmp_path / "twilio.sqlite"
    with closing(TwilioBook(path, clock)) as before:
        before.own(SPA, HOOK)
        sid = taken(before.send(Order(SPA, ANA, "one", "https://x.example/s"))).sid
        before.receive(BEA, SPA, "STOP")
        before.faults.add(Fault(FaultKind.REFUSE, phone=ANA, code=30001, times=2))
        thread = before.thread(ANA)
    with closing(TwilioBook(path, clock)) as after:
        assert after.thread(ANA) == thread
        assert after.numbers() == {SPA: HOOK}
        assert after.is_opted_out(SPA, BEA)
        assert after.send(Order(SPA, ANA, "two")) == Rejected(30001)
        clock.advance(timedelta(seconds=5))
        assert [dict(post.pairs).get("MessageStatus") for post in told(after)] == [None, "sent", "delivered"]
        assert after.message(sid).status == "delivered"


def test_faults_are_for_one_phone_or_all_and_are_used_up(book: TwilioBook) -> None:
    book.faults.add(Fault(FaultKind.REFUSE, phone=ANA, code=30001, times=2))
    book.faults.add(Fault(FaultKind.REFUSE, phone=BEA, code=30002, times=None))
    order = Order(SPA, ANA, "hi")
    assert [book.send(order) for _ in range(2)] == [Rejected(30001)] * 2
    taken(book.send(order))
    assert [book.send(Order(SPA, BEA, "hi")) for _ in range(5)] == [Rejected(30002)] * 5
    book.faults.lift()
    taken(book.send(Order(SPA, BEA, "hi")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": FaultKind.REFUSE},
        {"kind": FaultKind.UNDELIVERED},
        {"kind": FaultKind.HANG_AFTER},
        {"kind": FaultKind.DELAY_CALLBACKS, "seconds": -1},
        {"kind": FaultKind.LOSE_CALLBACKS, "times": 0},
    ],
)
def test_a_fault_that_says_too_little_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Fault(**wrong)


@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stop \n", "StopAll", "UNSUBSCRIBE", "cancel", "End", "QUIT", "REVOKE", "OPTOUT"]
)
def test_a_single_word_opts_out_is_confirmed_once_and_told(book: TwilioBook, word: str) -> None:
    for _ in range(2):
        book.receive(ANA, SPA, word)
    assert book.is_opted_out(SPA, ANA)
    assert [dict(post.pairs)["OptOutType"] for post in told(book)] == ["STOP", "STOP"]
    replies = [each for each in book.thread(ANA) if not each.is_inbound]
    assert [each.direction for each in replies] == ["outbound-reply"]
    assert "unsubscribed" in replies[0].body


@pytest.mark.parametrize("words", ["STOP PLEASE", "opt out", "Stop.", "please stop", "HELP", "YES", "LEAVE", ""])
def test_anything_else_is_left_to_the_app(book: TwilioBook, words: str) -> None:
    book.receive(ANA, SPA, words)
    assert not book.is_opted_out(SPA, ANA)
    assert ["OptOutType" in dict(post.pairs) for post in told(book)] == [False]
    assert len(book.thread(ANA)) == 1


def test_an_opt_out_binds_one_number_and_one_phone_until_start(book: TwilioBook) -> None:
    book.own("+15555550200", HOOK)
    book.receive(ANA, SPA, "STOP")
    assert book.send(Order(SPA, ANA, "hi")) == Rejected(21610)
    taken(book.send(Order("+15555550200", ANA, "hi")))
    taken(book.send(Order(SPA, BEA, "hi")))
    book.receive(ANA, SPA, "start")
    taken(book.send(Order(SPA, ANA, "hi")))


def test_an_inbound_form_is_twilios(book: TwilioBook) -> None:
    book.receive(ANA, SPA, "PAUSE 2 pls ", media=1)
    [post] = told(book)
    form = dict(post.pairs)
    assert set(form) == INBOUND_FIELDS | {"MediaUrl0", "MediaContentType0"}
    assert post.url == HOOK
    assert (form["Body"], form["From"], form["To"], form["NumMedia"]) == ("PAUSE 2 pls ", ANA, SPA, "1")


def test_a_doubled_inbound_has_the_same_ids(book: TwilioBook) -> None:
    book.faults.add(Fault(FaultKind.DUPLICATE_INBOUND, phone=ANA))
    book.receive(ANA, SPA, "hi")
    first, second = told(book)
    assert first.pairs == second.pairs
    assert first.token == second.token


def test_a_post_is_tried_again_later_and_at_last_given_up(book: TwilioBook, clock: StoppedClock) -> None:
    book.receive(ANA, SPA, "hi")
    tries: list[Post] = []

    def refuse(post: Post) -> str:
        tries.append(post)
        return "status 503"

    assert book.pump(refuse) == book.pump(refuse) == 0
    assert len(tries) == 1  # not again at once
    for _ in range(MOST_TRIES + 5):
        clock.advance(timedelta(minutes=1))
        book.pump(refuse)
    assert len(tries) == MOST_TRIES
    assert {post.token for post in tries} == {tries[0].token}
    assert book.waiting() == 0


def test_a_deliverer_may_use_the_book(book: TwilioBook) -> None:
    book.receive(ANA, SPA, "hi")

    def answer(post: Post) -> None:
        book.send(Order(SPA, dict(post.pairs)["From"], "hello"))

    assert book.pump(answer) == 1
    assert [each.body for each in book.thread(ANA)] == ["hi", "hello"]


def test_messages_are_searched_by_the_day_they_were_sent(book: TwilioBook, clock: StoppedClock) -> None:
    first = taken(book.send(Order(SPA, ANA, "one")))
    clock.advance(timedelta(days=2))
    second = taken(book.send(Order(SPA, ANA, "two")))
    assert [each.sid for each in book.search(Search(to=ANA))] == [second.sid, first.sid]
    assert [each.sid for each in book.search(Search(to=ANA, sent_until=START + timedelta(days=1)))] == [first.sid]
    assert book.search(Search(to=ANA, sent_from=START + timedelta(days=1))) == []  # the second is not sent yet
    clock.advance(timedelta(seconds=5))
    assert [each.sid for each in book.search(Search(sent_from=START + timedelta(days=1)))] == [second.sid]


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("a" * 159 + "€", 2), ("a" * 152 + "€" + "a" * 152, 3), ("a" * 152 + "€" + "a" * 151, 2), ("ó" * 70, 1),
        ("ó" * 71, 2), ("ó" * 134, 2), ("ó" * 135, 3), ("🙂" * 35, 1), ("🙂" * 36, 2), ("a" * 66 + "🙂" + "a" * 66, 3),
        ("", 1), ("éñüèÇ" * 32, 1),
    ],
)  # fmt: skip
def test_segments_are_counted_as_twilio_does(body: str, count: int) -> None:
    assert segments(body) == count


# ── the server ──


@contextmanager
def running(serve: Callable[..., Any], book: TwilioBook) -> Iterator[str]:
    world = World(ACCOUNT, book, StoppedClock(START), NoInsight("The database is resting."), HOOK)
    courier = Courier(world)
    courier.start()
    try:
        with serve(create_sandbox(world, courier)) as base:
            yield base
    finally:
        courier.stop()


def until(condition: Callable[[], object], seconds: float = 5.0) -> None:
    deadline = monotonic() + seconds
    while not condition():
        assert monotonic() < deadline, "it did not happen in time"
        sleep(0.02)


def test_posts_are_signed_so_that_twilios_own_validator_says_yes_and_a_dead_server_loses_nothing(serve: Serve) -> None:
    verdicts: list[tuple[bool, dict[str, str]]] = []
    failing = Event()
    failing.set()
    web = Flask("web")

    @web.post("/webhooks/twilio/inbound")
    @web.post("/status")
    def hook() -> tuple[str, int]:
        if failing.is_set():
            failing.clear()
            return "", 500
        valid = RequestValidator(ACCOUNT.token).validate(
            request.url, request.form, request.headers["X-Twilio-Signature"]
        )
        verdicts.append((valid, request.form.to_dict()))
        return "<Response/>", 200

    pace = Pace(timedelta(milliseconds=50), timedelta(milliseconds=100))
    with closing(TwilioBook(":memory:", WallClock(), ACCOUNT.sid, pace=pace)) as book, serve(web) as home:
        book.own(SPA, f"{home}/webhooks/twilio/inbound")
        with running(serve, book) as base:
            sent = requests.post(f"{base}/sandbox/texts", json={"from": ANA, "body": "¿Pausa? + & = 🙂"}, timeout=5)
            until(lambda: len(verdicts) == 1)
            book.send(Order(SPA, ANA, "Hola", f"{home}/status?m=1&s=2"))
            until(lambda: len(verdicts) == 3)
    assert sent.status_code == 201
    assert [valid for valid, _ in verdicts] == [True] * 3
    assert verdicts[0][1]["Body"] == "¿Pausa? + & = 🙂"
    assert [form.get("MessageStatus") for _, form in verdicts[1:]] == ["sent", "delivered"]


def test_the_api_is_twilios_about_strangers_and_things_unknown(serve: Serve, book: TwilioBook) -> None:
    with running(serve, book) as base:
        api = f"{base}/2010-04-01/Accounts"
        stranger = requests.get(f"{api}/{ACCOUNT.sid}/Messages.json", timeout=5, auth=(ACCOUNT.sid, "wrong"))
        nobody = requests.get(f"{api}/AC0/Messages.json", timeout=5, auth=(ACCOUNT.sid, ACCOUNT.token))
        own = requests.get(f"{api}/{ACCOUNT.sid}/Messages/SM0.json", timeout=5, auth=(ACCOUNT.sid, ACCOUNT.token))
    assert (stranger.status_code, stranger.json()["code"]) == (401, 20003)
    assert (nobody.status_code, nobody.json()["code"]) == (404, 20404)
    assert (own.status_code, own.json()["code"]) == (404, 20404)


def test_a_script_can_text_read_break_and_pass_the_time(serve: Serve, book: TwilioBook) -> None:
    with running(serve, book) as base:
        desk = f"{base}/sandbox"

        def ask(method: str, path: str, json: object = None) -> dict[str, Any]:
            answer: dict[str, Any] = requests.request(method, desk + path, timeout=5, json=json).json()
            return answer

        text = ask("POST", "/texts", json={"from": ANA, "to": SPA, "body": "STOP", "media": 1})
        phone = ask("GET", f"/phones/{ANA}/texts")
        fault = {"kind": "refuse", "phone": None, "code": 30001, "times": None}
        faults = ask("POST", "/faults", json=fault)
        later = ask("POST", "/clock", json={"advance_seconds": 3600})
        assert ask("GET", "/clock") == later == {"now": "2026-03-02T16:00:00+00:00"}
        assert ask("DELETE", "/faults") == {"faults": []}
        assert ask("GET", "/numbers") == {"numbers": [{"phone": SPA, "inbound_url": HOOK}]}
        assert requests.get(f"{base}/healthz", timeout=5).json() == {"status": "ok"}
    assert [(each["direction"], each["sent_by_twilio"]) for each in phone["texts"]] == [
        ("from_phone", False),
        ("to_phone", True),
    ]
    assert text["opt_out_type"] == "STOP"
    assert faults == {"faults": [fault | {"seconds": 0}]}


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/texts", None),
        ("/texts", []),
        ("/texts", {"from": ANA}),
        ("/texts", {"from": "Ana", "body": "x"}),
        ("/texts", {"from": ANA, "to": BEA, "body": "x"}),
        ("/texts", {"from": ANA, "body": "x", "media": "1"}),
        ("/texts", {"from": ANA, "body": "\ud800"}),
        ("/faults", {"kind": "gremlins"}),
        ("/faults", {"kind": "refuse"}),
        ("/clock", {"advance_seconds": -1}),
        ("/clock", {"advance_seconds": "1"}),
    ],
)
def test_a_mistake_of_a_script_is_told_in_words(serve: Serve, book: TwilioBook, path: str, asked: object) -> None:
    with running(serve, book) as base:
        answer = requests.post(f"{base}/sandbox{path}", json=asked, timeout=5)
    assert answer.status_code == 400
    assert len(answer.json()["error"]) > 10


def test_the_page_shows_what_was_texted_as_words_only_and_works_with_the_window_shut(
    serve: Serve, book: TwilioBook
) -> None:
    with running(serve, book) as base:
        form = {"phone": ANA, "number": SPA, "body": "<script>alert(1)</script>"}
        page = requests.post(f"{base}/phone/texts", data=form, timeout=5)
        elsewhere = requests.post(
            f"{base}/phone/texts", data=form, timeout=5, headers={"Origin": "https://evil.example"}
        )
        empty = requests.post(f"{base}/phone/texts", data=form | {"phone": "Ana"}, timeout=5)
        forward = requests.post(f"{base}/phone/clock", data=form | {"forward": "month"}, timeout=5)
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert "The database is resting." in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert elsewhere.status_code == 403
    assert empty.status_code == 400
    assert "Ana is not a phone number" in empty.text
    assert "April 2, 2026" in forward.text


# ── the process ──


@contextmanager
def process(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "assistant.sandbox"]
    started = subprocess.Popen(
        command, cwd=ROOT, env={"PATH": os.environ["PATH"]} | env, stderr=subprocess.PIPE, text=True
    )
    try:
        yield started
    finally:
        started.kill()
        started.communicate(timeout=10)


def environment(folder: Path, port: int, home: str) -> dict[str, str]:
    return {
        "SANDBOX_PORT": str(port),
        "SANDBOX_BOOK": str(folder / "book.sqlite"),
        "SANDBOX_NUMBERS": SPA,
        "TWILIO_ACCOUNT_SID": ACCOUNT.sid,
        "TWILIO_AUTH_TOKEN": ACCOUNT.token,
        "PUBLIC_BASE_URL": home,
        "CLOCK_FILE": str(folder / "clock"),
    }


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def is_up(base: str) -> bool:
    try:
        return requests.get(f"{base}/healthz", timeout=1).ok
    except requests.ConnectionError:
        return False


def test_a_text_outlives_the_killing_of_the_sandbox_while_the_web_server_is_down(serve: Serve, tmp_path: Path) -> None:
    heard: list[str] = []
    web = Flask("web")

    @web.post("/webhooks/twilio/inbound")
    def hook() -> str:
        heard.append(request.form["Body"])
        return ""

    port, web_port = free_port(), free_port()
    base, home = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{web_port}"
    with process(environment(tmp_path, port, home)) as first:
        until(lambda: is_up(base), 15)
        requests.post(f"{base}/sandbox/texts", json={"from": ANA, "body": "remember me"}, timeout=5)
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=10)
    with serve(web, web_port), process(environment(tmp_path, port, home)):
        until(lambda: heard, 15)
        kept = requests.get(f"{base}/sandbox/phones/{ANA}/texts", timeout=5).json()["texts"]
    assert set(heard) == {"remember me"}
    assert [each["body"] for each in kept] == ["remember me"]


def test_a_taken_port_and_a_missing_setting_are_one_sentence_each(tmp_path: Path) -> None:
    with create_server(("127.0.0.1", 0)) as taken_door:
        port = taken_door.getsockname()[1]
        with process(environment(tmp_path, port, "http://127.0.0.1:1")) as refused:
            assert refused.wait(timeout=15) == 1
            assert refused.stderr.read() == f"The sandbox cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    with process({"SANDBOX_PORT": "1"}) as lost:
        assert lost.wait(timeout=15) == 78
        assert "needs SANDBOX_BOOK, TWILIO_ACCOUNT_SID" in lost.stderr.read()
