"""The journal, added up from nothing entry by entry: what must be so after each (`reliability.md` I03-I05, I07)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.domain.ledger import USD, Account
from assistant.services.verification import Difference

KINDS = {
    "credits_granted": "granted",
    "credits_spent": "used",
    "credits_expired": "expired",
    "credits_transferred": "transferred",
    "credits_taken_back": "taken back",
    "credits_adjusted": "adjusted",
}
"""What became of credit, by the kind of its entry; a reversal counts against what it reverses."""
ZERO = "at every entry each unit sums to zero"
FITS = "at every entry what credits moved came out of lots"
CREDITS = "at every entry no balance of credits is below zero"
LOT = "at every entry each lot has between nothing and what was granted"
CENTS = "at every entry each lot has none, or some, of its dues left"
GRANT = "nothing is used of a lot before it was granted"
MIRROR = "a reversal is the mirror of what it reverses"
EARNS = "a use earns what its lots were paid for"
ORDER = "a use takes the soonest expiring, promotional, oldest first"
KNOWN = "whatever becomes of credit has a name"
BALANCE = "every member's balance is what its journal comes to"
LEFT = "every lot has left what its journal comes to"
DUES = "every lot has left of its dues what its journal comes to"
WHOLE = "what was granted is what is left, used, expired, taken back and handed on"
OWED = "what is deferred is what lots have left of their dues, by the journal"
CHECKS = (ZERO, FITS, CREDITS, LOT, CENTS, GRANT, MIRROR, EARNS, ORDER, KNOWN, BALANCE, LEFT, DUES, WHOLE, OWED)

Key = tuple[int, str, str]
"""Client, account, unit."""


@dataclass(slots=True)
class Lot:
    """What never changes of a lot, and what the journal makes of the rest."""

    id: int
    client_id: int
    unit: str
    promo: bool
    granted_on: date
    expires_on: date | None
    entry_id: int
    paid_cents: int
    excused: bool
    """Frozen, or made to last longer, at some time: when it could be used is not in the journal."""
    granted: int = 0
    remaining: int = 0
    cents_left: int = 0
    granted_at: datetime | None = None

    @property
    def rank(self) -> tuple[date, bool, date, int]:
        return (self.expires_on or date.max, not self.promo, self.granted_on, self.id)


@dataclass(frozen=True, slots=True)
class Allocated:
    """So much of a leg went out of a lot (+), or into it (-)."""

    leg: int
    lot_id: int
    amount: int
    cents: int


@dataclass(frozen=True, slots=True)
class Written:
    """One entry with all that hangs on it."""

    id: int
    key: str
    kind: str
    occurred_at: datetime
    recorded_at: datetime
    reverses: int | None
    promo: bool
    """Whether the ticket it was used for may use promotional credit."""
    legs: Sequence[tuple[int, Key, int]]
    allocated: Sequence[Allocated]

    @property
    def mirror(self) -> frozenset[tuple[Key, int]]:
        return frozenset((key, -amount) for _, key, amount in self.legs)


@dataclass
class Journal:
    """The books as they stand after the entries read so far."""

    zone: ZoneInfo
    lots: dict[int, Lot]
    holds: dict[int, list[tuple[datetime, datetime | None]]]
    balances: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    became: dict[tuple[int, str, str], int] = field(default_factory=lambda: defaultdict(int))
    differences: dict[str, Difference] = field(default_factory=dict)
    entries: int = 0
    postings: int = 0
    judged: int = 0
    _of: dict[tuple[int, str], list[Lot]] = field(default_factory=lambda: defaultdict(list))
    """The lots that were granted by now, by client and unit."""

    def read(self, entry: Written, kind: str, mirrored: frozenset[tuple[Key, int]] | None) -> None:
        """One entry on: `kind` and legs are the reversed one's, where it reverses one."""
        self.entries += 1
        self.postings += len(entry.legs)
        self._post(entry, kind)
        if entry.reverses is not None and mirrored != entry.mirror:
            self._differs(MIRROR, f"entry {entry.id}", entry.reverses, None)
        self._allocate(entry)
        if entry.kind == "credits_spent":
            self._judge(entry)

    def _post(self, entry: Written, kind: str) -> None:
        sums: dict[str, int] = defaultdict(int)
        for _, key, amount in entry.legs:
            self.balances[key] += amount
            sums[key[2]] += amount
            if key[1] == Account.CREDITS:
                self._name(entry, kind, key, amount)
        for unit, total in sums.items():
            if total:
                self._differs(ZERO, f"entry {entry.id} {unit}", 0, total)
        for key in {key for _, key, _ in entry.legs if key[1] == Account.CREDITS}:
            if self.balances[key] > 0:
                self._differs(CREDITS, f"client {key[0]} {key[2]} at entry {entry.id}", 0, -self.balances[key])

    def _name(self, entry: Written, kind: str, key: Key, amount: int) -> None:
        if (word := KINDS.get(kind)) is None:
            self._differs(KNOWN, f"entry {entry.id} {kind}", None, amount)
        else:
            self.became[key[0], key[2], word] += amount

    def _allocate(self, entry: Written) -> None:
        moved: dict[int, int] = defaultdict(int)
        for each in entry.allocated:
            moved[each.leg] += each.amount
            self._move(entry, each)
        for leg, key, amount in entry.legs:
            if key[1] == Account.CREDITS and moved[leg] != amount:
                self._differs(FITS, f"entry {entry.id} leg {leg}", amount, moved[leg])
        for lot in {each.lot_id: self.lots[each.lot_id] for each in entry.allocated}.values():
            if not 0 <= lot.remaining <= lot.granted:
                self._differs(LOT, f"lot {lot.id} at entry {entry.id}", lot.granted, lot.remaining)
            if not 0 <= lot.cents_left <= lot.paid_cents:
                self._differs(CENTS, f"lot {lot.id} at entry {entry.id}", lot.paid_cents, lot.cents_left)
        self._earns(entry)

    def _move(self, entry: Written, each: Allocated) -> None:
        lot = self.lots[each.lot_id]
        if lot.entry_id == entry.id and each.amount < 0 and lot.granted_at is None:
            lot.granted = lot.remaining = -each.amount
            lot.cents_left, lot.granted_at = lot.paid_cents, entry.recorded_at
            self._of[lot.client_id, lot.unit].append(lot)
            return
        if lot.granted_at is None:
            self._differs(GRANT, f"lot {lot.id} at entry {entry.id}", lot.entry_id, each.amount)
        lot.remaining -= each.amount
        lot.cents_left -= each.cents

    def _earns(self, entry: Written) -> None:
        """Of a use, what left `deferred` is what its lots say that dues had paid for it."""
        if entry.kind != "credits_spent" or any(key[2] == USD and key[0] for _, key, _ in entry.legs):
            return
        earned = sum(amount for _, key, amount in entry.legs if key[1] == Account.DEFERRED)
        paid = sum(each.cents for each in entry.allocated)
        if entry.allocated and earned != paid:
            self._differs(EARNS, f"entry {entry.id}", paid, earned)

    def _judge(self, entry: Written) -> None:
        """I05, where it can be judged: nothing was left that should have gone before what was taken."""
        taken = [self.lots[each.lot_id] for each in entry.allocated if each.amount > 0]
        if not taken or any(lot.excused or self._held(lot, entry.recorded_at) for lot in taken):
            return
        self.judged += 1
        last = max(lot.rank for lot in taken)
        for lot in self._of[taken[0].client_id, taken[0].unit]:
            if lot.remaining > 0 and lot.rank < last and self._usable(lot, entry):
                self._differs(ORDER, f"lot {lot.id} at entry {entry.id}", lot.remaining, 0)

    def _usable(self, lot: Lot, entry: Written) -> bool:
        """Whether it surely could have been used then: a grant of the same moment may not have been seen."""
        ended = lot.expires_on is not None and lot.expires_on < entry.occurred_at.astimezone(self.zone).date()
        seen = lot.granted_at is not None and lot.granted_at < entry.recorded_at
        kept = lot.excused or self._held(lot, entry.recorded_at) or (lot.promo and not entry.promo)
        return seen and not ended and not kept

    def _held(self, lot: Lot, at: datetime) -> bool:
        return any(made <= at and (over is None or over >= at) for made, over in self.holds.get(lot.id, ()))

    def _differs(self, check: str, subject: str, stored: int | None, recomputed: int | None) -> None:
        self.differences.setdefault(check, Difference(check, subject, stored, recomputed))

    # ── what is stored ──

    def compare(self, accounts: dict[Key, int], lots: Sequence[tuple[int, int, int, int]]) -> None:
        """Every member's account, and every lot: id, granted, remaining, cents left."""
        ours = {key: amount for key, amount in self.balances.items() if key[0]}
        for key in sorted(accounts.keys() | ours.keys()):
            if accounts.get(key, 0) != ours.get(key, 0):
                self._differs(BALANCE, " ".join(("client", *map(str, key))), accounts.get(key), ours.get(key))
        for lot_id, granted, remaining, cents_left in lots:
            lot = self.lots[lot_id]
            if (lot.granted, lot.remaining) != (granted, remaining):
                self._differs(LEFT, f"lot {lot_id}", remaining, lot.remaining)
            if lot.cents_left != cents_left:
                self._differs(DUES, f"lot {lot_id}", cents_left, lot.cents_left)
        self._whole(lots)
        owed = sum(lot.cents_left for lot in self.lots.values() if lot.unit != USD)
        deferred = -sum(amount for key, amount in self.balances.items() if key[1] == Account.DEFERRED)
        if owed != deferred:
            self._differs(OWED, "deferred", owed, deferred)

    def _whole(self, lots: Sequence[tuple[int, int, int, int]]) -> None:
        """I07, per member and unit: what the lots have left is what was granted less all that became of it."""
        left: dict[tuple[int, str], int] = defaultdict(int)
        for lot_id, _, remaining, _ in lots:
            left[self.lots[lot_id].client_id, self.lots[lot_id].unit] += remaining
        gone: dict[tuple[int, str], int] = defaultdict(int)
        for (client_id, unit, _), amount in self.became.items():
            gone[client_id, unit] -= amount
        for key in sorted(left.keys() | gone.keys()):
            if left[key] != gone[key]:
                self._differs(WHOLE, f"client {key[0]} {key[1]}", left[key], gone[key])
