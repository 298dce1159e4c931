"""Caps on what may be banked: members are warned in time, and what rolls off is told, then let go, never in silence."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from assistant.db import credits as table
from assistant.db import spas
from assistant.db.billing import Owed
from assistant.db.spas import House, credit_words
from assistant.domain import rollover, stored
from assistant.domain.calendar import local_day
from assistant.domain.credits import LotClass
from assistant.domain.plans import GrantTerms
from assistant.domain.rollover import Cap, RollOff
from assistant.messages.catalog import CapWarning, Credits
from assistant.messages.credits import RollingOff
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import messaging, tasks
from assistant.services.addressing import way_to


@dataclass(frozen=True, slots=True)
class Rolling:
    """What of a member's promotions is over its cap since a cycle's grant."""

    place: int
    unit: str
    most: int
    rolls_off: tuple[RollOff, ...]


def tell_roll_off(uow: UnitOfWork, owed: Owed, rolling: Rolling) -> None:
    """Say how much can be used until when, and write it down. Who cannot be told keeps it, and a person is asked."""
    key, last_on = f"roll_off:{owed.invoice_id}:{rolling.place}", rolling.rolls_off[0].last_on
    amount = sum(each.amount for each in rolling.rolls_off)
    way = way_to(uow, owed.spa_id, owed.client_id)
    if way is None:
        _ask_a_person(uow, owed.spa_id, key, owed.client_id, rolling.unit, amount)
        return
    words = credit_words(uow, owed.spa_id, way.locale)
    message = RollingOff(
        first_name=way.first_name,
        most=Credits.of(words, rolling.unit, rolling.most),
        amount=Credits.of(words, rolling.unit, amount),
        last_on=last_on,
        help_phone=owed.help_phone,
    )
    messaging.tell(uow, way.to, message, key=key)
    for each in rolling.rolls_off:
        uow.sql(
            "INSERT INTO roll_off (spa_id, key, lot_id, client_id, amount, most, last_on, told_by, made_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (spa_id, key) DO NOTHING",
            (
                owed.spa_id,
                f"{key}:{each.lot_id}",
                each.lot_id,
                owed.client_id,
                each.amount,
                rolling.most,
                each.last_on,
                key,
                uow.now,
            ),
        )


def _ask_a_person(uow: UnitOfWork, spa_id: int, key: str, client_id: int, unit: str, amount: int) -> None:
    facts = {"unit": unit, "amount": amount}
    tasks.open_task(uow, spa_id, key=key, kind="over_cap_untold", client_id=client_id, facts=facts)


# ── what was told is over ──

UNTOLD = """
    UPDATE roll_off r SET settled_at = %(now)s FROM credit_lot l
    WHERE r.spa_id = %(spa)s AND r.settled_at IS NULL AND r.last_on < %(today)s
      AND (l.spa_id, l.id) = (r.spa_id, r.lot_id) AND NOT EXISTS (
          SELECT 1 FROM outbound_message o WHERE (o.spa_id, o.key) = (r.spa_id, r.told_by)
          AND o.status NOT IN ('dropped', 'failed', 'undelivered'))
    RETURNING r.key, r.client_id, l.unit, r.amount"""
"""What was to roll off, and was never told after all: it is kept."""


def roll_off(rt: Runtime) -> int:
    """Let go at every spa what its own day says is over, sized anew. Returns how many were settled.

    Safe to run twice. What is held or frozen, and whatever was not said, is not let go.
    """
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(rt.transact(partial(roll_off_at, spa_id=house.spa_id, zone=house.zone)) for house in houses)


def roll_off_at(uow: UnitOfWork, spa_id: int, zone: str) -> int:
    """The same at one spa, in two statements for any number of lots."""
    today = local_day(uow.now, zone)
    untold = uow.sql(UNTOLD, {"spa": spa_id, "now": uow.now, "today": today}).fetchall()
    for key, client_id, unit, amount in untold:
        _ask_a_person(uow, spa_id, key, client_id, unit, amount)
    [[many]] = uow.sql("SELECT credit_roll_off(%s, %s, %s)", (spa_id, uow.now, today)).fetchall()
    return int(many)


# ── warnings ──

TO_WARN = """
    SELECT m.id, m.client_id, c.region, n.cycle, n.due_on, g.place - 1, g.terms
    FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
    CROSS JOIN LATERAL (SELECT cycle_on(m.anchor_on, v.cycle_months, %(today)s) + 1 AS cycle) next
    CROSS JOIN LATERAL (SELECT next.cycle, cycle_date(m.anchor_on, next.cycle, v.cycle_months) AS due_on) n
    CROSS JOIN LATERAL jsonb_array_elements(v.grants) WITH ORDINALITY g(terms, place)
    WHERE m.spa_id = %(spa)s AND m.standing IN ('active', 'past_due') AND n.cycle >= m.first_cycle
      AND v.grants @> '[{"rollover": {"kind": "cap"}}]' AND g.terms @> '{"rollover": {"kind": "cap"}}'
      AND n.due_on - coalesce((g.terms #>> '{rollover,warn_days}')::int, 10) <= %(today)s
      AND (g.terms ->> 'amount')::bigint + (
          SELECT coalesce(sum(l.remaining), 0) FROM credit_lot l
          WHERE l.spa_id = m.spa_id AND l.client_id = m.client_id AND l.unit = g.terms ->> 'unit' AND l.remaining > 0
            AND (l.expires_on IS NULL OR l.expires_on >= n.due_on)
            AND (l.lot_class = 'promo') = (coalesce(g.terms ->> 'lot_class', 'paid') = 'promo')
      ) > (g.terms #>> '{rollover,most}')::bigint
      AND NOT EXISTS (SELECT 1 FROM outbound_message o WHERE o.spa_id = m.spa_id
                      AND o.key = 'cap:' || m.id || ':' || n.cycle || ':' || g.place - 1)
      AND NOT EXISTS (SELECT 1 FROM staff_task t WHERE t.spa_id = m.spa_id
                      AND t.key = 'cap:' || m.id || ':' || n.cycle || ':' || g.place - 1)
    ORDER BY m.id, g.place"""


@dataclass(frozen=True, slots=True)
class ToWarn:
    """One grant that would not fit, as the question above gives it."""

    membership_id: int
    client_id: int
    region: str | None
    cycle: int
    due_on: date
    place: int
    terms: dict[str, Any]

    @property
    def key(self) -> str:
        return f"cap:{self.membership_id}:{self.cycle}:{self.place}"


def warn(rt: Runtime) -> int:
    """Tell everyone whose next grant would not fit under its cap, in time and once a cycle. Returns how many.

    One whose terms cannot be read stops nobody else's warning, and raises when all others are told.
    """
    told, wrong = 0, []
    with rt.unit_of_work() as uow:
        found = [(house, each) for house in spas.open_houses(uow) for each in _to_warn(uow, house)]
    for house, each in found:
        try:
            told += rt.transact(lambda uow, house=house, each=each: _warn(uow, house, each))  # type: ignore[misc]
        except ValueError as error:
            error.add_note(f"membership {each.membership_id} of spa {house.spa_id}")
            wrong.append(error)
    if wrong:
        raise ExceptionGroup("grants that cannot be read", wrong)
    return told


def _to_warn(uow: UnitOfWork, house: House) -> Iterator[ToWarn]:
    rows = uow.sql(TO_WARN, {"spa": house.spa_id, "today": local_day(uow.now, house.zone)})
    return (ToWarn(*row) for row in rows.fetchall())


def _warn(uow: UnitOfWork, house: House, each: ToWarn) -> bool:
    """By the policy itself, at what is held now."""
    terms = stored.read(GrantTerms, each.terms, "grant")
    lots = [lot for lot in table.counted(uow, house.spa_id, each.client_id) if lot.unit == terms.unit]
    asked = (terms.rollover, lots, terms.amount, each.due_on, each.region)
    if not isinstance(terms.rollover, Cap) or rollover.cap_warning_on(*asked, lot_class=terms.lot_class) is None:
        return False
    way = way_to(uow, house.spa_id, each.client_id)
    promo = terms.lot_class is LotClass.PROMO
    held = sum(
        lot.remaining for lot in lots if (lot.lot_class is LotClass.PROMO) is promo and lot.usable_on(each.due_on)
    )
    if way is None:
        facts = {"unit": terms.unit, "held": held, "most": terms.rollover.most}
        key, who = each.key, each.client_id
        return tasks.open_task(uow, house.spa_id, key=key, kind="cap_unwarned", client_id=who, facts=facts)
    words = credit_words(uow, house.spa_id, way.locale)
    message = CapWarning(
        first_name=way.first_name,
        held=Credits.of(words, terms.unit, held),
        most=Credits.of(words, terms.unit, terms.rollover.most),
        grants_on=each.due_on,
        help_phone=house.help_phone,
    )
    messaging.tell(uow, way.to, message, key=each.key)
    return True
