"""The inbox on a real database: texts are kept once, card numbers never, a STOP at once, and all are answered."""

import json
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from threading import Barrier

import pytest

from assistant.conversation import router
from assistant.doorbells import Doorbell
from assistant.gateways.ports import Accepted, Answer, Text, Texts, Unanswered
from assistant.services import inbound, redaction, sweep
from assistant.services.inbound import Incoming
from tests.world import ANA, SPA_NUMBER, World

STRANGER = "+15055550177"
CARDS = ["4242424242424242", "5555555555554444", "378282246310005", "6011111111111117"]
TABLES = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"


def keep(world: World, sid: str, body: str, sender: str = ANA, to: str = SPA_NUMBER, **facts: str) -> int | None:
    return inbound.keep(world.rt, Incoming(sid, sender, to, body, facts))


def events(world: World, columns: str = "status, understood") -> list[tuple[object, ...]]:
    return world.rows(f"SELECT {columns} FROM inbound_event ORDER BY id")


def suppressed(world: World, number: str = ANA) -> bool:
    return world.rows("SELECT 1 FROM phone WHERE number = %s AND suppressed_at IS NOT NULL", (number,)) != []


def answer_all(world: World) -> int:
    answered = 0
    while router.answer_next(world.rt):
        answered += 1
    return answered


def everything_stored(world: World) -> str:
    """All that any text or JSON column of any table holds, the migrations' own table included."""
    stored = []
    for table, column in world.rows(f"{TABLES} AND data_type IN ('text', 'jsonb', 'json', 'character varying')"):
        stored += [str(value) for (value,) in world.rows(f'SELECT "{column}"::text FROM "{table}"')]
    return "\n".join(stored)


def digits_of(text: str) -> str:
    """Every digit of any script, in order, with nothing between."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if unicodedata.digit(letter, None) is not None)


@pytest.fixture(autouse=True)
def ana(world: World) -> int:
    return world.client("Ana")


# --- once --------------------------------------------------------------------------------------------------------


def test_kept_once_by_its_id_whoever_brings_it(world: World) -> None:
    for number, body in enumerate(("BALANCE", "please stop texting me", "my code is 123 456", f"card {CARDS[0]}")):
        barrier = Barrier(8)

        def bring(_copy: int, number: int = number, body: str = body, barrier: Barrier = barrier) -> int | None:
            barrier.wait()
            return keep(world, f"SM{number}", body)

        with ThreadPoolExecutor(8) as pool:
            kept = list(pool.map(bring, range(8)))
        assert len([each for each in kept if each is not None]) == 1

    assert len(events(world)) == 4
    assert world.rows("SELECT count(*) FROM consent_change") == [(1,)]
    assert world.rows("SELECT count(*) FROM audit WHERE act = 'card_number_removed'") == [(1,)]


def test_the_same_text_brought_again_changes_nothing(world: World) -> None:
    keep(world, "SM1", "BALANCE", NumMedia="0")
    world.settle()
    before = world.rows("SELECT * FROM inbound_event"), world.rows("SELECT * FROM outbound_message")
    world.bells.rung.clear()
    assert keep(world, "SM1", "please stop texting me", NumMedia="9") is None
    world.settle()
    assert (world.rows("SELECT * FROM inbound_event"), world.rows("SELECT * FROM outbound_message")) == before
    assert not suppressed(world)
    assert world.bells.rung == []


def test_kept_as_it_came_and_rung_for(world: World) -> None:
    event = keep(world, "SM1", "Hola señor\r\nbye", NumMedia="0", FromCity="TAOS", OptOutType="")
    [row] = events(world, "id, channel, external_id, sender, recipient, body, facts, received_at, status, card_removed")
    facts = {"NumMedia": "0", "OptOutType": ""}  # where they live is nothing we need
    words = "Hola señor\nbye"
    assert row == (event, "sms", "SM1", ANA, SPA_NUMBER, words, facts, world.clock.now(), "kept", False)
    assert world.bells.rung == [Doorbell.ANSWER]


def test_a_number_nobody_claims_is_kept_and_never_answered(world: World) -> None:
    for number, body in enumerate(("BALANCE", "STOP", f"card {CARDS[0]}", "1234")):
        keep(world, f"SM{number}", body, to="+15055550999")
    assert world.rows("SELECT DISTINCT spa_id, status, understood FROM inbound_event") == [(0, "silent", "unknown_spa")]
    world.settle()
    assert world.received() == []
    assert world.bells.rung == []
    assert not suppressed(world)
    assert CARDS[0] not in everything_stored(world)


# --- STOP --------------------------------------------------------------------------------------------------------

STOPS = ["STOP", "stop.", "Please stop texting me", "ALTO", "unsubscribe", "no more texts please"]


@pytest.mark.parametrize("number", [ANA, STRANGER])
@pytest.mark.parametrize("body", STOPS)
def test_an_opt_out_is_in_force_when_it_is_kept(world: World, body: str, number: str) -> None:
    keep(world, "SM1", body, number)
    assert suppressed(world, number)
    assert world.rows("SELECT change, source, evidence ->> 'words' FROM consent_change") == [
        ("stopped", "member", body)
    ]


def test_an_opt_out_whose_text_is_not_kept_is_not_in_force(world: World) -> None:
    """One transaction: the row and what it says are there together or not at all."""

    class PlugPulledError(BaseException):
        pass

    def edge(name: str) -> None:
        if name == "commit":
            raise PlugPulledError

    with pytest.raises(PlugPulledError):
        inbound.keep(replace(world.rt, edge=edge), Incoming("SM1", ANA, SPA_NUMBER, "STOP", {}))
    assert (events(world), suppressed(world)) == ([], False)


@pytest.mark.parametrize("start", ["START", "UNSTOP", "start"])
@pytest.mark.parametrize("later", ["please stop texting me", "STOP"])
def test_the_last_word_is_stop_even_while_nobody_thinks(world: World, start: str, later: str) -> None:
    keep(world, "SM0", "no more texts please")
    world.clock.advance(timedelta(seconds=1))
    keep(world, "SM1", start)
    world.clock.advance(timedelta(seconds=1))
    keep(world, "SM2", later)
    world.clock.advance(timedelta(hours=1))
    answer_all(world)
    assert suppressed(world)
    world.clock.advance(timedelta(seconds=1))
    keep(world, "SM3", "START")
    answer_all(world)
    assert not suppressed(world)


def test_the_last_word_is_start_even_while_nobody_thinks(world: World) -> None:
    keep(world, "SM0", "no more texts please")
    world.clock.advance(timedelta(seconds=1))
    keep(world, "SM1", "START")
    world.settle()
    assert not suppressed(world)
    assert len(world.received()) == 1  # that they are back: the confirmation of the opt-out came too late


def test_stop_said_three_times_is_confirmed_once(world: World) -> None:
    for number in range(3):
        keep(world, f"SM{number}", "please stop texting me")
        world.clock.advance(timedelta(seconds=number))
    world.settle()
    assert len(world.received()) == 1
    assert {status for status, _ in events(world)} == {"answered", "silent"}


# --- card numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize(
    "form", ["{}", "my card is {} exp 12/29 cvv 123", "stop {}", "{}\n{}", "a{}b", "BALANCE {}", "START {}", "   {}  "]
)
def test_a_card_number_is_never_stored(world: World, card: str, form: str) -> None:
    spaced = " ".join(card[i : i + 4] for i in range(0, len(card), 4))
    arabic = "".join(chr(0x660 + int(digit)) for digit in card)
    for number, spelt in enumerate((card, spaced, spaced.replace(" ", "-"), arabic)):
        keep(world, f"SM{number}", form.format(spelt, spelt), Caption=form.format(spelt, spelt), **{spelt: "x"})
        world.clock.advance(timedelta(minutes=3))
    world.settle()
    assert {removed for (removed,) in events(world, "card_removed")} == {True}
    assert card not in digits_of(everything_stored(world))


SPLITS = [(8,), (4,), (12,), (1,), (15,), (4, 8, 12), (2, 5, 9, 13), (1, 3, 5, 7, 9, 11, 13)]


@pytest.mark.parametrize("at", SPLITS, ids=str)
def test_nor_is_one_that_comes_in_pieces(world: World, at: Sequence[int]) -> None:
    card = CARDS[0]
    cuts = [0, *at, len(card)]
    for number, (start, end) in enumerate(pairwise(cuts)):
        keep(world, f"SM{number}", card[start:end])
        world.clock.advance(timedelta(seconds=100 // len(cuts)))
        if number % 2:
            world.settle()
    world.settle()
    assert card not in digits_of("".join(body for (body,) in events(world, "body")))  # type: ignore[misc]
    assert "[card removed]" in everything_stored(world)
    assert card not in digits_of(everything_stored(world))


def test_pieces_that_are_days_or_people_apart_are_none(world: World) -> None:
    keep(world, "SM1", "4242 4242")
    world.clock.advance(timedelta(minutes=3))
    keep(world, "SM2", "4242 4242")
    keep(world, "SM3", "4242 4242", STRANGER)
    assert {body for (body,) in events(world, "body")} == {"4242 4242"}


def test_pieces_brought_at_the_same_instant_are_seen(world: World) -> None:
    for turn in range(5):
        sender = f"+1505555013{turn}"
        barrier = Barrier(2)

        def bring(half: int, turn: int = turn, sender: str = sender, barrier: Barrier = barrier) -> None:
            barrier.wait()
            keep(world, f"SM{turn}{half}", "4242 4242", sender)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(bring, range(2)))
    assert "4242" not in "".join(str(body) for (body,) in events(world, "body"))


class Holding:
    """Texts whose provider will not wipe a message before it is asked so many times."""

    def __init__(self, inner: Texts, refusals: int) -> None:
        self.inner, self.refusals = inner, refusals
        self.wiped: list[str] = []

    def send(self, text: Text) -> Answer:
        return self.inner.send(text)

    def find(self, text: Text, *, since: object, known: frozenset[str]) -> Accepted | Unanswered | None:
        return self.inner.find(text, since=since, known=known)  # type: ignore[arg-type]

    def redact(self, provider_id: str) -> bool:
        self.refusals -= 1
        if self.refusals >= 0:
            return False
        self.wiped.append(provider_id)
        return self.inner.redact(provider_id)


def test_the_providers_own_copy_is_wiped_until_it_is(world: World) -> None:
    world.text(f"it is {CARDS[0]}")
    world.text("hello")
    world.settle()
    texts = Holding(world.rt.texts, refusals=3)
    rt = replace(world.rt, texts=texts)
    for _ in range(3):
        assert redaction.redact_due(rt) == 0
    assert CARDS[0] in str(world.book.thread(ANA))

    sweep.sweep(rt)
    sweep.sweep(rt)

    assert len(texts.wiped) == 1
    assert CARDS[0] not in str(world.book.thread(ANA))
    assert "hello" in [each.body for each in world.book.thread(ANA)]
    assert world.rows("SELECT 1 FROM inbound_event WHERE redact_at_provider") == []


def test_both_halves_are_wiped_at_the_provider(world: World) -> None:
    world.text("4242 4242")
    world.settle()
    world.text("4242 4242")
    world.settle()
    sweep.sweep(world.rt)
    assert "4242" not in "".join(each.body for each in world.book.thread(ANA) if each.is_inbound)


# --- poison ------------------------------------------------------------------------------------------------------

POISON = {
    "NUL": "BAL\x00ANCE\x00",
    "half a surrogate": "hello \ud83d",
    "the other half": "\udc8b hello",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "long": "a" * 1600,
    "longer": "BALANCE " * 8000,
    "right to left": "\u202eECNALAB\u202c مرحبا",
    "zalgo": "B\u0337\u0321A" + "\u0300\u0301\u0302\u0303" * 300,
    "emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 50,
    "blank": " \n\t\u200b ",
    "nothing": "",
    "template": "{{ 7*7 }}{% for x in range(10**9) %}x{% endfor %}",
    "sql": "'; DROP TABLE inbound_event; --",
    "format": "%s %d {} {0} \\x00 %(spa)s",
    "digits": "1" * 1600,
    "json": '{"a": "\\u0000"}',
    "noncharacters": "\ufffe\uffff\U0010ffff",
    "private use": "\ue000\U000f0000",
}


@pytest.mark.parametrize("body", POISON.values(), ids=POISON)
@pytest.mark.parametrize("number", [ANA, STRANGER])
def test_poison_is_kept_and_answered_and_so_is_what_follows(world: World, body: str, number: str) -> None:
    keep(world, "SM1", body, number, Caption=body, NumMedia=body)
    keep(world, "SM2", "HELP", number)
    assert answer_all(world) == 2
    assert {status for status, _ in events(world)} == {"answered"}
    [[kept, facts], _] = events(world, "body, facts")
    assert not {"\x00", "\x1f", "\x7f", "\x9f"} & {*str(kept), *str(facts)}
    assert json.dumps(facts)
    world.settle()
    assert len(world.received(number)) == 2
    assert max(each.segments for each in world.book.thread(number)) <= 2


@pytest.mark.parametrize(
    "sender", ["12345", "GLOWSPA", "anonymous", "+442071838750", "", "+1505", "\u202e+15055550110"]
)
def test_what_is_no_phone_is_kept_in_silence(world: World, sender: str) -> None:
    for number, body in enumerate(("BALANCE", "HELP", "STOP", "START")):
        keep(world, f"SM{number}", body, sender)
    world.settle()
    assert set(events(world)) == {("silent", "not_a_phone")}
    assert world.rows("SELECT count(*) FROM outbound_message") == [(0,)]


# --- trouble -----------------------------------------------------------------------------------------------------


@pytest.fixture
def broken(world: World, ana: int) -> None:
    """A spa whose words for a credit somebody spoilt: whoever asks for a balance cannot be answered."""
    world.enrol(ana, anchor_on=date(2026, 8, 15))
    world.grant(ana, 2)
    world.rows("""UPDATE credit_kind SET words = '{"en": ["visit credit"]}' WHERE unit = 'visit' RETURNING 1""")


@pytest.mark.usefixtures("broken")
def test_a_text_that_cannot_be_thought_about_is_left_for_a_person_and_the_next_goes_on(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    keep(world, "SM1", "BALANCE")
    keep(world, "SM2", "HELP")
    world.client("Bo", STRANGER)
    keep(world, "SM3", "my cousin paints boats in winter", STRANGER)

    for failures in range(1, 5):
        assert router.answer_next(world.rt)
        assert events(world, "failures, status")[0] == (failures, "kept")
    assert answer_all(world) == 3

    assert [status for status, _ in events(world)] == ["dead", "answered", "answered"]
    assert events(world)[0] == ("dead", "trouble")
    assert world.rows("SELECT message FROM outbound_message ORDER BY id") == [
        ("trouble",),
        ("help",),
        ("not-understood",),
    ]
    world.settle()
    apology, *_ = world.received()
    assert world.spa.help_phone in apology
    assert len(world.received()) == 2
    assert "text 1 could not be answered" in caplog.text
    assert "BALANCE" not in caplog.text


@pytest.mark.usefixtures("broken")
def test_what_is_mended_in_time_is_answered(world: World) -> None:
    keep(world, "SM1", "BALANCE")
    for _ in range(4):
        router.answer_next(world.rt)
    world.rows("""UPDATE credit_kind SET words = '{"en": ["credit", "credits"]}' WHERE unit = 'visit' RETURNING 1""")
    world.settle()
    assert world.received()[0].startswith("Ana, you have 2 credits.")
    assert events(world, "status, failures") == [("answered", 4)]


@pytest.mark.usefixtures("broken")
def test_half_an_answer_is_none(world: World) -> None:
    """The failing turn wrote nothing: not even that it asked which of two people this is."""
    world.client("Leo")
    keep(world, "SM1", "BALANCE")
    world.settle()
    assert len(world.received()) == 1
    keep(world, "SM2", "1")
    for _ in range(4):
        router.answer_next(world.rt)
    assert world.rows("SELECT closed_at FROM question") == [(None,)]


def test_the_proof_of_an_opt_out_holds_no_piece_of_a_card(world: World) -> None:
    world.client("Ana")
    world.say("STOP. 4242 4242")
    world.say("4242 4242")

    [(proof,)] = world.rows("SELECT evidence ->> 'words' FROM consent_change")
    assert proof == "STOP. #### ####"
    assert world.rows("SELECT body FROM inbound_event WHERE body LIKE '%%4242%%'") == []
