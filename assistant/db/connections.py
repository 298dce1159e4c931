"""Connections to PostgreSQL, kept open and lent to one unit of work at a time.

Lent by hand, begun and committed by hand, because that is measured to matter: a SQLAlchemy checkout with its begin
and commit costs as much as the posting it carries (`docs/performance.md`). The ORM works on the same connection, for
whoever asks for it.
"""

from collections import deque
from collections.abc import Sequence
from functools import cached_property

import psycopg
from psycopg import pq
from psycopg.pq.abc import PGresult
from psycopg.rows import TupleRow
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

OPTIONS = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"

PREPARED = 1000
"""Above the number of our statements: the driver's own hundred has it forget one and prepare another all day long."""


class Kept(psycopg.Connection[TupleRow]):
    """A connection that outlives its borrowers: SQLAlchemy may let go of it, only we close it."""

    def close(self) -> None:
        """Nothing: see `end`."""

    def end(self) -> None:
        """Close it for good."""
        super().close()

    @cached_property
    def _by_hand(self) -> dict[bytes, bytes]:
        """The statements this connection has prepared by itself, and their names."""
        return {}

    def say(self, command: bytes) -> None:
        """BEGIN, COMMIT or ROLLBACK, in one plain trip."""
        _check(self.pgconn.exec_(command), pq.ExecStatus.COMMAND_OK)

    def value(self, statement: bytes, arguments: Sequence[bytes | None]) -> bytes | None:
        """The one value that a statement gives, its `$1, $2, …` spelt as PostgreSQL spells them.

        Straight to libpq: the driver's cursor costs the client as much as all the rest of a posting.
        """
        name = self._by_hand.get(statement)
        if name is None:
            name = b"kept_%d" % len(self._by_hand)
            _check(self.pgconn.prepare(name, statement), pq.ExecStatus.COMMAND_OK)
            self._by_hand[statement] = name
        result = self.pgconn.exec_prepared(name, arguments)  # type: ignore[arg-type]  # libpq takes None for NULL
        _check(result, pq.ExecStatus.TUPLES_OK)
        return result.get_value(0, 0)


def _check(result: PGresult, wanted: pq.ExecStatus) -> None:
    """Raise what went wrong as the driver would: `psycopg.errors.CheckViolation` and its like."""
    if result.status != wanted:
        raise psycopg.errors.error_from_result(result, encoding="utf-8")


class Database:
    """The connections of this process to one database; opens the first when it is first asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._free: deque[Kept] = deque()
        self._lent: set[Kept] = set()

    @property
    def lent(self) -> int:
        """How many are being used now."""
        return len(self._lent)

    def take(self) -> Kept:
        """A connection that nobody else has. Raises `psycopg.OperationalError` when the server does not answer."""
        while self._free:
            try:
                connection = self._free.pop()
            except IndexError:  # another thread was quicker
                break
            if not connection.closed:
                self._lent.add(connection)
                return connection
        connection = Kept.connect(
            self._conninfo, autocommit=True, prepare_threshold=1, connect_timeout=5, options=OPTIONS
        )
        connection.prepared_max = PREPARED
        self._lent.add(connection)
        return connection

    def give(self, connection: Kept) -> None:
        """Back for the next, with nothing begun; where the server has gone, the other connections go too."""
        self._lent.discard(connection)
        match connection.pgconn.transaction_status:
            case pq.TransactionStatus.IDLE:
                self._free.append(connection)
            case pq.TransactionStatus.UNKNOWN:
                connection.end()
                self.close()
            case _:
                connection.end()

    def close(self) -> None:
        """Close what is free: after a fork, at the end, or when the server has gone."""
        while self._free:
            self._free.pop().end()

    def session(self, connection: Kept) -> Session:
        """The ORM on a borrowed connection: it flushes into our transaction and never ends it."""
        return Session(bind=self._orm(connection).connect(), expire_on_commit=False)

    def _orm(self, connection: Kept) -> Engine:
        return create_engine(
            "postgresql+psycopg://",
            creator=lambda: connection,
            poolclass=NullPool,
            pool_reset_on_return=None,
            skip_autocommit_rollback=True,
        )
