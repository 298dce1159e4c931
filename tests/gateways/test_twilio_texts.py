"""What TwilioTexts makes of everything a network and a server can answer."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from socket import create_server
from threading import Thread
from typing import Any

import pytest
from urllib3.exceptions import LocationValueError

from assistant.gateways.ports import Accepted, Refused, Text, Unanswered
from assistant.gateways.twilio_texts import NOT_SENT, TwilioTexts
from tests.gateways.conftest import Serve

TEXT = Text(1, 2, "+15555550100", "+15555550111", "a secret word", 600)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
BODIES = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b"<html>",
    b"\xff\xfe",
    b'{"code": 20429}',
    b'{"code": "x"}',
    b'{"code": null, "message": "+15555550111"}',
    b'{"type": "t", "title": "a secret word", "status": 400, "code": 21211}',
    b'{"sid": null}',
    b'{"messages": null}',
    b'{"messages": [], "next_page_uri": null}',
]


def texts(base: str) -> TwilioTexts:
    return TwilioTexts(f"AC{'a' * 32}", "t", "https://assistant.example", base, timeout=(0.5, 0.3))


def answering(status: str, body: bytes) -> Callable[..., Iterable[bytes]]:
    def app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response(status, [("Content-Type", "application/json"), ("Location", "/elsewhere")])
        return [body]

    return app


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("201 Created", b'{"sid": "SM1"}', Accepted("SM1")),
        ("200 OK", b'{"sid": "SM1"}', Accepted("SM1")),
        ("201 Created", b"", Unanswered),
        ("201 Created", b"<html>", Unanswered),
        ("201 Created", b"{}", Unanswered),
        ("302 Found", b"", Unanswered),
        ("408 Request Timeout", b"", Unanswered),
        ("500 Oops", b"", Unanswered),
        ("503 Busy", b'{"code": 20503}', Unanswered),
        ("503 Busy", b'{"code": 20429}', 20429),
        ("429 Slow", b"<html>", 20429),
        ("403 No", b"<html>a proxy says no</html>", 403),
        ("400 Bad", b'{"code": 21610, "message": "x"}', 21610),
        ("400 Bad", b'{"code": "abc"}', 400),
        ("400 Bad", b'{"type": "t", "title": "t", "status": 400, "code": 21211}', 21211),
    ],
)
def test_each_answer_to_a_send_is_one_of_three(serve: Serve, status: str, body: bytes, expected: object) -> None:
    with serve(answering(status, body)) as base:
        answer = texts(base).send(TEXT)
    match expected:
        case Accepted():
            assert answer == expected
        case int():
            assert isinstance(answer, Refused)
            assert answer.code == expected
        case _:
            assert isinstance(answer, Unanswered)


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("status", ["200 OK", "204 None", "301 Moved", "400 Bad", "404 None", "418 Tea", "502 Bad"])
def test_nothing_a_server_says_makes_it_raise_or_repeat_a_secret(serve: Serve, status: str, body: bytes) -> None:
    with serve(answering(status, body)) as base:
        door = texts(base)
        sent, found = door.send(TEXT), door.find(TEXT, since=SINCE, known=frozenset())
        assert isinstance(door.redact("SM1"), bool)
    assert isinstance(sent, Accepted | Refused | Unanswered)
    assert isinstance(found, Accepted | Unanswered | None)
    assert not any(secret in str((sent, found)) for secret in (TEXT.recipient, TEXT.body))


def test_a_refused_connection_was_surely_not_sent() -> None:
    with create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    answer = texts(f"http://127.0.0.1:{port}").send(TEXT)
    assert answer == Refused(NOT_SENT, "not sent: no connection to Twilio")
    assert isinstance(texts(f"http://127.0.0.1:{port}").find(TEXT, since=SINCE, known=frozenset()), Unanswered)
    assert texts(f"http://127.0.0.1:{port}").redact("SM1") is False


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\n{", b"nonsense\r\n\r\n"])
def test_a_connection_that_breaks_is_unanswered(said: bytes) -> None:
    with create_server(("127.0.0.1", 0)) as listening:

        def hang_up() -> None:
            with closing(listening.accept()[0]) as line:
                line.recv(65536)
                line.sendall(said)

        thread = Thread(target=hang_up)
        thread.start()
        answer = texts(f"http://127.0.0.1:{listening.getsockname()[1]}").send(TEXT)
        thread.join()
    assert isinstance(answer, Unanswered)


def test_silence_is_unanswered_after_the_read_timeout() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        answer = texts(f"http://127.0.0.1:{silent.getsockname()[1]}").send(TEXT)
    assert isinstance(answer, Unanswered)


def test_a_server_that_speaks_no_tls_is_unanswered(serve: Serve) -> None:
    with serve(answering("201 Created", b"{}")) as base:
        assert isinstance(texts(base.replace("http:", "https:")).send(TEXT), Unanswered)


def test_a_mistake_of_ours_is_not_swallowed() -> None:
    with pytest.raises(LocationValueError):
        texts("http://").send(TEXT)


def test_twilios_own_address_is_the_default_and_the_edge_does_not_rewrite_ours(serve: Serve) -> None:
    with serve(answering("201 Created", b'{"sid": "SM1"}')) as base:
        assert texts(base).send(TEXT) == Accepted("SM1")
    real = TwilioTexts(f"AC{'a' * 32}", "t", "https://assistant.example")
    assert real._messages._version.domain.base_url == "https://api.twilio.com"  # noqa: SLF001
