"""What is drawn of a campaign: its funnel, and its lift beside those held out."""

from assistant.services.campaign_results import Results
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


def lift(found: Results) -> Chart:
    """The interval of what it brought over those held out."""
    low, likely, high = (round(each * 10_000) for each in (found.lift.low, found.lift.lift, found.lift.high))
    return charting.between([("Lift", low, likely, high)], percent)


def _of(part: int, whole: int) -> str:
    return f"{part:,} ({part / whole:.1%})" if whole else f"{part:,}"
