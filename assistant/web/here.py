"""What a request may reach: the app's runtime and settings."""

from dataclasses import dataclass

from flask import current_app

from assistant.runtime import Runtime
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Here:
    """The app's own runtime and settings."""

    runtime: Runtime
    settings: Settings


def here() -> Here:
    """Of the app that is answering this request."""
    found: Here = current_app.extensions["assistant"]
    return found
