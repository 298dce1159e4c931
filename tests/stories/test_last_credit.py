"""Eight processes race for the last credit, 500 times: one wins each time, and the books know which."""

import os
import struct
import traceback
from contextlib import suppress
from mmap import mmap
from typing import Never

from assistant.clock import StoppedClock
from assistant.db.connections import Database
from assistant.domain.credits import MILLI, LotClass, Short
from assistant.gateways.nowhere import NoTexts
from assistant.runtime import Runtime
from assistant.services import credits, verification
from assistant.services.credits import Grant, Spent
from tests.stories.killing import frozen
from tests.world import Bells, World

TILLS, TURNS = 8, 500
COUNTER = struct.Struct("q")


class Line:
    """Where processes wait for each other before each turn: a row of counters that they all see."""

    def __init__(self, tills: int) -> None:
        self.tills = tills
        self.shared = mmap(-1, COUNTER.size * (tills + 1))

    def wait(self, till: int, turn: int) -> None:
        """Come to the line, and go when everyone has: none is ahead by more than a turn."""
        COUNTER.pack_into(self.shared, COUNTER.size * till, turn)
        while any(self.at(other) < turn for other in range(self.tills)):
            os.sched_yield()

    def at(self, till: int) -> int:
        (turn,) = COUNTER.unpack_from(self.shared, COUNTER.size * till)
        return int(turn)

    def leave(self, till: int) -> None:
        """For good: nobody waits for who has gone."""
        COUNTER.pack_into(self.shared, COUNTER.size * till, TURNS + 1)


def till(number: int, line: Line, world: World, client_id: int, results: int) -> Never:
    """One process at its own till, with its own connection: asks for each turn's credit, and says which it got."""
    won = bytearray(TURNS)
    status = 1
    try:
        database = Database(world.rt.database.url)
        rt = Runtime(StoppedClock(world.clock.now()), database, Bells(), NoTexts())
        for turn in range(TURNS):
            line.wait(number, turn + 1)
            with rt.single_statement() as uow:
                said = credits.spend(
                    uow,
                    world.spa.spa_id,
                    client_id=client_id,
                    unit=f"turn-{turn}",
                    amount=MILLI,
                    key=f"ticket:{number}:{turn}",
                    zone=world.spa.zone,
                )
            assert isinstance(said, Spent) or said == Short(0)
            won[turn] = isinstance(said, Spent)
        database.close()
        status = 0
    except BaseException:  # noqa: BLE001 - it must end here, whatever it is
        traceback.print_exc()
    finally:
        line.leave(number)
        with suppress(OSError):
            os.write(results, bytes([number]) + bytes(won))
        os._exit(status)


def race(world: World, client_id: int) -> list[bytes]:
    """What each till won, a byte a turn."""
    line, (ours, theirs) = Line(TILLS), os.pipe()
    world.rt.database.close()
    with frozen():
        children = []
        for number in range(TILLS):
            child = os.fork()
            if child == 0:
                till(number, line, world, client_id, theirs)
            children.append(child)
        ended = [os.waitpid(child, 0)[1] for child in children]
    os.close(theirs)
    with os.fdopen(ours, "rb") as told:
        said = told.read()
    assert ended == [0] * TILLS
    size = TURNS + 1
    by_till = {said[at]: said[at + 1 : at + size] for at in range(0, len(said), size)}
    return [by_till[number] for number in range(TILLS)]


def test_eight_processes_and_the_last_credit_five_hundred_times(world: World) -> None:
    """One winner each time, and never two; whoever lost was told that nothing is left."""
    ana = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        lots = [Grant(f"g{turn}", ana, f"turn-{turn}", MILLI, LotClass.PAID, uow.now) for turn in range(TURNS)]
        assert credits.grant(uow, world.spa.spa_id, world.spa.zone, lots) == TURNS

    won = race(world, ana)

    assert [sum(each[turn] for each in won) for turn in range(TURNS)] == [1] * TURNS
    assert sum(any(each) for each in won) > 1, "there was no race: one till won every time"
    assert world.rows("SELECT count(*) FROM ledger_entry WHERE kind = 'credits_spent'") == [(TURNS,)]
    assert world.rows("SELECT sum(remaining), sum(held) FROM credit_lot") == [(0, 0)]
    with world.rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []


def test_where_two_are_left_two_win(world: World) -> None:
    """The winners are as many as there is credit: the count is not one for some other reason."""
    ana = world.client("Ana")
    with world.rt.unit_of_work() as uow:
        lots = [Grant(f"g{turn}", ana, f"turn-{turn}", 2 * MILLI, LotClass.PAID, uow.now) for turn in range(TURNS)]
        credits.grant(uow, world.spa.spa_id, world.spa.zone, lots)
    won = race(world, ana)
    assert {sum(each[turn] for each in won) for turn in range(TURNS)} == {2}
