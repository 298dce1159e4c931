"""Offers by text, in slices: claimed together, each let through the gate as its call is made, answered for together.

What is on the wire when a STOP is kept is at most the request that has begun: right before each call one statement asks
again whether it may go, and waits for a word that is being kept at that instant.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import SimpleQueue

from assistant.db import outbox
from assistant.db.messages import Leased
from assistant.db.outbox import Waiting
from assistant.domain import offering, phones
from assistant.domain.offering import Later, Never
from assistant.domain.quiet_hours import Open, validity_seconds
from assistant.domain.sending import Pace, SendingPolicy, carriers_day, end_of_carriers_day
from assistant.gateways.ports import Accepted, Answer, Unanswered
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import messaging

LEASE = timedelta(seconds=60)
SLICE = 100
IN_FLIGHT = 32
"""Calls that wait for their answer side by side: a hundred and sixty a second, two tenths of a second away."""
TURN = timedelta(seconds=20)
"""Well below a job's time-out; what is left is asked for again."""
HELD_BACK = timedelta(minutes=1)
"""How soon what a switch or a paused campaign holds is looked at again."""


SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Ready:
    """An offer that may be sent, if nothing has changed when its call is made."""

    leased: Leased
    closes_at: datetime
    """Until then it is a fit hour, wherever they may be."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one; `answer` is None where the gate was shut at the last moment."""

    leased: Leased
    answer: Answer | None


def send_offers(rt: Runtime, *, threads: int = IN_FLIGHT) -> bool:
    """Send every offer that is due, many side by side. Returns whether some were left when the turn was over."""
    until = rt.clock.now() + TURN
    with ThreadPoolExecutor(threads) as pool:
        return _Lane(rt, pool, threads).run(until)


def send_slice(rt: Runtime) -> int:
    """Send one slice, one after another; how many offers were looked at."""
    with rt.unit_of_work() as uow:
        looked, ready = _claimed(uow, SLICE)
    if ready:
        sent = [_send(rt, each) for each in ready]
        rt.transact(lambda uow: _answered(uow, sent))
    return looked


class _Lane:
    """Keeps the wire full: the next slice is claimed while the last one's calls wait for their answers."""

    def __init__(self, rt: Runtime, pool: ThreadPoolExecutor, threads: int) -> None:
        self._rt, self._pool, self._threads = rt, pool, threads
        self._ahead = 2 * threads  # as many again wait behind those on the wire, so that no thread ever does
        self._flying = 0
        self._back = SimpleQueue[Future[Sent]]()

    def run(self, until: datetime) -> bool:
        more = True
        while more or self._flying:
            if more and self._flying <= self._ahead:
                more = self._rt.clock.now() < until and self._claim()
                left = more
            self._land(all_of_them=not more)
        return left

    def _claim(self) -> bool:
        with self._rt.unit_of_work() as uow:
            looked, ready = _claimed(uow, SLICE)
        for each in ready:
            self._pool.submit(_send, self._rt, each).add_done_callback(self._back.put)
        self._flying += len(ready)
        return looked > 0

    def _land(self, *, all_of_them: bool) -> None:
        """Write down what has been answered, once enough calls have come back to make a claim worth its while."""
        if self._flying <= self._ahead and not all_of_them:
            return
        enough = min(self._flying, max(1, self._threads // 2))
        back = [self._back.get() for _ in range(enough)]
        self._flying -= enough
        if back:
            sent = [each.result() for each in back]
            self._rt.transact(lambda uow: _answered(uow, sent))


# ── the gate, for a slice ──


def _claimed(uow: UnitOfWork, many: int) -> tuple[int, list[Ready]]:
    """Take what is due and judge it; how many were looked at, and those that may be sent."""
    waiting = outbox.claim_offers(uow, uow.now, uow.now + LEASE, many)
    ready, later, never = [], [], []
    for each in waiting:
        match _verdict(each, uow.now):
            case Open() as opening:
                ready.append((each, opening.seconds_left))
            case Later(at):
                later.append((each.leased, at))
            case Never(reason):
                never.append((each.leased, reason))
    kept, put_off = _paced(uow, ready)
    outbox.put_off(uow, later + put_off)
    outbox.let_go(uow, never, uow.now)
    return len(waiting), [Ready(each.leased, uow.now + seconds * SECOND) for each, seconds in kept]


def _verdict(each: Waiting, now: datetime) -> Open | Later | Never:
    if each.leased.expires_at <= now:
        return Never("too_old")
    if each.campaign_over:
        return Never("stopped")
    if each.held or each.leased.sending_stopped:
        return Later(now + HELD_BACK)
    zones = phones.zones(each.leased.recipient, each.leased.zone or each.spa_zone)
    return offering.may_offer(each.standing, each.policy, zones, now)


def _paced(
    uow: UnitOfWork, ready: Sequence[tuple[Waiting, int]]
) -> tuple[list[tuple[Waiting, int]], list[tuple[Leased, datetime]]]:
    """Those that the carrier's minute and day have room for; the others leave when there is room again."""
    kept: list[tuple[Waiting, int]] = []
    put_off: list[tuple[Leased, datetime]] = []
    for spa_id in dict.fromkeys(each.leased.spa_id for each, _ in ready):
        mine = [(each, seconds) for each, seconds in ready if each.leased.spa_id == spa_id]
        one_spas = _paced_at(uow, spa_id, mine[0][0].policy, mine)
        kept += one_spas[0]
        put_off += one_spas[1]
    return kept, put_off


def _paced_at(
    uow: UnitOfWork, spa_id: int, policy: SendingPolicy, ready: Sequence[tuple[Waiting, int]]
) -> tuple[list[tuple[Waiting, int]], list[tuple[Leased, datetime]]]:
    kept: list[tuple[Waiting, int]] = []
    put_off: list[tuple[Leased, datetime]] = []
    day, pace = carriers_day(uow.now), Pace.of(policy)
    free_at, sent = outbox.locked_pace(uow, spa_id, day, uow.now)
    ahead, used = free_at, 0
    for each, seconds in ready:
        if sent + used + each.segments > policy.offers_today:
            put_off.append((each.leased, end_of_carriers_day(uow.now)))
            continue
        leave, ahead = pace.admit(ahead, uow.now, each.segments)
        if leave > uow.now:
            put_off.append((each.leased, leave))
        else:
            kept.append((each, seconds))
            free_at, used = ahead, used + each.segments
    outbox.keep_pace(uow, spa_id, day, free_at, used)
    return kept, put_off


def _send(rt: Runtime, ready: Ready) -> Sent:
    """Wait for its turn, ask once more whether it may go, and hand it over: between these two there is nothing.

    The hour may have ended while it waited; what is left of it is as long as the carrier may hold the text.
    """
    rt.offers_pace.wait("texts", "offers")
    with rt.single_statement() as uow:
        left = Open((ready.closes_at - uow.now) // SECOND)
        may_go = left.seconds_left > 0 and outbox.go(uow, ready.leased, uow.now)
    text = messaging.text_of(rt.seal, ready.leased, validity_seconds=validity_seconds(left))
    return Sent(ready.leased, rt.texts.send(text) if may_go else None)


def _answered(uow: UnitOfWork, sent: Sequence[Sent]) -> None:
    """Everything that was answered, in one transaction; a refusal is acted on like any other."""
    outbox.accepted(uow, [(each.leased, each.answer.provider_id) for each in sent if isinstance(each.answer, Accepted)])
    outbox.in_doubt(uow, [(each.leased, each.answer.reason) for each in sent if isinstance(each.answer, Unanswered)])
    outbox.released(uow, [each.leased for each in sent if each.answer is None])
    for each in sent:
        if each.answer is not None and not isinstance(each.answer, Accepted | Unanswered):
            messaging.refused(uow, each.leased, each.answer.code)
