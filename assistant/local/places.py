"""Where the servers of one machine keep their files and sockets, and as whom they run."""

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


def settle(home: Path, account: Account | None, refuge: Path | None = None) -> Path:
    """The directory to keep data in: `home`, or a new one in `refuge`, with a link to it, where the account cannot
    reach home (a checkout in /root). No directory above home is opened up for it.
    """
    if home.is_symlink() and home.exists():
        return home.readlink()
    if home.is_symlink():  # to nothing
        home.unlink()
    _make_private(home, account)
    if can_use(account, home):
        return home
    home.rmdir()
    made = Path(tempfile.mkdtemp(prefix="assistant-", dir=refuge or _refuge()))
    _make_private(made, account)
    home.symlink_to(made)
    return made


def _refuge() -> Path:
    """Where root may make a directory that any account can reach and that nothing cleans out."""
    bases = [base for base in (Path("/var/lib"), Path("/var/db")) if base.is_dir()]
    return bases[0] if bases else Path("/var/tmp")  # noqa: S108  # never preferred, and mkdtemp's name is its own


def socket_directory(home: Path, account: Account | None) -> Path:
    """A private directory for sockets: in home, or a temporary one when home's path is too long or too odd.

    Too odd: redis-py cannot read a path with a space back from its server, and a comma divides PostgreSQL hosts.
    """
    inside = home / "run"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET - len("/.s.PGSQL.5432") and re.fullmatch(r"[\w./+-]+", str(inside)):
        _make_private(inside, account)
        return inside
    if not (inside.is_symlink() and _is_private(inside.readlink(), account)):
        inside.unlink(missing_ok=True)
        inside.symlink_to(short_directory(account))
    return inside.readlink()


def _is_private(path: Path, account: Account | None) -> bool:
    """Whether nobody else could have made this directory, or can look into it."""
    if not path.is_dir() or path.is_symlink():
        return False
    found = path.stat()
    return found.st_uid == (account.uid if account else os.geteuid()) and found.st_mode & 0o077 == 0


def short_directory(account: Account | None = None) -> Path:
    """A new temporary directory with a short path. Who asks for it deletes it."""
    base = "/tmp" if os.access("/tmp", os.W_OK) else None  # noqa: S108  # macOS's own temporary path is half the room
    made = Path(tempfile.mkdtemp(prefix="assistant-", dir=base))
    _make_private(made, account)
    return made


def discard_sockets(home: Path) -> None:
    """Delete the directory of sockets that `home` has elsewhere, if it has one."""
    inside = home / "run"
    if inside.is_symlink() and _is_private(inside.readlink(), account_for(home)):
        forget(inside)


def forget(home: Path) -> None:
    """Delete a directory of data, wherever it really is."""
    if home.is_symlink():
        shutil.rmtree(home.readlink(), ignore_errors=True)
        home.unlink()
    elif home.exists():
        shutil.rmtree(home)


def _make_private(path: Path, account: Account | None) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if account:
        account.own(path)
