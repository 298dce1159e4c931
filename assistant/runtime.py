"""The hinge: `UnitOfWork` is one transaction, `Runtime` is everything within reach outside of one.

A function that takes a `UnitOfWork` cannot reach a provider; one that takes a `Runtime` opens its own transactions. So
calling Twilio inside a transaction does not type-check.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from secrets import token_bytes
from typing import Any, TypeVar

import psycopg
from psycopg.rows import TupleRow
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assistant.clock import Clock
from assistant.db.connections import Database, Kept
from assistant.doorbells import Doorbell
from assistant.gateways.email_port import Emails
from assistant.gateways.nowhere import NoCardPages, NoEmails, NoPayments, NoRefunds, NoVault
from assistant.gateways.pace_port import NoPacer, Pacer
from assistant.gateways.ports import CardPages, Payments, Queue, Refunds, Texts, Vault
from assistant.sealing import Seal

T = TypeVar("T")

TRANSIENT = (
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.OperationalError,
)
"""What a second try may mend: a lost race, or a database that has just come back."""
TRIES = 3


class SecondStatementError(RuntimeError):
    """A unit of work that was promised to be one statement asked another."""


@dataclass(frozen=True, slots=True)
class Links:
    """What a link to us is made of: where we are, and tokens that no one can guess."""

    base_url: str
    random_bytes: Callable[[int], bytes]
    seal: Seal
    mail_domain: str = ""


class UnitOfWork:
    """One transaction, one instant, and the doorbells to ring once it is committed."""

    def __init__(
        self, database: Database, connection: Kept, now: datetime, links: Links, *, single: bool = False
    ) -> None:
        self.now = now
        self.links = links
        self.bells: list[Doorbell] = []
        self._database = database
        self._connection = connection
        self._left = 1 if single else -1

    def sql(self, statement: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> psycopg.Cursor[TupleRow]:
        """One statement in plain SQL, prepared by the server."""
        self._about_to_ask(statement)
        return self._connection.execute(statement, parameters, prepare=True)

    def value(self, statement: bytes, arguments: Sequence[bytes | None]) -> bytes | None:
        """The one value a statement gives, asked in PostgreSQL's own spelling: for what is posted all day long."""
        self._about_to_ask(statement)
        return self._connection.value(statement, arguments)

    def _about_to_ask(self, statement: str | bytes) -> None:
        if self._left == 0:
            raise SecondStatementError(statement)
        self._left -= 1
        self.flush()

    @cached_property
    def session(self) -> Session:
        """The same transaction through the ORM; flushed before anything else is asked or committed."""
        if self._left >= 0:
            raise SecondStatementError("the ORM asks as many as it likes")
        return self._database.session(self._connection)

    def flush(self) -> None:
        """Send what the ORM still holds."""
        if "session" in self.__dict__:
            self.session.flush()

    def later(self, bell: Doorbell) -> None:
        """Ring after the commit, and only if it happens."""
        if bell not in self.bells:
            self.bells.append(bell)


def nowhere(edge: str) -> None:
    """No one is listening at the edges of transactions."""


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything within reach: the clock, the database, the queue, the providers."""

    clock: Clock
    database: Database
    queue: Queue
    texts: Texts
    edge: Callable[[str], None] = field(default=nowhere)
    """Told at each commit, before and after: where a crash test pulls the plug."""
    payments: Payments = field(default_factory=NoPayments)
    card_pages: CardPages = field(default_factory=NoCardPages)
    vault: Vault = field(default_factory=NoVault)
    refunds: Refunds = field(default_factory=NoRefunds)
    offers_pace: Pacer = field(default_factory=NoPacer)
    """Each offer by text waits for its turn here, before it is asked for the last time whether it may go."""
    emails: Emails = field(default_factory=NoEmails)
    public_base_url: str = ""
    """Where members reach us: what a link begins with."""
    mail_domain: str = ""
    """Where our mail comes from, and replies come back to."""
    random_bytes: Callable[[int], bytes] = field(default=token_bytes)
    """What no one can guess: the tokens of links."""
    seal: Seal = field(default=Seal(""))
    """Closes them in what is stored."""

    @contextmanager
    def unit_of_work(self) -> Iterator[UnitOfWork]:
        """Commit and then ring the bells; on any exception, neither."""
        connection = self.database.take()
        try:
            connection.say(b"BEGIN")
            uow = UnitOfWork(self.database, connection, self.clock.now(), self._links())
            yield uow
            uow.flush()
            self.edge("commit")
            connection.say(b"COMMIT")
        except BaseException:
            with suppress(psycopg.Error):  # a server that has gone has rolled back
                connection.say(b"ROLLBACK")
            raise
        finally:
            self.database.give(connection)
        self.edge("committed")
        self._ring(uow)

    @contextmanager
    def single_statement(self) -> Iterator[UnitOfWork]:
        """A unit of work of exactly one statement, which is its own transaction: one trip instead of three."""
        connection = self.database.take()
        try:
            uow = UnitOfWork(self.database, connection, self.clock.now(), self._links(), single=True)
            self.edge("commit")
            yield uow
        finally:
            self.database.give(connection)
        self.edge("committed")
        self._ring(uow)

    def transact(self, work: Callable[[UnitOfWork], T], *, single: bool = False) -> T:
        """Run a whole unit of work, again from the start when the database says that another try may do.

        For work that is safe to repeat even after a commit whose answer was lost (`reliability.md` F09, F10).
        """
        for attempt in range(1, TRIES + 1):
            try:
                with self.single_statement() if single else self.unit_of_work() as uow:
                    return work(uow)
            except (DBAPIError, psycopg.Error) as error:
                if attempt == TRIES or not is_transient(error):
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _links(self) -> Links:
        return Links(self.public_base_url, self.random_bytes, self.seal, self.mail_domain)

    def _ring(self, uow: UnitOfWork) -> None:
        for bell in uow.bells:
            self.queue.ring(bell)


def is_transient(error: BaseException) -> bool:
    """Whether a second try may succeed."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, TRANSIENT)
