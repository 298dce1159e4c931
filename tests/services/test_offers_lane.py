"""The lane of offers at its narrow places: the end of an hour, the end of the room, two offers to one phone, a STOP."""

import subprocess
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, Thread, get_ident

import pytest

from assistant.db.connections import Database
from assistant.domain.campaigns import Purpose
from assistant.domain.consent import MessageClass
from assistant.gateways.pacer import Rate, RedisPacer
from assistant.gateways.ports import Answer, Text
from assistant.gateways.rq_queue import RqQueue, connect
from assistant.local.redis import LocalRedis
from assistant.messages.catalog import Help
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.texts import SandboxTexts
from assistant.services import campaign_run, campaign_telling, campaigns, inbound, messaging, sending
from assistant.services.addressing import Addressee
from assistant.services.campaigns import Draft
from assistant.services.inbound import Incoming
from tests.world import PUBLIC, SPA_NUMBER, World

NOON = datetime(2026, 7, 7, 18, tzinfo=UTC)
SIX = datetime(2026, 7, 8, 0, tzinfo=UTC)
"""Six o'clock in Denver: the end of the hours for offers."""
SECOND = timedelta(seconds=1)
WORDS = "Fern & Lumen: hello ((first name)). Reply STOP to opt out."


@pytest.fixture
def world(database: Database):  # noqa: ANN201 - a generator of one
    with World.begun(database, NOON) as each:
        yield each


def people(world: World, many: int) -> list[str]:
    numbers = [f"+1505556{place:04d}" for place in range(many)]
    for place, number in enumerate(numbers):
        world.client(f"Ana{place}", number)
    world.rows("UPDATE phone SET sms_marketing = true RETURNING 1")
    return numbers


def offer(world: World, number: str, key: str) -> int:
    """An offer that is no campaign's, as a win-back is."""
    kind = type("Help", (Help,), {"message_class": MessageClass.MARKETING})
    words = kind(spa="Fern & Lumen", help_phone="(505) 555-0101", help_email="hello@example.com")
    with world.rt.unit_of_work() as uow:
        messaging.tell(uow, Addressee(world.spa.spa_id, number, "en"), words, key=key)
        [[found]] = uow.sql("SELECT id FROM outbound_message WHERE key = %s", (key,)).fetchall()
    return int(found)


def campaign(world: World, words: str = WORDS, name: str = "July") -> int:
    """One that is told to everyone as soon as it is asked to."""
    wanted = Draft(name=name, purpose=Purpose.OFFER, texts=({"en": words},), holdout_percent=0)
    with world.rt.unit_of_work() as uow:
        found = campaigns.draft(uow, world.spa.spa_id, wanted, actor="staff:owner")
        uow.sql("UPDATE campaign SET status = 'sending', starts_at = %s, planned_at = %s", (uow.now, uow.now))
        uow.sql(
            """INSERT INTO campaign_recipient (spa_id, campaign_id, client_id, address, arm, place, due_at, chosen_at)
               SELECT c.spa_id, %s, c.id, p.number, 0, 'planned', %s, %s FROM client c
               JOIN client_phone cp ON (cp.spa_id, cp.client_id) = (c.spa_id, c.id)
               JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)""",
            (found, uow.now, uow.now),
        )
    return found


@dataclass
class Waiting:
    """A line at whose end the clock moves on while somebody waits for their turn."""

    world: World
    seconds: int

    def wait(self, account: str | None, endpoint: str) -> None:
        assert (account, endpoint) == ("texts", "offers")
        self.world.clock.advance(self.seconds * SECOND)


def test_who_waited_past_the_hour_waits_for_the_next_day(world: World) -> None:
    """Claimed ten seconds before six, and it is its turn twenty seconds later (`reliability.md` I09)."""
    [number] = people(world, 1)
    world.clock.advance(SIX - 10 * SECOND - NOON)
    offer(world, number, "k")
    sending.send_slice(replace(world.rt, offers_pace=Waiting(world, 20)))
    assert world.received(number) == []
    world.settle()
    assert world.received(number) == []
    [(due_at, status)] = world.rows("SELECT due_at, status FROM outbound_message")
    assert (due_at, status) == (SIX + timedelta(hours=16), "waiting")


def test_the_carrier_may_hold_it_until_the_hour_ends_and_no_longer(world: World) -> None:
    """However long it waited for its turn: the validity is what is left then (`rules.md` 2.7)."""
    [number] = people(world, 1)
    world.clock.advance(SIX - 30 * SECOND - NOON)
    offer(world, number, "k")
    world.book.faults.add(Fault(FaultKind.HOLD, number, seconds=25))
    sending.send_slice(replace(world.rt, offers_pace=Waiting(world, 20)))
    [sent] = world.book.thread(number)
    assert sent.validity_seconds == 10
    world.pass_time(timedelta(minutes=1))
    assert world.rows("SELECT status FROM outbound_message") == [("failed",)]


def test_room_for_less_than_one_text_is_no_room(world: World) -> None:
    """The day has one segment left, and each text takes two: it waits, and does not ask again and again."""
    people(world, 3)
    campaign(world, f"{WORDS} {'x' * 150}")
    world.rows(
        "INSERT INTO sending_day (spa_id, day, offers) VALUES (1, '2026-07-07', 1599) RETURNING 1",
    )
    steps = 0
    while campaign_telling.tell_next(world.rt):
        steps += 1
        assert steps < 10, "it goes round and round"
    assert world.rows("SELECT count(*) FROM outbound_message") == [(0,)]
    assert world.rows("SELECT place, count(*) FROM campaign_recipient GROUP BY 1") == [("planned", 3)]


def test_two_offers_to_one_phone_are_not_on_the_wire_together(world: World) -> None:
    """The older one was put off for a minute; the younger is about to be sent as the older is due again."""
    [number] = people(world, 1)
    older, younger = offer(world, number, "older"), offer(world, number, "younger")
    world.rows(
        "UPDATE outbound_message SET due_at = %s WHERE id = %s RETURNING 1", (world.clock.now() + 30 * SECOND, older)
    )
    asked: list[int] = []

    def edge(name: str) -> None:
        if name == "committed" and not asked:
            asked.append(younger)
            world.clock.advance(31 * SECOND)
            sending.send_slice(world.rt)

    sending.send_slice(replace(world.rt, edge=edge))
    world.settle()
    assert len(world.received(number)) == 1, "one a day"
    assert dict(world.rows("SELECT id, status FROM outbound_message"))[older] == "waiting"


def test_who_lets_a_campaign_go_on_that_paused_itself_is_obeyed(world: World) -> None:
    """Until it goes badly again. Sixty at a time: they cannot be reached, nobody is told; they are; they cannot."""
    numbers = people(world, 240)
    world.rows("""UPDATE spa SET sending = '{"tier": "vetted_high"}' RETURNING 1""")
    found = campaign(world)
    lots = "UPDATE campaign_recipient SET due_at = due_at + (client_id - 1) / 60 * interval '1 hour' RETURNING 1"
    assert len(world.rows(lots)) == 240

    def run(*, reached: bool) -> tuple[object, ...]:
        """How it stands after an hour more, and how many were told in it."""
        before = sum(len(world.received(number)) for number in numbers)
        world.book.faults.lift()
        if not reached:
            world.book.faults.add(Fault(FaultKind.UNDELIVERED, None, code=30006, times=None))
        while campaign_telling.tell_next(world.rt):
            pass
        world.settle()
        world.clock.advance(timedelta(hours=1))
        [(status, why)] = world.rows("SELECT status, held_for FROM campaign")
        return status, why, sum(len(world.received(number)) for number in numbers) - before

    assert run(reached=False) == ("sending", None, 60)
    assert run(reached=True) == ("held", "failures", 0)
    with world.rt.unit_of_work() as uow:
        campaigns.resume(uow, world.spa.spa_id, found, actor="staff:owner")
    assert run(reached=True) == ("sending", None, 120)
    assert run(reached=False) == ("sending", None, 60)
    world.rows("UPDATE campaign_recipient SET place = 'planned' WHERE client_id = 1 RETURNING 1")
    assert run(reached=True) == ("held", "failures", 0)


@dataclass
class Wire:
    """The provider, slow enough for many to be on the wire: when each one's last question was asked."""

    world: World
    asked: dict[int, int] = field(default_factory=dict)
    """By thread: how many words had been kept when it last asked whether it may go."""
    begun: list[tuple[str, int]] = field(default_factory=list)
    kept: int = 0
    lock: Lock = field(default_factory=Lock)

    def edge(self, name: str) -> None:
        if name == "commit":
            self.asked[get_ident()] = self.kept

    def send(self, text: Text) -> Answer:
        with self.lock:
            self.begun.append((text.recipient, self.asked[get_ident()]))
        return SandboxTexts(self.world.book, PUBLIC).send(text)


def test_nothing_begins_after_a_stop_is_kept(world: World) -> None:
    """Eight threads send four hundred offers while everybody, from the last to the first, says STOP (F33)."""
    numbers = people(world, 400)
    world.rows("""UPDATE spa SET sending = '{"tier": "vetted_high", "reserved_percent": 0}' RETURNING 1""")
    for number in numbers:
        offer(world, number, number)
    wire = Wire(world)
    kept_at: dict[str, int] = {}

    def stop_everyone() -> None:
        for place, number in enumerate(reversed(numbers), 1):
            inbound.keep(world.rt, Incoming(f"SM{number}", number, SPA_NUMBER, "please stop texting me", {}))
            kept_at[number], wire.kept = place, place

    sender = Thread(
        target=lambda: sending.send_offers(replace(world.rt, texts=wire, edge=wire.edge), threads=8)  # type: ignore[arg-type]
    )
    stopper = Thread(target=stop_everyone)
    for each in (sender, stopper):
        each.start()
    for each in (sender, stopper):
        each.join()
    late = [number for number, asked in wire.begun if asked >= kept_at[number]]
    assert late == []
    assert 0 < len(wire.begun) < 400, "they met somewhere in the middle"
    assert len({number for number, _ in wire.begun}) == len(wire.begun)


def test_redis_killed_in_the_middle_loses_and_doubles_nothing(world: World, tmp_path: Path) -> None:
    """Pacing falls back on the process itself, and the bells that are lost are rung again by the sweep."""
    numbers = people(world, 12)
    campaign(world)
    redis = LocalRedis.at(tmp_path)
    process = subprocess.Popen(redis.command(), stdout=subprocess.DEVNULL)
    redis.wait_ready(alive=lambda: process.poll() is None)
    sent = 0

    @dataclass
    class Killing:
        """Sends; at the fifth text Redis dies as by `kill -9`."""

        inner: object

        def send(self, text: Text) -> Answer:
            nonlocal sent
            sent += 1
            if sent == 5:
                process.kill()
                process.wait()
            return self.inner.send(text)  # type: ignore[attr-defined,no-any-return]

    with connect(redis.url) as server:
        pace = RedisPacer(server, Rate(overall=2_000, endpoint=2_000))
        queue = RqQueue(server)
        rt = replace(world.rt, offers_pace=pace, queue=queue, texts=Killing(world.rt.texts))
        for _ in range(8):
            while campaign_run.next_step(rt) + sending.send_slice(rt):
                pass
            world.clock.advance(60 * SECOND)
    assert process.poll() is not None
    world.settle()
    assert [len(world.received(number)) for number in numbers] == [1] * 12
    assert world.rows("SELECT status FROM campaign") == [("done",)]
