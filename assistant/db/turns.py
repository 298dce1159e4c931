"""What a turn of a conversation starts from, in one question: the text, the spa, the phone and who has it."""

from dataclasses import dataclass
from datetime import datetime

from assistant.db.base import Asks
from assistant.db.clients import Speaker
from assistant.db.inbox import Kept
from assistant.db.questions import Open
from assistant.db.spas import House


@dataclass(frozen=True, slots=True)
class Beginning:
    """A text to be thought about, with all that is known of where it came from."""

    kept: Kept
    house: House
    people: tuple[Speaker, ...]
    stopped_at: datetime | None
    """Since when the number has been opted out."""
    unreachable: bool
    """Whether it was thought that this number cannot be texted; now it has texted us."""
    standings: tuple[str, ...] = ()
    """Of every membership of anyone who may be speaking."""
    questions: tuple[Open, ...] = ()
    """What is open at this address, or was within a day."""
    plans: tuple[str, ...] = ()
    """The names of the spa's plans."""
    owned: bool = False
    """A person has this thread."""
    unsure: bool = False
    """The number was silent for long, and nobody has said since whose it is."""
    heard_before_at: datetime | None = None
    """When it was last heard, or else came to us."""
    billing: bool = False
    """It opted out, and texts about payments were asked for since."""
    shaken_at: datetime | None = None
    """When something last spoke against it that the number is still theirs; or it became theirs."""
    reviewed: tuple[str, ...] = ()
    """The intents whose answers the owner keeps under review."""


NEXT = """
    SELECT e.spa_id, e.id, e.channel, e.external_id, e.sender, e.recipient, e.body, e.facts, e.received_at,
           e.card_removed,
           s.spa_id, s.name, s.zone, s.locale, s.number, s.help_phone, s.help_email, s.carrier_confirms_stop,
           p.suppressed_at, p.unreachable_at IS NOT NULL, (
               SELECT jsonb_agg(jsonb_build_array(c.id, coalesce(c.called, c.first_name), c.locale, (
                          SELECT jsonb_agg(m.standing) FROM membership m
                          WHERE m.spa_id = c.spa_id AND m.client_id = c.id)) ORDER BY c.id)
               FROM client c WHERE c.spa_id = e.spa_id AND c.id IN (
                   SELECT cp.client_id FROM client_phone cp
                   WHERE e.channel = 'sms' AND cp.spa_id = p.spa_id AND cp.phone_id = p.id
                   UNION ALL
                   SELECT ce.client_id FROM email a
                   JOIN client_email ce ON ce.spa_id = a.spa_id AND ce.email_id = a.id
                   WHERE e.channel = 'email' AND a.spa_id = e.spa_id AND a.address = e.sender
                   UNION ALL
                   SELECT (e.facts ->> 'client_id')::bigint
                   WHERE e.channel = 'email' AND e.facts ->> 'client_id' <> '')), (
               SELECT jsonb_agg(jsonb_build_array(q.id, q.kind, q.facts, q.opened_at, q.expires_at, q.closed_at)
                                ORDER BY q.id)
               FROM question q WHERE q.spa_id = e.spa_id AND q.recipient = e.sender
               AND coalesce(q.closed_at, q.expires_at) > e.received_at - interval '1 day'), (
               SELECT jsonb_agg(pl.name ORDER BY pl.id) FROM plan pl
               WHERE pl.spa_id = e.spa_id AND pl.retired_at IS NULL),
           EXISTS (SELECT FROM handover h WHERE h.spa_id = e.spa_id AND h.channel = e.channel AND h.address = e.sender
                   AND h.closed_at IS NULL AND h.taken_at IS NOT NULL),
           p.unsure_at IS NOT NULL, coalesce((
               SELECT i.received_at FROM inbound_event i
               WHERE i.spa_id = e.spa_id AND i.sender = e.sender AND i.id < e.id ORDER BY i.id DESC LIMIT 1),
               p.created_at), p.billing_at IS NOT NULL, greatest(p.shaken_at, (
               SELECT max(n.added_at) FROM client_phone n WHERE (n.spa_id, n.phone_id) = (p.spa_id, p.id))),
           ARRAY (SELECT r.intent FROM inbox_review r WHERE r.spa_id = e.spa_id)
    FROM next_kept() e JOIN spa s ON s.spa_id = e.spa_id
    LEFT JOIN phone p ON p.spa_id = e.spa_id AND p.number = e.sender"""


def take_next(uow: Asks) -> Beginning | None:
    """The oldest text of any sender who has no older one waiting, locked until the transaction ends.

    So one sender's texts are thought about one at a time and in order, by however many workers. The second lock is for
    two texts kept at the same instant: whoever thinks about one of them holds the sender.
    """
    row = uow.sql(NEXT).fetchone()
    if row is None:
        return None
    kept, house = Kept(*row[:10]), House(*row[10:18])
    stopped_at, unreachable, people, questions, plans, owned, unsure, heard_before_at, billing, *rest = row[18:]
    shaken_at, reviewed = rest
    uow.sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", (kept.sender, kept.spa_id))
    return Beginning(
        kept,
        house,
        tuple(Speaker(*each[:3]) for each in people or ()),
        stopped_at,
        unreachable,
        tuple(standing for each in people or () for standing in each[3] or ()),
        tuple(Open.from_json(*each) for each in questions or ()),
        tuple(plans or ()),
        bool(owned),
        bool(unsure),
        heard_before_at,
        bool(billing),
        shaken_at,
        tuple(reviewed),
    )
