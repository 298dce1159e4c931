"""A whole story: lived through, checked, summed up, and told in words or as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.db.connections import Database
from assistant.sandbox.stripe_ports import SandboxPayments, SandboxRefunds
from assistant.simulation.house import BACK, PORT, House
from assistant.simulation.life import BEGIN, Life, Line
from assistant.simulation.script import Script

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
    refunds: BACK = SandboxRefunds,
    plant: Callable[[House], object] = nothing,
) -> Story:
    """Live through it, in a database that has only its schema. What breaks, an unforeseen error too, ends the story."""
    with House.begun(database, BEGIN, seed, payments=payments, refunds=refunds) as house:
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
    UNION ALL SELECT 'tickets ' || status, count(*) FROM ticket GROUP BY status
    UNION ALL SELECT 'refunds ' || status, count(*) FROM refund GROUP BY status
    UNION ALL SELECT 'disputes ' || status, count(*) FROM dispute GROUP BY status
    UNION ALL SELECT 'changes ' || kind || ' ' || status, count(*) FROM plan_change GROUP BY kind, status
    UNION ALL SELECT 'pauses begun', count(*) FROM pause WHERE began_at IS NOT NULL
    UNION ALL SELECT 'pauses called off', count(*) FROM pause WHERE began_at IS NULL AND ended_at IS NOT NULL
    UNION ALL SELECT 'left', count(*) FROM cancellation WHERE done_at IS NOT NULL
    UNION ALL SELECT 'stayed after all', count(*) FROM cancellation WHERE withdrawn_at IS NOT NULL
    UNION ALL SELECT 'cents given back', coalesce(sum(cents), 0)::bigint FROM refund WHERE status = 'done'
    UNION ALL SELECT 'cents of tickets', coalesce(sum(total_cents), 0)::bigint FROM ticket WHERE status = 'paid'
    UNION ALL SELECT 'entries ' || kind, count(*) FROM ledger_entry GROUP BY kind
    UNION ALL SELECT 'cycles of which credit was held back', count(*) FROM invoice WHERE held_back IS NOT NULL
    UNION ALL SELECT 'credit turned into dollars', count(*) FROM ledger_entry WHERE key ~ '^cycle:.*:USD$'
    UNION ALL SELECT 'credit rolled off', count(*) FROM roll_off WHERE entry_id IS NOT NULL
    UNION ALL SELECT 'credit rolled off, for room was made', count(*) FROM roll_off
              WHERE settled_at IS NOT NULL AND entry_id IS NULL
    UNION ALL SELECT 'credit claimed back', count(*) FROM credit_claim WHERE remaining < amount
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
    yield f"{_dollars(totals['cents of tickets'])} sold at the till, {_dollars(totals['cents given back'])} given back."
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
    ("Tickets", "tickets "),
    ("Changes of plan", "changes "),
    ("Refunds", "refunds "),
    ("Disputes", "disputes "),
    ("Entries in the books", "entries "),
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
