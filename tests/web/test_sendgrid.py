# ruff: noqa: ARG001 - fixtures set the scene
"""SendGrid's doors: what it signed just now is kept once, whatever is in it, and nobody else gets anything in."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from assistant.app import create_app
from assistant.gateways.signatures import sign_sendgrid
from assistant.sandbox import sendgrid_keys
from assistant.services import mail_threads
from tests.web.test_twilio import SETTINGS as BOTH
from tests.world import ANA as PHONE
from tests.world import World

KEY, OTHER = sendgrid_keys.new_private(), sendgrid_keys.new_private()
SETTINGS = replace(
    BOTH,
    sendgrid_inbound_public_key=sendgrid_keys.public(KEY),
    sendgrid_events_public_key=sendgrid_keys.public(KEY),
)
INBOUND, EVENTS = "/webhooks/sendgrid/inbound", "/webhooks/sendgrid/events"
ANA = "ana@example.com"
Send = Callable[..., TestResponse]


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.rt, SETTINGS).test_client()


@pytest.fixture
def member(world: World) -> int:
    client_id = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "WITH e AS (INSERT INTO email (spa_id, address, email_marketing, created_at) VALUES (%s, %s, true, %s)"
            " RETURNING spa_id, id) INSERT INTO client_email (spa_id, client_id, email_id, preferred)"
            " SELECT spa_id, %s, id, true FROM e",
            (world.spa.spa_id, ANA, uow.now, client_id),
        )
    return client_id


def form(fields: dict[str, bytes | str], files: int = 0) -> bytes:
    parts = [
        f'--xYzZY\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
        + (value if isinstance(value, bytes) else value.encode())
        + b"\r\n"
        for name, value in fields.items()
    ]
    parts += [
        f'--xYzZY\r\nContent-Disposition: form-data; name="a{n}"; filename="a.png"\r\n\r\n'.encode() + b"\x89PNG\r\n"
        for n in range(files)
    ]
    return b"".join(parts) + b"--xYzZY--\r\n"


def mail(text: bytes | str = "BALANCE", to: str = "m@reply.example.org", **changed: Any) -> dict[str, bytes | str]:  # noqa: ANN401
    headers = changed.pop("headers", "")
    named = changed.pop("message_id", "<one@example.com>")
    return {
        "headers": f"From: Ana <{ANA}>\nSubject: Re: hi\nMessage-ID: {named}\n{headers}",
        "from": f"Ana <{ANA}>",
        "text": text,
        "envelope": json.dumps({"to": [to], "from": ANA}),
        "charsets": json.dumps({"text": "utf-8"}),
        "SPF": "pass",
        "dkim": "{@example.com : pass}",
    } | changed


def post(
    world: World, client: FlaskClient, raw: bytes, door: str = INBOUND, *, key: str = KEY, late: int = 0, **headers: str
) -> TestResponse:
    signature, stamp = sign_sendgrid(sendgrid_keys.private(key), raw, world.clock.now() - timedelta(seconds=late))
    sent = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
        "Content-Type": "multipart/form-data; boundary=xYzZY",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(door, data=raw, headers=sent)


def kept(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT body, status, understood, facts->>'level' FROM inbound_event ORDER BY id")


def test_a_mail_is_kept_once(world: World, client: FlaskClient, member: int) -> None:
    for _ in range(2):
        assert post(world, client, form(mail())).status_code == 200
    assert kept(world) == [("BALANCE", "kept", None, "1")]


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Twilio_Email_Event_Webhook_Signature": ""},
        {"X_Twilio_Email_Event_Webhook_Signature": "bm90IHNpZ25lZA=="},
        {"X_Twilio_Email_Event_Webhook_Signature": "é"},
        {"X_Twilio_Email_Event_Webhook_Signature": "x" * 9000},
        {"X_Twilio_Email_Event_Webhook_Timestamp": ""},
        {"X_Twilio_Email_Event_Webhook_Timestamp": "17"},
        {"X_Twilio_Email_Event_Webhook_Timestamp": "9" * 40},
        {"X_Twilio_Email_Event_Webhook_Timestamp": "-176366160"},
        {"X_Twilio_Email_Event_Webhook_Timestamp": "1e9"},
    ],
)
@pytest.mark.parametrize("door", [INBOUND, EVENTS])
def test_a_stranger_is_turned_away(world: World, client: FlaskClient, door: str, headers: dict[str, str]) -> None:
    assert post(world, client, form(mail()), door, **headers).status_code == 403
    assert kept(world) == []


@pytest.mark.parametrize("door", [INBOUND, EVENTS])
def test_another_key_an_old_stamp_and_other_bytes(world: World, client: FlaskClient, door: str) -> None:
    raw = form(mail())
    assert post(world, client, raw, door, key=OTHER).status_code == 403
    assert post(world, client, raw, door, late=301).status_code == 403
    assert post(world, client, raw, door, late=-301).status_code == 403
    signature, stamp = sign_sendgrid(sendgrid_keys.private(KEY), raw, world.clock.now())
    named = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
    }
    assert client.post(door, data=raw + b" ", headers=named).status_code == 403
    assert client.post(door, data=raw[1:], headers=named).status_code == 403


def test_with_no_key_no_door(world: World) -> None:
    closed = create_app(world.rt, replace(SETTINGS, sendgrid_inbound_public_key=None, sendgrid_events_public_key=None))
    for door in (INBOUND, EVENTS):
        assert post(world, closed.test_client(), form(mail()), door).status_code == 403


def test_each_field_has_its_charset(world: World, client: FlaskClient, member: int) -> None:
    said = mail("what\x92s my balance".encode("latin-1"), charsets=json.dumps({"text": "windows-1252"}))
    assert post(world, client, form(said)).status_code == 200
    assert kept(world) == [("what\u2019s my balance", "kept", None, "1")]


@pytest.mark.parametrize("charset", ["iso-8859-1", "x-unknown", "hex", "idna", "unicode_escape", "", "\x00"])
def test_no_charset_breaks_it(world: World, client: FlaskClient, member: int, charset: str) -> None:
    said = mail(b"pausa ma\xf1ana", charsets=json.dumps({"text": charset}))
    assert post(world, client, form(said)).status_code == 200
    assert kept(world)[0][0] == "pausa ma\xf1ana"


def test_a_whole_mime(world: World, client: FlaskClient, member: int) -> None:
    raw = (
        f"From: Ana <{ANA}>\r\nMessage-ID: <two@example.com>\r\nSubject: Re: x\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "PAUSE 2\r\n\r\nOn Fri, Nov 20, 2026 at 10:03 AM Fern <f@example.com> wrote:\r\n> Reply STOP\r\n"
    )
    fields = {name: value for name, value in mail().items() if name not in {"headers", "text", "from"}} | {"email": raw}
    assert post(world, client, form(fields)).status_code == 200
    assert kept(world) == [("PAUSE 2", "kept", None, "1")]


@pytest.mark.parametrize(
    "raw",
    [
        b"nothing",
        b"--xYzZY",
        form({}),
        form({"email": b""}, 2),
        form({"text": "x"}),
        form({"headers": b"\xff\xfe\x00: \x00", "text": b"\x00\xff", "envelope": "[", "charsets": "[" * 5000}),
        form({"headers": "From: a", "envelope": json.dumps({"to": "x", "from": 1}), "charsets": "1"}),
        form(mail("x", headers="Subject: =?utf-8?B?////?=\n" + "X: y\n" * 3000)),
        form({"email": b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n" * 4000}),
        form(mail("\x00 stop \ud800".encode("utf-8", "surrogatepass"), message_id="<" + "x" * 5000 + ">")),
    ],
)
def test_poison_is_kept_and_thanked_for(world: World, client: FlaskClient, member: int, raw: bytes) -> None:
    assert post(world, client, raw).status_code == 200
    [(poison,)] = world.rows("SELECT count(*) FROM poison_mail")
    assert poison or kept(world)
    assert world.rows("SELECT count(*) FROM staff_task WHERE kind = 'poison_mail'") == [(poison,)]


def test_poison_can_be_read_again(world: World, client: FlaskClient) -> None:
    post(world, client, b"nothing")
    post(world, client, b"nothing")
    [(raw,)] = world.rows("SELECT raw FROM poison_mail")
    assert world.rt.seal.open_all(str(raw)) == b"nothing"


def test_who_is_not_proven_is_kept_for_a_person(world: World, client: FlaskClient, member: int) -> None:
    assert post(world, client, form(mail(SPF="softfail", dkim=""))).status_code == 200
    assert kept(world) == [("BALANCE", "silent", "not_proven", "0")]
    assert world.rows("SELECT kind FROM staff_task") == [("mail_to_read",)]


def test_an_opt_out_holds_whoever_it_is_from(world: World, client: FlaskClient, member: int) -> None:
    assert post(world, client, form(mail("stop", SPF="fail", dkim=""))).status_code == 200
    assert world.rows("SELECT email_marketing FROM email") == [(False,)]
    assert world.rows("SELECT suppressed_at IS NOT NULL FROM phone WHERE number = %s", (PHONE,)) == [(True,)]


@pytest.mark.parametrize(
    ("said", "offers", "texts"),
    [
        ("unsubscribe", False, True),
        ("remove me from texts", False, False),
        ("please stop texting me", False, False),
        ("cancel", True, True),
        ("cancel my membership", True, True),
        ("BALANCE\n\n> Reply STOP to stop", True, True),
    ],
)
def test_what_an_opt_out_ends(
    world: World, client: FlaskClient, member: int, said: str, offers: bool, texts: bool
) -> None:
    post(world, client, form(mail(said)))
    assert world.rows("SELECT email_marketing FROM email") == [(offers,)]
    assert world.rows("SELECT suppressed_at IS NULL FROM phone WHERE number = %s", (PHONE,)) == [(texts,)]


def test_a_reply_by_its_token(world: World, client: FlaskClient, member: int) -> None:
    with world.rt.unit_of_work() as uow:
        token = mail_threads.open_thread(uow, world.spa.spa_id, member, ANA)
    post(world, client, form(mail(to=f"m+{token}@reply.example.org")))
    post(world, client, form(mail("BALANCE!", to=f"m+{token}@reply.example.org", message_id="<n@x>", SPF="", dkim="")))
    assert [row[3] for row in kept(world)] == ["2", "0"]
    assert token not in str(world.rows("SELECT recipient, facts FROM inbound_event"))


def test_a_card_number_is_not_kept(world: World, client: FlaskClient, member: int) -> None:
    post(world, client, form(mail("my card is 4242 4242 4242 4242")))
    assert "4242 4242" not in str(world.rows("SELECT body, facts FROM inbound_event"))
    assert world.rows("SELECT card_removed, redact_at_provider FROM inbound_event") == [(True, False)]


def test_robots_are_kept_and_not_answered(world: World, client: FlaskClient, member: int) -> None:
    post(world, client, form(mail("I am away, PAUSE", headers="Auto-Submitted: auto-replied\n")))
    assert kept(world)[0][1:3] == ("silent", "auto_reply")


def test_files_are_let_go(world: World, client: FlaskClient, member: int) -> None:
    post(world, client, form(mail(), 3))
    assert world.rows("SELECT facts->>'attachments' FROM inbound_event") == [("3",)]


# --- events ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(world: World, member: int) -> int:
    with world.rt.unit_of_work() as uow:
        row = uow.sql(
            "INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale,"
            " body, segments, created_at, due_at, expires_at, status)"
            " VALUES (%s, 'k', 'email', %s, %s, 'x', 'transactional', 'en', 'x', 1, %s, %s, %s, 'accepted')"
            " RETURNING id",
            (world.spa.spa_id, member, ANA, uow.now, uow.now, uow.now + timedelta(days=1)),
        ).fetchone()
        assert row is not None
        return int(row[0])


def tell(world: World, client: FlaskClient, *events: Any) -> TestResponse:  # noqa: ANN401
    return post(world, client, json.dumps(events).encode(), EVENTS, Content_Type="application/json")


@pytest.mark.parametrize(
    ("told", "status", "marketing", "undeliverable", "suppressed"),
    [
        ({"event": "delivered"}, "delivered", True, False, False),
        ({"event": "bounce", "type": "bounce"}, "undelivered", True, True, False),
        ({"event": "bounce", "type": "blocked"}, "undelivered", True, False, False),
        ({"event": "deferred"}, "sent", True, False, False),
        ({"event": "dropped", "reason": "Bounced Address"}, "undelivered", True, True, False),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, "undelivered", False, False, True),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, "undelivered", False, False, False),
        ({"event": "spamreport"}, "accepted", False, False, True),
        ({"event": "unsubscribe"}, "accepted", False, False, False),
        ({"event": "group_unsubscribe"}, "accepted", False, False, False),
        ({"event": "open"}, "accepted", True, False, False),
    ],
)
def test_what_an_event_asks(
    world: World,
    client: FlaskClient,
    sent: int,
    told: dict[str, str],
    status: str,
    marketing: bool,
    undeliverable: bool,
    suppressed: bool,
) -> None:
    event = {"sg_event_id": "e1", "s": str(world.spa.spa_id), "m": str(sent), "email": ANA} | told
    for _ in range(3):
        assert tell(world, client, event).status_code == 200
    assert world.rows("SELECT status FROM outbound_message") == [(status,)]
    assert world.rows("SELECT email_marketing, undeliverable_at IS NOT NULL, suppressed_at IS NOT NULL FROM email") == [
        (marketing, undeliverable, suppressed)
    ]
    assert world.rows("SELECT count(*) FROM email_event") == [(1,)]
    assert world.rows("SELECT count(*) <= 1 FROM consent_change WHERE channel = 'email'") == [(True,)]


@pytest.mark.parametrize(
    "event",
    [
        None,
        1,
        "x",
        [],
        {},
        {"sg_event_id": 1, "event": "bounce"},
        {"sg_event_id": "e\x00", "event": "bounce"},
        {"sg_event_id": "é", "event": "bounce"},
        {"sg_event_id": "e2", "event": "bounce", "s": "-1", "m": [1]},
        {"sg_event_id": "e2", "event": "bounce", "s": "9" * 18, "m": "9" * 18},
        {"sg_event_id": "e2", "event": "spamreport", "email": ANA},
    ],
)
def test_an_event_of_nobody_changes_nothing(world: World, client: FlaskClient, sent: int, event: object) -> None:
    assert tell(world, client, event).status_code == 200
    assert world.rows("SELECT status FROM outbound_message") == [("accepted",)]
    assert world.rows("SELECT count(*) FROM consent_change WHERE channel = 'email'") == [(0,)]


@pytest.mark.parametrize("raw", [b"{}", b"[", b"\xff", b"[" * 100_000, b'"x"'])
def test_what_is_no_list_is_400(world: World, client: FlaskClient, raw: bytes) -> None:
    assert post(world, client, raw, EVENTS).status_code == 400
