"""After a STOP: what BILLING asks back, what it does not, and which word has the last say."""

from datetime import date, datetime, timedelta

import pytest

from assistant.conversation import router
from assistant.conversation.intents.billing_texts import asks_for_it
from assistant.domain.membership import Standing
from assistant.messages.about_money import ABOUT_MONEY
from assistant.services import consent, inbound, membership_days
from assistant.services.addressing import way_to
from assistant.services.inbound import Incoming
from tests.world import ANA, SPA_NUMBER, World

MAIL = "ana@example.com"
STOPPED = "please stop texting me"


def ana(world: World, **terms: object) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 8, 20), **terms)  # type: ignore[arg-type]
    world.card(client_id)
    return client_id


def phone(world: World) -> tuple[object, ...]:
    [row] = world.rows("SELECT suppressed_at IS NOT NULL, billing_at IS NOT NULL, sms_transactional FROM phone")
    return row


def test_billing_leaves_the_stop_in_force_and_is_written_down(world: World) -> None:
    ana(world)
    world.say(STOPPED)
    assert phone(world) == (True, False, False)
    assert "your payments, and no others" in world.say("Billing")[0]
    assert phone(world) == (True, True, False)
    assert world.rows("SELECT change, scope FROM consent_change ORDER BY id") == [
        ("stopped", "all"),
        ("started", "billing"),
    ]
    assert "already" in world.say("BILLING")[0]
    world.clock.advance(timedelta(seconds=1))
    assert "opted out" in world.say(STOPPED)[0], "a stop after it is a stop anew, and confirmed"
    assert phone(world) == (True, False, False)
    assert len(world.say("START")) == 1
    assert phone(world) == (False, False, True)


def test_what_is_about_money_is_texted_and_the_rest_is_mailed(world: World) -> None:
    client_id = ana(world)
    world.mailbox(client_id, MAIL)
    world.say(STOPPED)
    world.say("BILLING")
    with world.rt.unit_of_work() as uow:
        by_text, by_mail = (way_to(uow, world.spa.spa_id, client_id, about_money=money) for money in (True, False))
    assert by_text is not None
    assert by_mail is not None
    assert (by_text.to.channel, by_mail.to.channel) == ("sms", "email")
    before = len(world.received())
    world.bill()
    assert "is paid" in world.received()[before]


def test_the_end_of_a_pause_names_a_charge_and_so_is_texted(world: World) -> None:
    ana(world, standing=Standing.PAUSED, resumes_on=date(2026, 11, 25))
    world.say(STOPPED)
    assert membership_days.turn(world.rt) == 1
    world.settle()
    assert len(world.received()) == 1
    world.say("BILLING")
    world.rows("UPDATE membership SET resumes_on = '2026-11-26' RETURNING id")
    membership_days.turn(world.rt)
    world.settle()
    assert "Nov 26" in world.received()[-1]


def test_an_older_billing_does_not_outlive_a_newer_stop(world: World) -> None:
    ana(world)
    world.say(STOPPED)
    world.text("BILLING")
    world.book.pump(world.deliver)
    world.text("no really, stop texting me")
    world.settle()
    assert phone(world) == (True, False, False)
    with world.rt.unit_of_work() as uow:
        earlier = uow.now - timedelta(days=1)
        source = consent.Source("member", {})
        assert not consent.billing_only(uow, world.spa.spa_id, ANA, source, said_at=earlier, event_id=1)


def test_a_carrier_that_takes_billing_for_a_start_word_lets_it_through(world: World) -> None:
    """Twilio's Advanced Opt-Out: its own block is lifted, and only texts about payments are asked back."""
    ana(world)
    world.say("STOP")
    assert world.say("BILLING") == []
    assert phone(world) == (True, False, False)
    inbound.keep(world.rt, Incoming("SM" + "b" * 32, ANA, SPA_NUMBER, "Billing", {"OptOutType": "START"}))
    assert router.answer_next(world.rt)
    assert phone(world) == (True, True, False)


def test_what_the_carrier_told_us_of_is_the_carriers_stop(world: World) -> None:
    ana(world)
    with world.rt.unit_of_work() as uow:
        consent.stop(uow, world.spa.spa_id, ANA, consent.Source("carrier", {"code": 21610}))
    assert world.say("BILLING") == []
    assert phone(world) == (True, False, False)


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("BILLING", True),
        ("billing please", True),
        ("Cobros por favor", True),
        ("only the ones about my payments", True),
        ("no billing texts", False),
        ("never bill me", False),
        ("promos only", False),
    ],
)
def test_which_words_ask_for_them(words: str, asks: bool) -> None:
    assert asks_for_it(words, ("billing_texts",)) is asks


def test_understood_as_something_else_they_do_not() -> None:
    assert not asks_for_it("I want my account closed", ("leave",))
    assert not asks_for_it("only the ones about my payments", ("receipt",))


def test_which_messages_are_about_money() -> None:
    assert {"payment-received", "payment-declined", "card-expiring", "price-change", "refund-made"} <= ABOUT_MONEY
    assert ABOUT_MONEY.isdisjoint({"offer", "balance", "welcome", "ticket-receipt", "leave-confirmed", "rolling-off"})


def test_no_offer_and_no_other_notice_goes_after_billing(world: World) -> None:
    client_id = ana(world)
    world.say(STOPPED)
    world.say("BILLING")
    before = len(world.received())
    world.grant(client_id, 1, expires_on=date(2026, 11, 25))
    for name, message_class in (("offer", "marketing"), ("welcome", "transactional"), ("card-saved", "transactional")):
        world.rows(
            "INSERT INTO outbound_message (spa_id, key, channel, client_id, recipient, message, message_class, locale,"
            " body, segments, created_at, due_at, expires_at)"
            " SELECT spa_id, %s, 'sms', %s, %s, %s, %s, 'en', body, 1, %s, %s, %s FROM outbound_message LIMIT 1"
            " RETURNING id",
            (name, client_id, ANA, name, message_class, *_times(world)),
        )
    world.settle()
    assert len(world.received()) == before + 1
    dropped = world.rows("SELECT message FROM outbound_message WHERE status = 'dropped' ORDER BY message")
    assert dropped == [("offer",), ("welcome",)]


def _times(world: World) -> tuple[datetime, datetime, datetime]:
    now = world.clock.now()
    return now, now, now + timedelta(hours=1)
