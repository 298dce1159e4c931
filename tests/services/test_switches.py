"""Kill switches hold what waits, at the last moment too, and never an answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.db.connections import Database
from assistant.domain.consent import MessageClass
from assistant.domain.sending import Switch
from assistant.messages.catalog import Help
from assistant.services import messaging, sending, switches
from assistant.services.addressing import Addressee
from tests.world import ANA, World

NOON = datetime(2026, 7, 7, 18, tzinfo=UTC)


@pytest.fixture
def world(database: Database):  # noqa: ANN201 - a generator of one
    with World.begun(database, NOON) as each:
        client = each.client("Ana")
        each.mailbox(client, "ana@example.com", marketing=True)
        each.rows("UPDATE phone SET sms_marketing = true RETURNING 1")
        yield each


def tell(world: World, message_class: MessageClass, key: str = "k", to: str = ANA, channel: str = "sms") -> None:
    kind = type("Help", (Help,), {"message_class": message_class})
    words = kind(spa="Fern & Lumen", help_phone="(505) 555-0101", help_email="hello@example.com")
    with world.rt.unit_of_work() as uow:
        messaging.tell(uow, Addressee(world.spa.spa_id, to, "en", channel=channel), words, key=key)


def throw(world: World, what: Switch, spa_id: int | None = None) -> None:
    with world.rt.unit_of_work() as uow:
        switches.throw(uow, world.spa.spa_id if spa_id is None else spa_id, what, why="a test", actor="staff:owner")


def lift(world: World, what: Switch, spa_id: int | None = None) -> None:
    with world.rt.unit_of_work() as uow:
        assert switches.lift(uow, world.spa.spa_id if spa_id is None else spa_id, what, actor="staff:owner")


@pytest.mark.parametrize("everywhere", [True, False])
@pytest.mark.parametrize(
    ("what", "message_class", "held"),
    [
        (Switch.TEXTS, MessageClass.TRANSACTIONAL, True),
        (Switch.TEXTS, MessageClass.MARKETING, True),
        (Switch.TEXTS, MessageClass.CONVERSATION_REPLY, False),
        (Switch.OFFERS, MessageClass.MARKETING, True),
        (Switch.OFFERS, MessageClass.TRANSACTIONAL, False),
        (Switch.MAIL, MessageClass.TRANSACTIONAL, False),
    ],
)
def test_a_switch_holds_what_it_names_until_it_is_lifted(
    world: World, what: Switch, message_class: MessageClass, held: bool, everywhere: bool
) -> None:
    spa_id = 0 if everywhere else None
    throw(world, what, spa_id)
    tell(world, message_class)
    world.settle()
    assert (world.received() == []) is held
    lift(world, what, spa_id)
    world.pass_time(timedelta(minutes=16))
    assert len(world.received()) == 1


def test_mail_is_held_by_its_own(world: World) -> None:
    throw(world, Switch.MAIL)
    tell(world, MessageClass.TRANSACTIONAL, to="ana@example.com", channel="email")
    world.settle()
    assert world.mailed("ana@example.com") == []
    lift(world, Switch.MAIL)
    world.pass_time(timedelta(minutes=6))
    assert len(world.mailed("ana@example.com")) == 1


@pytest.mark.parametrize("last_word", ["switch", "stop", "withdrawn"])
def test_what_changes_between_the_claim_and_the_call_still_counts(world: World, last_word: str) -> None:
    """The slice was let through; the word came before this very call."""
    tell(world, MessageClass.MARKETING)
    said: list[Callable[[], None]] = [
        {
            "switch": lambda: throw(world, Switch.OFFERS),
            "stop": lambda: world.rows("UPDATE phone SET suppressed_at = now() RETURNING 1"),
            "withdrawn": lambda: world.rows("UPDATE phone SET sms_marketing = false RETURNING 1"),
        }[last_word]
    ]  # type: ignore[list-item]

    def edge(name: str) -> None:
        if name == "committed" and said:
            said.pop()()

    sending.send_slice(replace(world.rt, edge=edge))
    assert world.received() == []
    world.settle()
    assert world.received() == []
