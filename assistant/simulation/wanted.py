"""What must have happened in a run that is to prove anything: what did not was not tried (`reliability.md` I26)."""

from collections.abc import Sequence

from assistant.simulation.story import Story
from assistant.simulation.weather import KINDS

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
        *(f"joined: {kind}" for kind in ("flexible", "with a purse", "with an intro", "dearer")),
        *(f"till: paid by {tender}" for tender in ("card", "cash", "terminal", "nothing")),
        *("two tills at once", "till: stale, its credit went elsewhere", "till: credit used, and a remainder"),
        *("till: card declined", "till: after a no, sold", "till: in doubt, indoubt", "till: let go"),
        *("till: void, voided", "till: void, goingback", "voids finished by the clock", "tickets let go by the clock"),
        *("purse: used", "purse: short", "purse: undone", "purse: undone, after it ran out", "purse: booked"),
        *("purse: came as booked", "purse: booking called off", "holds over", "credit ran out", "credit rolled off"),
        *("warned of a cap", "gift: given, done", "gift: given, needsmanager", "gift: made to last, done"),
        *("handed on: done", "handed on: short", "handed on, and taken back: done", "handed on, and taken back: short"),
        *("pause: paused", "pause: stale", "pause: past_due", "pause: sleeps on it", "told that a pause ends"),
        *("resume: resumed", "resume: stale", "cancel: left", "cancel: stale", "stay: stays"),
        *("change: changed", "change: scheduled", "change: stale", "change: notpaid", "change: indoubt"),
        *("change: past_due", "change: called off", "access earned", "days summed"),
        *(f"refund of {how}: refunded" for how in ("all", "part", "forced, of a spent month")),
        *("refund of all: unanswered", "refunds looked up", "refund: nothing_left", "refund sent back by a bank"),
        *("refund of what was not owed", "dispute won", "dispute lost", "dispute warning_closed"),
        *("asked about by the bank", "webhook asked for again"),
        *("text delivered", "text undelivered", "answer about a text lost", "text lost before it was taken"),
    }
)
"""What must have happened in a run that is to prove anything."""
ENTRIES = (
    *("dues_collected", "credits_granted", "credits_spent", "credits_expired", "credits_transferred", "reversal"),
    *("credits_taken_back", "credits_adjusted", "access_earned", "sold", "refunded", "claim_met", "taken_by_mistake"),
    *("disputed", "dispute_won", "dispute_lost"),
)
"""Every kind of entry there is in the books."""
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
        *(f"tickets {status}" for status in ("paid", "void", "abandoned")),
        *(f"refunds {status}" for status in ("done", "failed")),
        *(f"disputes {status}" for status in ("won", "lost")),
        *("changes upgrade done", "changes upgrade dropped", "changes downgrade done", "changes downgrade dropped"),
        *("pauses begun", "pauses called off", "left", "stayed after all", "credit claimed back"),
        *("cycles of which credit was held back", "credit turned into dollars", "credit rolled off"),
        *(f"entries {kind}" for kind in ENTRIES),
        *("moved to a new price", "keeps the old price", "tasks not_told", "tasks review"),
    }
)


def never_happened(stories: Sequence[Story]) -> list[str]:
    """What is missing from all of them together."""
    happened = {name for story in stories for name in story.happened}
    totals = {name for story in stories for name, many in story.totals.items() if many}
    return sorted((WANTED - happened) | (WANTED_TOTALS - totals))
