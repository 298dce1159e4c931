"""A card link that was opened and not finished: one friendly text with the way on, and no second (`features.md` E1).

Opened means that what the member knows was typed: looking at a link says nothing, for scanners look too.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from assistant.db.spas import house
from assistant.domain import phones, quiet_hours
from assistant.domain.calendar import local_day
from assistant.domain.consent import MessageClass
from assistant.domain.quiet_hours import Open
from assistant.messages.dues import CardUnfinished
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import links, messaging
from assistant.services.addressing import Addressee
from assistant.services.links import Purpose

AFTER = timedelta(hours=1)
"""Whoever is at it still has finished by then."""
WITHIN = timedelta(hours=24)
"""Later than this it is no help any more."""
UNFINISHED = """
    SELECT l.spa_id, l.id, l.client_id, l.purpose, l.sent_to, l.asked, coalesce(c.called, c.first_name), c.locale,
           c.zone
    FROM (SELECT DISTINCT spa_id, link_id FROM card_page
          WHERE status <> 'complete' AND created_at BETWEEN %(since)s AND %(until)s) p
    JOIN secure_link l ON (l.spa_id, l.id) = (p.spa_id, p.link_id)
    JOIN client c ON (c.spa_id, c.id) = (l.spa_id, l.client_id)
    WHERE l.purpose IN ('card', 'authenticate') AND l.used_at IS NULL AND l.revoked_at IS NULL
      AND l.reminded_at IS NULL AND l.expires_at > %(now)s
      AND NOT EXISTS (SELECT FROM card_page later WHERE (later.spa_id, later.link_id) = (l.spa_id, l.id)
                      AND (later.created_at > %(until)s OR later.status = 'complete'))
      AND NOT EXISTS (SELECT FROM handover h WHERE (h.spa_id, h.channel, h.address) = (l.spa_id, 'sms', l.sent_to)
                      AND h.closed_at IS NULL AND h.taken_at IS NOT NULL)
    ORDER BY l.spa_id, l.id LIMIT 500"""
TAKEN = """
    UPDATE secure_link SET reminded_at = %(now)s
    WHERE spa_id = %(spa)s AND id = %(link)s AND reminded_at IS NULL AND used_at IS NULL AND revoked_at IS NULL
    RETURNING id"""
MATTERS = """
    SELECT EXISTS (SELECT FROM dunning_case d WHERE (d.spa_id, d.client_id) = (%(spa)s, %(client)s)
                   AND d.closed_at IS NULL AND (%(purpose)s = 'card' OR d.rule = 'auth'))
        OR %(purpose)s = 'card' AND (%(asked)s OR (
            EXISTS (SELECT FROM membership m WHERE (m.spa_id, m.client_id) = (%(spa)s, %(client)s)
                    AND m.standing IN ('active', 'past_due', 'suspended', 'paused'))
            AND NOT EXISTS (SELECT FROM card k WHERE (k.spa_id, k.client_id) = (%(spa)s, %(client)s)
                            AND k.role = 'current' AND k.exp_year * 12 + k.exp_month - 1 > %(month)s)))"""
"""They asked for it themselves, or owe something, or no card of theirs is good for another month than this."""
STILL_THEIRS = """
    SELECT 1 FROM client_phone x JOIN phone p ON (p.spa_id, p.id) = (x.spa_id, x.phone_id)
    WHERE x.spa_id = %s AND x.client_id = %s AND p.number = %s"""


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A link that was opened, and whose it is."""

    spa_id: int
    link_id: int
    client_id: int
    purpose: str
    sent_to: str
    asked: bool
    first_name: str
    locale: str
    zone: str | None


def remind(rt: Runtime) -> int:
    """Tell each of them once, at a fit hour, while it still matters. Returns how many; safe to run twice."""
    with rt.unit_of_work() as uow:
        times = {"now": uow.now, "since": uow.now - WITHIN, "until": uow.now - AFTER}
        rows = uow.sql(UNFINISHED, times).fetchall()
    return sum(rt.transact(partial(remind_one, each=Unfinished(*row))) for row in rows)


def remind_one(uow: UnitOfWork, each: Unfinished) -> bool:
    """Unless somebody has, or it matters no more."""
    if not _fit_hour(uow, each) or not _matters(uow, each):
        return False
    if uow.sql(TAKEN, {"now": uow.now, "spa": each.spa_id, "link": each.link_id}).fetchone() is None:
        return False
    link = links.make(
        uow, each.spa_id, each.client_id, Purpose(each.purpose), sent_to=each.sent_to, asked=each.asked, reminds=True
    )
    spa = house(uow, each.spa_id)
    message = CardUnfinished(
        first_name=each.first_name,
        link=link,
        good_until=local_day(uow.now + links.LIFE, spa.zone),
        pays=each.purpose == Purpose.AUTHENTICATE,
        help_phone=spa.help_phone,
    )
    to = Addressee(each.spa_id, each.sent_to, each.locale, each.client_id)
    messaging.tell(uow, to, message, key=f"unfinished:{each.link_id}")
    return True


def _fit_hour(uow: UnitOfWork, each: Unfinished) -> bool:
    """A text that waited for the morning might come when it matters no more: it is written at a fit hour only."""
    zones = phones.zones(each.sent_to, each.zone)
    return isinstance(quiet_hours.window(MessageClass.TRANSACTIONAL, zones, uow.now), Open)


def _matters(uow: UnitOfWork, each: Unfinished) -> bool:
    if uow.sql(STILL_THEIRS, (each.spa_id, each.client_id, each.sent_to)).fetchone() is None:
        return False
    today = local_day(uow.now, house(uow, each.spa_id).zone)
    about = {
        "spa": each.spa_id,
        "client": each.client_id,
        "purpose": each.purpose,
        "asked": each.asked,
        "month": today.year * 12 + today.month - 1,
    }
    [[matters]] = uow.sql(MATTERS, about).fetchall()
    return bool(matters) and not links.locked_out(uow, each.spa_id, each.client_id)
