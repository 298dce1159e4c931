"""Signed texts as Twilio posts them, and eight kept connections that post them as fast as they are answered."""

import selectors
import socket
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import digest
from itertools import count, islice
from urllib.parse import quote_plus

from benchmarks.harness import Sample

BASE_URL = "https://spa.example.com"
PATH = "/webhooks/twilio/inbound"
URL = BASE_URL + PATH
ACCOUNT = "AC" + "1" * 32
TOKEN = "12345678901234567890123456789012"
SPA_NUMBER = "+14155550100"
MEMBERS = 100_000
BODIES = ("balance", "book botox friday 3pm", "yes", "how many credits do I have left?", "redeem 1 facial", "HELP")
CONNECTIONS = 8
PER_SECOND = 5_000
"""More than any side answers: this many are signed before the clock starts."""
SAME = {
    "AccountSid": ACCOUNT, "ApiVersion": "2010-04-01", "FromCity": "SAN FRANCISCO", "FromCountry": "US",
    "FromState": "CA", "FromZip": "94105", "MessagingServiceSid": "MG" + "0" * 32, "NumMedia": "0", "NumSegments": "1",
    "SmsStatus": "received", "To": SPA_NUMBER, "ToCity": "", "ToCountry": "US", "ToState": "CA", "ToZip": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """One text, and the whole request that carries it."""

    sid: str
    sender: str
    body: str
    request: bytes


def phone(member: int) -> str:
    """Of a member by number, from 0: a number that could exist."""
    return f"+1415{2_000_000 + member}"


def texts(tag: str, base_url: str = BASE_URL) -> Iterator[Text]:
    """The same for the same tag, from members in turn; sids are unique to the tag."""
    start = sha256(tag.encode()).hexdigest()[:20]
    first = int(start, 16)
    for number in count():
        sid = f"SM{start}{number:012x}"
        yield signed(sid, phone((first + number * 7919) % MEMBERS), BODIES[number % len(BODIES)], base_url=base_url)


def signed(sid: str, sender: str, body: str, *, token: str = TOKEN, base_url: str = BASE_URL) -> Text:
    """A text with its signature (`rules.md` 3.4)."""
    form = dict(
        sorted({**SAME, "From": sender, "Body": body, "MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid}.items())
    )
    words = base_url + PATH + "".join(name + value for name, value in form.items())
    signature = b64encode(digest(token.encode(), words.encode(), "sha1")).decode()
    content = "&".join(f"{name}={quote_plus(value)}" for name, value in form.items())
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: spa.example.com\r\nX-Twilio-Signature: {signature}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return Text(sid, sender, body, (head + content).encode())


@dataclass(slots=True)
class Posted:
    """What came of posting texts; `seconds` from the first request to the last answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu: float = 0.0

    def sample(self) -> Sample:
        """Rate and times, if every answer was a 200."""
        assert set(self.statuses) == {200}, f"answers were {dict(self.statuses)}"
        done, waits = len(self.waits), sorted(self.waits)
        return Sample(
            rate=done / self.seconds,
            done=done,
            p50_ms=waits[done // 2] * 1e3,
            p99_ms=waits[done * 99 // 100] * 1e3,
            client_cpu_us=self.cpu / done * 1e6,
        )


def post_for(port: int, seconds: float, tag: str) -> Posted:
    """Post new texts for so long."""
    return _post(port, list(islice(texts(tag), int(seconds * PER_SECOND))), seconds)


def post_all(port: int, wanted: list[Text]) -> Posted:
    """Post these, each once."""
    return _post(port, wanted, seconds=float("inf"))


class _Line:
    """One kept connection, with one request under way at a time."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = b""
        self.began = 0.0

    def send(self, request: bytes) -> None:
        self.received, self.began = b"", time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int | None:
        """Read what is there; the status once the whole answer is."""
        came = self.socket.recv(65536)
        if not came:
            raise ConnectionError("the server closed a connection in the middle of a run")
        self.received += came
        head, end, content = self.received.partition(b"\r\n\r\n")
        if not end:
            return None
        length = head.lower().partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
        return int(head[9:12]) if len(content) >= int(length) else None


def _post(port: int, wanted: list[Text], seconds: float) -> Posted:
    posted, waiting = Posted(), iter(wanted)
    with selectors.DefaultSelector() as selector:
        began, processor = time.perf_counter(), time.process_time()
        for text in islice(waiting, CONNECTIONS):
            line = _Line(port)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(text.request)
        while selector.get_map():
            for key, _ in selector.select(10):
                line = key.data
                status = line.status()
                if status is None:
                    continue
                now = time.perf_counter()
                posted.statuses[status] += 1
                posted.waits.append(now - line.began)
                text = next(waiting, None) if now - began < seconds else None
                if text is not None:
                    line.send(text.request)
                else:
                    selector.unregister(line.socket)
                    line.socket.close()
        posted.seconds, posted.cpu = time.perf_counter() - began, time.process_time() - processor
    return posted
