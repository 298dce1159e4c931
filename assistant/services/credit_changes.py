"""What a person does to credit by hand: gives it, takes it back, makes it last, hands it on, and takes that back.

Each once for its key, by lots, within what one hand may do at the desk; above it another hand says yes
(`features.md` B7, B8, C15).
"""

from dataclasses import dataclass
from datetime import date

from assistant.db import credits as table
from assistant.db.credits import Owned
from assistant.domain import ledger as books
from assistant.domain.credits import LotClass, Short, paid_part, take
from assistant.domain.ledger import USD, Account, Entry, Leg
from assistant.runtime import UnitOfWork
from assistant.services import credits, ledger
from assistant.services.credit_desk import (
    Desk,
    Done,
    NeedsManager,
    Refused,
    cannot_reach,
    desk_of,
    entries,
    over,
    too_much,
    worth,
    write_down,
)
from assistant.services.credits import Grant
from assistant.services.limits import By

__all__ = [
    "By",
    "Done",
    "Gift",
    "NeedsManager",
    "Refused",
    "adjust",
    "extend",
    "gifts",
    "take_back",
    "transfer",
    "worth",
]


def adjust(
    uow: UnitOfWork,
    spa_id: int,
    *,
    client_id: int,
    unit: str,
    amount: int,
    key: str,
    by: By,
    expires_on: date | None = None,
) -> Done | Short | NeedsManager | Refused:
    """Give promotional credit, or with an amount below zero take such credit back; `Short` says how much there is.

    What was paid for is never taken: that is a refund, and its money goes back with it (`rules.md` 6.12). Raises
    `LookupError` for a credit that nobody has said the worth of, `psycopg.errors.UniqueViolation` for another's key.
    """
    if amount == 0:
        raise ValueError("an adjustment of nothing is no adjustment")
    desk = desk_of(uow, spa_id, by)
    if (why := cannot_reach(uow, spa_id, client_id)) or (why := over(desk, expires_on)):
        return why
    if (more := too_much(desk, worth(uow, spa_id, unit, abs(amount)), by)) is not None:
        return more
    done = _give if amount > 0 else _take
    before = entries(uow, spa_id, f"adjusted:{key}")
    made = done(uow, desk, client_id, unit, abs(amount), f"adjusted:{key}", by, expires_on)
    if isinstance(made, Done) and not before:
        facts = {"unit": unit, "amount": amount, "entries": [*made.entry_ids]}
        write_down(uow, spa_id, by, "credit_adjusted", f"client:{client_id}", facts)
    return made


def _give(
    uow: UnitOfWork, desk: Desk, client_id: int, unit: str, amount: int, key: str, by: By, expires_on: date | None
) -> Done:
    cents = worth(uow, desk.spa_id, unit, amount)
    given = Grant(
        key, client_id, unit, amount, LotClass.PROMO, uow.now, expires_on, reference_cents=cents, reason=by.reason
    )
    credits.grant(uow, desk.spa_id, desk.zone, [given])
    return Done(amount, entries(uow, desk.spa_id, key))


def _take(
    uow: UnitOfWork, desk: Desk, client_id: int, unit: str, amount: int, key: str, _by: By, _on: date | None
) -> Done | Short:
    table.lock(uow, desk.spa_id, [client_id])
    lots = [each.lot for each in table.owned(uow, desk.spa_id, client_id, unit)]
    parts = take([lot for lot in lots if lot.lot_class is LotClass.PROMO], amount, desk.today)
    if isinstance(parts, Short) and not entries(uow, desk.spa_id, key):
        return parts
    taken = Entry.transfer(
        key,
        "credits_adjusted",
        uow.now,
        debit=Leg(Account.CREDITS, unit, amount, client_id),
        credit=Leg(Account.ISSUED if unit != USD else Account.PROMOTIONS, unit, -amount),
    )
    [posted] = ledger.post(uow, desk.spa_id, [taken])
    if posted.fresh and not isinstance(parts, Short):
        credits.allocate(uow, desk.spa_id, [(posted.entry_id, 1, each.lot_id, each.amount, 0) for each in parts])
    return Done(amount, (posted.entry_id,))


# ── made to last ──

RAN_OUT = """
    SELECT a.entry_id, a.amount FROM allocation a JOIN ledger_entry e ON (e.spa_id, e.id) = (a.spa_id, a.entry_id)
    WHERE a.spa_id = %(spa)s AND a.lot_id = %(lot)s AND e.kind = 'credits_expired'
      AND NOT EXISTS (SELECT 1 FROM ledger_entry r WHERE r.spa_id = e.spa_id AND r.reverses = e.id)
      AND NOT EXISTS (SELECT 1 FROM ledger_entry n WHERE n.spa_id = e.spa_id AND n.key = 'reinstated:' || e.id)
    ORDER BY a.entry_id"""


def extend(uow: UnitOfWork, spa_id: int, lot_id: int, to: date, *, by: By) -> Done | NeedsManager | Refused:
    """Let promotional credit last until the end of a later day. What of it ran out is given anew, tied to its old lot,
    once (`features.md` B7). Nothing that was paid for ends, so there is nothing of it to extend.
    """
    desk, owned = desk_of(uow, spa_id, by), table.lot(uow, spa_id, lot_id)
    if owned is not None:
        table.lock(uow, spa_id, [owned.client_id])
        owned = table.lot(uow, spa_id, lot_id)
    if owned is None:
        return Refused("unknown_lot")
    if owned.lot.expires_on is None:
        return Refused("no_end")
    gone = uow.sql(RAN_OUT, {"spa": spa_id, "lot": lot_id}).fetchall()
    if (why := _cannot_extend(desk, owned, to, over=bool(gone))) is not None:
        return why
    amount = owned.remaining + sum(part for _, part in gone)
    if (more := too_much(desk, worth(uow, spa_id, owned.lot.unit, amount), by)) is not None:
        return more
    if owned.remaining:
        uow.sql(
            "UPDATE credit_lot SET expires_on = %s WHERE spa_id = %s AND id = %s AND expires_on < %s",
            (to, spa_id, lot_id, to),
        )
    keys = _reinstate(uow, desk, owned, gone, to, by)
    made = Done(amount, entries(uow, spa_id, *keys))
    facts = {"lot": lot_id, "amount": amount, "from": owned.lot.expires_on.isoformat(), "to": to.isoformat()}
    write_down(uow, spa_id, by, "credit_extended", f"client:{owned.client_id}", facts)
    return made


def _cannot_extend(desk: Desk, owned: Owned, to: date, *, over: bool) -> Refused | None:
    if to < desk.today:
        return Refused("over")
    if not over and not owned.remaining:
        return Refused("nothing_left")
    if not over and owned.lot.expires_on is not None and to <= owned.lot.expires_on:
        return Refused("not_later")
    return None


def _reinstate(uow: UnitOfWork, desk: Desk, owned: Owned, gone: list[tuple[int, int]], to: date, by: By) -> list[str]:
    anew = [
        Grant(
            f"reinstated:{entry_id}",
            owned.client_id,
            owned.lot.unit,
            part,
            owned.lot.lot_class,
            uow.now,
            to,
            reference_cents=owned.reference_of(part),
            reason=by.reason,
            source_lot_id=owned.lot.id,
        )
        for entry_id, part in gone
    ]
    if anew:
        credits.grant(uow, desk.spa_id, desk.zone, anew)
    return [each.key for each in anew]


# ── handed on ──


def transfer(
    uow: UnitOfWork, spa_id: int, *, giver_id: int, taker_id: int, unit: str, amount: int, key: str, by: By
) -> Done | Short | Refused:
    """Hand credit on to anybody of the spa, as it is: its class, its last day, what was paid for it and its list value.

    In the order of use, a lot to a lot; nothing that is held or frozen. `Short` says how much there is to give. Raises
    `ValueError` for a key that was another gift.
    """
    if giver_id == taker_id:
        return Refused("same_person")
    desk = desk_of(uow, spa_id, by)
    if (why := cannot_reach(uow, spa_id, giver_id, taker_id)) is not None:
        return why
    table.lock(uow, spa_id, [giver_id, taker_id])
    if known := gifts(uow, spa_id, key):
        return _known(known, giver_id, taker_id, unit, amount, key)
    owned = {each.lot.id: each for each in table.owned(uow, spa_id, giver_id, unit)}
    parts = take([each.lot for each in owned.values()], amount, desk.today)
    if isinstance(parts, Short):
        return parts
    posted = tuple(
        _handover(uow, desk, f"transfer:{key}:{n}", owned[part.lot_id], part.amount, taker_id, by)
        for n, part in enumerate(parts, 1)
    )
    facts = {"to": taker_id, "unit": unit, "amount": amount, "key": key, "entries": [*posted]}
    write_down(uow, spa_id, by, "credit_transferred", f"client:{giver_id}", facts)
    return Done(amount, posted)


def _handover(uow: UnitOfWork, desk: Desk, key: str, owned: Owned, part: int, taker_id: int, by: By) -> int:
    """A part of one lot becomes another's lot, its dues with it: nothing is earned and nothing is promised anew."""
    lot, cents = owned.lot, paid_part(owned.cents_left, owned.remaining, part)
    entry = books.transferred(key, uow.now, owned.client_id, taker_id, lot.unit, part)
    [posted] = ledger.post(uow, desk.spa_id, [entry])
    credits.allocate(uow, desk.spa_id, [(posted.entry_id, 1, lot.id, part, cents)])
    uow.sql(
        """WITH lot AS (
               INSERT INTO credit_lot (spa_id, client_id, unit, lot_class, granted, remaining, granted_on, expires_on,
                                       entry_id, paid_cents, cents_left, reference_cents, source_lot_id, reason)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING spa_id, id, entry_id, granted)
           INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount)
           SELECT spa_id, entry_id, 2, id, -granted FROM lot""",
        (
            *(desk.spa_id, taker_id, lot.unit, lot.lot_class.value, part, part, lot.granted_on, lot.expires_on),
            *(posted.entry_id, cents, cents, owned.reference_of(part), lot.id, by.reason),
        ),
    )
    return posted.entry_id


@dataclass(frozen=True, slots=True)
class Gift:
    """One lot of a gift, as it is now."""

    entry_id: int
    giver_id: int
    taker_id: int
    unit: str
    amount: int
    left: int
    """Of it, so much is neither used nor held nor frozen."""
    undone_by: int | None


def gifts(uow: UnitOfWork, spa_id: int, key: str) -> list[Gift]:
    """What was handed on under a key, a lot each; nothing for a key that nobody used."""
    rows = uow.sql(
        """SELECT e.id, giver.client_id, l.client_id, l.unit, l.granted,
                  CASE WHEN l.frozen_at IS NULL THEN l.remaining - l.held ELSE 0 END, back.id
           FROM ledger_entry e JOIN credit_lot l ON (l.spa_id, l.entry_id) = (e.spa_id, e.id)
           JOIN credit_lot giver ON (giver.spa_id, giver.id) = (l.spa_id, l.source_lot_id)
           LEFT JOIN ledger_entry back ON (back.spa_id, back.reverses) = (e.spa_id, e.id)
           WHERE e.spa_id = %s AND e.key >= %s AND e.key < %s ORDER BY e.id""",
        (spa_id, f"transfer:{key}:", f"transfer:{key};"),
    )
    return [Gift(*row) for row in rows.fetchall()]


def _known(known: list[Gift], giver_id: int, taker_id: int, unit: str, amount: int, key: str) -> Done:
    same = {(each.giver_id, each.taker_id, each.unit) for each in known} == {(giver_id, taker_id, unit)}
    if not same or sum(each.amount for each in known) != amount:
        raise ValueError(f"the key {key!r} was another gift")
    return Done(amount, tuple(each.entry_id for each in known))


def take_back(uow: UnitOfWork, spa_id: int, key: str, *, by: By) -> Done | Short | Refused:
    """Undo a whole gift while none of it is used, held, frozen or handed on; `Short` says how much of it is left.

    What ran out meanwhile can be used for a grace. Once: again it is what it was.
    """
    desk, found = desk_of(uow, spa_id, by), gifts(uow, spa_id, key)
    if not found:
        return Refused("unknown_gift")
    table.lock(uow, spa_id, [found[0].giver_id, found[0].taker_id])
    found = gifts(uow, spa_id, key)
    amount = sum(each.amount for each in found)
    if all(each.undone_by for each in found):
        return Done(amount, tuple(each.undone_by or 0 for each in found))
    if (left := sum(each.left for each in found)) < amount:
        return Short(left)
    undone = tuple(
        credits.undo(uow, spa_id, each.entry_id, zone=desk.zone, grace_days=desk.grace_days) for each in found
    )
    facts = {"from": found[0].taker_id, "unit": found[0].unit, "amount": amount, "key": key, "entries": [*undone]}
    write_down(uow, spa_id, by, "credit_taken_back", f"client:{found[0].giver_id}", facts)
    return Done(amount, undone)
