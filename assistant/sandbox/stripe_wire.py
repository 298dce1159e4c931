"""Stripe's way with forms: nested names in brackets, read into what they mean."""

import re
from collections.abc import Iterable
from typing import Any

PARTS = re.compile(r"\[([^\[\]]*)\]")


def read_form(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """a[b][0][c]=d becomes {"a": {"b": [{"c": "d"}]}}. Every value stays text."""
    root: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, _ = name.partition("[")
        path = [head, *PARTS.findall(name)] if bracket else [name]
        _put(root, path, value)
    return {name: value if name == "metadata" else _with_lists(value) for name, value in root.items()}


def _put(into: dict[str, Any], path: list[str], value: str) -> None:
    for step in path[:-1]:
        inner = into.setdefault(step or str(len(into)), {})
        if not isinstance(inner, dict):
            return
        into = inner
    into[path[-1] or str(len(into))] = value


def _with_lists(value: Any) -> Any:  # noqa: ANN401 - whatever the form holds
    """What is numbered from nought is a list."""
    if not isinstance(value, dict):
        return value
    read = {name: inner if name == "metadata" else _with_lists(inner) for name, inner in value.items()}
    numbered = bool(read) and set(read) == {str(n) for n in range(len(read))}
    return [read[str(n)] for n in range(len(read))] if numbered else read
