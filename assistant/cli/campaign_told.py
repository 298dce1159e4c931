"""A campaign in words for a terminal."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from assistant.db.campaigns import Live
from assistant.domain.money import Money
from assistant.domain.shares import Share, share
from assistant.services.campaign_results import Counts, Results
from assistant.services.preflight import Preflight

WHY = {
    "member": "are members",
    "past_due": "are past due",
    "in_dispute": "are in a dispute",
    "minor": "are under 18",
    "no_address": "have no number or address",
    "opted_out": "have opted out",
    "unreachable": "cannot be reached",
    "no_consent": "have not agreed to offers",
    "with_a_person": "are talking with the desk",
    "lately": "had an offer lately",
    "same_address": "share a phone or address",
}


def preview(found: Preflight, zone: str) -> str:
    """All of a preflight, the number to type last."""
    lines = [f"{found.audience} people, of whom {found.held_out} are held out"]
    lines += [
        f"  not: {many} who {WHY[reason]}" for reason, many in sorted(found.excluded.items(), key=lambda e: -e[1])
    ]
    lines += [f"  to {each.name} ({each.segments}): {each.words}" for each in found.samples]
    lines.append(f"{found.segments} segments, {Money(round(found.cost_millicents / 1000))}")
    if found.last_lands_at:
        lines.append(f"the last lands about {_local(found.last_lands_at, zone)}")
    if found.expected is None:
        lines.append("joins: nothing is known yet, this spa has sent no such campaign")
    else:
        each = found.expected
        lines.append(
            f"joins: about {each.people} ({each.people_low} to {each.people_high}); a month {Money(each.dues_cents)} of"
            f" dues and {Money(each.credit_cents)} of credit to honour"
        )
    lines += [f"cannot be sent: {each.fault} {each.what}".rstrip() for each in found.faults]
    lines += [f"look again: {each.fault} {each.what}".rstrip() for each in found.warnings]
    if not found.faults:
        lines.append(f"to send it: --people {found.audience}")
    return "\n".join(lines)


def status(campaign: Live, found: Results) -> str:
    """The funnel as rates, each arm, and the lift."""
    lines = [f"{campaign.name}: {campaign.status}", *_funnel("all", found.told)]
    if len(found.arms) > 1:
        lines += [line for place, arm in enumerate(found.arms) for line in _funnel("AB"[place], arm)]
    lines.append(f"held out: {found.held_out.chosen}, of whom {found.held_out.joined} joined")
    shown = "" if found.lift.shown else " (no more than chance may explain)"
    lines.append(f"lift: {found.lift.lift:+.1%} of people ({found.lift.low:+.1%} to {found.lift.high:+.1%}){shown}")
    cost = found.cost_per_join_millicents
    lines.append(
        f"revenue {Money(found.told.revenue_cents)}, cost {Money(round(found.told.cost_millicents / 1000))}"
        + ("" if cost is None else f", {Money(round(cost / 1000))} a join")
    )
    return "\n".join(lines)


def _funnel(name: str, counts: Counts) -> list[str]:
    sent = counts.sent
    return [
        f"{name}: {counts.chosen} chosen, {counts.waiting} waiting, {counts.dropped} let go, {sent} sent",
        *(
            f"  {word} {_rate(share(min(part, sent), sent))}"
            for word, part in (
                ("delivered", counts.delivered),
                ("failed", counts.failed),
                ("clicked", counts.clicked),
                ("replied", counts.replied),
                ("opted out", counts.opted_out),
                ("joined", counts.joined),
            )
        ),
        f"  still members at 90 days {_rate(share(min(counts.kept, counts.ripe), counts.ripe))}",
    ]


def _rate(each: Share) -> str:
    if not each.whole:
        return "nobody yet"
    return f"{each.part} of {each.whole}, {each.share:.1%} ({each.low:.1%} to {each.high:.1%})"


def as_json(found: Results) -> dict[str, Any]:
    return {
        "told": asdict(found.told),
        "arms": [asdict(each) for each in found.arms],
        "held_out": asdict(found.held_out),
        "lift": asdict(found.lift),
    }


def _local(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %Y-%m-%d %H:%M} ({zone})"
