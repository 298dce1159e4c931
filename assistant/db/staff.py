"""Who works at a spa and signs in to the console: a person once, and a post at each spa that they work at.

A person is of no spa, so their tables are keyed by the person; what they may do is their post's, which is a spa's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from assistant.db.base import Asks, Base, Code, Facts, Instant, SpaId, Words, one_of
from assistant.domain.permissions import Limits, Permission, Role, may


class StaffUser(Base):
    """Somebody who can sign in. The names are those that Flask-Security asks for."""

    __tablename__ = "staff_user"
    __table_args__ = (
        UniqueConstraint("email"),
        UniqueConstraint("fs_uniquifier"),
        UniqueConstraint("fs_webauthn_user_handle"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    email: Mapped[Words]
    """In small letters."""
    name: Mapped[Words]
    password: Mapped[Words | None]
    """An argon2 hash; None until the invitation is taken up."""
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[Code]
    """In every session's cookie: another one here, and all of them are over."""
    tf_primary_method: Mapped[Code | None]
    tf_totp_secret: Mapped[Words | None]
    """Sealed by a key of the environment."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(ARRAY(Text)))
    fs_webauthn_user_handle: Mapped[Code | None]
    created_at: Mapped[Instant]
    signed_in_at: Mapped[Instant | None]


class StaffSignedOut(Base):
    """A session that was signed out of, until its cookie would have ended by itself: a copy of it opens nothing."""

    __tablename__ = "staff_signed_out"
    __table_args__ = (Index("ix_staff_signed_out_until", "until"),)

    hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    """SHA-256 of the session's own secret."""
    until: Mapped[Instant]


class StaffKey(Base):
    """A passkey of somebody's: its public half."""

    __tablename__ = "staff_key"
    __table_args__ = (UniqueConstraint("credential_id"), Index("ix_staff_key_user", "user_id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int | None]
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(ARRAY(Text)))
    backup_state: Mapped[bool]
    device_type: Mapped[Code]
    extensions: Mapped[Words | None]
    lastuse_datetime: Mapped[Instant]
    name: Mapped[Words]
    usage: Mapped[Code]


class StaffPost(Base):
    """What somebody is at one spa, until it is taken from them."""

    __tablename__ = "staff_post"
    __table_args__ = (
        CheckConstraint(one_of("role", Role), name="role"),
        Index("ix_staff_post_user", "user_id", "spa_id"),
    )

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_user.id"), primary_key=True)
    role: Mapped[Code]
    limits: Mapped[Facts] = mapped_column(server_default=text("'{}'"))
    """What was chosen of `domain/permissions.py::Limits` for this one; all else is the role's."""
    invited_at: Mapped[Instant]
    invited_by: Mapped[Code]
    revoked_at: Mapped[Instant | None]


class StaffTry(Base):
    """How often somebody tried to sign in, as an account or from an address, since when."""

    __tablename__ = "staff_try"

    who: Mapped[Code] = mapped_column(primary_key=True)
    """A hash: of an account's address, or of the network address it was tried from."""
    tries: Mapped[int]
    since: Mapped[Instant]


class DoneOnce(Base):
    """An act that a form of the console asked for: the same form sent twice is one act."""

    __tablename__ = "staff_act"

    spa_id: Mapped[SpaId] = mapped_column(ForeignKey("spa.spa_id"))
    token: Mapped[Code] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor: Mapped[Code]
    words: Mapped[Words | None]
    """What was said about it."""


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody at one spa, with all that a page of the console needs to know of both."""

    spa_id: int
    spa: str
    zone: str
    user_id: int
    name: str
    email: str
    role: Role
    limits: Limits
    others: int
    """At how many other spas they work."""
    switches: tuple[str, ...]
    """What somebody has stopped."""

    @property
    def actor(self) -> str:
        """As the audit names them."""
        return f"staff:{self.user_id}"

    def may(self, permission: str) -> bool:
        """Whether they may."""
        return may(self.role, Permission(permission))


POST = """
    SELECT p.spa_id, s.name, s.zone, u.id, u.name, u.email, p.role, p.limits,
           (SELECT count(*) FROM staff_post o WHERE o.user_id = u.id AND o.spa_id <> p.spa_id AND o.revoked_at IS NULL),
           ARRAY (SELECT k.what FROM kill_switch k WHERE k.spa_id IN (0, p.spa_id) ORDER BY k.what)
    FROM staff_post p JOIN staff_user u ON u.id = p.user_id JOIN spa s ON s.spa_id = p.spa_id
    WHERE p.user_id = %(user)s AND p.spa_id = %(spa)s AND p.revoked_at IS NULL AND u.active"""


def post(uow: Asks, user_id: int, spa_id: int) -> Post | None:
    """What somebody is at a spa; None where they do not work there."""
    row = uow.sql(POST, {"user": user_id, "spa": spa_id}).fetchone()
    if row is None:
        return None
    spa, name, zone, user, person, email, role, limits, others, switches = row
    found = Role(role)
    return Post(spa, name, zone, user, person, email, found, Limits.of(found, limits), others, tuple(switches))


def spas_of(uow: Asks, user_id: int) -> list[tuple[int, str, str]]:
    """Where somebody works: the spa, its name, and what they are there."""
    rows = uow.sql(
        "SELECT p.spa_id, s.name, p.role FROM staff_post p JOIN spa s ON s.spa_id = p.spa_id"
        " WHERE p.user_id = %s AND p.revoked_at IS NULL ORDER BY s.name",
        (user_id,),
    )
    return [(spa, name, role) for spa, name, role in rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Listed:
    """One of the staff of a spa."""

    user_id: int
    name: str
    email: str
    role: Role
    limits: dict[str, Any]
    signed_in_at: datetime | None
    second_factor: bool
    revoked_at: datetime | None


def listed(uow: Asks, spa_id: int) -> list[Listed]:
    """All of a spa's staff, those of now first."""
    rows = uow.sql(
        """SELECT u.id, u.name, u.email, p.role, p.limits, u.signed_in_at,
                  u.tf_primary_method IS NOT NULL OR EXISTS (SELECT 1 FROM staff_key k WHERE k.user_id = u.id),
                  p.revoked_at
           FROM staff_post p JOIN staff_user u ON u.id = p.user_id WHERE p.spa_id = %s
           ORDER BY p.revoked_at NULLS FIRST, p.role, u.name""",
        (spa_id,),
    )
    return [Listed(user, name, email, Role(role), *rest) for user, name, email, role, *rest in rows.fetchall()]
