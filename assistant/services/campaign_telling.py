"""Recipients become messages: a slice at a time, each asked anew, and no more than can be sent within two minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assistant.db import campaigns as table
from assistant.db.campaigns import Live
from assistant.domain import offering, phones, segments
from assistant.domain.campaigns import Limits, Progress, Purpose, must_hold
from assistant.domain.offering import Later, Never, Standing
from assistant.domain.quiet_hours import Open
from assistant.domain.sending import SEGMENTS_A_MINUTE, carriers_day
from assistant.doorbells import Doorbell
from assistant.messages.offers import Offer
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import campaigns, mail_out, offer_words, tasks
from assistant.services.addressing import Addressee
from assistant.services.offer_words import Client, OfferWords, Unfit

SLICE = 200
AHEAD_MINUTES = 2
"""No more is handed to the outbox than goes out in so long: what is paused or stopped then really is."""
CLOSED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A recipient whose turn has come, as they stand now."""

    client: Client
    address: str
    zone: str | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Told:
    """One recipient's message."""

    client: Client
    address: str
    body: str
    segments: int
    seconds_left: int


def tell_next(rt: Runtime) -> bool:
    """Hand the next slice of offers to the outbox; False when none is due, or there is no room for more yet."""
    return rt.transact(_tell_next)


def _tell_next(uow: UnitOfWork) -> bool:
    campaign = table.next_to_tell(uow, uow.now)
    if campaign is None:
        return False
    if (why := must_hold(_progress(uow, campaign), Limits())) is not None:
        campaigns.hold(uow, campaign.spa_id, campaign.id, why=why, actor="clock")
        tasks.open_task(
            uow, campaign.spa_id, key=f"campaign_held:{campaign.id}:{why}", kind="campaign_held", facts={"why": why}
        )
        return True
    room = _room(uow, campaign)
    if room <= 0:
        table.wait(uow, campaign, uow.now + CLOSED)
        return True
    turns = _turns(uow, campaign, min(SLICE, room))
    if not _hand_over(uow, campaign, turns, room):
        table.wait(uow, campaign, uow.now + CLOSED)
    if len(turns) < min(SLICE, room):
        table.done_if_told(uow, campaign, uow.now)
    return True


def _progress(uow: UnitOfWork, campaign: Live) -> Progress:
    """How it goes since it was paused last: who could not be reached, and who said stop within the week."""
    [[sent, failed, opted_out]] = uow.sql(
        """SELECT count(*) FILTER (WHERE m.asked_at IS NOT NULL AND m.status <> 'dropped'),
                  count(*) FILTER (WHERE m.status IN ('failed', 'undelivered')),
                  count(*) FILTER (WHERE EXISTS (
                      SELECT 1 FROM consent_change x WHERE (x.spa_id, x.channel, x.address)
                             = (m.spa_id, m.channel, m.recipient)
                         AND x.change IN ('stopped', 'withdrawn') AND x.at >= m.asked_at
                         AND x.at < m.asked_at + interval '7 days'))
           FROM outbound_message m JOIN campaign c ON (c.spa_id, c.id) = (m.spa_id, m.campaign_id)
           WHERE m.spa_id = %s AND m.campaign_id = %s AND (c.held_at IS NULL OR m.asked_at >= c.held_at)""",
        (campaign.spa_id, campaign.id),
    ).fetchall()
    return Progress(sent=sent, failed=failed, opted_out=opted_out)


def _room(uow: UnitOfWork, campaign: Live) -> int:
    """Segments that may be handed over now: by the carrier's minute, and by what is left of its day."""
    if campaign.channel == "email":
        return SLICE
    policy = campaign.policy
    [[waiting, sent]] = uow.sql(
        """SELECT (SELECT coalesce(sum(segments), 0)::bigint FROM outbound_message
                   WHERE spa_id = %(spa)s AND status = 'waiting' AND message_class = 'marketing' AND channel = 'sms'),
                  (SELECT coalesce(max(offers), 0)::bigint FROM sending_day
                   WHERE spa_id = %(spa)s AND day = %(day)s)""",
        {"spa": campaign.spa_id, "day": carriers_day(uow.now)},
    ).fetchall()
    return int(min(AHEAD_MINUTES * SEGMENTS_A_MINUTE[policy.tier], policy.offers_today - sent) - waiting)


TURNS = """
    SELECT r.client_id, r.address, r.arm, coalesce(c.called, c.first_name), c.locale, c.zone,
           coalesce(p.suppressed_at IS NOT NULL, e.suppressed_at IS NOT NULL, true),
           coalesce(p.sms_marketing, e.email_marketing, false),
           coalesce(p.unreachable_at IS NOT NULL OR p.unsure_at IS NOT NULL, e.undeliverable_at IS NOT NULL, true),
           EXISTS (SELECT 1 FROM membership m WHERE (m.spa_id, m.client_id) = (r.spa_id, r.client_id)
                   AND m.standing <> 'ended'),
           EXISTS (SELECT 1 FROM membership m WHERE (m.spa_id, m.client_id) = (r.spa_id, r.client_id)
                   AND m.standing IN ('past_due', 'suspended')),
           EXISTS (SELECT 1 FROM handover h WHERE (h.spa_id, h.channel, h.address) = (r.spa_id, %(channel)s, r.address)
                   AND h.closed_at IS NULL),
           ARRAY (SELECT coalesce(o.asked_at, o.created_at) FROM outbound_message o
                  WHERE (o.spa_id, o.recipient) = (r.spa_id, r.address) AND o.message_class = 'marketing'
                    AND coalesce(o.asked_at, o.created_at) > %(month)s AND o.status NOT IN ('dropped', 'failed'))
    FROM campaign_recipient r
    JOIN client c ON (c.spa_id, c.id) = (r.spa_id, r.client_id)
    LEFT JOIN phone p ON %(channel)s = 'sms' AND (p.spa_id, p.number) = (r.spa_id, r.address)
    LEFT JOIN email e ON %(channel)s = 'email' AND (e.spa_id, e.address) = (r.spa_id, r.address)
    WHERE r.spa_id = %(spa)s AND r.campaign_id = %(campaign)s AND r.place = 'planned' AND r.due_at <= %(now)s
    ORDER BY r.due_at, r.client_id LIMIT %(many)s FOR NO KEY UPDATE OF r SKIP LOCKED"""


def _turns(uow: UnitOfWork, campaign: Live, many: int) -> list[Turn]:
    values = {
        "spa": campaign.spa_id,
        "campaign": campaign.id,
        "channel": campaign.channel,
        "now": uow.now,
        "month": uow.now - timedelta(days=30),
        "many": many,
    }
    return [_turn(campaign, row) for row in uow.sql(TURNS, values).fetchall()]


def _turn(campaign: Live, row: tuple[Any, ...]) -> Turn:
    client_id, address, arm, first_name, locale, zone, opted_out, agreed, unreachable, member, owes, held, lately = row
    standing = Standing(
        opted_out=opted_out,
        agreed=agreed,
        unreachable=unreachable,
        has_it=member and campaign.purpose is Purpose.JOIN,
        owes=owes,
        with_a_person=held,
        offered_at=tuple(lately),
    )
    return Turn(Client(client_id, first_name, locale, arm), address, zone or campaign.zone, standing)


def _hand_over(uow: UnitOfWork, campaign: Live, turns: Sequence[Turn], room: int) -> bool:
    """Whether anything came of it: there may be room for less than one text."""
    words = OfferWords(uow, campaign)
    told, never, later = [], [], []
    for turn in turns:
        zones = phones.zones(turn.address, turn.zone) if campaign.channel == "sms" else frozenset()
        match offering.may_offer(turn.standing, campaign.policy, zones, uow.now, channel=campaign.channel):
            case Open(seconds):
                told.append((turn, seconds))
            case Later(at):
                later.append((turn.client.client_id, at))
            case Never(reason):
                never.append((turn.client.client_id, reason))
    wanted = [turn.client for turn, _ in told]
    links = offer_words.links_for(uow, campaign, wanted) if words.needs_link else {}
    ready = []
    for turn, seconds in told:
        body = words.of(turn.client, link=links.get(turn.client.client_id, ""))
        if isinstance(body, Unfit):
            never.append((turn.client.client_id, body.reason))
            continue
        folded = segments.fold(body)
        ready.append(Told(turn.client, turn.address, folded, segments.count(folded).segments, seconds))
    written = _within(ready, room)
    _write(uow, campaign, written)
    _dropped(uow, campaign, never)
    _put_off(uow, campaign, later)
    return bool(written or never or later)


def _within(ready: Sequence[Told], room: int) -> list[Told]:
    """As many as there is room for; the rest keep their turn."""
    kept, left = [], room
    for each in ready:
        left -= each.segments
        if left < 0:
            break
        kept.append(each)
    return kept


WRITE = """
    WITH told AS (
        INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale, body,
                                      segments, campaign_id, created_at, due_at, expires_at)
        SELECT %(spa)s, 'campaign:' || %(campaign)s || ':' || client_id, 'sms', client_id, recipient, 'offer',
               'marketing', locale, body, segments, %(campaign)s, %(now)s, %(now)s, expires_at
        FROM unnest(%(clients)s::bigint[], %(recipients)s::text[], %(locales)s::text[], %(bodies)s::text[],
                    %(segments)s::bigint[], %(until)s::timestamptz[])
             AS t (client_id, recipient, locale, body, segments, expires_at)
        ON CONFLICT DO NOTHING RETURNING id, client_id)
    UPDATE campaign_recipient r SET place = 'told', told_at = %(now)s, message_id = told.id
    FROM told WHERE (r.spa_id, r.campaign_id, r.client_id) = (%(spa)s, %(campaign)s, told.client_id)"""


def _write(uow: UnitOfWork, campaign: Live, told: Sequence[Told]) -> None:
    if not told:
        return
    if campaign.channel == "email":
        _write_mails(uow, campaign, told)
        return
    seal, life = uow.links.seal, timedelta(hours=campaign.policy.offer_life_hours)
    uow.sql(
        WRITE,
        {
            "spa": campaign.spa_id,
            "campaign": campaign.id,
            "now": uow.now,
            "clients": [each.client.client_id for each in told],
            "recipients": [each.address for each in told],
            "locales": [each.client.locale for each in told],
            "bodies": [seal.close(each.body) for each in told],
            "segments": [each.segments for each in told],
            "until": [uow.now + life for _ in told],
        },
    )
    uow.later(Doorbell.SEND_OFFERS)


def _write_mails(uow: UnitOfWork, campaign: Live, told: Sequence[Told]) -> None:
    """Mail has a thread and a page of its own for each."""
    for each in told:
        key = f"campaign:{campaign.id}:{each.client.client_id}"
        to = Addressee(campaign.spa_id, each.address, each.client.locale, each.client.client_id, channel="email")
        mail_out.write(uow, to, Offer(first_name=each.client.first_name, words=each.body), key=key)
        uow.sql(
            """WITH told AS (UPDATE outbound_message SET campaign_id = %s WHERE spa_id = %s AND key = %s RETURNING id)
               UPDATE campaign_recipient SET place = 'told', told_at = %s, message_id = (SELECT id FROM told)
               WHERE spa_id = %s AND campaign_id = %s AND client_id = %s""",
            (campaign.id, campaign.spa_id, key, uow.now, campaign.spa_id, campaign.id, each.client.client_id),
        )


def _dropped(uow: UnitOfWork, campaign: Live, never: Sequence[tuple[int, str]]) -> None:
    uow.sql(
        """UPDATE campaign_recipient r SET place = 'dropped', reason = t.reason
           FROM unnest(%s::bigint[], %s::text[]) AS t (client_id, reason)
           WHERE r.spa_id = %s AND r.campaign_id = %s AND r.client_id = t.client_id""",
        ([each for each, _ in never], [why for _, why in never], campaign.spa_id, campaign.id),
    )


def _put_off(uow: UnitOfWork, campaign: Live, later: Sequence[tuple[int, datetime]]) -> None:
    uow.sql(
        """UPDATE campaign_recipient r SET due_at = t.at
           FROM unnest(%s::bigint[], %s::timestamptz[]) AS t (client_id, at)
           WHERE r.spa_id = %s AND r.campaign_id = %s AND r.client_id = t.client_id""",
        ([each for each, _ in later], [at for _, at in later], campaign.spa_id, campaign.id),
    )
