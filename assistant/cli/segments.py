"""`assistant segments`: counts texts given as JSON lines."""

import json
from collections.abc import Iterable, Iterator

from assistant.domain import segments


def run(lines: Iterable[str], *, fold: bool) -> Iterator[str]:
    """Answer each line `{"text": ...}` with one line, in order; a line that says no text is told so on its own line."""
    return (json.dumps(_answer(line, fold=fold)) for line in lines)


def _answer(line: str, *, fold: bool) -> dict[str, str | int]:
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "not a line of JSON"}
    text = asked.get("text") if isinstance(asked, dict) else None
    if not isinstance(text, str):
        return {"error": 'expected an object like {"text": "Hello"}'}
    counted = segments.count(segments.fold(text) if fold else text)
    return {"encoding": counted.encoding, "units": counted.units, "segments": counted.segments}
