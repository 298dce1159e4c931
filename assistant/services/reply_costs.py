"""What answering costs: the segments of replies at the spa's price, of one thread and of a month."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from assistant.domain.sending import SendingPolicy
from assistant.runtime import UnitOfWork

SENT = "status NOT IN ('waiting', 'dropped') AND (asked_at IS NOT NULL OR status <> 'failed')"
"""What the provider was asked to send: that is what is billed."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Replies by text, and what they cost."""

    texts: int
    segments: int
    millicents: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month's replies, by whose they were, and its dearest threads."""

    first: date
    assistant: Cost
    people: Cost
    dearest: list[tuple[str, int | None, str, Cost]]
    """Handle, client, name and cost."""


OF_THREAD = f"""
    SELECT count(*), coalesce(sum(segments), 0) FROM outbound_message
    WHERE spa_id = %s AND recipient = ANY(%s) AND channel = 'sms' AND message_class <> 'marketing' AND {SENT}"""
OF_MONTH = f"""
    SELECT message IN ('person-says', 'person-writes'), count(*), sum(segments) FROM outbound_message
    WHERE spa_id = %(spa)s AND message_class = 'conversation_reply' AND channel = 'sms' AND {SENT}
      AND created_at >= %(since)s AND created_at < %(until)s GROUP BY 1"""
DEAREST = f"""
    SELECT k.client_id, k.recipient, c.first_name || ' ' || c.last_name, k.texts, k.segments, (
        SELECT max(e.id) FROM inbound_event e WHERE e.spa_id = %(spa)s AND e.sender = k.recipient)
    FROM (SELECT max(client_id) AS client_id, recipient, count(*) AS texts, sum(segments) AS segments
          FROM outbound_message
          WHERE spa_id = %(spa)s AND message_class = 'conversation_reply' AND channel = 'sms' AND {SENT}
            AND created_at >= %(since)s AND created_at < %(until)s
          GROUP BY recipient ORDER BY sum(segments) DESC, recipient LIMIT %(most)s) k
    LEFT JOIN client c ON (c.spa_id, c.id) = (%(spa)s, k.client_id) ORDER BY k.segments DESC, k.recipient"""
MOST = 10


def policy(uow: UnitOfWork, spa_id: int) -> SendingPolicy:
    """What a text costs at this spa."""
    [[chosen]] = uow.sql("SELECT sending FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return SendingPolicy.from_json(chosen)


def of_thread(uow: UnitOfWork, spa_id: int, addresses: list[str]) -> Cost:
    """All that was ever said there but offers, which are a campaign's."""
    [[texts, segments]] = uow.sql(OF_THREAD, (spa_id, addresses)).fetchall()
    return Cost(texts, int(segments), int(segments) * policy(uow, spa_id).segment_millicents)


def of_month(uow: UnitOfWork, spa_id: int, first: date, zone: str) -> Month:
    """A month of the spa's own calendar, from its first day."""
    next_first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    asked = {"spa": spa_id, "since": _begins(first, zone), "until": _begins(next_first, zone), "most": MOST}
    price = policy(uow, spa_id).segment_millicents
    by_person = {person: (texts, int(many)) for person, texts, many in uow.sql(OF_MONTH, asked).fetchall()}
    costs = {each: Cost(*by_person.get(each, (0, 0)), by_person.get(each, (0, 0))[1] * price) for each in (False, True)}
    dearest = [
        (
            f"m{client_id}" if client_id else f"a{event_id}" if event_id else "",
            client_id,
            name or recipient,
            Cost(texts, int(many), int(many) * price),
        )
        for client_id, recipient, name, texts, many, event_id in uow.sql(DEAREST, asked).fetchall()
    ]
    return Month(first, costs[False], costs[True], dearest)


def _begins(on: date, zone: str) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(zone))
