"""What the desk reads: plain lines from `templates/staff/`, in English."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

STAFF = Path(__file__).parents[2] / "templates" / "staff"


def decline_line(code: str | None) -> str:
    """What the bank said and what happens next, in one line; a general one for a code that nobody has told us about."""
    lines = _declines()
    return str(lines["codes"].get(code or "", lines["general"]))


@cache
def _declines() -> dict[str, Any]:
    return tomllib.loads((STAFF / "declines.toml").read_text())
