"""How well messages are understood: measured on labelled ones, each measure with its Wilson 95 % interval."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from assistant.conversation.reading import Meaning, Reading

DANGEROUS = frozenset(
    {"pause", "resume", "cancel_membership", "change_plan", "join", "save_offer", "book_request", "opt_in"}
)
"""Acts that nobody may suffer who did not ask for them; an opt-out too many is measured by itself."""
Z = 1.959964


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled message and what was made of it."""

    text: str
    family: str
    expect: Mapping[str, Any]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def share(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's, at 95 %; all of it where there is nothing to go by."""
        if not self.of:
            return 0.0, 1.0
        share, square = self.share, Z * Z
        middle = share + square / (2 * self.of)
        spread = Z * sqrt(share * (1 - share) / self.of + square / (4 * self.of * self.of))
        return max(0.0, (middle - spread) / (1 + square / self.of)), min(
            1.0, (middle + spread) / (1 + square / self.of)
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What `--evaluate` tells."""

    messages: int
    shares: Mapping[str, Share]
    macro_f1: float
    confusion: Mapping[tuple[str, str], int]


def evaluate(judged: Sequence[Judged]) -> Report:
    """All measures at once."""
    return Report(len(judged), _shares(judged), _macro_f1(judged), _confusion(judged))


def misses(judged: Iterable[Judged]) -> list[Judged]:
    """Those whose intents, opt-out, slots or acts are not as they should be."""
    return [
        each
        for each in judged
        if not (_intents_right(each) and _opt_out_right(each) and _slots_right(each) and _acts_right(each))
    ]


def _shares(judged: Sequence[Judged]) -> dict[str, Share]:
    outs = [each for each in judged if each.expect.get("opt_out")]
    ins = [each for each in judged if not each.expect.get("opt_out")]
    slotted = [each for each in judged if each.expect.get("slots") or _slots(each.reading)]
    medical = [each for each in judged if "medical" in each.expect["intent"] or each.expect.get("medical")]
    cards = [each for each in judged if each.expect.get("redacted") is not None]
    return {
        "accuracy": _count(judged, _intents_right),
        "accuracy, first intent": _count(judged, _first_right),
        "opt-out recall": _count(outs, lambda each: each.reading.opt_out),
        "false opt-outs": _count(ins, lambda each: each.reading.opt_out),
        "dangerous actions": _count(judged, _is_dangerous),
        "acts as expected": _count(judged, _acts_right),
        "slots": _count(slotted, _slots_right),
        "medical recall": _count(medical, lambda each: Meaning.MEDICAL in each.reading.intents),
        "redaction recall": _count(cards, lambda each: each.reading.redacted_text == each.expect["redacted"]),
    }


def _count(judged: Sequence[Judged], right: Callable[[Judged], bool]) -> Share:
    return Share(sum(map(right, judged)), len(judged))


def _intents_right(each: Judged) -> bool:
    return set(map(str, each.reading.intents)) == set(each.expect["intent"])


def _first_right(each: Judged) -> bool:
    return str(each.reading.intents[0]) == str(each.expect["intent"][0])


def _opt_out_right(each: Judged) -> bool:
    return each.reading.opt_out == bool(each.expect.get("opt_out"))


def _acts_right(each: Judged) -> bool:
    return set(each.reading.executed) == set(each.expect.get("executed", each.reading.executed))


def _is_dangerous(each: Judged) -> bool:
    return bool((set(each.reading.executed) & DANGEROUS) - set(each.expect.get("executed", ())))


def _slots(reading: Reading) -> dict[str, str]:
    slots = reading.slots
    found = {"duration": slots.duration, "until": slots.until.isoformat() if slots.until else None, "plan": slots.plan}
    return {name: value for name, value in found.items() if value is not None}


def _slots_right(each: Judged) -> bool:
    wanted = {name: value for name, value in (each.expect.get("slots") or {}).items() if value is not None}
    return _slots(each.reading) == wanted


def _macro_f1(judged: Sequence[Judged]) -> float:
    """The mean over the intents that are expected of anything."""
    hit: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for each in judged:
        got, wanted = set(map(str, each.reading.intents)), set(each.expect["intent"])
        said.update(got)
        true.update(wanted)
        hit.update(got & wanted)
    return sum(2 * hit[name] / (said[name] + true[name]) for name in true) / len(true) if true else 0.0


def _confusion(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """Expected first intent, against the one read first."""
    return Counter((each.expect["intent"][0], str(each.reading.intents[0])) for each in judged)
