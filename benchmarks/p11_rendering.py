"""P11: a text rendered and its segments counted: >= 0.7 of bare compiled Jinja2 with a fast path for plain letters."""

import time
from dataclasses import fields
from datetime import date

from assistant.messages import render
from assistant.messages.reminders import RenewalSoon
from benchmarks.harness import Goal, Report, Sample, Side, in_turn, same, settle
from benchmarks.servers import Postgres

GOALS = (Goal("ours", "floor", least=0.7),)
NAMES = ("Ana", "José", "Maya", "Beth", "Noor", "Tessa", "Wren", "Iris")


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:  # noqa: ARG001 - every claim is asked so
    """The same messages to both; the floor knows the template and the fields beforehand."""
    report = Report(__doc__, "texts")
    messages = [
        RenewalSoon(
            first_name=NAMES[number % len(NAMES)],
            plan="Glow",
            dues_cents=14_900 + number,
            charge_on=date(2026, 11, 1 + number % 28),
            help_phone="(505) 555-0101",
        )
        for number in range(500)
    ]
    results = {"floor": [_bare(each) for each in messages], "ours": [_ours(each) for each in messages]}
    report.notes.append(same("words and segments", results))
    sides = [Side("floor", lambda seconds, _tag: _timed(_bare, messages, seconds))]
    sides.append(Side("ours", lambda seconds, _tag: _timed(_ours, messages, seconds)))
    in_turn(report, sides, rounds=rounds, seconds=seconds)
    settle(report, GOALS)
    return report


TEMPLATE = render.environment("en").get_template("renewal-soon/en/sms.txt")
NAMED = tuple(field.name for field in fields(RenewalSoon))


def _bare(message: RenewalSoon) -> tuple[str, int]:
    """Jinja2's own render of a compiled template; letters of ASCII are one unit each."""
    words = " ".join(TEMPLATE.render({name: getattr(message, name) for name in NAMED}).split())
    if words.isascii():
        return words, 1 if len(words) <= 160 else -(-len(words) // 153)
    size = render.count(render.fold(words))
    return words, size.segments


def _ours(message: RenewalSoon) -> tuple[str, int]:
    rendered = render.sms(message, "en")
    return rendered.body, rendered.size.segments


def _timed(work: object, messages: list[RenewalSoon], seconds: float) -> Sample:
    done, started = 0, time.perf_counter()
    cpu = time.process_time()
    while (now := time.perf_counter()) - started < seconds:
        for each in messages:
            work(each)  # type: ignore[operator]
        done += len(messages)
    return Sample(rate=done / (now - started), done=done, client_cpu_us=(time.process_time() - cpu) / done * 1e6)
