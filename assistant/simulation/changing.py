"""What members change: they rest, come back, leave, stay after all, and go over to another plan; some sleep on it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from assistant.domain.changing import ChangeQuote
from assistant.domain.leaving import LeaveQuote, LeaveRefusal
from assistant.domain.pausing import Hardship, PauseQuote, ResumeQuote
from assistant.runtime import UnitOfWork
from assistant.services import cancellations, pauses, plan_changes
from assistant.simulation import outside
from assistant.simulation.house import House, Person
from assistant.simulation.people import until_done
from assistant.simulation.till import said

Quote = PauseQuote | ResumeQuote | LeaveQuote | ChangeQuote
SLEEPS = 0.2
"""How often a quote is accepted on another day."""
ACTORS = ("member", "member", "staff:front")
PLANS = ("glow", "radiance", "flex", "purse", "start", "year")
LIVE = """SELECT id FROM membership WHERE client_id = %s AND standing <> 'ended'
          ORDER BY standing = 'active' DESC, id LIMIT 1"""


def _live(house: House, person: Person) -> int | None:
    return _one(house, LIVE, person)


def _one(house: House, query: str, person: Person) -> int | None:
    rows = house.rows(query, (person.client_id,))
    return int(rows[0][0]) if rows else None


def _offered(
    house: House,
    act: str,
    membership: int | None,
    quote: Callable[[UnitOfWork, int], Any],
    accept: Callable[[int, Any], Any],
) -> str | None:
    """A quote, a while to think, and a yes: at once, or on another day, when it may be stale."""
    if membership is None:
        return None
    quoted = house.offers.pop((membership, act), None)
    if quoted is None:
        quoted = house.rt.transact(lambda uow: quote(uow, membership))
        if not isinstance(quoted, Quote):
            return said(house, f"{act}: {_word(quoted)}")
        if house.chance.random() < SLEEPS:
            house.offers[membership, act] = quoted
            return said(house, f"{act}: sleeps on it")
        house.peril.between()
    done = until_done(house, lambda: accept(membership, quoted), most=2)
    if (fresh := getattr(done, "quote", None)) is not None and type(done).__name__.startswith("Stale"):
        said(house, f"{act}: stale")
        done = until_done(house, lambda: accept(membership, fresh), most=2)
    return said(house, f"{act}: {_word(done)}")


def _word(answer: object) -> str:
    why = getattr(answer, "reason", answer)
    return str(why) if isinstance(why, str) else type(answer).__name__.lower()


def pause(house: House, person: Person) -> str | None:
    """For some months, or until a day."""
    months = house.chance.choice((1, 1, 2, 3, 5))
    until = house.today + timedelta(days=house.chance.randint(20, 80)) if house.chance.random() < 0.3 else None
    hardship = Hardship.MEDICAL if house.chance.random() < 0.1 else None
    asked: dict[str, Any] = {"until": until} if until else {"months": months}
    actor = house.chance.choice(ACTORS)
    return _offered(
        house,
        "pause",
        _live(house, person),
        lambda uow, member: pauses.quote_pause(uow, house.spa_id, member, hardship=hardship, **asked),
        lambda member, quote: house.rt.transact(
            lambda uow: pauses.pause(uow, house.spa_id, member, quote, actor=actor, hardship=hardship)
        ),
    )


def resume(house: House, person: Person) -> str | None:
    """Sooner than was agreed, or before it began."""
    actor = house.chance.choice(ACTORS)
    return _offered(
        house,
        "resume",
        _one(house, RESTING, person),
        lambda uow, member: pauses.quote_resume(uow, house.spa_id, member),
        lambda member, quote: house.rt.transact(
            lambda uow: pauses.resume(uow, house.spa_id, member, quote, actor=actor)
        ),
    )


RESTING = """
    SELECT m.id FROM membership m
    WHERE m.client_id = %s AND m.standing <> 'ended' AND (m.standing = 'paused' OR EXISTS (
        SELECT 1 FROM pause p WHERE (p.spa_id, p.membership_id) = (m.spa_id, m.id) AND p.ended_at IS NULL))
    ORDER BY m.id LIMIT 1"""


def cancel(house: House, person: Person) -> str | None:
    """They leave, on whatever channel; some of them moved away."""
    hardship = Hardship.RELOCATION if house.chance.random() < 0.15 else None
    actor, channel = house.chance.choice((("member", "sms"), ("member", "page"), ("staff:front", "desk")))
    return _offered(
        house,
        "cancel",
        _live(house, person),
        lambda uow, member: cancellations.quote_cancel(uow, house.spa_id, member, hardship=hardship),
        lambda member, quote: house.rt.transact(
            lambda uow: cancellations.cancel(
                uow, house.spa_id, member, quote, channel=channel, actor=actor, hardship=hardship
            )
        ),
    )


def stay(house: House, person: Person) -> str | None:
    """They take it back."""
    if (member := _one(house, LEAVING, person)) is None:
        return None
    done = house.rt.transact(lambda uow: cancellations.undo_cancel(uow, house.spa_id, member, actor="member"))
    return said(house, f"stay: {done if isinstance(done, LeaveRefusal) else 'stays'}")


LEAVING = """
    SELECT x.membership_id FROM cancellation x JOIN membership m ON (m.spa_id, m.id) = (x.spa_id, x.membership_id)
    WHERE m.client_id = %s AND x.withdrawn_at IS NULL AND x.done_at IS NULL ORDER BY x.id LIMIT 1"""


def change_plan(house: House, person: Person) -> str | None:
    """To a dearer plan now, or to a cheaper one at the next billing date."""
    wanted, actor = house.chance.choice(PLANS), house.chance.choice(ACTORS)
    if house.chance.random() < 0.3:
        outside.sweeten(house, person)
    return _offered(
        house,
        "change",
        _live(house, person),
        lambda uow, member: plan_changes.quote_change(uow, house.spa_id, member, wanted),
        lambda member, quote: plan_changes.change(house.rt, house.spa_id, member, quote, actor=actor),
    )


def keep_plan(house: House, _person: Person) -> str | None:
    """Whoever has waited longest for another plan stays on the one they have."""
    waiting = house.rows("SELECT membership_id FROM plan_change WHERE status = 'scheduled' ORDER BY id LIMIT 1")
    if not waiting:
        return None
    member = int(str(waiting[0][0]))
    kept = house.rt.transact(lambda uow: plan_changes.call_off(uow, house.spa_id, member, actor="member"))
    return said(house, "change: called off") if kept else None


Deed = Callable[[House, Person], str | None]
CHANGES: tuple[tuple[Deed, int], ...] = (
    (pause, 22),
    (resume, 14),
    (cancel, 9),
    (stay, 5),
    (change_plan, 26),
    (keep_plan, 4),
)
"""What members change, and how often."""
