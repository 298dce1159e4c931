"""What members are told of itself, each at its spa's own hour and once, whatever runs twice or late."""

from datetime import timedelta
from typing import Any

from assistant.db import members, spas
from assistant.db.spas import House, credit_words
from assistant.domain import reminders
from assistant.domain.calendar import local_day
from assistant.domain.consent import MessageClass
from assistant.domain.quiet_hours import Closed, window
from assistant.domain.reminders import ReminderPolicy
from assistant.messages.catalog import Credits
from assistant.messages.message import Message
from assistant.messages.reminders import BirthdayTreat, CreditsExpiring, RenewalSoon, WinBack
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import messaging
from assistant.services.addressing import way_to


def remind(rt: Runtime) -> int:
    """Tell everyone at every spa what there is to tell today. Safe at any time, and twice at once. Returns how many."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(_at(rt, house) for house in houses)


def _at(rt: Runtime, house: House) -> int:
    with rt.unit_of_work() as uow:
        policy = policy_of(uow, house.spa_id)
    if not reminders.is_time(policy, house.zone, rt.clock.now()):
        return 0
    planners = (_renewals, _expiring, _birthdays, _win_backs)
    return sum(rt.transact(lambda uow, plan=plan: plan(uow, house, policy)) for plan in planners)  # type: ignore[misc]


def policy_of(uow: UnitOfWork, spa_id: int) -> ReminderPolicy:
    """What a spa chose of its reminders."""
    [[stored]] = uow.sql("SELECT reminders FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return ReminderPolicy.from_json(stored)


TOLD = "EXISTS (SELECT 1 FROM outbound_message o WHERE o.spa_id = %(spa)s AND o.key = {key})"

RENEWING = f"""
    SELECT m.id FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    CROSS JOIN LATERAL (
        SELECT cycle_date(m.anchor_on, cycle_on(m.anchor_on, v.cycle_months, %(today)s) + 1, v.cycle_months) AS on_
    ) next
    WHERE m.spa_id = %(spa)s AND m.standing = 'active' AND m.charge_exempt IS NULL
      AND next.on_ > %(today)s AND next.on_ <= %(today)s + %(most)s::int
      AND NOT {TOLD.format(key="'renewal:' || m.id || ':' || next.on_")}
    ORDER BY m.id"""


def _renewals(uow: UnitOfWork, house: House, policy: ReminderPolicy) -> int:
    today = local_day(uow.now, house.zone)
    asked = {"spa": house.spa_id, "today": today, "most": max(policy.renewal_days, policy.long_renewal_days)}
    told = 0
    for (membership_id,) in uow.sql(RENEWING, asked).fetchall():
        held = members.held(uow, house.spa_id, membership_id, uow.now)
        if held is None or held.leaves_on is not None or members.open_pause(uow, house.spa_id, membership_id):
            continue
        charge_on = held.next_charge_on
        if reminders.renewal_due(charge_on, held.cycle_months, today, policy):
            words: dict[str, Any] = {
                "plan": held.plan,
                "dues_cents": held.price_cents(held.next_cycle),
                "charge_on": charge_on,
                "help_phone": house.help_phone,
            }
            key = f"renewal:{membership_id}:{charge_on}"
            told += _tell(uow, house, held.client_id, RenewalSoon, words, key, about_money=True)
    return told


EXPIRING = f"""
    SELECT l.client_id, l.unit, l.expires_on, sum(l.remaining - l.held)::bigint, coalesce((
        SELECT sum(a.amount) FROM credit_lot u JOIN allocation a ON (a.spa_id, a.lot_id) = (u.spa_id, u.id)
        JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
        WHERE (u.spa_id, u.client_id, u.unit) = (%(spa)s, l.client_id, l.unit) AND e.kind = 'credits_spent'
          AND e.occurred_at > %(since)s), 0)::bigint
    FROM credit_lot l
    WHERE l.spa_id = %(spa)s AND l.remaining > l.held AND l.frozen_at IS NULL
      AND l.expires_on BETWEEN %(today)s AND %(last)s
      AND NOT {TOLD.format(key="'expiring:' || l.client_id || ':' || l.unit || ':' || l.expires_on")}
    GROUP BY l.client_id, l.unit, l.expires_on ORDER BY l.client_id, l.expires_on, l.unit"""


def _expiring(uow: UnitOfWork, house: House, policy: ReminderPolicy) -> int:
    """Only to who is likely to lose it (`features.md` N7)."""
    today = local_day(uow.now, house.zone)
    if not policy.expiring_days:
        return 0
    asked = {
        "spa": house.spa_id,
        "today": today,
        "last": today + timedelta(days=policy.expiring_days),
        "since": uow.now - timedelta(days=reminders.CADENCE_DAYS),
    }
    told = 0
    for client_id, unit, expires_on, amount, used in uow.sql(EXPIRING, asked).fetchall():
        lost = reminders.likely_lost(amount, used, (expires_on - today).days)
        if lost and reminders.expiring_due(expires_on, today, policy):
            words = {"unit": unit, "amount": amount, "last_on": expires_on, "help_phone": house.help_phone}
            key = f"expiring:{client_id}:{unit}:{expires_on}"
            told += _tell(uow, house, client_id, CreditsExpiring, words, key)
    return told


BIRTHDAYS = f"""
    SELECT l.client_id, l.unit, l.granted, l.expires_on
    FROM credit_lot l JOIN ledger_entry e ON (e.spa_id, e.id) = (l.spa_id, l.entry_id)
    JOIN client c ON (c.spa_id, c.id) = (l.spa_id, l.client_id)
    WHERE l.spa_id = %(spa)s AND e.key = 'birthday:' || l.client_id || ':' || %(year)s AND l.remaining > 0
      AND l.expires_on >= %(today)s
      AND (extract(month FROM c.born_on), least(extract(day FROM c.born_on), %(last_day)s))
          = (%(month)s, %(day)s)
      AND NOT {TOLD.format(key="'birthday_told:' || l.client_id || ':' || %(year)s")}
    ORDER BY l.client_id"""


def _birthdays(uow: UnitOfWork, house: House, policy: ReminderPolicy) -> int:
    """On the very day; the treat itself is there since the first of the month. A leap day is kept on the 28th."""
    today = local_day(uow.now, house.zone)
    if not policy.birthdays:
        return 0
    last_day = (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    asked = {
        "spa": house.spa_id,
        "today": today,
        "year": today.year,
        "month": today.month,
        "day": today.day,
        "last_day": last_day.day,
    }
    told = 0
    for client_id, unit, amount, expires_on in uow.sql(BIRTHDAYS, asked).fetchall():
        words = {"unit": unit, "amount": amount, "last_on": expires_on, "spa": house.name}
        told += _tell(uow, house, client_id, BirthdayTreat, words, f"birthday_told:{client_id}:{today.year}")
    return told


LEFT = f"""
    SELECT m.id, m.client_id, m.ended_on FROM membership m
    WHERE m.spa_id = %(spa)s AND m.standing = 'ended' AND m.ended_on BETWEEN %(first)s AND %(last)s
      AND NOT EXISTS (SELECT 1 FROM membership n WHERE (n.spa_id, n.client_id) = (m.spa_id, m.client_id)
                      AND n.standing <> 'ended')
      AND EXISTS (SELECT 1 FROM client_phone cp JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
                  WHERE (cp.spa_id, cp.client_id) = (m.spa_id, m.client_id) AND p.sms_marketing
                    AND p.suppressed_at IS NULL)
      AND NOT {TOLD.format(key="'win_back:' || m.id || ':' || m.ended_on")}
    ORDER BY m.id"""


def _win_backs(uow: UnitOfWork, house: House, policy: ReminderPolicy) -> int:
    """An offer: it waits in the offers' line, and its gate asks for consent in writing.

    On a day without hours for offers nobody is asked: by the next it would be too old to send.
    """
    if isinstance(window(MessageClass.MARKETING, frozenset({house.zone}), uow.now), Closed):
        return 0
    today = local_day(uow.now, house.zone)
    first = today - timedelta(days=policy.win_back_days + 7)
    asked = {"spa": house.spa_id, "first": first, "last": today}
    told = 0
    for membership_id, client_id, ended_on in uow.sql(LEFT, asked).fetchall():
        if reminders.win_back_due(ended_on, today, policy):
            words = {"spa": house.name}
            told += _tell(uow, house, client_id, WinBack, words, f"win_back:{membership_id}:{ended_on}")
    return told


def _tell(
    uow: UnitOfWork,
    house: House,
    client_id: int,
    message: type[Message],
    words: dict[str, Any],
    key: str,
    *,
    about_money: bool = False,
) -> int:
    """By text, or else by mail; whom nobody can write to misses nothing that is theirs by law."""
    way = way_to(uow, house.spa_id, client_id, about_money=about_money)
    if way is None:
        return 0
    if "unit" in words:
        kinds = credit_words(uow, house.spa_id, way.locale)
        words = {**words, "credits": Credits.of(kinds, words["unit"], words["amount"])}
        words = {name: value for name, value in words.items() if name not in {"unit", "amount"}}
    messaging.tell(uow, way.to, message(first_name=way.first_name, **words), key=key)
    return 1
