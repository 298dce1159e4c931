"""The `.env` file of a spa that runs on one machine, and the commented example of it, made from the settings."""

import sys
from pathlib import Path

from assistant.settings import SETTINGS, Setting

INTRODUCTION = """\
# Copy to .env, fill in, and run `assistant serve`. A variable that is already set wins over this file.
# Made from assistant/settings.py: `python -m assistant.local.env_file > .env.example`.
"""
STARTED_FOR_YOU = {"DATABASE_URL", "REDIS_URL"}


def read(path: Path) -> dict[str, str]:
    """NAME=value lines, less blank lines, # comments and the quotes around a value. No file: no values."""
    if not path.exists():
        return {}
    lines = (line.strip().removeprefix("export ") for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def example() -> str:
    """The text of `.env.example`."""
    return "\n".join([INTRODUCTION, *(_entry(name, setting) for name, setting in SETTINGS.items())])


def _entry(name: str, setting: Setting) -> str:
    """A variable that must be set stands ready to be filled in; any other is commented out beside its default."""
    required = setting.default is None and not setting.optional and name not in STARTED_FOR_YOU
    line = f"{name}={setting.default or setting.example}"
    return f"# {setting.doc}\n{line if required else '# ' + line}\n"


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


if __name__ == "__main__":
    sys.stdout.write(example())
