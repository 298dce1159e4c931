"""The offers in the outbox, by the slice: taken, put off, let go, asked for and answered in one statement each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assistant.db.base import Asks
from assistant.db.messages import Leased
from assistant.domain.offering import Standing
from assistant.domain.sending import SendingPolicy

MONTH = timedelta(days=30)
SWITCHED_OFF = """EXISTS (
    SELECT 1 FROM kill_switch k WHERE k.spa_id IN (0, m.spa_id) AND k.what IN ('texts', 'offers'))"""

CLAIM = f"""
    WITH next AS (SELECT spa_id, id FROM due_offers(%(now)s, %(many)s)
    ), taken AS (
        UPDATE outbound_message m SET leased_until = %(until)s, epoch = m.epoch + 1
        FROM next WHERE (m.spa_id, m.id) = (next.spa_id, next.id) RETURNING m.*
    )
    SELECT m.spa_id, m.id, m.epoch, m.attempts, m.client_id, s.number, m.recipient, c.zone, m.message_class, m.body,
           m.expires_at, m.asked_at, s.sending_stopped, m.segments, s.zone, s.sending,
           {SWITCHED_OFF} OR coalesce(g.status NOT IN ('sending', 'stopped', 'done'), false),
           coalesce(g.status = 'stopped', false),
           p.suppressed_at IS NOT NULL, coalesce(p.sms_marketing, false),
           p.unreachable_at IS NOT NULL OR p.unsure_at IS NOT NULL,
           coalesce(g.purpose = 'join', false) AND EXISTS (
               SELECT 1 FROM membership x WHERE (x.spa_id, x.client_id) = (m.spa_id, m.client_id)
               AND x.standing <> 'ended'),
           EXISTS (SELECT 1 FROM membership x WHERE (x.spa_id, x.client_id) = (m.spa_id, m.client_id)
                   AND x.standing IN ('past_due', 'suspended')),
           EXISTS (SELECT 1 FROM handover h WHERE (h.spa_id, h.channel, h.address) = (m.spa_id, 'sms', m.recipient)
                   AND h.closed_at IS NULL),
           ARRAY (SELECT o.asked_at FROM outbound_message o
                  WHERE (o.spa_id, o.recipient) = (m.spa_id, m.recipient) AND o.message_class = 'marketing'
                    AND o.asked_at > %(month)s AND o.status NOT IN ('dropped', 'failed') AND o.id <> m.id)
    FROM taken m JOIN spa s ON s.spa_id = m.spa_id
    LEFT JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
    LEFT JOIN phone p ON (p.spa_id, p.number) = (m.spa_id, m.recipient)
    LEFT JOIN campaign g ON (g.spa_id, g.id) = (m.spa_id, m.campaign_id)
    ORDER BY m.due_at, m.id"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An offer that was taken, with all that it is judged by."""

    leased: Leased
    segments: int
    spa_zone: str
    policy: SendingPolicy
    held: bool
    """A switch or a paused campaign holds it."""
    campaign_over: bool
    standing: Standing


def claim_offers(uow: Asks, now: datetime, until: datetime, many: int) -> list[Waiting]:
    """Take the offers that have been due longest, at most so many, each alone."""
    rows = uow.sql(CLAIM, {"now": now, "until": until, "many": many, "month": now - MONTH}).fetchall()
    policies: dict[int, SendingPolicy] = {}
    found = []
    for *leased, segments, zone, sending, held, over, opted_out, agreed, unreachable, has_it, owes, person, at in rows:
        policy = policies.setdefault(leased[0], SendingPolicy.from_json(sending))
        standing = Standing(
            opted_out=opted_out,
            agreed=agreed,
            unreachable=unreachable,
            has_it=has_it,
            owes=owes,
            with_a_person=person,
            offered_at=tuple(at),
        )
        taken = Leased(*[*leased, False, "sms"])
        found.append(Waiting(taken, segments, zone, policy, held, over, standing))
    return found


GO = f"""
    WITH open AS (
        SELECT 1 FROM phone WHERE spa_id = %(spa)s AND number = %(to)s AND suppressed_at IS NULL AND sms_marketing
        FOR SHARE)
    UPDATE outbound_message m SET asked_at = %(now)s, attempts = m.attempts + 1
    WHERE m.spa_id = %(spa)s AND m.id = %(id)s AND m.epoch = %(epoch)s AND m.status = 'waiting'
      AND m.leased_until > %(now)s AND EXISTS (SELECT 1 FROM open) AND NOT {SWITCHED_OFF}
      AND NOT EXISTS (SELECT 1 FROM campaign g WHERE (g.spa_id, g.id) = (m.spa_id, m.campaign_id)
                      AND g.status NOT IN ('sending', 'done'))
    RETURNING 1"""


def go(uow: Asks, leased: Leased, now: datetime) -> bool:
    """The last look before the call, and the intention with it; a STOP that is being kept is waited for."""
    values = {"spa": leased.spa_id, "to": leased.recipient, "now": now, "id": leased.id, "epoch": leased.epoch}
    return uow.sql(GO, values).fetchone() is not None


def _keys(each: Sequence[Leased]) -> dict[str, list[int]]:
    return {
        "spas": [one.spa_id for one in each],
        "ids": [one.id for one in each],
        "epochs": [one.epoch for one in each],
    }


OURS = "(m.spa_id, m.id, m.epoch) = (t.spa_id, t.id, t.epoch) AND m.status = 'waiting'"


def put_off(uow: Asks, later: Sequence[tuple[Leased, datetime]]) -> None:
    """Their turn comes later: nobody was asked."""
    if later:
        uow.sql(
            f"""UPDATE outbound_message m SET due_at = t.at, leased_until = NULL
                FROM unnest(%(spas)s::bigint[], %(ids)s::bigint[], %(epochs)s::bigint[], %(ats)s::timestamptz[])
                     AS t (spa_id, id, epoch, at) WHERE {OURS}""",
            {**_keys([each for each, _ in later]), "ats": [at for _, at in later]},
        )


def let_go(uow: Asks, never: Sequence[tuple[Leased, str]], now: datetime) -> None:
    """They are not sent, and it is written why."""
    if never:
        uow.sql(
            f"""UPDATE outbound_message m SET status = 'dropped', reason = t.reason, leased_until = NULL,
                       settled_at = %(now)s
                FROM unnest(%(spas)s::bigint[], %(ids)s::bigint[], %(epochs)s::bigint[], %(reasons)s::text[])
                     AS t (spa_id, id, epoch, reason) WHERE {OURS}""",
            {**_keys([each for each, _ in never]), "reasons": [why for _, why in never], "now": now},
        )


def released(uow: Asks, each: Sequence[Leased]) -> None:
    """The gate was shut at the last moment: the next claim says why."""
    if each:
        uow.sql(
            f"""UPDATE outbound_message m SET leased_until = NULL
                FROM unnest(%(spas)s::bigint[], %(ids)s::bigint[], %(epochs)s::bigint[])
                     AS t (spa_id, id, epoch) WHERE {OURS} AND m.asked_at IS NULL""",
            _keys(each),
        )


def accepted(uow: Asks, taken: Sequence[tuple[Leased, str]]) -> None:
    """The provider has them; a callback may have said more already, and another worker of another id too."""
    if taken:
        uow.sql(
            """UPDATE outbound_message m SET provider_id = t.provider_id, leased_until = NULL,
                      status = CASE WHEN m.status = 'waiting' THEN 'accepted' ELSE m.status END
               FROM unnest(%(spas)s::bigint[], %(ids)s::bigint[], %(theirs)s::text[]) AS t (spa_id, id, provider_id)
               WHERE (m.spa_id, m.id) = (t.spa_id, t.id) AND m.provider_id IS NULL AND NOT EXISTS (
                   SELECT 1 FROM outbound_message o WHERE (o.spa_id, o.provider_id) = (t.spa_id, t.provider_id))""",
            {
                "spas": [one.spa_id for one, _ in taken],
                "ids": [one.id for one, _ in taken],
                "theirs": [provider_id for _, provider_id in taken],
            },
        )


def in_doubt(uow: Asks, unanswered: Sequence[tuple[Leased, str]]) -> None:
    """Nobody knows: they are looked up, and an offer that is not found is let go (`reliability.md` F27)."""
    if unanswered:
        uow.sql(
            f"""UPDATE outbound_message m SET leased_until = NULL, reason = t.reason
                FROM unnest(%(spas)s::bigint[], %(ids)s::bigint[], %(epochs)s::bigint[], %(reasons)s::text[])
                     AS t (spa_id, id, epoch, reason) WHERE {OURS}""",
            {**_keys([each for each, _ in unanswered]), "reasons": [why for _, why in unanswered]},
        )


def locked_pace(uow: Asks, spa_id: int, day: date, now: datetime) -> tuple[datetime, int]:
    """When a spa's line is free, locked until this transaction ends, and what the day has had of offers."""
    [[free_at]] = uow.sql(
        "INSERT INTO sending_pace (spa_id, free_at) VALUES (%s, %s)"
        " ON CONFLICT (spa_id) DO UPDATE SET free_at = sending_pace.free_at RETURNING free_at",
        (spa_id, now),
    ).fetchall()
    row = uow.sql("SELECT offers FROM sending_day WHERE spa_id = %s AND day = %s", (spa_id, day)).fetchone()
    return free_at, row[0] if row else 0


def keep_pace(uow: Asks, spa_id: int, day: date, free_at: datetime, used: int) -> None:
    """Write down what was let through."""
    if used:
        uow.sql(
            """WITH pace AS (UPDATE sending_pace SET free_at = %(free)s WHERE spa_id = %(spa)s)
               INSERT INTO sending_day (spa_id, day, offers) VALUES (%(spa)s, %(day)s, %(used)s)
               ON CONFLICT (spa_id, day) DO UPDATE SET offers = sending_day.offers + excluded.offers""",
            {"free": free_at, "spa": spa_id, "day": day, "used": used},
        )
