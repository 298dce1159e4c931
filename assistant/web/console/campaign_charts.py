"""What is drawn of a campaign: its funnel, and its lift beside those held out."""

from dataclasses import fields

from assistant.domain.shares import share
from assistant.services.campaign_results import Counts, Results
from assistant.web.console import charting, words
from assistant.web.console.charting import Chart
from assistant.web.console.report_charts import percent

STEPS = ("sent", "delivered", "clicked", "replied", "joined", "opted_out")
KINDS = {"joined": "up", "opted_out": "down"}


def funnel(found: Results) -> Chart:
    """How far people came, and how many said stop."""
    counts = [(name, int(getattr(found.told, name))) for name in STEPS]
    return charting.lying(
        [
            charting.one(words(name).capitalize(), many, _of(many, found.told.sent), KINDS.get(name, "whole"))
            for name, many in counts
        ]
    )


def arms(found: Results) -> Chart:
    """The share of each wording, and of those held out, who joined, with its interval."""
    told = [(f"Wording {'AB'[place]}", each) for place, each in enumerate(found.arms)]
    told = told if len(told) > 1 else [("Told", found.told)]
    shares = [(name, share(min(each.joined, each.sent), each.sent)) for name, each in told]
    if found.held_out.chosen:
        shares.append(("Held out", found.joins_held_out))
    drawn = [(name, round(10_000 * s.low), round(10_000 * s.share), round(10_000 * s.high)) for name, s in shares]
    return charting.between(drawn, percent)


def rows(found: Results) -> list[list[int | str]]:
    """All that was counted, a line for each kind of people."""
    told: list[tuple[str, Counts]] = [("all", found.told)]
    told += [(f"wording {'AB'[place]}", each) for place, each in enumerate(found.arms)] if len(found.arms) > 1 else []
    names = [each.name for each in fields(Counts)]
    counted = [*told, ("held out", found.held_out)]
    return [["who", *names], *([name, *(getattr(each, of) for of in names)] for name, each in counted)]


def lift(found: Results) -> Chart:
    """The interval of what it brought over those held out."""
    low, likely, high = (round(each * 10_000) for each in (found.lift.low, found.lift.lift, found.lift.high))
    return charting.between([("Lift", low, likely, high)], percent)


def _of(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else f"{part:,}"
