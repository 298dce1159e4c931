"""From what was kept to what understanding may know of it, and the turn that a handler gets; no further question."""

from datetime import datetime, timedelta

from assistant.conversation import dialogue
from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Channel, Heard, Reading, Status
from assistant.conversation.turn import Turn
from assistant.db.clients import Speaker
from assistant.db.questions import Open
from assistant.db.turns import Beginning
from assistant.domain import evidence, languages
from assistant.domain.calendar import local_day
from assistant.domain.evidence import Freshness, Level
from assistant.domain.membership import Standing


def turn_of(beginning: Beginning, speaker: Speaker | None, now: datetime) -> Turn:
    """The turn, read; answered in the language it is written in, where that is plain, else in theirs."""
    kept, house, people = beginning.kept, beginning.house, beginning.people
    theirs = speaker.locale if speaker else people[0].locale if people else house.locale
    locale = languages.written_in(kept.body) or theirs
    fresh = _freshness(beginning)
    reading = read(beginning, locale, now)
    return Turn(
        kept,
        house,
        people,
        beginning.stopped_at,
        speaker,
        locale,
        reading=reading,
        slots=reading.slots,
        questions=beginning.questions,
        level=Level.E1 if kept.channel == "email" and kept.facts.get("level") == "2" else Level.E0,
        fresh=fresh,
        billing=beginning.billing,
        unsure_since_now=fresh is Freshness.STALE and not beginning.unsure,
    )


def read(beginning: Beginning, locale: str, now: datetime) -> Reading:
    """What the message means. Mail was kept as its new words only, and is read as words."""
    kept = beginning.kept
    asked = dialogue.pending(beginning.questions, now)
    return interpret(
        Heard(
            channel=Channel.EMAIL if kept.channel == "email" else Channel.SMS,
            text=kept.body,
            today=local_day(now, beginning.house.zone),
            status=_status(beginning.standings),
            opted_out=beginning.stopped_at is not None and not beginning.billing,
            pending=dialogue.KINDS[asked.kind].pending if asked else None,
            last_outbound=_shown(asked) if asked else None,
            plans=beginning.plans,
            prices=dict(asked.facts.get("shown", ())) if asked else None,
            locale=locale,
            carrier_hint=kept.facts.get("OptOutType"),
        )
    )


def _shown(asked: Open) -> str | None:
    """Of what we said last, what an answer may point at: the token, or the plans in their order."""
    if token := asked.facts.get("token"):
        return f"Reply {token}"
    return ", ".join(name for name, _ in asked.facts.get("shown", ())) or None


def _status(standings: tuple[str, ...]) -> Status:
    """Of whoever has the phone: the one that most can be asked of."""
    if any(each not in {Standing.ENDED, Standing.PAUSED} for each in standings):
        return Status.ACTIVE
    if Standing.PAUSED in standings:
        return Status.PAUSED
    return Status.CANCELLED if standings else Status.NON_MEMBER


def _freshness(beginning: Beginning) -> Freshness:
    """Of a number; mail is proven by its own signatures."""
    if beginning.kept.channel == "email" or not beginning.people:
        return Freshness.FRESH
    kept_at = beginning.kept.received_at
    before, shaken_at = beginning.heard_before_at or kept_at, beginning.shaken_at
    return evidence.freshness(before, kept_at, unsure=beginning.unsure, shaken_at=shaken_at)


FORGOTTEN = timedelta(hours=1)
"""After this a misunderstanding is no part of the same conversation."""
