"""Brings Twilio's, Stripe's and SendGrid's posts to the web server, signed, from a thread each."""

from collections.abc import Callable
from threading import Event, Thread

import requests

from assistant.gateways.signatures import sign_twilio
from assistant.sandbox.posts import Post
from assistant.sandbox.world import World

CONNECT_SECONDS, READ_SECONDS = 3.05, 15.0
EVERY_SECONDS = 0.1
PATIENCE_SECONDS = 2.0


def post_signed(session: requests.Session, token: str, post: Post) -> str | None:
    """Post once, as Twilio does; what went wrong, or None for a 2xx."""
    headers = {
        "X-Twilio-Signature": sign_twilio(token, post.url, post.pairs),
        "I-Twilio-Idempotency-Token": post.token,
        "User-Agent": "TwilioProxy/1.1",
    }
    timeout = (CONNECT_SECONDS, READ_SECONDS)
    try:
        answer = session.post(post.url, data=post.pairs, headers=headers, timeout=timeout, allow_redirects=False)
    except (requests.ConnectionError, requests.Timeout) as error:
        return type(error).__name__
    return None if answer.ok else f"status {answer.status_code}"


class Courier:
    """One thread a provider, one post at a time: the web server sees a text's statuses in the order they happened."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stopping = Event()
        rounds = [self._texts, *([self._payments] if world.stripe and world.stripe.webhook_secret else [])]
        rounds += [self._mail] if world.mail and world.mail.signing_key else []
        self._threads = [Thread(target=self._run, args=(each,), name="courier", daemon=True) for each in rounds]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._world.bell.set()
        for thread in self._threads:
            thread.join(PATIENCE_SECONDS)

    @property
    def is_alive(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _texts(self, session: requests.Session) -> None:
        self._world.book.pump(lambda post: post_signed(session, self._world.account.token, post))

    def _payments(self, session: requests.Session) -> None:
        if side := self._world.stripe:
            side.book.pump(lambda webhook: side.post(session, webhook))

    def _mail(self, session: requests.Session) -> None:
        if side := self._world.mail:
            side.book.pump(lambda hook: side.post(session, hook))

    def _run(self, go_round: Callable[[requests.Session], None]) -> None:
        with requests.Session() as session:
            while not self._stopping.is_set():
                go_round(session)
                self._world.bell.wait(EVERY_SECONDS)
                self._world.bell.clear()
