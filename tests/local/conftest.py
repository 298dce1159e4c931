"""Places for servers to live in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.local.places import short_directory


@pytest.fixture
def short() -> Iterator[Path]:
    """A temporary directory with a path that is short enough for sockets, and that any account can pass through."""
    made = short_directory()
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)
