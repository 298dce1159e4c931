"""The outbox on a real database beside Twilio's own book: each message once, never past the gate, never lost."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from threading import Barrier, Lock, Thread

import psycopg
import pytest

from assistant.domain.consent import MessageClass
from assistant.domain.delivery import REMEDIES, TWILIO, Act, Status
from assistant.doorbells import Doorbell
from assistant.gateways.ports import Accepted, Answer, Refused, Text, Texts, Unanswered
from assistant.messages.catalog import Help, Message
from assistant.runtime import Runtime
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.texts import SandboxTexts
from assistant.sandbox.wire import Message as Sent
from assistant.services import consent, inbound, messaging, sending, sweep
from assistant.services.inbound import Incoming
from assistant.services.messaging import Addressee
from tests.world import ANA, PUBLIC, SPA_NUMBER, World

STRANGER = "+15055550177"
MINUTE = timedelta(minutes=1)
WORDS = Help(spa="Fern & Lumen", help_phone="(505) 555-0101", help_email="hello@example.com")


def of_class(message_class: MessageClass) -> Message:
    """The same words, sent as a message of another class."""
    kind = type("Help", (Help,), {"message_class": message_class})
    return kind(spa=WORDS.spa, help_phone=WORDS.help_phone, help_email=WORDS.help_email)


def tell(world: World, key: str = "k", number: str = ANA, message: Message = WORDS) -> int:
    """Write a message down; its id."""
    with world.rt.unit_of_work() as uow:
        messaging.tell(uow, Addressee(world.spa.spa_id, number, "en"), message, key=key)
        [[message_id]] = uow.sql("SELECT id FROM outbound_message WHERE key = %s", (key,)).fetchall()
    return message_id


def send_all(rt: Runtime) -> int:
    sent = 0
    while step(rt):
        sent += 1
    return sent


def step(rt: Runtime) -> bool:
    """The next message, or else the next offers: those have a line of their own."""
    return messaging.deliver_next(rt) or sending.send_slice(rt) > 0


def row(world: World, message_id: int) -> dict[str, object]:
    columns = "status, reason, error_code, attempts, asked_at, leased_until, provider_id, settled_at, due_at"
    [values] = world.rows(f"SELECT {columns} FROM outbound_message WHERE id = %s", (message_id,))
    return dict(zip(columns.split(", "), values, strict=True))


def status(world: World, message_id: int) -> tuple[object, object]:
    found = row(world, message_id)
    return found["status"], found["reason"]


def taken(world: World, phone: str = ANA) -> list[Sent]:
    """What Twilio took for a phone, oldest first: its own record, not ours."""
    return [each for each in world.book.thread(phone) if not each.is_inbound]


def phone_row(world: World, number: str = ANA) -> tuple[object, object]:
    [found] = world.rows("SELECT suppressed_at, unreachable_code FROM phone WHERE number = %s", (number,))
    return found[0], found[1]


def stop(world: World, number: str = ANA) -> None:
    inbound.keep(world.rt, Incoming(f"SM{number}", number, SPA_NUMBER, "please stop texting me", {}))


def heard(
    world: World, message_id: int, said: Status, *, sid: str = "SM1", code: int | None = None, spa: int = 0
) -> bool:
    with world.rt.unit_of_work() as uow:
        return messaging.heard(uow, spa or world.spa.spa_id, message_id, provider_id=sid, status=said, code=code)


class Killed(BaseException):
    """The machine under a worker has gone."""


@dataclass
class Wrapped:
    """Texts with something done to the sending of each."""

    inner: Texts
    around: Callable[[Callable[[], Answer]], Answer]
    found: Answer | None = None
    finds: list[Text] = field(default_factory=list)

    def send(self, text: Text) -> Answer:
        return self.around(lambda: self.inner.send(text))

    def find(self, text: Text, *, since: datetime, known: frozenset[str]) -> Accepted | Unanswered | None:
        self.finds.append(text)
        return self.found if isinstance(self.found, Unanswered) else self.inner.find(text, since=since, known=known)

    def redact(self, provider_id: str) -> bool:
        return self.inner.redact(provider_id)


@pytest.fixture(autouse=True)
def ana(world: World) -> int:
    return world.client("Ana")


# --- writing down ------------------------------------------------------------------------------------------------


def test_what_is_told_is_written_once_and_rung_for_after_the_commit(world: World) -> None:
    assert tell(world) == tell(world)

    assert set(world.bells.rung) == {Doorbell.DELIVER}
    assert send_all(world.rt) == 1
    assert [each.body.startswith("Fern & Lumen") for each in taken(world)] == [True]


def test_nothing_is_rung_for_what_was_rolled_back(world: World) -> None:
    def both() -> None:
        with world.rt.unit_of_work() as uow:
            messaging.tell(uow, Addressee(world.spa.spa_id, ANA, "en"), WORDS, key="k")
            raise Killed

    with pytest.raises(Killed):
        both()
    assert world.bells.rung == []
    assert not messaging.deliver_next(world.rt)


# --- the gate ----------------------------------------------------------------------------------------------------

LATE = timedelta(hours=24)
GATE = [
    ("SET suppressed_at = now()", MessageClass.CONVERSATION_REPLY, timedelta(0), "suppressed"),
    ("SET suppressed_at = now()", MessageClass.TRANSACTIONAL, timedelta(0), "suppressed"),
    ("SET suppressed_at = now(), sms_marketing = true", MessageClass.MARKETING, timedelta(0), "opted_out"),
    ("SET unreachable_at = now()", MessageClass.CONVERSATION_REPLY, timedelta(0), "unreachable"),
    ("SET sms_transactional = false", MessageClass.TRANSACTIONAL, timedelta(0), "no_consent"),
    ("SET sms_marketing = false", MessageClass.MARKETING, timedelta(0), "no_consent"),
    ("SET suppressed_at = NULL", MessageClass.OPTOUT_CONFIRM, timedelta(0), "too_late"),
    ("SET suppressed_at = '2026-11-20 18:00Z'", MessageClass.OPTOUT_CONFIRM, 5 * MINUTE, "too_old"),
    ("SET suppressed_at = '2026-11-20 17:59Z'", MessageClass.OPTOUT_CONFIRM, 4.5 * MINUTE, "too_late"),
    ("SET id = DEFAULT", MessageClass.CONVERSATION_REPLY, LATE, "too_old"),
    ("SET id = DEFAULT", MessageClass.TRANSACTIONAL, LATE, "too_old"),
]


@pytest.mark.parametrize(("state", "message_class", "after", "reason"), GATE)
def test_what_may_not_be_sent_is_dropped_and_never_reaches_twilio(
    world: World, state: str, message_class: MessageClass, after: timedelta, reason: str
) -> None:
    message = tell(world, message=of_class(message_class))
    if "DEFAULT" not in state:
        world.rows(f"UPDATE phone {state} RETURNING 1")
    world.clock.advance(after)

    assert step(world.rt)

    assert status(world, message) == ("dropped", reason)
    assert not step(world.rt)
    assert world.book.waiting() == 0
    assert taken(world) == []


@pytest.mark.parametrize("message_class", MessageClass)
def test_what_may_be_sent_is(world: World, message_class: MessageClass) -> None:
    world.rows("UPDATE phone SET sms_marketing = true RETURNING 1")
    if message_class is MessageClass.OPTOUT_CONFIRM:
        world.rows("UPDATE phone SET suppressed_at = %s RETURNING 1", (world.clock.now(),))
    message = tell(world, message=of_class(message_class))

    world.settle()

    assert status(world, message) == ("delivered", None)
    assert len(taken(world)) == 1


def test_at_night_a_notice_waits_for_the_morning_and_an_answer_does_not(world: World) -> None:
    world.clock.at = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)  # half past eleven at night in Denver
    notice, answer = tell(world, "n", message=of_class(MessageClass.TRANSACTIONAL)), tell(world, "a")

    world.settle()

    assert (status(world, notice)[0], status(world, answer)[0]) == ("waiting", "delivered")
    assert row(world, notice)["due_at"] == datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    world.pass_time(timedelta(hours=8, minutes=29))
    assert status(world, notice)[0] == "waiting"
    world.pass_time(MINUTE)
    assert status(world, notice)[0] == "delivered"
    assert row(world, notice)["attempts"] == 1


@pytest.mark.parametrize("number", [ANA, STRANGER])
def test_an_opt_out_after_the_telling_wins(world: World, number: str) -> None:
    message = tell(world, number=number)
    stop(world, number)
    send_all(world.rt)
    assert status(world, message) == ("dropped", "suppressed")
    assert taken(world, number) == []


@pytest.mark.parametrize("number", [ANA, STRANGER])
def test_an_opt_out_waits_for_a_gate_that_is_open(world: World, number: str) -> None:
    """So that what is sent was allowed when it was committed to, and the next thing is not."""
    first, second = tell(world, "1", number), tell(world, "2", number)
    stopping = Thread(target=stop, args=(world, number))
    waited: list[bool] = []

    def edge(name: str) -> None:
        if name == "commit" and not waited:
            stopping.start()
            stopping.join(0.3)
            waited.append(stopping.is_alive())

    messaging.deliver_next(replace(world.rt, edge=edge, texts=SandboxTexts(world.book, PUBLIC)))
    stopping.join(5)
    send_all(world.rt)

    assert waited == [True]
    assert phone_row(world, number)[0] is not None
    assert (status(world, first)[0], status(world, second)) == ("accepted", ("dropped", "suppressed"))
    assert len(taken(world, number)) == 1


@pytest.mark.parametrize("number", [ANA, STRANGER])
def test_the_gate_waits_for_an_opt_out_that_is_being_kept(world: World, number: str) -> None:
    tell(world, "before", number)
    send_all(world.rt)  # a number that has been sent to has its row
    message = tell(world, "after", number)
    sending = Thread(target=messaging.deliver_next, args=(replace(world.rt, texts=SandboxTexts(world.book, PUBLIC)),))
    waited: list[bool] = []

    def edge(name: str) -> None:
        if name == "commit":
            sending.start()
            sending.join(0.3)
            waited.append(sending.is_alive())

    stop(replace(world, rt=replace(world.rt, edge=edge)), number)
    sending.join(5)

    assert waited == [True]
    assert status(world, message) == ("dropped", "suppressed")
    assert len(taken(world, number)) == 1


# --- refusals ----------------------------------------------------------------------------------------------------

SLOW = [code for code, remedy in REMEDIES.items() if remedy.act is Act.SLOW_DOWN and code]


@pytest.mark.parametrize("code", SLOW)
def test_a_throttled_message_waits_its_turn(world: World, code: int) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.REFUSE, code=code, times=3))
    waits = []
    for _ in range(3):
        assert messaging.deliver_next(world.rt)
        assert not messaging.deliver_next(world.rt)
        found = row(world, message)
        assert (found["status"], found["asked_at"], found["leased_until"]) == ("waiting", None, None)
        waits.append(found["due_at"] - world.clock.now())  # type: ignore[operator]
        world.clock.at = found["due_at"]  # type: ignore[assignment]
    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]

    world.settle()

    assert (row(world, message)["status"], row(world, message)["attempts"]) == ("delivered", 4)
    assert len(taken(world)) == 1


def test_a_request_that_never_left_waits_its_turn_too(world: World) -> None:
    message = tell(world)
    away = Wrapped(world.rt.texts, lambda _send: Refused(0, "not sent"))
    messaging.deliver_next(replace(world.rt, texts=away))
    assert status(world, message)[0] == "waiting"
    world.pass_time(timedelta(seconds=2))
    assert status(world, message)[0] == "delivered"


def test_throttled_for_good_it_is_given_up_on_for_an_hour(world: World) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.REFUSE, code=20429, times=8))
    for _ in range(7):
        world.pass_time(timedelta(seconds=129))
    assert status(world, message)[0] == "waiting"
    world.pass_time(timedelta(seconds=129))
    assert status(world, message) == ("failed", "refused")
    assert taken(world) == []
    world.pass_time(timedelta(hours=1))
    assert len(taken(world)) == 1


@pytest.mark.parametrize("held", [True, False])
def test_being_held_is_not_being_refused(world: World, held: bool) -> None:
    """A message that waited for the spa's own number all day is still as patient with a throttle as any."""
    message = tell(world)
    if held:
        world.rows("UPDATE spa SET sending_stopped = 'test' WHERE spa_id = %s RETURNING 1", (world.spa.spa_id,))
        for _ in range(12):
            world.pass_time(15 * MINUTE)
        world.rows("UPDATE spa SET sending_stopped = NULL RETURNING 1")
    world.book.faults.add(Fault(FaultKind.REFUSE, code=20429))
    world.pass_time(15 * MINUTE)
    assert status(world, message)[0] == "waiting"
    world.pass_time(timedelta(seconds=2))
    assert status(world, message)[0] == "delivered"


BY_REFUSAL = Fault(FaultKind.REFUSE, code=1)
BY_CALLBACK = Fault(FaultKind.UNDELIVERED, code=1)
GIVING_UP = [(BY_REFUSAL, "failed"), (BY_CALLBACK, "undelivered")]


@pytest.mark.parametrize(("fault", "ends"), GIVING_UP)
def test_the_carriers_opt_out_is_ours(world: World, fault: Fault, ends: str) -> None:
    message = tell(world)
    world.book.faults.add(replace(fault, code=21610))
    world.settle()

    assert (row(world, message)["status"], row(world, message)["error_code"]) == (ends, 21610)
    assert phone_row(world)[0] == world.clock.now()
    assert world.rows("SELECT change, source FROM consent_change") == [("stopped", "carrier")]
    later = tell(world, "later")
    world.settle()
    assert status(world, later) == ("dropped", "suppressed")


@pytest.mark.parametrize("code", [code for code, remedy in REMEDIES.items() if remedy.act is Act.UNREACHABLE])
@pytest.mark.parametrize(("fault", "ends"), GIVING_UP)
def test_a_number_that_cannot_be_texted_is_not_texted_again(world: World, fault: Fault, ends: str, code: int) -> None:
    message = tell(world)
    world.book.faults.add(replace(fault, code=code))
    world.settle()

    assert row(world, message)["status"] == ends
    assert phone_row(world) == (None, code)
    later = tell(world, "later")
    world.settle()
    assert status(world, later) == ("dropped", "unreachable")


TRIED_AGAIN = [(code, remedy.waits) for code, remedy in REMEDIES.items() if remedy.act is Act.TRY_AGAIN]


def test_an_unreachable_phone_is_tried_twice_more() -> None:
    assert dict(TRIED_AGAIN)[30003] == (timedelta(hours=1), timedelta(hours=12))


@pytest.mark.parametrize(("code", "waits"), TRIED_AGAIN)
def test_what_may_work_later_is_tried_as_often_as_its_error_allows(
    world: World, code: int, waits: Sequence[timedelta]
) -> None:
    tell(world)
    world.book.faults.add(Fault(FaultKind.UNDELIVERED, code=code, times=None))
    world.book.faults.add(Fault(FaultKind.DUPLICATE_CALLBACKS, times=None))
    world.settle()
    for tries, wait in enumerate(waits, 1):
        world.pass_time(wait - timedelta(seconds=1))
        assert len(taken(world)) == tries
        world.pass_time(timedelta(seconds=1))
        assert len(taken(world)) == tries + 1
    world.pass_time(timedelta(hours=23))
    world.pass_time(timedelta(hours=23))
    assert len(taken(world)) == len(waits) + 1
    assert {each for (each,) in world.rows("SELECT status FROM outbound_message")} == {"undelivered"}


def test_what_worked_the_second_time_is_not_tried_a_third(world: World) -> None:
    tell(world)
    world.book.faults.add(Fault(FaultKind.UNDELIVERED, code=30003))
    for _ in range(30):
        world.pass_time(timedelta(hours=1))
    assert world.rows("SELECT status FROM outbound_message ORDER BY id") == [("undelivered",), ("delivered",)]


def test_three_messages_in_a_row_to_a_phone_that_is_off_are_enough(world: World) -> None:
    """Then another way is found, until they text us (`rules.md` 3.6, 30003)."""
    for number in range(3):
        tell(world, f"told:{number}")
        world.book.faults.add(Fault(FaultKind.UNDELIVERED, code=30003, times=3))
        for _ in range(15):
            world.pass_time(timedelta(hours=1))
        unreachable = world.rows("SELECT unreachable_at IS NOT NULL FROM phone")
        assert unreachable == [(number == 2,)]
        world.book.faults.lift()
    world.say("thanks")
    assert world.rows("SELECT unreachable_at IS NOT NULL FROM phone") == [(False,)]


@pytest.mark.parametrize("code", [code for code, remedy in REMEDIES.items() if remedy.act is Act.STOP_SENDER])
def test_a_sender_that_may_not_send_holds_everything(world: World, code: int) -> None:
    first = tell(world)
    world.book.faults.add(Fault(FaultKind.REFUSE, code=code))
    world.settle()
    later = tell(world, "later")
    world.settle()

    assert status(world, first) == ("failed", "refused")
    assert world.rows("SELECT act, subject FROM audit WHERE act = 'sending_stopped'") == [
        ("sending_stopped", f"error:{code}")
    ]
    assert (status(world, later)[0], len(taken(world))) == ("waiting", 0)
    world.pass_time(15 * MINUTE)
    assert len(taken(world)) == 0
    world.rows("UPDATE spa SET sending_stopped = NULL RETURNING 1")
    world.pass_time(15 * MINUTE)
    assert status(world, later)[0] == "delivered"


@pytest.mark.parametrize("code", [77777, 30007])
@pytest.mark.parametrize(("fault", "ends"), GIVING_UP)
def test_an_error_nobody_knows_is_for_a_person(world: World, fault: Fault, ends: str, code: int) -> None:
    message = tell(world)
    world.book.faults.add(replace(fault, code=code))
    world.settle()
    assert row(world, message)["status"] == ends
    assert world.rows("SELECT subject, after FROM audit WHERE act = 'message_failed'") == [
        (f"message:{message}", {"code": code})
    ]
    assert phone_row(world) == (None, None)


# --- lost answers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [Fault(FaultKind.FAIL_AFTER), Fault(FaultKind.HANG_AFTER, seconds=30)])
def test_a_lost_answer_is_found_in_the_callback(world: World, lost: Fault) -> None:
    message = tell(world)
    world.book.faults.add(lost)
    send_all(world.rt)
    assert row(world, message) | {"status": "waiting", "leased_until": None} == row(world, message)

    world.settle()
    world.pass_time(10 * MINUTE)

    [only] = taken(world)
    assert (row(world, message)["status"], row(world, message)["provider_id"]) == ("delivered", only.sid)


def test_with_the_callback_lost_too_it_is_looked_up_after_a_minute(world: World) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.FAIL_AFTER))
    world.book.faults.add(Fault(FaultKind.LOSE_CALLBACKS))
    world.settle()
    world.pass_time(MINUTE)
    assert status(world, message)[0] == "waiting"

    world.pass_time(timedelta(seconds=1))

    [only] = taken(world)
    assert (row(world, message)["status"], row(world, message)["provider_id"]) == ("accepted", only.sid)
    world.pass_time(timedelta(hours=1))
    assert len(taken(world)) == 1


def test_what_was_never_taken_is_sent_once_more_and_once_only(world: World) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.FAIL_BEFORE))
    world.settle()
    world.pass_time(MINUTE)
    assert taken(world) == []
    world.pass_time(timedelta(seconds=1))
    for _ in range(5):
        world.pass_time(10 * MINUTE)
    assert len(taken(world)) == 1
    assert (row(world, message)["status"], row(world, message)["attempts"]) == ("delivered", 2)


def test_what_is_never_taken_is_given_up_on(world: World) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.FAIL_BEFORE, times=None))
    for _ in range(12):
        world.pass_time(timedelta(seconds=61))
    assert (status(world, message), row(world, message)["attempts"]) == (("failed", "never_taken"), 8)


def test_an_offer_in_doubt_is_never_repeated(world: World) -> None:
    world.rows("UPDATE phone SET sms_marketing = true RETURNING 1")
    message = tell(world, message=of_class(MessageClass.MARKETING))
    world.book.faults.add(Fault(FaultKind.FAIL_BEFORE))
    world.settle()
    world.pass_time(timedelta(seconds=61))
    assert status(world, message) == ("dropped", "in_doubt")
    assert taken(world) == []


def test_while_twilio_cannot_be_asked_nothing_is_decided(world: World) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.FAIL_BEFORE))
    world.settle()
    away = Wrapped(world.rt.texts, lambda send: send(), found=Unanswered("away"))
    for _ in range(20):
        world.clock.advance(MINUTE)
        assert messaging.resolve_doubt(replace(world.rt, texts=away)) == 0
    assert len(away.finds) >= 18
    assert status(world, message)[0] == "waiting"
    world.pass_time(MINUTE)
    assert (status(world, message)[0], len(taken(world))) == ("delivered", 1)


@pytest.mark.parametrize("losses", [(FaultKind.FAIL_AFTER,) * 3, (FaultKind.FAIL_BEFORE, *(FaultKind.FAIL_AFTER,) * 2)])
def test_alike_messages_in_doubt_together_are_each_settled(world: World, losses: Sequence[FaultKind]) -> None:
    """The same words to the same phone three times: three texts, whichever of them was lost in whichever way."""
    messages = [tell(world, f"k{n}") for n in range(3)]
    for kind in losses:
        world.book.faults.add(Fault(kind))
        world.book.faults.add(Fault(FaultKind.LOSE_CALLBACKS))
    for _ in range(4):
        world.settle()
        world.pass_time(timedelta(seconds=61))
    sids = {row(world, message)["provider_id"] for message in messages}
    assert sids == {each.sid for each in taken(world)}
    assert len(sids) == 3


# --- callbacks ---------------------------------------------------------------------------------------------------

LIVES = [
    ("queued", "sent", "delivered"),
    ("accepted", "sending", "sent", "undelivered"),
    ("sent", "undelivered", "delivered"),
    ("queued", "failed"),
]


@pytest.mark.parametrize("life", LIVES, ids=" ".join)
def test_callbacks_in_any_order_and_any_number_only_move_it_forward(world: World, life: Sequence[str]) -> None:
    for number, order in enumerate(permutations(life)):
        message = tell(world, f"k{number}", f"+1505555{1000 + number}")
        last = -1
        for said in [*order, *order[::-1]]:
            heard(world, message, TWILIO[said], sid=f"SM{number}")
            rank = Status(str(row(world, message)["status"])).rank
            assert rank >= last
            last = rank
        assert last == max(TWILIO[said].rank for said in life)


def test_a_callback_that_comes_before_the_answer_is_not_undone_by_it(world: World) -> None:
    message = tell(world)

    def called_back_first(send: Callable[[], Answer]) -> Answer:
        answer = send()
        world.book.pump(world.deliver)
        assert status(world, message)[0] == "delivered"
        return answer

    messaging.deliver_next(replace(world.rt, texts=Wrapped(world.rt.texts, called_back_first)))
    assert status(world, message)[0] == "delivered"


def test_a_callback_of_another_text_changes_nothing(world: World) -> None:
    first, second = tell(world, "1"), tell(world, "2")
    assert heard(world, first, Status.SENT, sid="SM1")
    before = world.rows("SELECT * FROM outbound_message ORDER BY id")

    assert not heard(world, first, Status.DELIVERED, sid="SM2")
    assert not heard(world, second, Status.DELIVERED, sid="SM1")
    assert not heard(world, first + 100, Status.DELIVERED)
    assert not heard(world, first, Status.DELIVERED, spa=world.spa.spa_id + 1)
    assert not heard(world, first, Status.ACCEPTED)

    assert world.rows("SELECT * FROM outbound_message ORDER BY id") == before


def test_the_database_lets_no_status_go_back(world: World) -> None:
    message = tell(world)
    for later in range(1, len(Status)):
        world.rows("UPDATE outbound_message SET status = %s WHERE id = %s RETURNING 1", (list(Status)[later], message))
        for earlier in list(Status)[:later]:
            with pytest.raises(psycopg.errors.RestrictViolation):
                world.rows("UPDATE outbound_message SET status = %s RETURNING 1", (earlier,))


# --- workers -----------------------------------------------------------------------------------------------------


def test_eight_workers_send_each_message_once_and_each_phones_in_order(world: World) -> None:
    phones = [f"+1505555012{n}" for n in range(6)]
    for n in range(8):
        for phone in phones:
            tell(world, f"{phone}:{n}", phone)
    lock, wire, barrier = Lock(), {"now": 0, "most": 0}, Barrier(8)

    def slow(send: Callable[[], Answer]) -> Answer:
        with lock:
            wire["now"] += 1
            wire["most"] = max(wire.values())
        time.sleep(0.004)
        answer = send()
        with lock:
            wire["now"] -= 1
        return answer

    def worker(_number: int) -> int:
        barrier.wait()
        return send_all(replace(world.rt, texts=Wrapped(SandboxTexts(world.book, PUBLIC), slow)))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(worker, range(8))) == 48

    for phone in phones:
        asked = [each.callback_url for each in taken(world, phone)]
        ids = world.rows("SELECT id FROM outbound_message WHERE recipient = %s ORDER BY id", (phone,))
        assert asked == [f"https://spa.example.com/webhooks/twilio/status?m={m}&s={world.spa.spa_id}" for (m,) in ids]
    assert wire["most"] > 1


def test_a_message_on_its_way_holds_the_next_to_that_phone_and_no_other(world: World) -> None:
    first, second, other = tell(world, "1"), tell(world, "2"), tell(world, "3", STRANGER)
    seen: list[object] = []

    def while_sending(send: Callable[[], Answer]) -> Answer:
        messaging.deliver_next(world.rt)
        messaging.deliver_next(world.rt)
        seen.extend(status(world, each)[0] for each in (first, second, other))
        return send()

    messaging.deliver_next(replace(world.rt, texts=Wrapped(world.rt.texts, while_sending)))
    assert seen == ["waiting", "waiting", "accepted"]
    send_all(world.rt)
    assert [status(world, each)[0] for each in (first, second)] == ["accepted", "accepted"]


@pytest.mark.parametrize("taken_first", [True, False])
@pytest.mark.parametrize("callbacks", [True, False])
def test_what_a_dead_worker_was_sending_is_in_doubt_and_then_settled(
    world: World, taken_first: bool, callbacks: bool
) -> None:
    message = tell(world)
    if not callbacks:
        world.book.faults.add(Fault(FaultKind.LOSE_CALLBACKS))

    def die(send: Callable[[], Answer]) -> Answer:
        if taken_first:
            send()
        raise Killed

    with pytest.raises(Killed):
        messaging.deliver_next(replace(world.rt, texts=Wrapped(world.rt.texts, die)))
    found = row(world, message)
    assert (found["status"], found["asked_at"]) == ("waiting", world.clock.now())
    assert found["leased_until"] == world.clock.now() + MINUTE

    world.settle()
    assert (status(world, message)[0] == "delivered") == (taken_first and callbacks)
    world.pass_time(MINUTE)
    assert len(taken(world)) == taken_first
    world.pass_time(timedelta(seconds=1))
    world.pass_time(10 * MINUTE)

    assert len(taken(world)) == 1
    assert status(world, message)[0] == ("delivered" if callbacks else "accepted")


@pytest.mark.parametrize("number", range(4))
def test_killed_at_any_commit_it_is_sent_once(world: World, number: int) -> None:
    message = tell(world)
    edges: list[str] = []

    def edge(name: str) -> None:
        edges.append(name)
        if len(edges) == number + 1:
            raise Killed

    with pytest.raises(Killed):
        messaging.deliver_next(replace(world.rt, edge=edge))
    world.settle()
    world.pass_time(timedelta(seconds=61))
    assert edges == ["commit", "committed"] * (number // 2) + ["commit", "committed"][: number % 2 + 1]
    assert (status(world, message)[0], len(taken(world))) == ("delivered", 1)


@pytest.mark.parametrize(
    "late", [Accepted("SM" + "f" * 32), Refused(77777, "no"), Refused(20429, "slow"), Unanswered("?")]
)
def test_a_worker_that_was_away_too_long_no_longer_has_a_say(world: World, late: Answer) -> None:
    """Its lease ran out, nothing was found, another worker sent the message: what the first heard is too late."""
    message = tell(world)

    def asleep(_send: Callable[[], Answer]) -> Answer:
        world.clock.advance(timedelta(seconds=62))
        sweep.sweep(world.rt)
        assert send_all(world.rt) == 1
        return late

    messaging.deliver_next(replace(world.rt, texts=Wrapped(world.rt.texts, asleep)))

    [only] = taken(world)
    found = row(world, message)
    assert (found["status"], found["provider_id"], found["error_code"]) == ("accepted", only.sid, None)
    world.settle()
    assert status(world, message)[0] == "delivered"
    assert world.rows("SELECT count(*) FROM outbound_message") == [(1,)]


@pytest.mark.parametrize("late", [Refused(77777, "no"), Refused(20429, "slow"), Unanswered("?")])
def test_nor_while_what_the_other_worker_heard_is_not_known_either(world: World, late: Answer) -> None:
    """The second worker's answer and news were lost: the message is in doubt, and the first must not decide it."""
    message = tell(world)

    def asleep(_send: Callable[[], Answer]) -> Answer:
        world.clock.advance(timedelta(seconds=62))
        sweep.sweep(world.rt)
        world.book.faults.add(Fault(FaultKind.FAIL_AFTER))
        world.book.faults.add(Fault(FaultKind.LOSE_CALLBACKS))
        assert send_all(world.rt) == 1
        return late

    messaging.deliver_next(replace(world.rt, texts=Wrapped(world.rt.texts, asleep)))
    assert status(world, message) == ("waiting", "the answer was lost")
    assert not messaging.deliver_next(world.rt)
    world.pass_time(timedelta(seconds=61))
    assert status(world, message)[0] == "accepted"
    assert len(taken(world)) == 1


def test_a_lease_is_never_shared(world: World) -> None:
    """Worker after worker dies before it asks: each has its own epoch, and the message is asked for once at a time."""
    message = tell(world)

    def die(_send: Callable[[], Answer]) -> Answer:
        raise Killed

    for epoch in range(1, 4):
        with pytest.raises(Killed):
            messaging.deliver_next(replace(world.rt, texts=Wrapped(world.rt.texts, die)))
        assert not messaging.deliver_next(world.rt)
        [[found]] = world.rows("SELECT epoch FROM outbound_message WHERE id = %s", (message,))
        assert found == epoch
        world.clock.advance(timedelta(seconds=61))
        assert messaging.resolve_doubt(world.rt) == 1
    assert send_all(world.rt) == 1


def test_an_opt_out_reaches_what_is_in_doubt_too(world: World) -> None:
    message = tell(world)
    world.book.faults.add(Fault(FaultKind.FAIL_BEFORE))
    world.settle()
    stop(world)
    world.pass_time(timedelta(seconds=61))
    assert status(world, message) == ("dropped", "suppressed")
    assert [each.body for each in taken(world) if "opted out" not in each.body] == []


def test_the_carrier_and_the_member_may_both_say_stop(world: World) -> None:
    stop(world)
    before = phone_row(world)
    with world.rt.unit_of_work() as uow:
        consent.stop(uow, world.spa.spa_id, ANA, consent.Source("carrier", {"code": 21610}))
    assert phone_row(world) == before


def test_a_number_that_was_given_up_and_texts_us_is_answered(world: World) -> None:
    tell(world)
    world.book.faults.add(Fault(FaultKind.REFUSE, code=30006))
    world.settle()
    assert phone_row(world) == (None, 30006)
    assert len(world.say("HELP")) == 1
    assert phone_row(world) == (None, None)
