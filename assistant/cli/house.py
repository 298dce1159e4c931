"""The runtime of a command: the environment's, or the running demo's."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant import wiring
from assistant.local.machine import PROJECT
from assistant.runtime import Runtime
from assistant.settings import Settings, read_or_exit

DEMO = PROJECT / ".local" / "demo.json"


def environ(given: Mapping[str, str] = os.environ, demo: Path = DEMO) -> Mapping[str, str]:
    """The environment where it names a database; else the running demo's, where one runs."""
    if given.get("DATABASE_URL") or not demo.exists():
        return given
    return {**given, **json.loads(demo.read_text()).get("environ", {})}


def facts() -> dict[str, Any]:
    """What the running demo says of itself."""
    found: dict[str, Any] = json.loads(DEMO.read_text())
    return found


def settings() -> Settings:
    """What the command goes by; exit 78 with the reasons when it cannot be used."""
    return read_or_exit(environ())


def runtime() -> Runtime:
    """Everything within reach of a command."""
    return wiring.runtime(settings())
