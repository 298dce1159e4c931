"""Real processes that pull their own plug at an edge, and what is left of them: the database, and the providers' books.

An edge is before or after a commit, a question to a provider, or a webhook. A process is forked and told at which edge
to kill itself; another one, later, does what is left. Only PostgreSQL and the providers' own books, files, remember
anything.
"""

import gc
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Never

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.runtime import Runtime
from assistant.sandbox.book import Pace, TwilioBook
from assistant.sandbox.emails import SandboxEmails
from assistant.sandbox.posts import Post
from assistant.sandbox.sendgrid_book import SendGridBook
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import SandboxCardPages, SandboxPayments, SandboxRefunds, SandboxVault, Webhook
from assistant.sandbox.texts import SandboxTexts
from tests.world import PUBLIC, Bells, Outside, World

AT_ONCE = Pace(timedelta(0), timedelta(0))
Act = Callable[[Any], None]


@dataclass
class Plug:
    """Tells of each edge, and pulls itself at the one it was told."""

    kill_at: int | None = None
    wire: int | None = None
    passed: int = 0

    def edge(self, name: str) -> None:
        self.passed += 1
        if self.wire is not None:
            os.write(self.wire, f"{name}\n".encode())
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Edged:
    """A port, with an edge on either side of each question; none is asked while a transaction is open."""

    def __init__(self, inner: object, plug: Plug, database: Database) -> None:
        self._inner, self._plug = Outside(inner, database), plug

    def __getattr__(self, name: str) -> Callable[..., Any]:
        ask = getattr(self._inner, name)

        def between(*args: object, **kwargs: object) -> object:
            self._plug.edge(f"before {name}")
            answer = ask(*args, **kwargs)
            self._plug.edge(f"after {name}")
            return answer

        return between


@dataclass
class Process(World):
    """The spa as one process sees it, with an edge on either side of each webhook."""

    plug: Plug = field(kw_only=True)

    def deliver(self, post: Post) -> str | None:
        self.plug.edge("before webhook")
        problem = super().deliver(post)
        self.plug.edge("after webhook")
        return problem

    def hear(self, webhook: Webhook) -> str | None:
        self.plug.edge("before webhook")
        problem = super().hear(webhook)
        self.plug.edge("after webhook")
        return problem


@dataclass
class Harness:
    """A spa whose processes come and go."""

    world: World
    folder: Path
    at: datetime

    def book(self, at: datetime) -> TwilioBook:
        return TwilioBook(self.folder / "twilio.sqlite", StoppedClock(at), pace=AT_ONCE)

    def stripe(self, at: datetime) -> StripeBook:
        return StripeBook(self.folder / "stripe.sqlite", StoppedClock(at))

    def run(self, act: Act, *, after: timedelta = timedelta(0), kill_at: int | None = None) -> list[str]:
        """What a process does before it ends or is killed: the edges it passed."""
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(ours)
            self._be(act, self.at + after, Plug(kill_at, theirs))
        os.close(theirs)
        with os.fdopen(ours) as told:
            edges = told.read().split("\n")[:-1]
        _, ended = os.waitpid(child, 0)
        expected = 0 if kill_at is None or len(edges) < kill_at else signal.SIGKILL
        assert ended == expected, f"ended with {ended} after {edges}"
        self._until_its_connections_are_gone()
        return edges

    def finish(self, act: Act, *, after: timedelta = timedelta(0)) -> None:
        """What a process does that nobody kills: it need not be another one, but it remembers nothing."""
        with self.here(after) as process:
            act(process)

    @contextmanager
    def here(self, after: timedelta = timedelta(0)) -> Iterator[Process]:
        """A process that nobody kills. Its books are closed before the next is forked."""
        with self._process(self.at + after, Plug(), self.world.rt.database) as process:
            yield process

    def _be(self, act: Act, at: datetime, plug: Plug) -> Never:
        """The life of a forked process: nothing of its parent's is used, and nothing of its parent's is closed."""
        try:
            with self._process(at, plug, Database(self.world.rt.database.url)) as process:
                act(process)
                process.rt.database.close()
        except BaseException:  # noqa: BLE001 - it must end here, whatever it is
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    @contextmanager
    def _process(self, at: datetime, plug: Plug, database: Database) -> Iterator[Process]:
        clock, bells = StoppedClock(at), Bells()
        with ExitStack() as books:
            book = books.enter_context(closing(TwilioBook(self.folder / "twilio.sqlite", clock, pace=AT_ONCE)))
            stripe = books.enter_context(closing(StripeBook(self.folder / "stripe.sqlite", clock)))
            mail = books.enter_context(closing(self._mail(clock)))
            rt = Runtime(
                clock,
                database,
                bells,
                Edged(SandboxTexts(book, PUBLIC), plug, database),  # type: ignore[arg-type]
                plug.edge,
                payments=Edged(SandboxPayments(stripe), plug, database),  # type: ignore[arg-type]
                card_pages=Edged(SandboxCardPages(stripe), plug, database),  # type: ignore[arg-type]
                vault=Edged(SandboxVault(stripe), plug, database),  # type: ignore[arg-type]
                refunds=Edged(SandboxRefunds(stripe), plug, database),  # type: ignore[arg-type]
                emails=Edged(SandboxEmails(mail), plug, database),  # type: ignore[arg-type]
                public_base_url=PUBLIC,
            )
            yield Process(rt, clock, book, bells, self.world.spa, stripe, mail, plug=plug)

    def _mail(self, clock: StoppedClock) -> SendGridBook:
        events, inbound = f"{PUBLIC}/webhooks/sendgrid/events", f"{PUBLIC}/webhooks/sendgrid/inbound"
        return SendGridBook(
            self.folder / "sendgrid.sqlite", clock, events_url=events, inbound_url=inbound, pace=AT_ONCE
        )

    def _until_its_connections_are_gone(self) -> None:
        """PostgreSQL takes a moment to see that a client has died, and to let go of what it held."""
        others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.world.rows(f"{others} AND backend_type = 'client backend'"):
            time.sleep(0.001)


@contextmanager
def in_memory() -> Iterator[Path]:
    """A folder that a process that is killed leaves whole, as it would a disk."""
    memory = Path("/dev/shm")  # noqa: S108 - as said
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@contextmanager
def frozen() -> Iterator[None]:
    """What has been loaded by now is left alone by the collector, or each fork would copy what it only looks at."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
