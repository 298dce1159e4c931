"""What a day brings to memberships by itself: who leaves has left, who rests is at rest or back, and is told before."""

from datetime import date

from assistant.db import members, spas
from assistant.db.members import Held
from assistant.db.spas import House
from assistant.domain.calendar import local_day
from assistant.messages.catalog import ResumesSoon
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import cancellations, messaging, pauses, tasks
from assistant.services.addressing import way_to


def turn(rt: Runtime) -> int:
    """Every spa's own day, as far as it has come. Safe at any time, and twice at once. Returns how many were told."""
    with rt.unit_of_work() as uow:
        houses = spas.open_houses(uow)
    return sum(_turn_at(rt, house) for house in houses)


def _turn_at(rt: Runtime, house: House) -> int:
    def work(uow: UnitOfWork) -> int:
        today = local_day(uow.now, house.zone)
        begin_day(uow, house.spa_id, today)
        return remind(uow, house, today)

    return rt.transact(work)


def begin_day(uow: UnitOfWork, spa_id: int, today: date) -> None:
    """Ends first, so that no one who left rests; then who is back, and who begins to rest. Before a day is billed."""
    cancellations.end_due(uow, spa_id, today)
    pauses.resume_due(uow, spa_id, today)
    pauses.begin_due(uow, spa_id, today)


SOON = """
    SELECT m.id FROM membership m JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
    WHERE m.spa_id = %(spa)s AND m.standing = 'paused' AND m.resumes_on > %(today)s
      AND m.resumes_on <= %(today)s + coalesce((v.terms -> 'pause' ->> 'notice_days')::int, 7)
      AND NOT EXISTS (SELECT 1 FROM outbound_message o WHERE o.spa_id = m.spa_id
                      AND o.key = 'resumes:' || m.id || ':' || m.resumes_on)
      AND NOT EXISTS (SELECT 1 FROM staff_task t WHERE t.spa_id = m.spa_id
                      AND t.key = 'resumes:' || m.id || ':' || m.resumes_on)
    ORDER BY m.id"""


def remind(uow: UnitOfWork, house: House, today: date) -> int:
    """Tell whose pause is nearly over, once, 3 to 7 days before (`rules.md` 6.11). Returns how many."""
    found = [row[0] for row in uow.sql(SOON, {"spa": house.spa_id, "today": today}).fetchall()]
    for membership_id in found:
        held = members.held(uow, house.spa_id, membership_id, uow.now)
        if held is not None and held.resumes_on is not None:
            _tell(uow, house, held, held.resumes_on)
    return len(found)


def _tell(uow: UnitOfWork, house: House, held: Held, resumes_on: date) -> None:
    """By a text; who cannot be texted is told by a person."""
    way = way_to(uow, held.spa_id, held.client_id, about_money=True)
    key = f"resumes:{held.membership_id}:{resumes_on}"
    cycle = max(held.this_cycle, (held.last_cycle or 0)) + 1
    if way is not None:
        message = ResumesSoon(
            first_name=way.first_name,
            plan=held.plan,
            resumes_on=resumes_on,
            next_charge_on=held.next_charge_on,
            dues_cents=held.price_cents(cycle),
            help_phone=house.help_phone,
        )
        messaging.tell(uow, way.to, message, key=key)
    else:
        facts = {"membership": held.membership_id, "resumes_on": resumes_on.isoformat()}
        tasks.open_task(uow, held.spa_id, key=key, kind="tell_of_resuming", client_id=held.client_id, facts=facts)
    uow.sql(
        "UPDATE pause SET reminded_at = %s WHERE spa_id = %s AND membership_id = %s AND ended_at IS NULL",
        (uow.now, held.spa_id, held.membership_id),
    )
