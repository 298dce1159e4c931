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


def test_notes_and_settled_drafts_go_with_the_words(world: World) -> None:
    ana, spa_id, now = world.client("Ana"), world.spa.spa_id, world.clock.now()
    world.say("BALANCE")
    world.rows(
        "INSERT INTO thread_note (spa_id, client_id, words, at, actor) VALUES (%s, %s, 'Called her', %s, 'staff:1')"
        " RETURNING 1",
        (spa_id, ana, now),
    )
    for place, settled in enumerate((now, None)):
        world.rows(
            """INSERT INTO draft_reply (spa_id, event_id, place, intent, client_id, channel, address, locale, message,
                                        words, made_at, outcome, settled_at)
               SELECT %(spa)s, max(id), %(place)s, 'balance', %(ana)s, 'sms', '+15055550110', 'en', 'balance', 'Ana,',
                      %(now)s,
                      CASE WHEN %(settled)s::timestamptz IS NOT NULL THEN 'unchanged' END, %(settled)s
               FROM inbound_event RETURNING 1""",
            {"spa": spa_id, "place": place, "ana": ana, "now": now, "settled": settled},
        )
    world.clock.advance(timedelta(days=89))
    assert retention.forget(world.rt) == 0
    world.clock.advance(timedelta(days=2))
    assert retention.forget(world.rt) == 3  # the text, the note, and the draft that was sent
    assert world.rows("SELECT count(*) FROM thread_note") == [(0,)]
    assert world.rows("SELECT words, outcome FROM draft_reply ORDER BY place") == [("", "unchanged"), ("Ana,", None)]
    assert retention.forget(world.rt) == 0


def test_sessions_of_members_go_a_month_after_they_ran_out(world: World) -> None:
    ana, spa_id, now = world.client("Ana"), world.spa.spa_id, world.clock.now()
    world.rows(
        """WITH link AS (
             INSERT INTO secure_link (spa_id, client_id, purpose, hash, sent_to, created_at, expires_at)
             VALUES (%(spa)s, %(ana)s, 'membership', 'h', '+15055550110', %(now)s, %(now)s) RETURNING id)
           INSERT INTO member_session (spa_id, client_id, link_id, hash, began_at, expires_at)
           SELECT %(spa)s, %(ana)s, id, n, %(now)s, %(now)s FROM link, unnest(ARRAY['a', 'b']::bytea[]) n
           RETURNING 1""",
        {"spa": spa_id, "ana": ana, "now": now},
    )
    world.rows("UPDATE member_session SET expires_at = %s WHERE hash = 'b' RETURNING 1", (now + timedelta(days=5),))
    world.clock.advance(timedelta(days=29))
    assert retention.forget(world.rt) == 0
    world.clock.advance(timedelta(days=2))
    assert retention.forget(world.rt) == 1
    assert world.rows("SELECT hash FROM member_session") == [(b"b",)]
