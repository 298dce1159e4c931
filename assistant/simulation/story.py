"""A whole story: lived through, checked, summed up, and told in words or as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.db.connections import Database
from assistant.sandbox.stripe_ports import SandboxPayments
from assistant.simulation.house import PORT, House
from assistant.simulation.life import BEGIN, Life, Line
from assistant.simulation.script import Script
from assistant.simulation.weather import KINDS

LAST = 30
"""How many lines of its log are shown of a story that broke."""


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one seed."""

    seed: int
    script: Script
    log: tuple[Line, ...]
    happened: Mapping[str, int]
    totals: Mapping[str, int]
    checks: int
    broken: str | None
    """What was not so, if anything was not."""

    @property
    def member_months(self) -> float:
        return self.totals["membership days"] / 30.4375


def nothing(_: House) -> None:
    """No bug is planted."""


def lived(
    database: Database,
    script: Script,
    seed: int,
    *,
    payments: PORT = SandboxPayments,
    plant: Callable[[House], object] = nothing,
) -> Story:
    """Live through it, in a database that has only its schema. What breaks, an unforeseen error too, ends the story."""
    with House.begun(database, BEGIN, seed, payments=payments) as house:
        plant(house)
        life = Life(house, script, seed)
        broken = None
        try:
            life.live()
            life.settle()
            life.check_the_end()
        except Exception as error:  # noqa: BLE001 - an error that nobody foresaw is a finding
            broken = f"{type(error).__name__}: {error}"
        happened = {name: many for name, many in sorted(house.happened.items()) if many}
        return Story(seed, script, tuple(life.log), happened, _totals(house), life.watch.made, broken)


TOTALS = """
    SELECT 'membership days', coalesce(sum(greatest(
               0, extract(epoch FROM (coalesce(ended_on::timestamptz, %(now)s) - created_at)) / 86400)), 0)::bigint
    FROM membership
    UNION ALL SELECT 'members', count(DISTINCT client_id) FROM membership
    UNION ALL SELECT 'cycles ' || status, count(*) FROM invoice GROUP BY status
    UNION ALL SELECT 'attempts ' || status, count(*) FROM charge_attempt GROUP BY status
    UNION ALL SELECT 'cents by ' || paid_by, sum(dues_cents + setup_fee_cents)::bigint FROM invoice
              WHERE status = 'paid' GROUP BY paid_by
    UNION ALL SELECT 'cycles completed for nothing', count(*) FROM invoice WHERE paid_by = 'nothing'
    UNION ALL SELECT 'cents of fees', coalesce(sum(fee_cents), 0)::bigint FROM charge_attempt
    UNION ALL SELECT 'credits granted', (coalesce(sum(granted), 0) / 1000)::bigint FROM credit_lot
    UNION ALL SELECT 'cases ' || coalesce(outcome, 'open'), count(*) FROM dunning_case GROUP BY outcome
    UNION ALL SELECT 'standing ' || standing, count(*) FROM membership GROUP BY standing
    UNION ALL SELECT 'texts ' || status, count(*) FROM outbound_message GROUP BY status
    UNION ALL SELECT 'tasks ' || kind, count(*) FROM staff_task GROUP BY kind
    UNION ALL SELECT 'webhooks ' || status, count(*) FROM provider_event GROUP BY status
    UNION ALL SELECT 'moved to a new price', count(*) FROM price_notice WHERE outcome = 'moved'
    UNION ALL SELECT 'keeps the old price', count(*) FROM price_notice WHERE outcome <> 'moved'
    ORDER BY 1"""


def _totals(house: House) -> dict[str, int]:
    found = house.rows(TOTALS, {"now": house.clock.now()})
    return {str(name): int(many) for name, many in found}


# ── telling it ──


def told(story: Story) -> Iterator[str]:
    """In words."""
    totals = story.totals
    yield str(story.log[0]) if story.log else f"seed {story.seed}"
    yield f"{totals['members']} members over {story.script.days} days, {story.member_months:.0f} member-months."
    yield ""
    by_card, fees = totals.get("cents by card", 0), totals["cents of fees"]
    yield f"Money: {_dollars(by_card)} charged to cards, {_dollars(fees)} of it fees."
    at_the_desk = sum(totals.get(f"cents by {how}", 0) for how in ("cash", "cheque", "terminal"))
    yield f"{_dollars(at_the_desk)} taken at the desk; {totals['credits granted']} credits granted."
    for title, of in PARTS:
        if found := [f"{_rest(name, of)} {many}" for name, many in totals.items() if name.startswith(of)]:
            yield f"{title}: {', '.join(found)}."
    yield ""
    for name, many in story.happened.items():
        yield f"  {many:7} {name}"
    yield ""
    if story.broken is None:
        yield f"{story.checks} checks, by our books and by the processor's own: all of it is so."


PARTS = (
    ("Cycles", "cycles "),
    ("Attempts", "attempts "),
    ("Ladders", "cases "),
    ("Memberships", "standing "),
    ("Texts", "texts "),
    ("Webhooks kept", "webhooks "),
    ("Tasks for the staff", "tasks "),
)


def _rest(name: str, of: str) -> str:
    return name.removeprefix(of).replace("_", " ")


def _dollars(cents: int) -> str:
    return f"${cents // 100:,}.{cents % 100:02}"


def ended(story: Story, command: str) -> Iterator[str]:
    """What is told of a story that broke: what, where, what went before, and how to see it again."""
    yield f"Broken at step {len(story.log)} of seed {story.seed}: {story.broken}"
    yield from (str(line) for line in story.log[:1])
    yield "…"
    yield from (str(line) for line in story.log[1:][-LAST:])
    yield f"Again: {command}"


def as_json(story: Story) -> Iterator[str]:
    """One object a line of the log, and a last one with the totals."""
    for step, line in enumerate(story.log):
        yield _line({"step": step, "at": line.at.isoformat(), "what": line.what, "counted": dict(line.counted)})
    facts: dict[str, Any] = {
        "seed": story.seed,
        "members": story.script.members,
        "days": story.script.days,
        "member_months": round(story.member_months, 2),
        "happened": dict(story.happened),
        "totals": dict(story.totals),
        "checks": story.checks,
        "broken": story.broken,
    }
    yield _line(facts)


def _line(facts: Mapping[str, object]) -> str:
    return json.dumps(facts, ensure_ascii=False)


# ── did anything happen at all? (I26) ──

WANTED = frozenset(
    {
        *(f"fault: {kind}" for kind in KINDS),
        *(f"joined: {kind}" for kind in ("monthly", "by the year", "for nothing", "at the desk", "brought along")),
        *("joined with a backup card", "two memberships on one card", "came back", "machine away", "clock set back"),
        *("two billing days at once", "workers crossed", "invoices opened", "new prices", "notices of a new price"),
        *(f"worker died {where}" for where in ("at commit", "at committed", "before asking", "after asking")),
        *(f"webhook {fate}" for fate in ("never", "lost on the way", "twice", "backwards")),
        *(f"bank: {kind}" for kind in ("soft", "hard", "ours", "auth", "processing", "money again")),
        *("processing settled", "card renewed by the updater", "card detached outside", "refunded outside", "disputed"),
        *("pay: trying", "pay: needscard", "pay: indoubt", "pay: atthedesk", "skip: skipped", "rest: rests"),
        *("promise: promised", "promise: counteroffer", "promise: promiseused", "promise taken back: retries"),
        *("page: typed, done", "page: abandoned", "page: wrong digits", "page: card refused", "page: opened twice"),
        *("page: a card without money", "page: paid on it", "opened the link they were texted", "pages shut"),
        *("desk: payment recorded", "desk: waived", "desk: retry", "desk: exempt from charging", "desk: put back"),
        *("desk: exempt from chasing", "desk: missed cycle taken", "desk: card added", "desk: card removed"),
        *("desk: payment recorded refused, in_doubt", "reconciled", "told that a card runs out"),
        *("text delivered", "text undelivered", "answer about a text lost", "text lost before it was taken"),
    }
)
"""What must have happened in a run that is to prove anything."""
WANTED_TOTALS = frozenset(
    {
        *(f"cycles {status}" for status in ("paid", "skipped", "waived", "written_off")),
        *(f"attempts {status}" for status in ("succeeded", "declined", "lapsed")),
        *(f"standing {standing}" for standing in ("active", "past_due", "paused", "ended")),
        *(
            "cents by cash",
            "cycles completed for nothing",
            "cases written_off",
            "cases paid",
            "cases skipped",
            "texts delivered",
        ),
        *("moved to a new price", "keeps the old price", "tasks not_told", "tasks review"),
    }
)


def never_happened(stories: list[Story]) -> list[str]:
    """What is missing from all of them together."""
    happened = {name for story in stories for name in story.happened}
    totals = {name for story in stories for name, many in story.totals.items() if many}
    return sorted((WANTED - happened) | (WANTED_TOTALS - totals))
