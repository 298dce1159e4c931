"""What must be so after every step, by our books and by the card processor's own (`reliability.md` §6)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from assistant.domain.billing import INVOICE_MOVES, AttemptStatus, InvoiceStatus
from assistant.domain.calendar import cycle_date, local_day
from assistant.services import billing, journal, replay, stripe_events, verification
from assistant.services.reports import breakage, liability, members, mrr, past_due
from assistant.services.stripe_handlers import HANDLERS, Event
from assistant.simulation import oracle, oracle_back
from assistant.simulation.credit_queries import NOT_SET_BACK
from assistant.simulation.house import ZONE, House
from assistant.simulation.queries import DOUBTED, EVENTS, LATE, OF, QUERIES, TOUCHED

DAY = timedelta(days=1)
ALIASES = "imcpltdvbf"
REFUND = "coalesce(i.client_id, t.client_id)"


class BrokenError(AssertionError):
    """An invariant does not hold."""


@cache
def _asked(*, some: bool, grace: bool) -> tuple[int, str]:
    """All the questions in one, of all clients or of some; with a few minutes' grace where the clock was set back."""
    made = []
    for name, query in QUERIES.items():
        words = query.replace("{of}", OF)
        for alias in ALIASES:
            who = f"{alias}.client_id = ANY(%(clients)s)" if some else "true"
            words = words.replace(f"{{{alias}}}", who)
        words = words.replace("{r}", f"{REFUND} = ANY(%(clients)s)" if some else "true")
        if not grace or name not in NOT_SET_BACK:
            words = _forgiving(words) if grace else words
            made.append(f"(SELECT '{name}', q.found::text FROM ({words} LIMIT 1) q(found))")
    return len(made), " UNION ALL ".join(made)


def _forgiving(query: str) -> str:
    late = ("i.settled_at", "l.expires_at", "l.revoked_at", "l.used_at")
    for each in late:
        query = query.replace(f"_at > {each}", f"_at > {each} + interval '6 minutes'")
        query = query.replace(f"_at >= {each}", f"_at >= {each} + interval '6 minutes'")
    return query


class Watch:
    """Looks at the house after a step, a day and a month; remembers what it saw, to see what may not have changed."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.made = 0
        """How many checks there were."""
        self.since: datetime = house.clock.now()
        self._seen: dict[str, dict[int, str]] = {"invoice": {}, "charge_attempt": {}}
        self.began_on = house.today
        self.at_work_since = self.since
        """When the machine came back last."""
        self.set_back = False

    def step(self) -> None:
        """Everything: for a house that is small enough."""
        self._hold(*self._all(), self.moves())

    def month(self) -> None:
        """Everything, but for which way each row moved; and what the owner reads."""
        self._hold(*self._all(), self._reports())

    def _all(self) -> tuple[Iterator[str], ...]:
        house = self.house
        back = oracle_back.of_these(house, None)
        return self._rows(None), oracle.of_all(house), back, self._books(), self._dates(None)

    def day(self) -> None:
        """All that can be asked about those to whom something happened today."""
        found = self.house.rows(TOUCHED, {"since": self.since - timedelta(minutes=10)})
        clients = sorted(int(row[0]) for row in found)
        self.since = self.house.clock.now()
        self.hold_doubts()
        if clients:
            self._hold(self._rows(clients), oracle.of_these(self.house, clients), self._dates(clients))
            self._hold(oracle_back.of_these(self.house, clients))

    def hold_doubts(self) -> None:
        """I13: nothing is in doubt for two days without being somebody's task, once the machine is at work again."""
        if self.house.clock.now() - self.at_work_since > 2 * DAY:
            found = self.house.rows(DOUBTED, {"late": self.house.clock.now() - 2 * DAY})
            self._hold(f"I13 an attempt is in doubt for two days: {row[0]}" for row in found)
            self.made += 1

    def _hold(self, *looks: Iterator[str]) -> None:
        for look in looks:
            for broken in look:
                raise BrokenError(broken)

    def _rows(self, clients: Collection[int] | None) -> Iterator[str]:
        many, asked = _asked(some=clients is not None, grace=self.set_back)
        with self.house.bare.unit_of_work() as uow:
            yield from (f"{name}: {found}" for name, found in uow.sql(asked, {"clients": clients}).fetchall())
            if found := uow.sql(EVENTS).fetchone():
                yield f"I11 an event was too much for its handler: {found[0]}"
        self.made += many + 1

    def _books(self) -> Iterator[str]:
        """I03, I04, I05, I07: the books are what their postings say."""
        with self.house.bare.unit_of_work() as uow:
            yield from (str(difference) for difference in verification.differences(uow))
        self.made += len(verification.CHECKS) + 3

    def _reports(self) -> Iterator[str]:
        """Opening, what came and what went are closing, in every report, and closing is what a recount gives."""
        today = self.house.today
        for since in (self.began_on, max(self.began_on, today - timedelta(days=31))):
            asked = (self.house.spa_id, since, today)
            with self.house.bare.unit_of_work() as uow:
                holds = {
                    "recurring revenue": mrr.mrr(uow, *asked).holds,
                    "credit owed": liability.liability(uow, *asked).holds,
                    "members": members.members(uow, self.house.spa_id, today).holds,
                    "what is past due": past_due.past_due(uow, *asked).holds,
                }
            yield from (
                f"8.9 the report of {name} from {since} does not add up" for name, so in holds.items() if not so
            )
        self.made += 8

    def _dates(self, clients: Collection[int] | None) -> Iterator[str]:
        """I23: every invoice is due on its cycle's day, and no cycle is left out between the first and the last."""
        cycles: dict[int, set[int]] = defaultdict(set)
        for membership, cycle, due_on, anchor_on, months in self._billed(clients):
            cycles[membership].add(cycle)
            if due_on != cycle_date(anchor_on, cycle * months):
                yield f"I23 cycle {cycle} of a membership begun on {anchor_on} is due on {due_on}"
        for seen in cycles.values():
            if len(seen) != max(seen) - min(seen) + 1:
                yield f"I23 a membership has a cycle missing: {sorted(seen)}"
        self.made += 2

    def _billed(self, clients: Collection[int] | None) -> list[tuple[Any, ...]]:
        who = "i.client_id = ANY(%(clients)s)" if clients is not None else "true"
        return self.house.rows(f"{DATES} AND {who}", {"clients": clients})

    def moves(self) -> Iterator[str]:
        """I12: statuses make only the moves that are listed."""
        for table, allowed in (("invoice", _invoice_may), ("charge_attempt", _attempt_may)):
            now = {int(id_): str(status) for id_, status in self.house.rows(f"SELECT id, status FROM {table}")}
            before, self._seen[table] = self._seen[table], now
            for id_, status in now.items():
                if (was := before.get(id_, status)) != status and not allowed(was, status):
                    yield f"I12 {table} went from {was} to {status}"
            if before.keys() - now.keys():
                yield f"I12 a row of {table} is gone"
        self.made += 2

    # ── at the end ──

    def settled(self) -> None:
        """Once the faults have stopped and two days have gone by: nothing is in doubt, unsaid or undone."""
        late = self.house.clock.now() - DAY
        for name, query in LATE.items():
            if row := self.house.rows(f"{query} LIMIT 1", {"late": late}):
                raise BrokenError(f"{name}: {row[0][0]}")
        self._hold(oracle.cards_known(self.house), self._all_opened(), self._no_card_number())
        self.made += len(LATE) + 3

    def closed(self) -> None:
        """Once everything has been heard of: both books say the same of what went back, and have as much left."""
        self._hold(oracle_back.of_the_end(self.house))
        with self.house.bare.unit_of_work() as uow:
            if not breakage.breakage(uow, self.house.spa_id, self.began_on, self.house.today).holds:
                raise BrokenError("the report of breakage does not add up")
        self.made += 2

    def replayed(self) -> None:
        """I03-I05, I07: the journal, added up from nothing, gives the balances and the lots that we have."""
        with self.house.bare.unit_of_work() as uow:
            for spa in replay.replay(uow):
                self._hold(f"the journal differs: {each}" for each in spa.differences)
                self.made += len(journal.CHECKS)

    def again(self, *, most: int, rest: Callable[[], object]) -> None:
        """I11: the last events there were, each acted on, and then once more in another order: the second time nothing
        changes, though nobody noted that they were. `rest` does what the first time brings about.
        """
        events = self.house.stripe.all("event")[-most:]
        self._act_on(events)
        rest()
        before = self.house.rows(STATE)
        self._act_on(self.house.chance.sample(events, len(events)))
        if (after := self.house.rows(STATE)) != before:
            table = next(was[0] for was, now in zip(before, after, strict=True) if was != now)
            raise BrokenError(f"I11 hearing of it all once more changed something in {table}")
        self.made += 1

    def _act_on(self, events: Sequence[dict[str, Any]]) -> None:
        for event in events:
            told = stripe_events.read(event)
            if told is not None and (act := HANDLERS.get(told.type)) is not None:
                about = (told.external_id, told.type, told.account, told.object_id)
                act(self.house.rt, Event(self.house.spa_id, 0, *about))

    def _all_opened(self) -> Iterator[str]:
        """I23: today's plan has nothing left to open."""
        today = local_day(self.house.clock.now(), ZONE)
        idle = {"settled", "held", "not_due"}
        with self.house.bare.unit_of_work() as uow:
            left = [line for line in billing.plan(uow, self.house.spa_id, today) if line.decision not in idle]
        yield from (f"I23 a cycle due on {line.due_on} was not opened: {line.decision}" for line in left)

    def _no_card_number(self) -> Iterator[str]:
        """I22: no card number is anywhere in our tables."""
        for table, column in self.house.rows(COLUMNS):
            if self.house.rows(f'SELECT 1 FROM "{table}" WHERE "{column}"::text ~ %s LIMIT 1', (NUMBER,)):
                yield f"I22 a card number is in {table}.{column}"


NUMBER = "(4242|5555)[ -]?0055[0-9 -]{8}"
"""How all the cards of a story begin (`House.new_number`)."""
COLUMNS = """SELECT table_name, column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb') ORDER BY 1, 2"""
STATE = "{} ORDER BY 1".format(
    " UNION ALL ".join(
        f"SELECT '{table}', count(*), md5(string_agg(x::text, '' ORDER BY x::text)) FROM (SELECT {what} FROM {table}) x"
        for table, what in (
            ("invoice", "id, status, reason, paid_by, next_attempt_at"),
            ("charge_attempt", "id, status, payment_id, fee_cents"),
            ("ledger_posting", "entry_id, leg, amount"),
            ("credit_lot", "id, remaining, held, frozen_at IS NULL"),
            ("ticket", "id, status"),
            ("refund", "id, status, cents"),
            ("dispute", "id, status"),
            ("plan_change", "id, status"),
            ("membership", "id, standing"),
            ("card", "id, role, exp_year, fingerprint"),
            ("outbound_message", "id"),
            ("dunning_step", "case_id, number, due_at, outcome"),
            ("staff_task", "key, closed_at"),
        )
    )
)
"""All that events could have changed."""
DATES = """SELECT i.membership_id, i.cycle, i.due_on, m.anchor_on, v.cycle_months FROM invoice i
           JOIN membership m ON (m.spa_id, m.id) = (i.spa_id, i.membership_id)
           JOIN plan_version v ON (v.spa_id, v.id) = (i.spa_id, i.plan_version_id)
           WHERE i.kind = 'dues' AND i.cycle >= m.first_cycle"""
"""Who went over to longer or shorter cycles counts anew from their first."""


def _invoice_may(was: str, now: str) -> bool:
    # Between two looks it may have been opened again and settled.
    return (InvoiceStatus(was), InvoiceStatus(now)) in INVOICE_MOVES or was == InvoiceStatus.SKIPPED


def _attempt_may(was: str, now: str) -> bool:
    return AttemptStatus(now).rank >= AttemptStatus(was).rank
