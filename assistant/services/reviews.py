"""Answers under review: held as drafts, sent by a person as they are or otherwise, and how often they agreed."""

from dataclasses import dataclass
from datetime import date

from assistant.db.threads import Draft, Outcome
from assistant.domain.reviewing import REVIEWABLE, agreement
from assistant.messages import render
from assistant.messages.message import Message
from assistant.runtime import UnitOfWork
from assistant.services import audit, handovers
from assistant.services.addressing import Addressee

COLUMNS = "id, event_id, place, intent, client_id, channel, address, locale, message, words, made_at"
TOPIC = "draft"
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Agreed:
    """How a month's drafts of one intent fared."""

    month: date
    intent: str
    unchanged: int
    edited: int
    replaced: int
    let_go: int

    @property
    def percent(self) -> int | None:
        """Of those that were answered, how many went as they were."""
        sent = self.unchanged + self.edited + self.replaced
        return self.unchanged * 100 // sent if sent else None


def kept(uow: UnitOfWork, spa_id: int) -> frozenset[str]:
    """The intents whose answers are held."""
    rows = uow.sql("SELECT intent FROM inbox_review WHERE spa_id = %s", (spa_id,))
    return frozenset(intent for (intent,) in rows.fetchall())


def keep(uow: UnitOfWork, spa_id: int, intents: frozenset[str], *, by: str) -> None:
    """These from now on, and no others; what may not be reviewed is left out. Drafts that wait go on waiting."""
    before, after = kept(uow, spa_id), intents & frozenset(REVIEWABLE)
    uow.sql("DELETE FROM inbox_review WHERE spa_id = %s AND NOT intent = ANY(%s)", (spa_id, list(after)))
    uow.sql(
        "INSERT INTO inbox_review (spa_id, intent, since, actor) SELECT %s, unnest(%s::text[]), %s, %s"
        " ON CONFLICT DO NOTHING",
        (spa_id, sorted(after), uow.now, by),
    )
    if before != after:
        changed = {"before": {"intents": sorted(before)}, "after": {"intents": sorted(after)}}
        audit.write(uow, spa_id, actor=by, evidence="E3", act="review_changed", subject="inbox_review", **changed)


def hold(
    uow: UnitOfWork, to: Addressee, message: Message, *, event_id: int, place: int, intent: str, said: str
) -> None:
    """Instead of being told it is a draft, once for its event, and the thread waits for a person."""
    words = render.sms(message, to.locale)
    made = uow.sql(
        "INSERT INTO draft_reply (spa_id, event_id, place, intent, client_id, channel, address, locale, message, words,"
        " made_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
        (
            *(to.spa_id, event_id, place, intent, to.client_id, to.channel, to.number, to.locale, words.name),
            uow.links.seal.close(words.body),
            uow.now,
        ),
    ).fetchone()
    if made is not None:
        handovers.open_(
            uow,
            to.spa_id,
            channel=to.channel,
            address=to.number,
            client_id=to.client_id,
            topic=TOPIC,
            summary=said,
            event_id=event_id,
        )


def waiting(uow: UnitOfWork, spa_id: int, addresses: list[str]) -> list[Draft]:
    """The drafts of a thread, the oldest first."""
    rows = uow.sql(
        f"SELECT {COLUMNS} FROM draft_reply WHERE spa_id = %s AND address = ANY(%s) AND settled_at IS NULL ORDER BY id",
        (spa_id, addresses),
    )
    return [Draft(*row) for row in rows.fetchall()]


def sent_by(uow: UnitOfWork, spa_id: int, events: list[int]) -> dict[str, str]:
    """Who sent the answers to some events, by their keys."""
    rows = uow.sql(
        "SELECT event_id, place, settled_by FROM draft_reply WHERE spa_id = %s AND event_id = ANY(%s)"
        " AND outcome IN ('unchanged', 'edited', 'replaced')",
        (spa_id, events),
    )
    return {key(event_id, place): by for event_id, place, by in rows.fetchall()}


def key(event_id: int, place: int) -> str:
    """As the assistant's own answer would be keyed: whoever gives it, it is given once."""
    return f"answer:{event_id}:{place + 1}" if place else f"answer:{event_id}"


def settle(uow: UnitOfWork, spa_id: int, draft: Draft, sent: str | None, *, by: str) -> bool:
    """What became of it: sent so, or (None) let go. False where somebody was faster."""
    outcome = Outcome.LET_GO if sent is None else Outcome(agreement(draft.words, sent).value)
    return _settled(uow, spa_id, [draft], outcome, by)


def replaced(uow: UnitOfWork, spa_id: int, addresses: list[str], *, by: str) -> None:
    """Somebody answered in their own words: no draft of this thread is waited for any more."""
    _settled(uow, spa_id, waiting(uow, spa_id, addresses), Outcome.REPLACED, by)


def _settled(uow: UnitOfWork, spa_id: int, drafts: list[Draft], outcome: Outcome, by: str) -> bool:
    done = uow.sql(
        "UPDATE draft_reply SET outcome = %s, settled_at = %s, settled_by = %s"
        " WHERE spa_id = %s AND id = ANY(%s) AND settled_at IS NULL",
        (outcome.value, uow.now, by, spa_id, [each.id for each in drafts]),
    ).rowcount
    for address in {each.address for each in drafts} if done else ():
        if not waiting(uow, spa_id, [address]):
            _nobody_waits(uow, spa_id, address, by)
    return done > 0


def _nobody_waits(uow: UnitOfWork, spa_id: int, address: str, by: str) -> None:
    """A thread that waited for its drafts alone is the assistant's again."""
    rows = uow.sql(
        "SELECT id FROM handover WHERE spa_id = %s AND address = %s AND closed_at IS NULL AND taken_at IS NULL"
        " AND topic = %s",
        (spa_id, address, TOPIC),
    )
    for (handover_id,) in rows.fetchall():
        handovers.hand_back(uow, spa_id, handover_id, by=by)


AGREED = """
    SELECT date_trunc('month', d.settled_at AT TIME ZONE s.zone)::date AS month, d.intent,
           count(*) FILTER (WHERE d.outcome = 'unchanged'), count(*) FILTER (WHERE d.outcome = 'edited'),
           count(*) FILTER (WHERE d.outcome = 'replaced'), count(*) FILTER (WHERE d.outcome = 'let_go')
    FROM draft_reply d JOIN spa s ON s.spa_id = d.spa_id
    WHERE d.spa_id = %(spa)s AND d.settled_at >= %(now)s::timestamptz - make_interval(months => %(months)s)
    GROUP BY 1, 2 ORDER BY 1 DESC, 2"""


def agreed(uow: UnitOfWork, spa_id: int) -> list[Agreed]:
    """By month and intent, the newest first, for a year."""
    rows = uow.sql(AGREED, {"spa": spa_id, "now": uow.now, "months": MONTHS})
    return [Agreed(*row) for row in rows.fetchall()]
