"""Where the servers of one machine keep their files and sockets, and as whom they run."""

import hashlib
import os
import pwd
import re
import shutil
import tempfile
from pathlib import Path

from assistant.local.children import Account, run

LONGEST_SOCKET = 100
"""A unix socket's path has room for 103 bytes on macOS and 107 on Linux."""


def account_for(home: Path) -> Account | None:
    """The owner of what is there already, else nobody; None when we are not root and run everything ourselves."""
    if os.geteuid() != 0:
        return None
    if home.exists() and home.stat().st_uid != 0:
        return Account(home.stat().st_uid, home.stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def can_use(account: Account | None, path: Path) -> bool:
    """Whether an account can reach and run or enter a path, every directory above it included."""
    if account is None:
        return True
    return run(["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)], account=account).returncode == 0


def settle(home: Path, refuge: Path, account: Account | None) -> Path:
    """The directory to keep data in: `home`, or `refuge` where the account cannot reach home (a checkout in /root)."""
    if refuge.exists() and account:
        return refuge
    _make_private(home, account)
    if can_use(account, home):
        return home
    home.rmdir()
    _make_private(refuge, account)
    return refuge


def refuge_for(home: Path) -> Path:
    """A place of its own for each checkout, which root can make and any account can reach, and no cleaner empties."""
    name = "assistant-" + hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:12]
    bases = [base for base in (Path("/var/lib"), Path("/var/db")) if base.is_dir()]
    return (bases[0] if bases else Path("/var/tmp")) / name  # noqa: S108  # root only, and never preferred


def socket_directory(home: Path, account: Account | None) -> Path:
    """A private directory for sockets: in home, or in a new temporary one when home's path is too long or too odd.

    Too odd: redis-py cannot read a path with a space back from its server, and a comma divides PostgreSQL hosts.
    """
    inside = home / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET - len("/.s.PGSQL.5432") and re.fullmatch(r"[\w./+-]+", str(inside)):
        _make_private(inside, account)
        return inside
    return short_directory(account)


def short_directory(account: Account | None = None) -> Path:
    """A new temporary directory with a short path. Who asks for it deletes it."""
    base = "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108  # macOS's own temporary path is half the room
    made = Path(tempfile.mkdtemp(prefix="assistant-", dir=base))
    _make_private(made, account)
    return made


def discard_sockets(sockets: Path, data: Path) -> None:
    """Delete a directory of sockets that is a temporary one, which is to say not beside the data."""
    if sockets.parent != data.parent:
        shutil.rmtree(sockets, ignore_errors=True)


def forget(home: Path) -> None:
    """Delete a directory of data and its refuge."""
    for path in (home, refuge_for(home)):
        if path.exists():
            shutil.rmtree(path)


def _make_private(path: Path, account: Account | None) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if account:
        account.own(path)
