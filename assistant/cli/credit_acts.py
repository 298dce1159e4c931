"""What `assistant credits` does, in plain aligned lines."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from secrets import token_hex
from zoneinfo import ZoneInfo

from assistant.cli import house
from assistant.db.spas import credit_words
from assistant.domain.credits import MILLI, LotClass, Short
from assistant.domain.ledger import USD
from assistant.domain.money import Money
from assistant.messages.message import Credits
from assistant.messages.render import in_words
from assistant.runtime import UnitOfWork
from assistant.services import credit_changes, credit_story
from assistant.services.credit_changes import By, Done, NeedsManager, Refused
from assistant.services.credit_story import LotLine, Move

SHOWN = 20
"""Moves that are shown of themselves; `--all` shows every one."""
EVER = 1_000_000
WHY = {
    "unknown_client": "There is no such client at this spa.",
    "unknown_lot": "There is no such lot.",
    "unknown_gift": "There is no gift of that key.",
    "no_end": "It has no end: there is nothing to prolong.",
    "not_later": "It lasts as long already.",
    "nothing_left": "Nothing of it is left, and nothing of it ran out.",
    "same_person": "They are one person.",
    "over": "That day is over.",
}
CAME_FROM = {
    "cycle": "cycle paid, invoice {}",
    "adjusted": "given by staff",
    "transfer": "a gift",
    "birthday": "birthday treat",
    "reinstated": "given anew",
}
DID = {
    "credits_granted": "granted",
    "credits_spent": "used",
    "credits_expired": "ran out",
    "credits_adjusted": "taken back by staff",
    "credits_transferred": "handed on",
    "credits_taken_back": "taken back with its money",
    "reversal": "undone",
}


@dataclass(frozen=True, slots=True)
class _Desk:
    spa_id: int
    zone: str
    words: dict[str, tuple[str, str]]

    def told(self, unit: str, amount: int) -> str:
        """In the spa's words; a unit that it has none for by its code."""
        if unit in self.words or unit == USD:
            return in_words(Credits.of(self.words, unit, amount))
        return f"{Decimal(amount) / MILLI:f} {unit}"


def _desk(uow: UnitOfWork, table: str, row_id: int) -> _Desk | None:
    """Whose client or lot it is: of any spa there is."""
    row = uow.sql(
        f"SELECT s.spa_id, s.zone FROM {table} t JOIN spa s ON s.spa_id = t.spa_id WHERE t.id = %s", (row_id,)
    ).fetchone()
    return _Desk(row[0], row[1], credit_words(uow, row[0], "en")) if row else None


def show(chosen: argparse.Namespace) -> int:
    """Print a member's lots by unit, and the moves that explain them. 2 when there is no such client."""
    with house.runtime().unit_of_work() as uow:
        desk = _desk(uow, "client", chosen.member)
        if desk is None:
            return _failed(f"There is no client {chosen.member}.", 2)
        lots = credit_story.lots_of(uow, desk.spa_id, chosen.member, used_up=chosen.all)
        most = EVER if chosen.all else SHOWN
        moves = credit_story.moves_of(uow, desk.spa_id, chosen.member, most=most)
    for line in _json(lots, moves) if chosen.json else _words(desk, lots, moves):
        print(line)
    return 0


def _json(lots: Iterable[LotLine], moves: Iterable[Move]) -> Iterator[str]:
    yield from (json.dumps({"what": "lot"} | asdict(each), default=str) for each in lots)
    yield from (json.dumps({"what": "move"} | asdict(each), default=str) for each in moves)


def _words(desk: _Desk, lots: list[LotLine], moves: list[Move]) -> Iterator[str]:
    if not lots:
        yield "Nothing is left." if moves else "There was never any credit."
    for unit in sorted({each.unit for each in lots}):
        mine = [each for each in lots if each.unit == unit]
        free = sum(each.remaining - each.held for each in mine if not each.frozen)
        yield f"{desk.told(unit, sum(each.remaining for each in mine))}, of which {desk.told(unit, free)} free to use"
        yield from (_lot(desk, each) for each in mine)
    for each in moves:
        when = each.at.astimezone(ZoneInfo(desk.zone))
        sign = "+" if each.amount > 0 else "-"
        yield (
            f"  {when:%Y-%m-%d %H:%M}  {sign} {desk.told(each.unit, abs(each.amount)):<20}"
            f" {DID.get(each.kind, each.kind):<26} lot {', '.join(map(str, each.lot_ids)):<8} {each.key}"
        )


def _lot(desk: _Desk, each: LotLine) -> str:
    end = f"until {each.expires_on}" if each.expires_on else "no end"
    held = f", {desk.told(each.unit, each.held)} held" if each.held else ""
    frozen = ", frozen by a dispute" if each.frozen else ""
    paid = f", {Money(each.cents_left)} of {Money(each.paid_cents)} of dues behind it" if each.paid_cents else ""
    left = f"{desk.told(each.unit, each.remaining)} of {desk.told(each.unit, each.granted)}"
    return f"  lot {each.lot_id:<6} {each.lot_class:<8} {left:<36} {end:<16} {_came_from(each)}{paid}{held}{frozen}"


def _came_from(each: LotLine) -> str:
    kind, _, rest = each.came_from.partition(":")
    told = CAME_FROM.get(kind, "brought along" if each.lot_class is LotClass.MIGRATED else "granted as {}")
    told = told.format(rest.partition(":")[0] if kind == "cycle" else each.came_from)
    giver = f" of {each.giver}" if each.giver else ""
    return f"{each.granted_on}, {told}{giver}" + (f" ({each.reason})" if each.reason else "")


def give(chosen: argparse.Namespace) -> int:
    return _adjust(chosen, 1, "given")


def take(chosen: argparse.Namespace) -> int:
    return _adjust(chosen, -1, "taken back")


def _adjust(chosen: argparse.Namespace, sign: int, done: str) -> int:
    def act(uow: UnitOfWork, desk: _Desk) -> object:
        return credit_changes.adjust(
            uow,
            desk.spa_id,
            client_id=chosen.member,
            unit=chosen.unit,
            amount=sign * _small(chosen),
            key=chosen.key or f"cli-{token_hex(8)}",
            by=_by(chosen),
            expires_on=getattr(chosen, "until", None),
        )

    return _do(
        "client", chosen.member, act, lambda desk, made: f"{desk.told(chosen.unit, made.amount)} {done}.", chosen
    )


def extend(chosen: argparse.Namespace) -> int:
    def act(uow: UnitOfWork, desk: _Desk) -> object:
        return credit_changes.extend(uow, desk.spa_id, chosen.lot, chosen.to, by=_by(chosen))

    return _do("credit_lot", chosen.lot, act, lambda _desk, _made: f"Lot {chosen.lot} lasts until {chosen.to}.", chosen)


def transfer(chosen: argparse.Namespace) -> int:
    """The key is told: it is what the gift is taken back by."""
    key = chosen.key or f"cli-{token_hex(8)}"

    def act(uow: UnitOfWork, desk: _Desk) -> object:
        return credit_changes.transfer(
            uow,
            desk.spa_id,
            giver_id=chosen.giver,
            taker_id=chosen.taker,
            unit=chosen.unit,
            amount=_small(chosen),
            key=key,
            by=_by(chosen),
        )

    def told(desk: _Desk, made: Done) -> str:
        return f"{desk.told(chosen.unit, made.amount)} handed on to client {chosen.taker}, as gift {key}."

    return _do("client", chosen.giver, act, told, chosen)


def take_back(chosen: argparse.Namespace) -> int:
    def act(uow: UnitOfWork, desk: _Desk) -> object:
        return credit_changes.take_back(uow, desk.spa_id, chosen.gift, by=_by(chosen))

    return _do("client", chosen.giver, act, lambda _desk, _made: f"Gift {chosen.gift} is taken back.", chosen)


def _do(
    table: str,
    row_id: int,
    act: Callable[[UnitOfWork, _Desk], object],
    told: Callable[[_Desk, Done], str],
    chosen: argparse.Namespace,
) -> int:
    """0 when it is done, 1 when it may not be, 2 when there is no such thing."""
    rt = house.runtime()
    desk = rt.transact(lambda uow: _desk(uow, table, row_id))
    if desk is None:
        return _failed(f"There is no {'client' if table == 'client' else 'lot'} {row_id}.", 2)
    try:
        made = rt.transact(lambda uow: act(uow, desk))
    except (LookupError, ValueError) as error:
        return _failed(f"{str(error).capitalize()}.", 2)
    match made:
        case Done():
            print(told(desk, made))
            return 0
        case Short(available):
            unit = getattr(chosen, "unit", None)
            left = desk.told(unit, available) if unit else "not all of it"
            return _failed(f"Only {left} can be taken." if unit else "Some of the gift is used, held or handed on.", 1)
        case NeedsManager(worth, most):
            return _failed(
                f"It is worth {Money(worth)}, and one hand may do {Money(most)}: a manager says yes (--approved-by).",
                1,
            )
        case Refused(reason):
            return _failed(WHY[reason], 1)
    raise AssertionError(f"unreachable: {made}")


def _small(chosen: argparse.Namespace) -> int:
    """Cents of dollars, milli-units of anything else."""
    whole = chosen.amount * (100 if chosen.unit == USD else MILLI)
    if whole != int(whole):
        raise SystemExit(_failed(f"{chosen.amount} is no whole number of cents.", 2))
    return int(whole)


def _by(chosen: argparse.Namespace) -> By:
    return By(actor=chosen.by, reason=chosen.reason, approved_by=getattr(chosen, "approved_by", None))


def _failed(words: str, code: int) -> int:
    print(words, file=sys.stderr)
    return code
