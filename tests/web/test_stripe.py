"""Stripe's door: what Stripe signed just now is kept once, as names only, and nobody else gets anything in."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.db.connections import Database
from assistant.doorbells import Doorbell
from assistant.gateways.signatures import sign_stripe
from tests.web.test_twilio import SETTINGS as BOTH
from tests.world import World

SECRET, OLD = "whsec_now", "whsec_before"
SETTINGS = replace(BOTH, stripe_webhook_secret=SECRET, stripe_webhook_secret_old=OLD)
DOOR = "/webhooks/stripe"
EVENT: dict[str, Any] = {
    "id": "evt_1Abc",
    "object": "event",
    "api_version": "2026-09-30.acacia",
    "created": 1_763_661_600,
    "livemode": False,
    "pending_webhooks": 1,
    "request": {"id": "req_1", "idempotency_key": "inv:1.1:att:1"},
    "type": "payment_intent.succeeded",
    "data": {"object": {"id": "pi_1", "object": "payment_intent", "amount": 14_900, "metadata": {"spa": "1"}}},
}


@dataclass(frozen=True)
class Call:
    """One request, good until something is done to it."""

    raw: bytes
    header: str | None = ""
    """Empty: the right one. None: no header."""
    signed: bytes | None = None
    """What is signed, where it is not what is sent."""
    secret: str = SECRET
    seconds: int = 0
    """How late it comes."""
    headers: tuple[tuple[str, str], ...] = ()
    environ: tuple[tuple[str, object], ...] = ()

    def made(self, world: World, client: FlaskClient) -> TestResponse:
        at = world.clock.now() - timedelta(seconds=self.seconds)
        right = sign_stripe(self.secret, self.raw if self.signed is None else self.signed, at)
        header = right if self.header == "" else self.header
        headers = {"Content-Type": "application/json", **({} if header is None else {"Stripe-Signature": header})}
        headers |= dict(self.headers)
        return client.post(DOOR, data=self.raw, headers=headers, environ_overrides=dict(self.environ))


def call(**changed: Any) -> Call:  # noqa: ANN401 - fields of an event
    return Call(json.dumps(EVENT | changed).encode())


def about(**changed: Any) -> Call:  # noqa: ANN401 - fields of its object
    return call(data={"object": EVENT["data"]["object"] | changed})


GOOD = call()


@pytest.fixture
def app(world: World) -> Flask:
    return create_app(world.rt, SETTINGS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def kept(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT spa_id, external_id, status, reason, again FROM provider_event ORDER BY id")


# --- Stripe ----------------------------------------------------------------------------------------------------------


def test_an_event_is_kept_and_thanked_for_and_a_worker_is_rung(world: World, client: FlaskClient) -> None:
    thanks = GOOD.made(world, client)
    assert (thanks.status_code, thanks.data) == (200, b"")
    assert kept(world) == [(1, "evt_1Abc", "kept", None, 0)]
    assert world.bells.rung == [Doorbell.HEAR]


def test_of_an_event_only_names_are_kept(world: World, client: FlaskClient) -> None:
    held = {"last4": "4242", "exp_month": 12, "fingerprint": "FingerPrint1"}
    owner = {"name": "Ana Example", "email": "ana@example.com", "phone": "+15055550110"}
    about(card=held, billing_details=owner, description="Botox", note="4242424242424242").made(world, client)
    [row] = world.rows("SELECT to_jsonb(provider_event)::text FROM provider_event")
    told = str(row)
    assert "pi_1" in told
    for word in ("4242", "FingerPrint1", "Ana", "example.com", "5550110", "Botox", "14900", "acacia", "req_1"):
        assert word not in told


def test_the_same_event_many_times_at_once_is_one(world: World, app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: GOOD.made(world, app.test_client()).status_code, range(46)))
    assert answers == [200] * 46
    assert kept(world) == [(1, "evt_1Abc", "kept", None, 45)]


def test_an_event_brought_again_after_it_is_settled_is_only_counted(world: World, client: FlaskClient) -> None:
    GOOD.made(world, client)
    world.settle()
    world.bells.rung.clear()
    GOOD.made(world, client)
    assert kept(world) == [(1, "evt_1Abc", "quarantined", "not_ours", 1)]
    assert world.bells.rung == []


def test_a_quarantined_event_is_not_kept_twice_though_we_now_know_whose_it_is(
    world: World, client: FlaskClient
) -> None:
    event = call(data={"object": {"id": "pi_1", "customer": "cus_1"}})
    event.made(world, client)
    ana = world.client("Ana")
    world.rows("INSERT INTO payer VALUES (1, %s, 'cus_1', %s) RETURNING 1", (ana, world.clock.now()))
    assert event.made(world, client).status_code == 200
    assert kept(world) == [(0, "evt_1Abc", "quarantined", "no_spa", 1)]


def test_the_secret_before_is_good_while_it_is_being_rolled_and_no_longer(world: World, client: FlaskClient) -> None:
    assert replace(GOOD, secret=OLD).made(world, client).status_code == 200
    after = create_app(world.rt, replace(SETTINGS, stripe_webhook_secret_old=None)).test_client()
    assert replace(GOOD, secret=OLD).made(world, after).status_code == 403
    assert GOOD.made(world, after).status_code == 200


# --- whose it is -----------------------------------------------------------------------------------------------------


def spa_two(world: World, account: str | None) -> None:
    query = (
        "INSERT INTO spa (name, zone, locale, help_phone, help_email, carrier_confirms_stop, stripe_account)"
        " VALUES ('Two', 'UTC', 'en', '555', '', false, %s) RETURNING spa_id"
    )
    assert world.rows(query, (account,)) == [(2,)]


QUARANTINED: dict[str, tuple[Call, int, str]] = {
    "unknown type": (call(type="payment_intent.created"), 1, "unknown_type"),
    "a type of tomorrow": (call(type="v9.moon_landing.completed"), 1, "unknown_type"),
    "unknown account": (call(account="acct_9"), 0, "unknown_account"),
    "real money": (call(livemode=True), 1, "livemode"),
    "no spa": (about(metadata={}), 0, "no_spa"),
    "no metadata": (call(data={"object": {"id": "pi_1"}}), 0, "no_spa"),
    "no spa of ours": (about(metadata={"spa": "77"}), 0, "no_spa"),
    "the spa that is none": (about(metadata={"spa": "0"}), 0, "no_spa"),
    "a spa beyond a bigint": (about(metadata={"spa": "9" * 40}), 0, "no_spa"),
    "a spa that is a list": (about(metadata={"spa": ["1"]}), 0, "no_spa"),
    "a spa in other digits": (about(metadata={"spa": "\u0661"}), 0, "no_spa"),
    "a spa with a quote": (about(metadata={"spa": "1'--"}), 0, "no_spa"),
    "metadata that is a list": (about(metadata=["spa"]), 0, "no_spa"),
    "an unknown customer": (about(metadata={}, customer="cus_9"), 0, "no_spa"),
    "a customer with a quote": (about(metadata={}, customer="c'--"), 0, "no_spa"),
    "an expanded customer": (about(metadata={}, customer={"id": "cus_1"}), 0, "no_spa"),
    "an object without an id": (call(data={"object": {"object": "balance", "metadata": {"spa": "1"}}}), 1, "no_object"),
}


@pytest.mark.parametrize("name", QUARANTINED)
def test_what_we_cannot_use_is_thanked_for_and_set_aside(world: World, client: FlaskClient, name: str) -> None:
    given, spa_id, reason = QUARANTINED[name]
    thanks = given.made(world, client)
    assert (thanks.status_code, thanks.data) == (200, b"")
    assert kept(world) == [(spa_id, "evt_1Abc", "quarantined", reason, 0)]
    assert world.bells.rung == []


def test_with_a_live_key_only_real_money_counts(world: World) -> None:
    live = create_app(world.rt, replace(SETTINGS, stripe_secret_key="rk_live_1")).test_client()
    GOOD.made(world, live)
    call(id="evt_2", livemode=True).made(world, live)
    assert kept(world) == [(1, "evt_1Abc", "quarantined", "livemode", 0), (1, "evt_2", "kept", None, 0)]


@pytest.mark.parametrize("version", [None, "2011-01-01", "2099-12-31.zinnia"])
def test_the_version_an_event_is_written_in_is_nothing(world: World, client: FlaskClient, version: str | None) -> None:
    call(api_version=version).made(world, client)
    assert kept(world) == [(1, "evt_1Abc", "kept", None, 0)]


def test_an_account_is_one_spas_whatever_its_objects_say(world: World, client: FlaskClient) -> None:
    spa_two(world, "acct_2")
    call(account="acct_2").made(world, client)
    about(metadata={"spa": "2"}).made(world, client)
    assert kept(world) == [(2, "evt_1Abc", "kept", None, 0), (0, "evt_1Abc", "quarantined", "no_spa", 0)]


@pytest.mark.parametrize("said", ["customer", "customer itself", "card", "card itself", "payment"])
def test_without_our_word_on_it_it_is_whoever_has_its_customer_card_or_payment(
    world: World, client: FlaskClient, said: str
) -> None:
    ana = world.client("Ana")
    method = world.card(ana)
    world.enrol(ana, anchor_on=world.clock.now().date())
    world.bill()
    [(customer, payment)] = world.rows("SELECT customer_id, payment_id FROM charge_attempt")
    objects = {
        "customer": {"id": "x_1", "customer": customer},
        "customer itself": {"id": customer, "object": "customer"},
        "card": {"id": "x_1", "payment_method": method},
        "card itself": {"id": method, "object": "payment_method", "customer": None},
        "payment": {"id": "dp_1", "payment_intent": payment},
    }
    call(data={"object": objects[said]}).made(world, client)
    assert kept(world)[-1] == (1, "evt_1Abc", "kept", None, 0)


# --- anyone else -----------------------------------------------------------------------------------------------------


def raw(body: bytes) -> Call:
    """Signed with our own secret, and still no event."""
    return Call(body)


def unsigned(header: str | None) -> Call:
    return replace(GOOD, header=header)


def stuffed(body: str) -> Call:
    """An event, but for something odd beside what counts."""
    return raw(GOOD.raw[:-1] + b', "extra": ' + body.encode() + b"}")


V1 = "0" * 64
FORGED: dict[str, Call] = {
    "no header": unsigned(None),
    "blank": unsigned(" "),
    "garbage": unsigned("garbage"),
    "latin letters": unsigned("t=1,v1=\xe9\xff"),
    "long": unsigned("t=1,v1=" + "a" * 60_000),
    "many": unsigned("t=1," + "v1=0," * 10_000),
    "no time": unsigned(f"v1={V1}"),
    "no signature": unsigned("t=1795197600"),
    "old scheme": unsigned(f"t=1795197600,v0={V1}"),
    "time of nothing": unsigned(f"t=,v1={V1}"),
    "time that is a word": unsigned(f"t=now,v1={V1}"),
    "time without end": unsigned(f"t={'9' * 5000},v1={V1}"),
    "negative time": unsigned(f"t=-1,v1={V1}"),
    "another's": unsigned(f"t=1795197600,v1={V1}"),
    "Twilio's": replace(GOOD, header=None, headers=(("X-Twilio-Signature", "bm90IHNpZ25lZA=="),)),
    "in another header": replace(GOOD, header=None, headers=(("X-Stripe-Signature", f"t=1,v1={V1}"),)),
    "as a bearer": replace(GOOD, header=None, headers=(("Authorization", f"Bearer {SECRET}"),)),
    "wrong secret": replace(GOOD, secret="whsec_wrong"),
    "empty secret": replace(GOOD, secret=""),
    "secret without its beginning": replace(GOOD, secret="now"),
    "secret with a space": replace(GOOD, secret=SECRET + " "),
    "the api key": replace(GOOD, secret=SETTINGS.stripe_secret_key),
    "replayed": replace(GOOD, seconds=301),
    "replayed tomorrow": replace(GOOD, seconds=86_400),
    "from the future": replace(GOOD, seconds=-301),
    "from next year": replace(GOOD, seconds=-31_536_000),
    "another id": replace(call(id="evt_2"), signed=GOOD.raw),
    "another object": replace(about(id="pi_2"), signed=GOOD.raw),
    "another spa": replace(about(metadata={"spa": "2"}), signed=GOOD.raw),
    "a space more": replace(GOOD, raw=GOOD.raw + b" ", signed=GOOD.raw),
    "written anew": replace(GOOD, raw=json.dumps(EVENT, indent=2).encode(), signed=GOOD.raw),
    "cut short": replace(GOOD, raw=GOOD.raw[:-1], signed=GOOD.raw),
    "with a mark before": replace(GOOD, raw=b"\xef\xbb\xbf" + GOOD.raw, signed=GOOD.raw),
    "nothing": replace(GOOD, raw=b"", signed=GOOD.raw),
    "nothing signed": replace(GOOD, signed=b""),
    "says less than nothing": replace(GOOD, environ=(("CONTENT_LENGTH", "-1"),)),
    "says nonsense": replace(GOOD, environ=(("CONTENT_LENGTH", "1e3"),)),
    "says less than it brings": replace(GOOD, environ=(("CONTENT_LENGTH", "5"),)),
    "says too much": replace(GOOD, environ=(("CONTENT_LENGTH", "99999999999999999999"),)),
    "gzip": replace(GOOD, raw=b"\x1f\x8b\x08\x00", signed=GOOD.raw, headers=(("Content-Encoding", "gzip"),)),
    "unsigned depth": replace(raw(b"[" * 200_000), header=None),
    "ten megabytes": replace(raw(b"a" * 10_000_000), header=None),
    "ten megabytes, signed": raw(b'{"a":"' + b"a" * 10_000_000 + b'"}'),
    "a little too much": stuffed(json.dumps("a" * 256 * 1024)),
    "endless": replace(
        GOOD,
        environ=(
            ("CONTENT_LENGTH", ""),
            ("HTTP_TRANSFER_ENCODING", "chunked"),
            ("wsgi.input_terminated", True),
            ("wsgi.input", BytesIO(b"a" * 3_000_000)),
        ),
    ),
}
"""What somebody without the secret sends, or does to what Stripe sent."""

SIGNED: dict[str, Call] = {
    "no body": raw(b""),
    "no JSON": raw(b"id=evt_1"),
    "a word": raw(b'"evt_1"'),
    "a number": raw(b"1"),
    "null": raw(b"null"),
    "a list": raw(b"[]"),
    "an event in a list": raw(b"[" + GOOD.raw + b"]"),
    "an empty object": raw(b"{}"),
    "two": raw(GOOD.raw * 2),
    "half": raw(GOOD.raw[: len(GOOD.raw) // 2]),
    "deep lists": raw(b"[" * 100_000),
    "deep objects": raw(b'{"a":' * 40_000),
    "deep beside": stuffed("[" * 50_000 + "]" * 50_000),
    "NaN": stuffed("NaN"),
    "infinite": stuffed("-Infinity"),
    "a huge number": stuffed("9" * 5000),
    "a name twice": stuffed('1, "id": "evt_2"'),
    "a name twice within": stuffed('{"a": 1, "a": 2}'),
    "not UTF-8": raw(GOOD.raw.replace(b"pi_1", b"\xff\xfe")),
    "UTF-16": raw(json.dumps(EVENT).encode("utf-16")),
    "a mark before": raw(b"\xef\xbb\xbf" + GOOD.raw),
    "no id": call(id=None),
    "an id of a list": call(id=["evt_1"]),
    "an id of a number": call(id=1),
    "an empty id": call(id=""),
    "an id of another kind": call(id="pi_1"),
    "a long id": call(id="evt_" + "a" * 251),
    "an id with NUL": call(id="evt_\x00"),
    "an id with a line end": call(id="evt_1\n"),
    "an id with a quote": call(id="evt_1'--"),
    "an id with half a letter": call(id="evt_\ud800"),
    "an id in other digits": call(id="evt_\u0661"),
    "no type": call(type=None),
    "a type of spaces": call(type="a b.c"),
    "a long type": call(type="a." + "b" * 61),
    "a type with NUL": call(type="a.b\x00"),
    "a type of one word": call(type="event"),
    "another thing": call(object="charge"),
    "no thing": call(object=None),
    "no time": call(created=None),
    "a time of words": call(created="1763661600"),
    "a time of halves": call(created=1763661600.5),
    "a time that is true": call(created=True),
    "before all time": call(created=-1),
    "after all time": call(created=253_402_300_800),
    "a time beyond": call(created=10**300),
    "no livemode": call(livemode=None),
    "livemode of a word": call(livemode="false"),
    "livemode of a number": call(livemode=0),
    "an account of a list": call(account=["acct_1"]),
    "an account of another kind": call(account="cus_1"),
    "an account with a quote": call(account="acct_1'--"),
    "an empty account": call(account=""),
    "no data": call(data=None),
    "a list of data": call(data=[]),
    "no object": call(data={}),
    "an object that is a list": call(data={"object": ["pi_1"]}),
    "an object's id of a number": about(id=1),
    "an object's id of a list": about(id=["pi_1"]),
    "an object's id that is null": about(id=None),
    "an object's id with a slash": about(id="pi_1/../../charges"),
    "an object's id with NUL": about(id="pi_1\x00"),
    "an object's id with a line end": about(id="pi_1\r\nX: y"),
    "a long object's id": about(id="a" * 256),
}
"""Signed with our own secret, and still nothing that Stripe sends."""

CASES = {**{f"forged: {name}": each for name, each in FORGED.items()}, **SIGNED}


def test_whatever_else_comes_is_refused_and_leaves_nothing(
    world: World, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """One database for all of them: whatever any leaves behind is seen at once."""
    assert len(CASES) == len(FORGED) + len(SIGNED) >= 100
    wrong = []
    for name, each in CASES.items():
        caplog.clear()
        answer = each.made(world, client)
        written = kept(world)
        if answer.status_code not in {400, 403, 413} or written or len(answer.data) > 30 or caplog.text:
            wrong.append((name, answer.status, answer.data[:50], written, caplog.text[-200:]))
    assert wrong == []
    assert world.rt.database.lent == 0
    assert GOOD.made(world, client).status_code == 200  # and the door still opens for Stripe


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_the_door_takes_posts_only(client: FlaskClient, method: str) -> None:
    assert getattr(client, method)(DOOR).status_code == 405


# --- ill health ------------------------------------------------------------------------------------------------------


@pytest.fixture
def away(world: World, tmp_path: Path) -> Iterator[FlaskClient]:
    database = Database(f"postgresql+psycopg://postgres@/spa?host={quote(str(tmp_path), safe='')}")
    yield create_app(replace(world.rt, database=database), SETTINGS).test_client()
    database.close()


def test_with_the_database_away_stripe_is_told_to_come_again(world: World, away: FlaskClient) -> None:
    answer = GOOD.made(world, away)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert replace(GOOD, secret="whsec_wrong").made(world, away).status_code == 403


def test_each_event_is_as_long_as_stripe_makes_them(world: World, client: FlaskClient) -> None:
    """The largest body that is taken, to the byte."""
    padding = 256 * 1024 - len(GOOD.raw) - len(b', "extra": ""')
    most: Callable[[int], Call] = lambda more: stuffed(json.dumps("a" * (padding + more)))  # noqa: E731
    assert len(most(0).raw) == 256 * 1024
    assert most(0).made(world, client).status_code == 200
    assert most(1).made(world, client).status_code == 400
