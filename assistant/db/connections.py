"""Connections to PostgreSQL, kept open and lent to one unit of work at a time.

Lent by hand, begun and committed by hand, because that is measured to matter: a SQLAlchemy checkout with its begin
and commit costs as much as the posting it carries (`docs/performance.md`). The ORM works on the same connection, for
whoever asks for it.
"""

from collections import deque
from functools import cached_property

import psycopg
from psycopg import pq
from psycopg.rows import TupleRow
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

OPTIONS = "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"


class Kept(psycopg.Connection[TupleRow]):
    """A connection that outlives its borrowers: SQLAlchemy may let go of it, only we close it."""

    @cached_property
    def hand(self) -> psycopg.Cursor[TupleRow]:
        """A cursor to be used again and again, by whoever takes its rows at once."""
        return self.cursor()

    def close(self) -> None:
        """Nothing: see `end`."""

    def end(self) -> None:
        """Close it for good."""
        super().close()

    def say(self, command: bytes) -> None:
        """BEGIN, COMMIT or ROLLBACK, in one plain trip."""
        result = self.pgconn.exec_(command)
        if result.status != pq.ExecStatus.COMMAND_OK:
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
        self._lent.add(connection)
        return connection

    def give(self, connection: Kept) -> None:
        """Back for the next, with nothing begun; where the server has gone, the other connections go too."""
        self._lent.discard(connection)
        if connection.closed or connection.pgconn.status != pq.ConnStatus.OK:
            connection.end()
            self.close()
        elif connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            connection.end()
        else:
            self._free.append(connection)

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
