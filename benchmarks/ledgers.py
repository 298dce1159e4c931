"""Three ledgers ready to be posted to: the floor's, ours and django-hordak's, each in a database of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.counting import statements
from benchmarks.crew import Crew, crew
from benchmarks.floors import posting
from benchmarks.harness import NotReady, Report, same
from benchmarks.ours import posting as our_posting
from benchmarks.servers import ROOT, Postgres

HORDAK = ROOT / ".local" / "bench-hordak"
LOCK = Path(__file__).with_name("requirements-hordak.lock")


@contextmanager
def ledgers(server: Postgres, report: Report, *, workers: int, prefix: str) -> Iterator[dict[str, Crew]]:
    """A crew for each ledger that can be had here; a note for one that cannot."""
    with ExitStack() as stack:
        crews: dict[str, Crew] = {}
        for name in ("floor", "ours", "hordak"):
            database = server.database(f"{prefix}_{name}")
            try:
                python = _prepare(name, database)
                crews[name] = stack.enter_context(crew(name, database, size=workers, python=python))
            except NotReady as missing:
                report.notes.append(f"{name} is not measured: {missing}")
        yield crews


def check_equal(crews: dict[str, Crew], report: Report, *, posts: int, size: int = 1) -> None:
    """Post the same entries everywhere, some of them twice where keys are kept, and compare every balance."""
    for ledger in crews.values():
        made = ledger.exactly(posts, "equal", size=size)
        if ledger.once:
            ledger.exactly(posts, "equal", size=size)
        assert ledger.entries() == made, f"{ledger.system} has {ledger.entries()} entries of {made}"
    balances = {name: ledger.balances() for name, ledger in crews.items()}
    report.notes.append(same(f"{len(balances['floor']):,} balances", balances))


def count_statements(crews: dict[str, Crew], report: Report, *, size: int = 1) -> None:
    """What one entry, or one batch, costs in statements and commits."""
    for name, ledger in crews.items():
        calls = 20
        with statements(ledger.database) as counts:
            made = ledger.exactly(calls * size, "counted", size=size)
        report.notes.append(f"{name}: {counts.per(made // size, 'batch' if size > 1 else 'entry')}")


def _prepare(name: str, database: str) -> str:
    """Make a ledger's tables and accounts; the interpreter that posts to it."""
    if name == "floor":
        posting.prepare(database)
    elif name == "ours":
        our_posting.prepare(database)
    else:
        python = _hordak_python()
        subprocess.run([python, "-m", "benchmarks.peers.hordak_peer", database], cwd=ROOT, check=True)
        return python
    return sys.executable


def _hordak_python() -> str:
    """The interpreter of the peer's own environment, made the first time from its lock."""
    python, done = HORDAK / "bin" / "python", HORDAK / ".installed"
    if not done.exists() or done.read_bytes() != LOCK.read_bytes():
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(HORDAK)], check=True)
            subprocess.run([python, "-m", "pip", "install", "-qq", "--require-hashes", "-r", LOCK], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NotReady(f"django-hordak could not be installed: {error}") from error
        done.write_bytes(LOCK.read_bytes())
    return str(python)
