"""The staff as Flask-Security sees them, on this house's own connections."""

from typing import Any

from flask import Flask, g
from flask_security import SQLAlchemySessionUserDatastore, UserMixin, WebAuthnMixin
from sqlalchemy.orm import Mapped, Session, relationship
from werkzeug.local import LocalProxy

from assistant.db.connections import Database, Kept
from assistant.db.staff import StaffKey, StaffUser
from assistant.web.here import here


class Passkey(WebAuthnMixin, StaffKey):  # type: ignore[misc]  # its columns are ours
    """A passkey, and whose it is."""

    user: Mapped["Account"] = relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, Any]:
        return {"id": self.user_id}


class Account(UserMixin, StaffUser):  # type: ignore[misc]  # its columns are ours
    """Somebody who signs in. What they may do is no role of Flask-Security's, but their post at a spa."""

    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]  # of ours
        back_populates="user", cascade="all, delete"
    )

    @property
    def roles(self) -> list[Any]:  # type: ignore[override]
        return []


class NoRole:
    """Flask-Security asks for one."""


def datastore(app: Flask) -> SQLAlchemySessionUserDatastore:
    """Its session is opened by the first question of a request, and over with it."""
    app.teardown_appcontext(_over)
    session: Any = LocalProxy(_session)
    no_role: Any = NoRole
    return SQLAlchemySessionUserDatastore(session, Account, no_role, Passkey)


def _session() -> Session:
    if "staff_session" not in g:
        database: Database = here().runtime.database
        connection = database.take()
        connection.say(b"BEGIN")
        g.staff_session, g.staff_connection = database.session(connection), connection
    found: Session = g.staff_session
    return found


def _over(_error: BaseException | None) -> None:
    """What was not committed is not done."""
    connection: Kept | None = g.pop("staff_connection", None)
    if connection is not None:
        g.pop("staff_session").expunge_all()
        connection.say(b"ROLLBACK")
        here().runtime.database.give(connection)


def let_go() -> None:
    """Give back the connection that read who is asking: no provider is asked while a transaction is open."""
    _over(None)
