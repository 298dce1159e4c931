"""Twilio's door: what Twilio signed is kept before it is thanked for, and nobody else gets anything in."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.db.connections import Database
from assistant.gateways.signatures import sign_twilio
from assistant.messages.catalog import Trouble
from assistant.services import messaging
from assistant.services.messaging import Addressee
from assistant.settings import Settings
from tests.world import ANA, PUBLIC, SPA_NUMBER, World

TOKEN, OLD = "the-token", "the-token-before"
SETTINGS = Settings.read(
    {
        "DATABASE_URL": "postgresql://localhost:1/nowhere",
        "REDIS_URL": "redis://localhost:1/0",
        "SECRET_KEY": "x" * 32,
        "PUBLIC_BASE_URL": PUBLIC,
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_AUTH_TOKEN_OLD": OLD,
        "STRIPE_SECRET_KEY": "sk_test_0",
        "STRIPE_WEBHOOK_SECRET": "whsec_0",
        "SENDGRID_API_KEY": "SG.0",
    }
)
INBOUND, STATUS = "/webhooks/twilio/inbound", "/webhooks/twilio/status?m=1&s=1"
SID = "SM" + "0a" * 16
TEXT = (
    ("AccountSid", "AC" + "0" * 32),
    ("ApiVersion", "2010-04-01"),
    ("Body", "BALANCE"),
    ("From", ANA),
    ("MessageSid", SID),
    ("NumMedia", "0"),
    ("To", SPA_NUMBER),
    ("ToCity", ""),
)
NEWS = (
    ("AccountSid", "AC" + "0" * 32),
    ("From", SPA_NUMBER),
    ("MessageSid", SID),
    ("MessageStatus", "delivered"),
    ("To", ANA),
)
FORM = "application/x-www-form-urlencoded"
GUARDED = ("inbound_event", "outbound_message", "phone", "consent_change", "audit", "ledger_entry", "question")

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Call:
    """One request, good until something is done to it."""

    path: str
    pairs: Pairs
    token: str = TOKEN
    url: str | None = None
    """What is signed, where it is not the true address."""
    signature: str | bytes | None = ""
    """Empty: the right one for `pairs` and `url`. None: no header."""
    body: bytes | None = None
    """Empty: the pairs as a form."""
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, object] = field(default_factory=dict)

    def made(self, client: FlaskClient) -> TestResponse:
        signature = self.signature
        if signature == "":
            signature = sign_twilio(self.token, self.url or PUBLIC + self.path, self.pairs)
        shown = {} if signature is None else {"X-Twilio-Signature": signature}
        body = urlencode(self.pairs).encode() if self.body is None else self.body
        headers = {"Content-Type": FORM, **shown, **self.headers}
        return client.open(
            self.path, method=self.method, data=body, headers=headers, environ_overrides=dict(self.environ)
        )


GOOD = {"inbound": Call(INBOUND, TEXT), "status": Call(STATUS, NEWS)}


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.rt, SETTINGS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def waiting(world: World) -> int:
    """A member, and a message to her that is on its way."""
    world.client("Ana")
    with world.rt.unit_of_work() as uow:
        messaging.tell(uow, Addressee(world.spa.spa_id, ANA, "en"), Trouble(help_phone="555"), key="k")
    messaging.deliver_next(world.rt)
    [[message]] = world.rows("UPDATE outbound_message SET provider_id = %s RETURNING id", (SID,))
    assert (message, world.spa.spa_id) == (1, 1)
    return message


def everything(world: World) -> list[object]:
    return [world.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in GUARDED]


# --- Twilio ------------------------------------------------------------------------------------------------------


def test_a_text_is_kept_and_thanked_for(world: World, client: FlaskClient) -> None:
    thanks = GOOD["inbound"].made(client)
    assert (thanks.status_code, thanks.mimetype) == (200, "text/xml")
    assert thanks.data == b'<?xml version="1.0" encoding="UTF-8"?><Response />'
    assert world.rows("SELECT spa_id, external_id, sender, recipient, body, status FROM inbound_event") == [
        (1, SID, ANA, SPA_NUMBER, "BALANCE", "kept")
    ]


def test_news_of_a_text_moves_it_on(world: World, client: FlaskClient, waiting: int) -> None:
    thanks = GOOD["status"].made(client)
    assert (thanks.status_code, thanks.data) == (204, b"")
    assert world.rows("SELECT id, status FROM outbound_message") == [(waiting, "delivered")]


def test_the_same_text_many_times_is_one(world: World, client: FlaskClient) -> None:
    assert [GOOD["inbound"].made(client).status_code for _ in range(5)] == [200] * 5
    assert world.rows("SELECT count(*) FROM inbound_event") == [(1,)]


def test_the_token_before_is_good_while_it_is_being_changed_and_no_longer(world: World, client: FlaskClient) -> None:
    assert replace(GOOD["inbound"], token=OLD).made(client).status_code == 200
    assert world.rows("SELECT count(*) FROM inbound_event") == [(1,)]
    after = create_app(world.rt, replace(SETTINGS, twilio_auth_token_old=None)).test_client()
    assert replace(GOOD["inbound"], token=OLD).made(after).status_code == 403
    assert GOOD["inbound"].made(after).status_code == 200


@pytest.mark.parametrize("url", [f"{PUBLIC}:443{INBOUND}", f"{PUBLIC}{INBOUND}"])
def test_with_its_port_or_without_the_address_is_ours(client: FlaskClient, url: str) -> None:
    assert replace(GOOD["inbound"], url=url).made(client).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8000", "spa.example.com:444"])
def test_the_address_that_counts_is_the_configured_one(client: FlaskClient, host: str) -> None:
    """Behind a proxy `Host` is anything: a good signature is good, and one over that other host is not."""
    given = replace(GOOD["inbound"], headers={"Host": host})
    assert given.made(client).status_code == 200
    assert replace(given, url=f"https://{host}{INBOUND}").made(client).status_code == 403


@pytest.mark.parametrize("order", [TEXT, TEXT[::-1], (*TEXT[3:], *TEXT[:3])])
def test_the_order_of_parameters_is_nothing(world: World, client: FlaskClient, order: Pairs) -> None:
    assert Call(INBOUND, order).made(client).status_code == 200
    assert world.rows("SELECT body FROM inbound_event") == [("BALANCE",)]


@pytest.mark.parametrize("body", ["", " +%&=;", "é ☃ 👩‍👩‍👧", "a\r\nb", "=&=&", "%00%ff", "\x00", "BALANCE" * 200])
def test_any_words_come_through(world: World, client: FlaskClient, body: str) -> None:
    pairs = [("Body", body) if name == "Body" else (name, value) for name, value in TEXT]
    assert Call(INBOUND, pairs).made(client).status_code == 200
    [[kept]] = world.rows("SELECT body FROM inbound_event")
    assert kept == body.replace("\r\n", "\n").replace("\x00", "")


@pytest.mark.parametrize("said", ["canceled", "read", "nonsense", "Delivered", "waiting", "dropped"])
def test_a_status_we_do_not_know_is_thanked_for_and_changes_nothing(
    world: World, client: FlaskClient, waiting: int, said: str
) -> None:
    assert waiting
    known = said in {"canceled", "read"}
    before = everything(world)
    pairs = [("MessageStatus", said) if name == "MessageStatus" else (name, value) for name, value in NEWS]
    assert Call(STATUS, pairs).made(client).status_code == 204
    assert (everything(world) != before) == known


@pytest.mark.parametrize("query", ["m=2&s=1", "m=1&s=2", "m=1&s=0", "m=999999999999999999&s=1", "m=1&s=1&m=2"])
def test_news_of_a_message_we_never_wrote_is_thanked_for(
    world: World, client: FlaskClient, waiting: int, query: str
) -> None:
    assert waiting
    status = "accepted" if query != "m=1&s=1&m=2" else "delivered"
    assert Call(f"/webhooks/twilio/status?{query}", NEWS).made(client).status_code == 204
    assert world.rows("SELECT status FROM outbound_message") == [(status,)]


# --- anyone else -------------------------------------------------------------------------------------------------


def other(call: Call, **values: str) -> Pairs:
    """The call's parameters with some of them changed, added, or (None) left out."""
    return [*((name, value) for name, value in call.pairs if name not in values), *values.items()]


def without(call: Call, name: str) -> Pairs:
    return [pair for pair in call.pairs if pair[0] != name]


def forged(signature: str | bytes | None) -> Callable[[Call], Call]:
    return lambda call: replace(call, signature=signature)


def unsigned_change(change: Callable[[Call], Pairs]) -> Callable[[Call], Call]:
    """Signed as it was, and then changed on the way."""

    def made(call: Call) -> Call:
        signature = sign_twilio(call.token, PUBLIC + call.path, call.pairs)
        return replace(call, pairs=change(call), signature=signature)

    return made


def signed_change(change: Callable[[Call], Pairs]) -> Callable[[Call], Call]:
    """Signed with our own token, and still no webhook."""
    return lambda call: replace(call, pairs=change(call))


def as_body(body: bytes, content_type: str = FORM) -> Callable[[Call], Call]:
    return lambda call: replace(call, body=body, headers={"Content-Type": content_type})


def right(call: Call) -> str:
    return sign_twilio(call.token, PUBLIC + call.path, call.pairs)


FORGED: dict[str, Callable[[Call], Call]] = {
    "no signature": forged(None),
    "blank signature": forged(" "),
    "garbage": forged("garbage"),
    "not base64": forged("!!!!" * 7),
    "another's": forged("RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    "latin letters": forged("é" * 28),
    "bytes that are no text": forged("\xff\xfe\xfd"),
    "long": forged("A" * 60_000),
    "the right one and more": lambda call: replace(call, signature=right(call) + "A"),
    "the right one but its end": lambda call: replace(call, signature=right(call)[:-1]),
    "the right one in another case": lambda call: replace(call, signature=right(call).swapcase()),
    "the right one without padding": lambda call: replace(call, signature=right(call).rstrip("=")),
    "two with the right one": lambda call: replace(call, signature=f"{right(call)},{right(call)}"),
    "two headers": lambda call: replace(call, signature="x", headers={"X-Twilio-Signature-2": right(call)}),
    "another header": lambda call: replace(call, signature=None, headers={"X-Signature": right(call)}),
    "wrong token": lambda call: replace(call, token="wrong"),
    "empty token": lambda call: replace(call, token=""),
    "token with a space": lambda call: replace(call, token=f"{TOKEN} "),
    "the account's id as token": lambda call: replace(call, token="AC" + "0" * 32),
    "http": lambda call: replace(call, url=f"http://spa.example.com{call.path}"),
    "another host": lambda call: replace(call, url=f"https://evil.example{call.path}"),
    "another port": lambda call: replace(call, url=f"{PUBLIC}:444{call.path}"),
    "with a name": lambda call: replace(call, url=f"https://twilio@spa.example.com{call.path}"),
    "upper case host": lambda call: replace(call, url=f"https://SPA.example.com{call.path}"),
    "the other door": lambda call: replace(call, url=PUBLIC + (STATUS if call.path == INBOUND else INBOUND)),
    "another message": lambda call: replace(call, url=PUBLIC + call.path + "&m=2"),
    "no query": lambda call: replace(call, path=f"{call.path.split('?')[0]}?m=2&s=1", url=PUBLIC + INBOUND),
    "slash": lambda call: replace(call, url=PUBLIC + call.path.replace("?", "/?") + "/"),
    "fragment": lambda call: replace(call, url=PUBLIC + call.path + "#x"),
    "forwarded host": lambda call: replace(
        call,
        url=f"https://evil.example{call.path}",
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    ),
    "forwarded by": lambda call: replace(
        call, url=f"http://spa.example.com{call.path}", headers={"X-Forwarded-Proto": "http", "Forwarded": "proto=http"}
    ),
    "original address": lambda call: replace(
        call, url=f"{PUBLIC}/other", headers={"X-Original-URL": "/other", "X-Rewrite-URL": "/other"}
    ),
    "method override": lambda call: replace(call, signature=None, headers={"X-HTTP-Method-Override": "GET"}),
    "signature as a parameter": lambda call: replace(
        call, signature=None, pairs=[*call.pairs, ("X-Twilio-Signature", right(call))]
    ),
    "from changed": unsigned_change(lambda call: other(call, From="+15055550199")),
    "sid changed": unsigned_change(lambda call: other(call, MessageSid="SM" + "0b" * 16)),
    "body changed": unsigned_change(lambda call: other(call, Body="STOP")),
    "status changed": unsigned_change(lambda call: other(call, MessageStatus="failed")),
    "one added": unsigned_change(lambda call: [*call.pairs, ("OptOutType", "START")]),
    "one removed": unsigned_change(lambda call: without(call, "AccountSid")),
    "one repeated with another value": unsigned_change(lambda call: [*call.pairs, ("MessageSid", "SM1")]),
    "one before with another value": unsigned_change(lambda call: [("MessageSid", "SM1"), *call.pairs]),
    "a space more": unsigned_change(lambda call: [(n, v + " ") for n, v in call.pairs]),
    "another case of a name": unsigned_change(lambda call: [(n.lower(), v) for n, v in call.pairs]),
    "nothing": unsigned_change(lambda _call: []),
    "the query moved into the form": lambda call: replace(
        call, path=call.path.split("?")[0], pairs=[*call.pairs, ("m", "1"), ("s", "1")], url=PUBLIC + STATUS
    ),
    "JSON": lambda call: replace(
        call, body=json.dumps(dict(call.pairs)).encode(), headers={"Content-Type": "application/json"}
    ),
    "JSON as a form": as_body(json.dumps(dict(TEXT)).encode()),
    "an array": as_body(b"[]", "application/json"),
    "deep": as_body(b"[" * 60_000, "application/json"),
    "deep names": as_body(("a" + "[b]" * 20_000 + "=1").encode()),
    "multipart": as_body(
        b'--x\r\nContent-Disposition: form-data; name="MessageSid"\r\n\r\nSM1\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "multipart without end": as_body(b"--x\r\n" * 10_000, "multipart/form-data; boundary=x"),
    "multipart without boundary": as_body(b"--x\r\n\r\n", "multipart/form-data"),
    "XML": as_body(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "text/xml"),
    "nothing at all": as_body(b""),
    "odd type": as_body(b"MessageSid=SM1", "\x7f;;;="),
    "no type": as_body(b"MessageSid=SM1", ""),
    "UTF-16": as_body(urlencode(TEXT).encode("utf-16")),
    "gzip": lambda call: replace(call, body=b"\x1f\x8b\x08\x00", headers={"Content-Encoding": "gzip"}),
    "half an escape": as_body(b"MessageSid=%e9&%"),
    "half a letter": as_body(b"MessageSid=\xe9\xff&Body=\xc3"),
    "escaped half a letter": as_body(b"MessageSid=SM1&Body=%ff%fe%00x"),
    "escaped surrogates": as_body(b"MessageSid=SM1&Body=%ed%a0%80%ed%b0%80"),
    "overlong slash": as_body(b"MessageSid=%c0%af"),
    "hundred thousand fields": as_body(b"a=&" * 100_000),
    "a hundred and one fields": as_body(b"&".join(b"k%d=" % n for n in range(101))),
    "ampersands": as_body(b"&" * 60_000),
    "ten megabytes in one": as_body(b"Body=" + b"a" * 10_000_000),
    "a little too much": as_body(b"Body=" + b"a" * 64 * 1024),
    "more than it says": lambda call: replace(call, environ={"CONTENT_LENGTH": "5"}),
    "says too much": lambda call: replace(call, environ={"CONTENT_LENGTH": "99999999999999999999"}),
    "says less than nothing": lambda call: replace(call, environ={"CONTENT_LENGTH": "-1"}),
    "says nonsense": lambda call: replace(call, environ={"CONTENT_LENGTH": "1e3"}),
    "chunked, without length": lambda call: replace(
        call,
        signature="forged",
        environ={"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    ),
    "chunked and endless": lambda call: replace(
        call,
        environ={
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input_terminated": True,
            "wsgi.input": BytesIO(b"Body=" + b"a" * 3_000_000),
        },
    ),
}
"""What somebody without the token sends, or does to what Twilio sent."""

SIGNED: dict[str, Callable[[Call], Call]] = {
    "no sid": signed_change(lambda call: without(call, "MessageSid")),
    "empty sid": signed_change(lambda call: other(call, MessageSid="")),
    "blank sid": signed_change(lambda call: other(call, MessageSid="   ")),
    "long sid": signed_change(lambda call: other(call, MessageSid="SM" + "a" * 33)),
    "sid with NUL": signed_change(lambda call: other(call, MessageSid="SM\x00")),
    "sid with a line end": signed_change(lambda call: other(call, MessageSid=SID + "\n")),
    "sid in letters beyond ASCII": signed_change(lambda call: other(call, MessageSid="SM\u0661\u0662")),
    "sid with a quote": signed_change(lambda call: other(call, MessageSid="SM'--")),
    "only the last of two counts": signed_change(lambda call: [*call.pairs, ("MessageSid", "")]),
    "a hundred and one": signed_change(lambda call: [*call.pairs, *((f"k{n}", "") for n in range(100))]),
    "too long": signed_change(lambda call: other(call, Body="a" * 64 * 1024)),
    "no parameters": signed_change(lambda _call: []),
    "surrogates": lambda call: replace(call, body=urlencode(call.pairs).encode() + b"&x=%ed%a0%80"),
}
"""Signed as Twilio would, and still nothing Twilio sends."""

SIGNED_TEXTS: dict[str, Callable[[Call], Call]] = {
    "no from": signed_change(lambda call: without(call, "From")),
    "empty from": signed_change(lambda call: other(call, From="")),
    "from with NUL": signed_change(lambda call: other(call, From="+1505\x00")),
    "from with a tab": signed_change(lambda call: other(call, From="+1505\t")),
    "turned round": signed_change(lambda call: other(call, From="\u202e" + ANA)),
    "long from": signed_change(lambda call: other(call, From="1" * 101)),
    "no to": signed_change(lambda call: without(call, "To")),
    "empty to": signed_change(lambda call: other(call, To="")),
}
SIGNED_NEWS: dict[str, Callable[[Call], Call]] = {
    "no status": signed_change(lambda call: without(call, "MessageStatus")),
    "empty status": signed_change(lambda call: other(call, MessageStatus="")),
    "code that is a word": signed_change(lambda call: other(call, ErrorCode="abc")),
    "negative code": signed_change(lambda call: other(call, ErrorCode="-1")),
    "huge code": signed_change(lambda call: other(call, ErrorCode="9" * 40)),
    "code behind zeros": signed_change(lambda call: other(call, ErrorCode="0" * 20 + "9" * 40)),
    "code with a half": signed_change(lambda call: other(call, ErrorCode="30003.5")),
}
IDS = [
    "", "m=1", "s=1", "m=&s=", "m=-1&s=1", "m=1&s=-1", "m=1.0&s=1", "m=0x1&s=1", "m=1e3&s=1", "m=NaN&s=1", "m=true&s=1",
    f"m={2**63}&s=1", f"m={'9' * 400}&s=1", f"m={'9' * 5000}&s=1", f"m={'0' * 20}{'9' * 30}&s=1",
    f"m={'0' * 20}{'9' * 5000}&s=1", "m=%00&s=1", "m=1%00&s=1", "m=%d9%a1&s=1", "m=%b2&s=1", "m=1;s=1", "m=1&s=1'--",
    "M=1&S=1", "m[]=1&s=1", "m= 1&s=1", "m=1_000&s=1", "%ff=%ff&m=x&s=1",
]  # fmt: skip

CASES = [
    *((f"{door}: {name}", call, change) for name, change in FORGED.items() for door, call in GOOD.items()),
    *((f"{door}, signed: {name}", call, change) for name, change in SIGNED.items() for door, call in GOOD.items()),
    *((f"inbound, signed: {name}", GOOD["inbound"], change) for name, change in SIGNED_TEXTS.items()),
    *((f"status, signed: {name}", GOOD["status"], change) for name, change in SIGNED_NEWS.items()),
    *(
        (
            f"status, signed: ?{query[:40]} ({len(query)})",
            Call(f"/webhooks/twilio/status?{query}", NEWS),
            lambda call: call,
        )
        for query in IDS
    ),
]


def test_the_corpus_is_large() -> None:
    assert min(len([name for name, *_ in CASES if name.startswith(door)]) for door in GOOD) >= 90
    assert len({name for name, *_ in CASES}) == len(CASES)


def test_whatever_else_comes_is_refused_and_leaves_nothing(
    world: World, client: FlaskClient, waiting: int, caplog: pytest.LogCaptureFixture
) -> None:
    """One database for all of them: whatever any leaves behind is seen at once."""
    assert waiting
    before = everything(world)
    wrong = []
    for name, call, change in CASES:
        caplog.clear()
        answer = change(call).made(client)
        written = everything(world) != before
        if answer.status_code not in {400, 403} or written or len(answer.data) > 100 or caplog.text:
            wrong.append((name, answer.status, "wrote" if written else caplog.text[-200:]))
            before = everything(world)
    assert wrong == []
    assert world.rt.database.lent == 0
    assert GOOD["inbound"].made(client).status_code == 200  # and the door still opens for Twilio


@pytest.mark.parametrize("door", GOOD)
@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "post", "X"]
)
def test_only_a_post_is_a_webhook(world: World, client: FlaskClient, method: str, door: str) -> None:
    answer = replace(GOOD[door], method=method).made(client)
    allowed = {200} if method == "OPTIONS" else {405}
    assert answer.status_code in (allowed | {200, 204} if method == "post" else allowed)
    assert world.rows("SELECT count(*) FROM inbound_event") == [(int(method == "post" and door == "inbound"),)]


@pytest.mark.parametrize(
    "path",
    ["/", "/webhooks/twilio", "/webhooks/twilio/inbound/", "/webhooks/twilio/Inbound", "/webhooks//twilio/inbound",
     "/webhooks/twilio/../twilio/x", "/%00", "/files/x", "/webhooks/twilio/inbound%2f", "//evil.example/"],
)  # fmt: skip
def test_there_are_no_other_doors(world: World, client: FlaskClient, path: str) -> None:
    answer = Call(path, TEXT, url=PUBLIC + path).made(client)
    assert answer.status_code in {404, 308}
    assert b"<" not in answer.data or answer.status_code == 308
    assert world.rows("SELECT count(*) FROM inbound_event") == [(0,)]


MOVED = [
    ("MessageSid", "NumMedia"),
    ("AccountSid", "ApiVersion"),
    ("ApiVersion", "Body"),
    ("From", "MessageSid"),
    ("NumMedia", "To"),
    ("To", "ToCity"),
]


@pytest.mark.parametrize(("name", "swallows"), MOVED)
def test_no_boundary_can_be_moved_to_make_a_second_text(
    world: World, client: FlaskClient, name: str, swallows: str
) -> None:
    """Twilio signs names and values run together: what moves between them is signed too."""
    GOOD["inbound"].made(client)
    pairs = dict(TEXT)
    longer = pairs[name] + swallows + pairs[swallows]
    moved = [(n, longer if n == name else v) for n, v in TEXT if n != swallows]
    assert right(Call(INBOUND, moved)) == right(GOOD["inbound"])

    Call(INBOUND, moved).made(client)

    assert world.rows("SELECT spa_id, external_id FROM inbound_event") == [(1, SID)]


# --- ill health --------------------------------------------------------------------------------------------------


@pytest.fixture
def away(world: World, tmp_path: Path) -> Iterator[FlaskClient]:
    """The app with a database where nobody answers."""
    database = Database(f"postgresql+psycopg://postgres@/spa?host={quote(str(tmp_path), safe='')}")
    yield create_app(replace(world.rt, database=database), SETTINGS).test_client()
    database.close()


@pytest.mark.parametrize("door", GOOD)
def test_with_the_database_away_twilio_is_told_to_come_again(away: FlaskClient, door: str) -> None:
    answer = GOOD[door].made(away)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert replace(GOOD[door], token="wrong").made(away).status_code == 403


def test_a_process_lives_without_a_database_and_is_not_ready(away: FlaskClient, client: FlaskClient) -> None:
    assert (away.get("/healthz").status_code, away.get("/readyz").status_code) == (200, 503)
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)
    assert (client.get("/readyz").json, away.get("/readyz").json) == (
        {"ok": True},
        {"ok": False, "database": "does not answer"},
    )


def test_a_database_without_our_tables_is_not_ready(world: World, client: FlaskClient) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql("ALTER TABLE inbound_event RENAME TO elsewhere")
    assert client.get("/readyz").status_code == 503
    assert GOOD["inbound"].made(client).status_code == 503
    with world.rt.unit_of_work() as uow:
        uow.sql("ALTER TABLE elsewhere RENAME TO inbound_event")
    assert client.get("/readyz").status_code == 200
    assert GOOD["inbound"].made(client).status_code == 200
