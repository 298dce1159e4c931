"""Staff: invited by mail, given a post at a spa, and taken it away, each told to the audit."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass

from argon2 import PasswordHasher
from psycopg.types.json import Jsonb

from assistant.db.staff import spas_of
from assistant.domain.permissions import Limits, Role
from assistant.messages.message import Message
from assistant.runtime import UnitOfWork
from assistant.services import audit, mail_out
from assistant.services.addressing import Addressee

HASHER = PasswordHasher()


@dataclass(frozen=True, slots=True)
class Invited:
    """Who has a post now."""

    user_id: int
    uniquifier: str
    new: bool
    """They could not sign in anywhere before."""


def invite(
    uow: UnitOfWork,
    spa_id: int,
    *,
    email: str,
    name: str,
    role: Role,
    actor: str,
    limits: Limits | None = None,
) -> Invited:
    """Give somebody a post, or another one than they had. Who cannot sign in yet is to be mailed a link."""
    address = email.strip().lower()
    uow.sql(
        "INSERT INTO staff_user (email, name, active, fs_uniquifier, created_at) VALUES (%s, %s, true, %s, %s)"
        " ON CONFLICT (email) DO NOTHING",
        (address, name, new_uniquifier(uow), uow.now),
    )
    [[user_id, uniquifier, password]] = uow.sql(
        "SELECT id, fs_uniquifier, password FROM staff_user WHERE email = %s FOR UPDATE", (address,)
    ).fetchall()
    uow.sql("UPDATE staff_user SET active = true WHERE id = %s", (user_id,))
    chosen = Jsonb(limits.to_json() if limits else {})
    uow.sql(
        "INSERT INTO staff_post (spa_id, user_id, role, limits, invited_at, invited_by)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (spa_id, user_id)"
        " DO UPDATE SET role = excluded.role, limits = excluded.limits, revoked_at = NULL",
        (spa_id, user_id, role, chosen, uow.now, actor),
    )
    _write_down(uow, spa_id, actor, "staff_invited", user_id, {"role": role, "email": address})
    return Invited(user_id, uniquifier, password is None)


def revoke(uow: UnitOfWork, spa_id: int, user_id: int, *, actor: str) -> bool:
    """Take a post away, and end every session of theirs. False where they had none."""
    row = uow.sql(
        "UPDATE staff_post SET revoked_at = %s WHERE spa_id = %s AND user_id = %s AND revoked_at IS NULL RETURNING 1",
        (uow.now, spa_id, user_id),
    ).fetchone()
    if row is None:
        return False
    end_sessions(uow, user_id)
    _write_down(uow, spa_id, actor, "staff_revoked", user_id, {})
    return True


def end_sessions(uow: UnitOfWork, user_id: int) -> None:
    """Whatever cookie they are signed in with, it is good no more; nor is any link they were mailed."""
    uow.sql("UPDATE staff_user SET fs_uniquifier = %s WHERE id = %s", (new_uniquifier(uow), user_id))


def set_password(uow: UnitOfWork, user_id: int, password: str) -> None:
    """As the demo does, and a machine's own administrator; everybody else follows a link."""
    uow.sql("UPDATE staff_user SET password = %s WHERE id = %s", (HASHER.hash(password), user_id))


def tell(uow: UnitOfWork, user_id: int, message: Message, *, key: str) -> None:
    """Mail one of the staff, in the name of a spa that they work at."""
    posts = spas_of(uow, user_id)
    row = uow.sql("SELECT email FROM staff_user WHERE id = %s", (user_id,)).fetchone()
    if posts and row:
        mail_out.write(uow, Addressee(posts[0][0], row[0], "en", channel="email"), message, key=key)


def write_down(uow: UnitOfWork, user_id: int, act: str) -> None:
    """What somebody did to their own account, at every spa that they work at."""
    for spa_id, _, _ in spas_of(uow, user_id):
        _write_down(uow, spa_id, f"staff:{user_id}", act, user_id, {})


def new_uniquifier(uow: UnitOfWork) -> str:
    """What no one can guess."""
    return urlsafe_b64encode(uow.links.random_bytes(24)).decode()


def _write_down(uow: UnitOfWork, spa_id: int, actor: str, act: str, user_id: int, after: dict[str, str]) -> None:
    audit.write(uow, spa_id, actor=actor, evidence="E3", act=act, subject=f"staff:{user_id}", after=after or None)
