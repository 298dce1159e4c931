"""The machine at work: every job until nothing is due, each by a worker that may die and be begun again."""

from collections.abc import Callable
from datetime import timedelta

from assistant.domain.delivery import Status
from assistant.sandbox.stripe_ports import Webhook
from assistant.services import (
    billing,
    book_days,
    caps,
    card_care,
    charges,
    chasing,
    doubts,
    earning,
    membership_days,
    messaging,
    open_tickets,
    plan_changes,
    price_changes,
    reconcile,
    refund_answers,
    stripe_events,
    sweep,
    voids,
)
from assistant.services.stripe_events import Told
from assistant.simulation.house import House
from assistant.simulation.weather import Weather

MOST_TURNS = 3000
UNREACHABLE = 30_003
"""Twilio's number for a phone that is gone."""
OF_MONEY_BACK = ("charge.dispute.", "charge.refunded", "refund.")
Job = Callable[[House, Weather], bool]


class NeverQuietError(AssertionError):
    """There is always something left to do."""


def bill(house: House, _: Weather) -> bool:
    house.happened["invoices opened"] += (opened := billing.bill(house.rt))
    return bool(opened)


def charge(house: House, _: Weather) -> bool:
    return charges.charge_next(house.rt)


def chase(house: House, _: Weather) -> bool:
    return chasing.step_next(house.rt)


def hear(house: House, _: Weather) -> bool:
    return stripe_events.apply_next(house.rt)


def deliver(house: House, _: Weather) -> bool:
    return messaging.deliver_next(house.rt)


def look_up(house: House, _: Weather) -> bool:
    return doubts.resolve_next(house.rt)


def post(house: House, weather: Weather) -> bool:
    """The processor posts what is due: one post at a time, and the network does with it what it likes."""
    if house.posting:
        return False
    house.posting, bag = True, list[Told]()
    try:
        moved = house.stripe.pump(lambda webhook: _posted(house, weather, webhook, bag))
    finally:
        house.posting = False
    for told in reversed(bag):
        house.happened["webhook backwards"] += 1
        _keep(house, told)
    return bool(moved)


def _posted(house: House, weather: Weather, webhook: Webhook, bag: list[Told]) -> str | None:
    told = stripe_events.read(webhook.event)
    if told is None:
        raise AssertionError(f"{webhook.type} cannot be read")
    fate = 1.0 if house.peril.calm else house.chance.random()
    if fate < weather.never:
        house.happened["webhook never"] += 1
        if told.type.startswith(OF_MONEY_BACK):
            house.unsaid.append(told)
        return None
    fate = 1.0 if house.peril.calm else house.chance.random()
    if fate < weather.lost:
        house.happened["webhook lost on the way"] += 1
        return "lost on the way"
    if fate > 1 - weather.backwards:
        bag.append(told)
        return None
    if not _keep(house, told):
        return "the process died"
    if fate < weather.lost + weather.twice:
        house.happened["webhook twice"] += 1
        return "the thanks were lost"
    return None


def say_again(house: House, _: Weather) -> bool:
    """The desk has the processor send again what it says it never heard of: what a lost webhook would hide for ever."""
    unsaid, house.unsaid = house.unsaid, []
    for told in unsaid:
        house.happened["webhook asked for again"] += 1
        _keep(house, told)
    return bool(unsaid)


def _keep(house: House, told: Told) -> bool:
    return house.peril.alone(lambda: stripe_events.keep(house.rt, told))


def tell(house: House, _: Weather) -> bool:
    """The carrier says what became of each text; not of all, and of some twice."""
    untold, house.phones.untold = house.phones.untold, []
    for spa_id, message_id, sid, _to in untold:
        fate = 1.0 if house.peril.calm else house.chance.random()
        if fate < 0.02:
            house.happened["text: never told of"] += 1
            continue
        dead = fate > 0.97 and not house.peril.calm
        status, code = (Status.UNDELIVERED, UNREACHABLE) if dead else (Status.DELIVERED, None)
        house.happened[f"text {status}"] += 1
        for _again in range(2 if fate < 0.06 else 1):
            _heard(house, spa_id, message_id, sid, status, code)
    return bool(untold)


def _heard(house: House, spa_id: int, message_id: int, sid: str, status: Status, code: int | None) -> None:
    house.peril.alone(
        lambda: house.rt.transact(
            lambda uow: messaging.heard(uow, spa_id, message_id, provider_id=sid, status=status, code=code)
        )
    )


def sweep_up(house: House, _: Weather) -> bool:
    sweep.sweep(house.rt)
    return False


def tend(house: House, _: Weather) -> bool:
    """Once a day: cards that run out, pages nobody needs, notices of new prices, promotional credit that is over."""
    house.happened["told that a card runs out"] += card_care.warn_of_expiry(house.rt)
    house.happened["pages shut"] += card_care.shut_pages(house.rt)
    house.happened["notices of a new price"] += price_changes.send_notices(house.rt)
    house.happened["credit ran out"] += sweep.expire_credits(house.rt)
    house.happened["credit rolled off"] += caps.roll_off(house.rt)
    house.happened["warned of a cap"] += caps.warn(house.rt)
    return False


def turn_day(house: House, _: Weather) -> bool:
    """Who leaves has left, who rests is at rest or back and is told before; the day's access is earned, and summed."""
    house.happened["told that a pause ends"] += membership_days.turn(house.rt)
    house.happened["access earned"] += earning.earn(house.rt) > 0
    house.happened["days summed"] += book_days.catch_up(house.rt) > 0
    return False


def tend_tickets(house: House, _: Weather) -> bool:
    """What nobody paid for, what was held for too long, and voids whose money has gone back."""
    house.happened["tickets let go by the clock"] += open_tickets.abandon_stale(house.rt)
    house.happened["holds over"] += sweep.time_out_holds(house.rt)
    house.happened["voids finished by the clock"] += voids.finish_voids(house.rt)
    house.happened["changes of plan let go"] += plan_changes.drop_abandoned(house.rt)
    return False


def look_up_refunds(house: House, _: Weather) -> bool:
    found = refund_answers.resolve_next(house.rt)
    house.happened["refunds looked up"] += found
    return found


MORNING: tuple[Job, ...] = (bill, turn_day, tend, sweep_up, tend_tickets)
"""By the clock; some of it by the day."""
TILL_DONE: tuple[Job, ...] = (charge, post, hear, chase, charge, look_up_refunds, deliver, tell)
"""One after the other until nothing is due."""
CROSSING: tuple[Job, ...] = (
    *(charge, charge, post, hear, hear, chase, deliver, tell, look_up, bill),
    *(turn_day, tend, tend_tickets, look_up_refunds),
)
"""What another worker may be at meanwhile."""
PAUSES = (timedelta(seconds=3), timedelta(seconds=100))


def work(house: House, weather: Weather, *, jobs: tuple[Job, ...] = TILL_DONE) -> None:
    """A while of the machine: what the clock asks for, then all that is due, and all that it brings about."""
    for pause in PAUSES:
        for job in MORNING if pause is PAUSES[0] else (sweep_up,):
            _alone(house, weather, job)
        until_quiet(house, weather, jobs)
        house.clock.advance(pause)
    look_again(house, weather, jobs=jobs)


def look_again(house: House, weather: Weather, *, jobs: tuple[Job, ...] = TILL_DONE) -> None:
    """What was in doubt, and all that is due."""
    _alone(house, weather, sweep_up)
    _alone(house, weather, tend_tickets)
    until_quiet(house, weather, jobs)


def until_quiet(house: House, weather: Weather, jobs: tuple[Job, ...] = TILL_DONE) -> None:
    """Every job in turn for as long as any finds something to do."""
    for _ in range(MOST_TURNS):
        if not sum(_drained(house, weather, job) for job in jobs):
            return
    raise NeverQuietError("the machine never comes to rest")


def _drained(house: House, weather: Weather, job: Job) -> bool:
    moved = False
    for _ in range(MOST_TURNS):
        house.soon(40)
        if not _alone(house, weather, job):
            return moved
        moved = True
        if job in (post, tell):
            return True
    raise NeverQuietError(f"{job.__name__} never comes to rest")


def _alone(house: House, weather: Weather, job: Job) -> bool:
    """Whether it found something to do; one that died is begun again."""
    found: list[bool] = []
    return not house.peril.alone(lambda: found.append(job(house, weather))) or found[0]


def books_agree(house: House, *, days: int = 35) -> reconcile.Compared | None:
    """The processor's book against ours; None when it cannot be read just now."""
    try:
        return reconcile.reconcile(house.rt, since=house.clock.now() - timedelta(days=days))
    except reconcile.ProcessorAway:
        house.happened["reconciled: the processor was away"] += 1
        return None
