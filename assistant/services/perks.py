"""Perks that are given by the machine: the birthday treat, in its month, once a year."""

from assistant.db import spas
from assistant.db.spas import House
from assistant.domain.benefits import Benefit
from assistant.domain.calendar import local_day
from assistant.domain.credits import LotClass
from assistant.domain.membership import Standing
from assistant.domain.plans import Terms, birthday_grant, usable
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import credits
from assistant.services.credits import Grant

BORN_THIS_MONTH = """
    SELECT m.client_id, m.standing, c.born_on, v.terms FROM membership m
    JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
    JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    WHERE m.spa_id = %(spa)s AND m.standing IN ('active', 'past_due') AND extract(month FROM c.born_on) = %(month)s
      AND v.terms @> '{"perks": [{"kind": "birthday"}]}' AND NOT EXISTS (
          SELECT 1 FROM ledger_entry e
          WHERE e.spa_id = m.spa_id AND e.key = 'birthday:' || m.client_id || ':' || %(year)s)
    ORDER BY m.client_id"""


def grant_birthdays(rt: Runtime) -> int:
    """Give every birthday treat that is due, at every spa by its own month. Returns how many."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(rt.transact(lambda uow, house=house: _at(uow, house)) for house in houses)  # type: ignore[misc]


def _at(uow: UnitOfWork, house: House) -> int:
    today = local_day(uow.now, house.zone)
    asked = {"spa": house.spa_id, "month": today.month, "year": today.year}
    grants = {}
    for client_id, standing, born_on, stored in uow.sql(BORN_THIS_MONTH, asked).fetchall():
        terms = Terms.from_json(stored)
        treat = birthday_grant(terms, born_on, today)
        if treat is not None and usable(terms, Standing(standing), Benefit.PERKS):
            key = f"birthday:{client_id}:{treat.key_year}"
            grants[key] = Grant(key, client_id, treat.unit, treat.amount, LotClass.PROMO, uow.now, treat.expires_on)
    if grants:
        credits.grant(uow, house.spa_id, house.zone, list(grants.values()))
    return len(grants)
