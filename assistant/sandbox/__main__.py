"""`python -m assistant.sandbox`: the sandbox as a process of its own, told everything by its environment."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import make_server

from assistant.clock import Clock, ShiftedClock
from assistant.sandbox import sendgrid_keys
from assistant.sandbox.book import TwilioBook
from assistant.sandbox.courier import Courier
from assistant.sandbox.insight import Insight, NoInsight
from assistant.sandbox.insight_db import open_insight
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.sendgrid_side import SendGridSide
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World

HOST = "127.0.0.1"
BADLY_CONFIGURED = 78
NEEDED = ("SANDBOX_PORT", "SANDBOX_BOOK", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the environment asks for."""

    port: int
    book: Path
    numbers: tuple[str, ...]
    account: Account
    web: str
    """Where the web server is, without a slash at its end."""
    clock_file: Path
    database_url: str
    stripe_webhook_secret: str
    """Empty: Stripe tells no events."""
    stripe_secret_key: str
    """Empty: any test key opens Stripe's doors."""
    sendgrid_api_key: str = ""
    """Empty: any key opens SendGrid's door."""
    sendgrid_signing_key: str = ""
    """What its posts are signed with, as `sendgrid_keys` writes it. Empty: it tells nothing, and brings no mail."""


def asked(env: Mapping[str, str]) -> Asked:
    """ValueError names every variable that is missing, at once."""
    missing = [name for name in NEEDED if not env.get(name)]
    if missing:
        raise ValueError(f"The sandbox needs {', '.join(missing)} in its environment.")
    if not env["SANDBOX_PORT"].isdecimal():
        raise ValueError("SANDBOX_PORT must be a port number.")
    book = Path(env["SANDBOX_BOOK"])
    return Asked(
        port=int(env["SANDBOX_PORT"]),
        book=book,
        numbers=tuple(number.strip() for number in env.get("SANDBOX_NUMBERS", "").split(",") if number.strip()),
        account=Account(env["TWILIO_ACCOUNT_SID"], env["TWILIO_AUTH_TOKEN"]),
        web=env["PUBLIC_BASE_URL"].rstrip("/"),
        clock_file=Path(env.get("CLOCK_FILE") or book.with_suffix(".clock")),
        database_url=env.get("DATABASE_URL", ""),
        stripe_webhook_secret=env.get("STRIPE_WEBHOOK_SECRET", ""),
        stripe_secret_key=env.get("STRIPE_SECRET_KEY", ""),
        sendgrid_api_key=env.get("SENDGRID_API_KEY", ""),
        sendgrid_signing_key=env.get("SANDBOX_SENDGRID_KEY", ""),
    )


def open_world(wanted: Asked) -> World:
    """The book as it was left, every number's texts going to where the web server is now."""
    clock = ShiftedClock(wanted.clock_file)
    wanted.book.parent.mkdir(parents=True, exist_ok=True)
    book = TwilioBook(wanted.book, clock, wanted.account.sid)
    texts_go_to = f"{wanted.web}/webhooks/twilio/inbound"
    for number in (*wanted.numbers, *book.numbers()):
        book.own(number, texts_go_to)
    insight = _insight(wanted.database_url, clock)
    stripe, mail = _stripe(wanted, clock), _sendgrid(wanted, clock)
    return World(wanted.account, book, clock, insight, texts_go_to, stripe=stripe, mail=mail)


def _stripe(wanted: Asked, clock: Clock) -> StripeSide:
    """Its book lies beside Twilio's."""
    path = wanted.book.with_name(f"{wanted.book.stem}-stripe{wanted.book.suffix}")
    origin = f"http://{HOST}:{wanted.port}"
    return StripeSide(
        StripeBook(path, clock, origin=origin),
        f"{wanted.web}/webhooks/stripe",
        wanted.stripe_webhook_secret,
        wanted.stripe_secret_key,
        origin,
    )


def _sendgrid(wanted: Asked, clock: Clock) -> SendGridSide:
    """Its book lies beside Twilio's too."""
    path = wanted.book.with_name(f"{wanted.book.stem}-sendgrid{wanted.book.suffix}")
    hooks = f"{wanted.web}/webhooks/sendgrid"
    book = SendGridBook(path, clock, events_url=f"{hooks}/events", inbound_url=f"{hooks}/inbound")
    key = sendgrid_keys.private(wanted.sendgrid_signing_key) if wanted.sendgrid_signing_key else None
    return SendGridSide(book, key, wanted.sendgrid_api_key, wanted.web)


def _insight(database_url: str, clock: Clock) -> Insight:
    if not database_url:
        return NoInsight("The sandbox was started without DATABASE_URL, so it cannot see the assistant's side.")
    return open_insight(database_url, clock)


def listening(port: int) -> socket.socket:
    """OSError when the port is taken."""
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((HOST, port))
    except OSError:
        door.close()
        raise
    door.listen()
    return door


def serve(wanted: Asked, door: socket.socket) -> None:
    """Until told to stop."""
    world = open_world(wanted)
    courier = Courier(world)
    courier.start()
    server = make_server(HOST, wanted.port, create_sandbox(world, courier), threaded=True, fd=door.fileno())
    origin = f"http://{HOST}:{wanted.port}"
    sys.stderr.write(f"The phone is at {origin}/ and the inbox at {origin}/inbox\n")
    try:
        server.serve_forever()
    finally:
        courier.stop()
        world.book.close()
        if world.stripe is not None:
            world.stripe.book.close()
        if world.mail is not None:
            world.mail.book.close()


def main() -> int:
    """0 when told to stop, 1 when the port is taken, 78 when badly configured."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # its lines would carry phone numbers, once a second
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wanted = asked(os.environ)
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return BADLY_CONFIGURED
    try:
        door = listening(wanted.port)
    except OSError as problem:
        sys.stderr.write(f"The sandbox cannot listen on {HOST}:{wanted.port}: {problem.strerror}.\n")
        return 1
    with door, suppress(KeyboardInterrupt):
        serve(wanted, door)
    return 0


if __name__ == "__main__":
    sys.exit(main())
