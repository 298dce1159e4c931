"""The ladder drawn from the policy itself: a time line as SVG, and the same as a table of Markdown.

`python -m assistant.domain.dunning_picture` writes `docs/dunning.svg`; a test compares it, so that it never lies.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from pathlib import Path

from assistant.domain.calendar import local_day
from assistant.domain.declines import Rule, Script, Verdict
from assistant.domain.dunning import Final, Policy, Step, StepKind, Told, ladder

TITLES = {
    Told.DECLINED: "declined",
    Told.REMINDER: "reminder",
    Told.BEFORE_SUSPENSION: "benefits pause soon",
    Told.STILL_OWED: "still owed",
    Told.LAST_NOTICE: "last notice",
}
ENDS = {Final.SKIP: "the month is skipped", Final.PAUSE: "membership pauses", Final.CANCEL: "membership ends"}
KINDS = {StepKind.TELL: "text", StepKind.RETRY: "retry", StepKind.MOVE: "boundary", StepKind.FINAL: "boundary"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One step as it is drawn: its day, its hour as it is written, and its words."""

    day: int
    hour: str
    kind: StepKind
    words: str


def marks(policy: Policy) -> list[Mark]:
    """The steps of a first decline at nine in the morning, soft, in UTC, where an hour is an hour."""
    at = datetime(2026, 1, 1, 9, tzinfo=UTC)
    steps = ladder(policy, failed_at=at, zone="UTC", verdict=Verdict(Rule.LATER, Script.FUNDS))
    return [_mark(step, (local_day(step.due_at, "UTC") - at.date()).days) for step in steps]


def _mark(step: Step, day: int) -> Mark:
    match step.kind:
        case StepKind.TELL:
            words = TITLES[Told(step.what)]
        case StepKind.RETRY:
            words = "the card is asked again"
        case StepKind.MOVE:
            words = "benefits pause"
        case StepKind.FINAL:
            words = ENDS[Final(step.what)]
    return Mark(day, f"{step.due_at:%H:%M}" if day else "at once", step.kind, words)


def table(policy: Policy) -> str:
    """The ladder as a table, one row a step."""
    rows = [f"| {mark.day} | {mark.hour} | {KINDS[mark.kind]} | {mark.words} |" for mark in marks(policy)]
    return "\n".join(["| day | hour | what | |", "|---:|---|---|---|", *rows])


WIDTH, LEFT, RIGHT = 1120, 40, 1080
LINE = 250
"""Where the days are: texts above it, retries below, and boundaries across."""
INK, SOFT_INK, PAPER = "#1f2933", "#52606d", "#ffffff"
TEXT, RETRY, PAUSE = "#0b6e6e", "#8a4b08", "#9b1c31"
STEPS_UP = (60, 105, 150)
"""Heights of the words of texts, in turns, so that neighbours do not meet."""


def svg(policy: Policy) -> str:
    """The ladder as a picture that stands alone: no script, no font and no colour from outside."""
    body = "\n".join([*_axis(policy), *_boundaries(policy), *_texts(policy), *_retries(policy)])
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 400" role="img" aria-labelledby="title what"
 font-family="system-ui, sans-serif" font-size="14" fill="{INK}">
<title id="title">From a declined payment to the end of the ladder</title>
<desc id="what">{escape(described(policy))}</desc>
<rect width="{WIDTH}" height="400" rx="12" fill="{PAPER}"/>
{body}
</svg>
"""


def described(policy: Policy) -> str:
    """The picture in words."""
    return " ".join(f"Day {mark.day}, {mark.hour}: {KINDS[mark.kind]}, {mark.words}." for mark in marks(policy))


def _x(policy: Policy, day: int) -> int:
    return LEFT + 30 + (RIGHT - LEFT - 60) * day // policy.final_day


def _axis(policy: Policy) -> Iterator[str]:
    suspend, end = _x(policy, policy.suspend_day), _x(policy, policy.final_day)
    on, off = _x(policy, 0), suspend
    yield f'<rect x="{on}" y="{LINE - 7}" width="{off - on}" height="14" fill="#d5ecec"/>'
    yield f'<rect x="{off}" y="{LINE - 7}" width="{end - off}" height="14" fill="#f6d9dd"/>'
    places = sorted({_x(policy, mark.day) for mark in marks(policy)} | {_x(policy, policy.warning_day)})
    for words, begin, stop in (("benefits on", on, off), ("benefits paused", off, end)):
        _, middle = max((after - x, (after + x) // 2) for x, after in pairwise(places) if begin <= x and after <= stop)
        yield _words(middle, LINE + 4, words, SOFT_INK, size=12)


def _boundaries(policy: Policy) -> Iterator[str]:
    warning = _x(policy, policy.warning_day)
    yield _line(warning, LINE - 20, LINE + 20, SOFT_INK, dash="3 3")
    yield _words(warning + 4, LINE + 32, f"day {policy.warning_day}:", SOFT_INK, size=12, anchor="start")
    yield _words(warning + 4, LINE + 48, "desk warns", SOFT_INK, size=12, anchor="start")
    for mark in marks(policy):
        if mark.kind in {StepKind.MOVE, StepKind.FINAL}:
            x = _x(policy, mark.day)
            anchor = "end" if mark.kind is StepKind.FINAL else "middle"
            yield _line(x, 30, LINE + 105, PAUSE)
            yield _words(x, LINE + 122, f"day {mark.day}", PAUSE, weight="600", anchor=anchor)
            yield _words(x, LINE + 140, mark.words, PAUSE, weight="600", anchor=anchor)


def _texts(policy: Policy) -> Iterator[str]:
    texts = [mark for mark in marks(policy) if mark.kind is StepKind.TELL]
    for place, mark in enumerate(texts):
        x, y = _x(policy, mark.day), STEPS_UP[place % len(STEPS_UP)]
        anchor, beside = ("start", -6) if place == 0 else ("end", 6)
        yield _line(x, y + 26, LINE - 9, TEXT)
        yield f'<circle cx="{x}" cy="{LINE}" r="7" fill="{TEXT}"/>'
        yield _words(x + beside, y, f"text: {mark.words}", TEXT, weight="600", anchor=anchor)
        yield _words(x + beside, y + 17, f"day {mark.day}, {mark.hour}", SOFT_INK, size=12, anchor=anchor)


def _retries(policy: Policy) -> Iterator[str]:
    for mark in marks(policy):
        if mark.kind is StepKind.RETRY:
            x = _x(policy, mark.day)
            yield f'<path d="M{x} {LINE - 8} l8 8 l-8 8 l-8 -8 z" fill="{RETRY}" stroke="{PAPER}"/>'
            yield _line(x, LINE + 9, LINE + 62, RETRY)
            yield _words(x + 4, LINE + 78, "retry", RETRY, weight="600", anchor="end")
            yield _words(x + 4, LINE + 94, f"day {mark.day}", SOFT_INK, size=12, anchor="end")


def _line(x: int, top: int, bottom: int, colour: str, *, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x}" y1="{top}" x2="{x}" y2="{bottom}" stroke="{colour}" stroke-width="1.5"{dashed}/>'


def _words(
    x: int, y: int, words: str, colour: str, *, size: int = 14, weight: str = "400", anchor: str = "middle"
) -> str:
    look = f'font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" fill="{colour}"'
    return f'<text x="{x}" y="{y}" {look}>{escape(words)}</text>'


if __name__ == "__main__":
    Path(sys.argv[1] if sys.argv[1:] else "docs/dunning.svg").write_text(svg(Policy()))
