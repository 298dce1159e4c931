"""How the code is written: what it may import, where time is read, how long a thing may get."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("assistant", "jobs") for path in (ROOT / folder).rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
NO_NAMES = {"util", "utils", "helper", "helpers", "common", "constants", "manager", "managers", "misc", "base_utils"}
Check = Callable[[Path, str], Iterator[str]]


def undocumented(path: Path, source: str) -> Iterator[str]:
    if not ast.get_docstring(ast.parse(source)):
        yield f"{path} has no docstring"


def too_long(path: Path, source: str) -> Iterator[str]:
    """Migrations are as long as what they make."""
    if "migrations" in path.parts:
        return
    if (lines := len(source.splitlines())) > LONGEST_MODULE:
        yield f"{path} has {lines} lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{path}: {node.name} has {lines} lines"


def named_for_nothing(path: Path, _source: str) -> Iterator[str]:
    """`utils.py` is where a noun was not found."""
    if NO_NAMES & {path.stem, path.parent.name, *path.stem.split("_")}:
        yield f"{path} is named for nothing it does"


READS_TIME = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
SQL_READS_TIME = re.compile(
    r"(?<![.\w])(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\(\)"
    r"|\bcurrent_(?:timestamp|date|time)\b|\blocaltime(?:stamp)?\b",
    re.IGNORECASE,
)


def reads_time(path: Path, source: str) -> Iterator[str]:
    """Time is passed in. In Python only the clock reads it; in SQL nothing does."""
    tree = ast.parse(source)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(name) | ast.Attribute(attr=name), attr=attribute):
                if (name, attribute) in READS_TIME and path.name != "clock.py":
                    yield f"{path}:{node.lineno} reads the time"
            case ast.ImportFrom(module="time") if "time" in {each.name for each in node.names}:
                yield f"{path}:{node.lineno} reads the time"
            case ast.Constant(str(words)) if id(node) not in prose and SQL_READS_TIME.search(words):
                yield f"{path}:{node.lineno} lets the database read the time"


CHECKS: tuple[Check, ...] = (undocumented, too_long, named_for_nothing, reads_time)


@pytest.mark.parametrize("check", CHECKS)
def test_the_code(check: Check) -> None:
    assert [each for path in SOURCES for each in check(path.relative_to(ROOT), path.read_text())] == []
    assert len(SOURCES) > 100


FORTY_ONE = "def f():\n" + "    x = 1\n" * 40


@pytest.mark.parametrize(
    ("check", "name", "source"),
    [
        (undocumented, "money.py", "x = 1\n"),
        (undocumented, "money.py", ""),
        (too_long, "money.py", "x = 1\n" * 301),
        (too_long, "money.py", FORTY_ONE),
        (too_long, "money.py", "class C:\n" + "".join(f"    {line}\n" for line in FORTY_ONE.splitlines())),
        (named_for_nothing, "utils.py", ""),
        (named_for_nothing, "date_helpers.py", ""),
        (named_for_nothing, "common/money.py", ""),
        (reads_time, "money.py", "from datetime import datetime\nx = datetime.now(UTC)"),
        (reads_time, "money.py", "import datetime as d\nx = d.datetime.now()"),
        (reads_time, "money.py", "from datetime import date\nx = date.today()"),
        (reads_time, "money.py", "import time\nx = time.time()"),
        (reads_time, "money.py", "from time import time\nx = time()"),
        (reads_time, "money.py", "def f(uow):\n    uow.sql('SELECT now()')"),
        (reads_time, "money.py", "QUERY = 'SELECT 1 WHERE due_on < CURRENT_DATE'"),
    ],
)
def test_bad_code_is_seen(check: Check, name: str, source: str) -> None:
    assert list(check(Path("assistant") / name, source))


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("money.py", '"""What it is for."""\nx = clock.now()\n'),
        ("money.py", '"""Never `datetime.now()` nor SQL\'s now()."""\n'),
        ("money.py", '"""Waits."""\nimport time\ntime.sleep(1)\nuntil = time.monotonic()\n'),
        ("money.py", '"""Forty."""\n' + FORTY_ONE.replace("    x = 1\n", "", 1)),
        ("clock.py", '"""The clock."""\nfrom datetime import datetime\nx = datetime.now(UTC)\n'),
    ],
)
def test_good_code_is_let_be(name: str, source: str) -> None:
    assert [each for check in CHECKS for each in check(Path("assistant") / name, source)] == []


def test_the_databases_own_functions_do_not_read_the_time() -> None:
    functions = sorted((ROOT / "assistant/db/migrations/sql").glob("*.sql"))
    assert [path.name for path in functions if SQL_READS_TIME.search(path.read_text())] == []
    assert functions


# --- layers -----------------------------------------------------------------------------------------------------------


def contracts_in(folder: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_layers_hold() -> None:
    told = contracts_in(ROOT)
    assert told.returncode == 0, told.stdout
    assert "0 broken" in told.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("assistant/services/sweep.py", "import jobs.chores"),
        ("assistant/domain/money.py", "import assistant.clock"),
        ("assistant/domain/money.py", "import sqlalchemy"),
        ("assistant/services/credits.py", "import twilio"),
        ("assistant/messages/render.py", "import assistant.services.credits"),
    ],
)
def test_a_broken_layer_is_seen(module: str, line: str, tmp_path: Path) -> None:
    for name in ("assistant", "jobs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    file = tmp_path / module
    file.write_text(f"{file.read_text()}\n{line}\n")
    told = contracts_in(tmp_path)
    assert told.returncode != 0
    assert "broken" in told.stdout
