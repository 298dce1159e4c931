"""Words are forgotten when they are old; that they were said is not."""

from datetime import timedelta

from assistant.services import mail_in, retention
from tests.world import ANA, World


def test_the_words_of_a_text_go_after_ninety_days(world: World) -> None:
    world.client("Ana")
    world.say("BALANCE")
    world.clock.advance(timedelta(days=89))
    assert retention.forget(world.rt) == 0
    world.say("please call me", ANA)
    world.clock.advance(timedelta(days=2))
    assert retention.forget(world.rt) == 1
    assert world.rows("SELECT body, understood IS NOT NULL FROM inbound_event ORDER BY id") == [
        ("", True),
        ("please call me", True),
    ]
    assert retention.forget(world.rt) == 0


def test_what_nobody_has_answered_yet_is_kept(world: World) -> None:
    world.client("Ana")
    world.say("BALANCE")
    world.rows("UPDATE inbound_event SET status = 'kept', settled_at = NULL RETURNING 1")
    world.clock.advance(timedelta(days=200))
    assert retention.forget(world.rt) == 0


def test_a_conversation_that_is_over(world: World) -> None:
    world.client("Ana")
    world.say("I want to talk to a manager now")
    world.clock.advance(timedelta(days=200))
    assert retention.forget(world.rt) == 1  # the text; the thread still waits for somebody
    world.rows("UPDATE handover SET closed_at = %s RETURNING 1", (world.clock.now() - timedelta(days=91),))
    assert retention.forget(world.rt) == 1
    assert world.rows("SELECT summary FROM handover") == [("",)]


def test_a_post_that_could_not_be_read_goes_after_thirty_days(world: World) -> None:
    mail_in.keep_poison(world.rt, b"\xff", "no mail")
    world.clock.advance(timedelta(days=29))
    assert retention.forget(world.rt) == 0
    world.clock.advance(timedelta(days=2))
    assert retention.forget(world.rt) == 1
    assert world.rows("SELECT count(*) FROM poison_mail") == [(0,)]


def test_by_the_batch(world: World) -> None:
    world.rows(
        """INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at, status,
                                      settled_at)
           SELECT %s, 'sms', 'SM' || n, '+15055550199', '', 'hello', '{}', %s, 'answered', %s
           FROM generate_series(1, 2500) n RETURNING 1""",
        (world.spa.spa_id, world.clock.now() - timedelta(days=100), world.clock.now()),
    )
    assert retention.forget(world.rt) == 2500
