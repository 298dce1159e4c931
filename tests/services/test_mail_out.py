"""Mail that goes out: each once, past its own gate, threaded, and found again by its events alone."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.db.messages import in_doubt
from assistant.domain.consent import MessageClass
from assistant.gateways.email_port import Mail
from assistant.gateways.ports import Answer
from assistant.messages.catalog import Help, Message
from assistant.sandbox.emails import SandboxEmails
from assistant.sandbox.faults import Fault, FaultKind
from assistant.sandbox.sendgrid_shapes import Letter
from assistant.services import addressing, consent, email_consent, mail_out, mail_threads, messaging, sweep
from assistant.services.addressing import Addressee, Answering
from tests.world import ANA, MAIL_DOMAIN, PUBLIC, World

AT = "ana@example.com"
WORDS = Help(spa="Fern & Lumen", help_phone="(505) 555-0101", help_email="hello@example.com")
NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # night at the spa: mail knows no quiet hours
HALF_AN_HOUR = timedelta(minutes=31)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.mailbox(client_id, AT)
    return client_id


def of_class(message_class: MessageClass) -> Message:
    kind = type("Help", (Help,), {"message_class": message_class})
    return kind(spa=WORDS.spa, help_phone=WORDS.help_phone, help_email=WORDS.help_email)


NOTICE, OFFER = of_class(MessageClass.TRANSACTIONAL), of_class(MessageClass.MARKETING)


def tell(
    world: World,
    client_id: int | None,
    message: Message = NOTICE,
    key: str = "k",
    *,
    answering: Answering | None = None,
) -> int:
    with world.rt.unit_of_work() as uow:
        to = Addressee(world.spa.spa_id, AT, "en", client_id, "email", answering)
        messaging.tell(uow, to, message, key=key)
        [[message_id]] = uow.sql("SELECT id FROM outbound_message WHERE key = %s", (key,)).fetchall()
    return message_id


def send(world: World) -> None:
    while messaging.deliver_next(world.rt):
        pass


def status(world: World, message_id: int) -> tuple[object, ...]:
    [found] = world.rows("SELECT status, reason FROM outbound_message WHERE id = %s", (message_id,))
    return found


def only(world: World) -> Letter:
    [letter] = world.mailed(AT)
    return letter


def tasks(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT kind, facts ->> 'why' FROM staff_task ORDER BY id")


def test_a_mail_is_written_sent_and_delivered_once(world: World, ana: int) -> None:
    message_id = tell(world, ana)
    tell(world, ana)
    assert status(world, message_id) == ("waiting", None)
    send(world)
    assert status(world, message_id) == ("accepted", None)
    letter = only(world)
    assert (letter.sender, letter.sender_name) == (f"hello@{MAIL_DOMAIN}", "Fern & Lumen")
    assert letter.subject == "How we can help"
    assert "(505) 555-0101" in letter.text
    assert "(505) 555-0101" in letter.html
    assert letter.args == {"s": str(world.spa.spa_id), "m": str(message_id)}
    world.settle()
    assert status(world, message_id) == ("delivered", None)
    assert len(world.mailed(AT)) == 1
    assert world.received(ANA) == []


def test_mail_comes_from_the_spas_own_address(world: World, ana: int) -> None:
    world.rows("UPDATE spa SET mail_address = 'care@fern.example.com' WHERE spa_id <> 0 RETURNING 1")
    tell(world, ana)
    send(world)
    assert only(world).sender == "care@fern.example.com"


# --- threads ----------------------------------------------------------------------------------------------------------


def token(letter: Letter) -> str:
    found = re.fullmatch(rf"m\+([a-z0-9-]+)@{re.escape(MAIL_DOMAIN)}", letter.reply_to)
    assert found
    return found[1]


def test_an_answer_comes_back_to_an_address_that_names_the_client_and_that_nothing_stored_tells(
    world: World, ana: int
) -> None:
    tell(world, ana)
    send(world)
    with world.rt.unit_of_work() as uow:
        thread = mail_threads.thread_of(uow, token(only(world)))
        stored = uow.sql("SELECT to_jsonb(m)::text FROM outbound_message m").fetchall()
    assert thread is not None
    assert (thread.client_id, thread.address) == (ana, AT)
    assert len(token(only(world)).partition("-")[2]) == 32, "160 bits (rules.md 4.6)"
    assert not any(token(only(world)) in row for (row,) in stored)


def test_a_thread_is_kept_for_a_month_and_is_one_clients(world: World, ana: int) -> None:
    for key in "abc":
        tell(world, ana, key=key)
    send(world)
    world.clock.advance(timedelta(days=31))
    tell(world, ana, key="later")
    tell(world, world.client("Leo", "+15055550111"), key="leo")
    send(world)
    addresses = [each.reply_to for each in world.mailed(AT)]
    assert len(set(addresses[:3])) == 1
    assert len(set(addresses)) == 3


def test_who_is_not_known_gets_no_token(world: World) -> None:
    tell(world, None)
    send(world)
    assert only(world).reply_to == ""


def test_a_notice_is_no_answer_and_an_answer_is_threaded(world: World, ana: int) -> None:
    tell(world, ana, key="notice")
    answering = Answering("abc@mx.example.com", "<one@mx.example.com> <two@mx.example.com>", "My balance")
    tell(world, ana, key="answer", answering=answering)
    send(world)
    notice, answer = world.mailed(AT)
    assert notice.headers["Auto-Submitted"] == "auto-generated"
    assert not {"In-Reply-To", "References"} & notice.headers.keys()
    assert answer.headers["Auto-Submitted"] == "auto-replied"
    assert answer.headers["In-Reply-To"] == "<abc@mx.example.com>"
    assert answer.headers["References"] == "<one@mx.example.com> <two@mx.example.com> <abc@mx.example.com>"
    assert answer.subject == "Re: My balance"
    ids = {notice.headers["Message-ID"], answer.headers["Message-ID"]}
    assert len(ids) == 2
    assert all(re.fullmatch(rf"<[a-z2-7]{{32}}@{re.escape(MAIL_DOMAIN)}>", each) for each in ids)


@pytest.mark.parametrize(
    ("answering", "in_reply_to", "references"),
    [
        (None, None, None),
        (Answering("<a@x>"), "<a@x>", "<a@x>"),
        (Answering("a@x\r\nBcc: everyone@example.com"), None, "<a@x> <everyone@example.com>"),
        (Answering("<a@x> <b@x>"), None, "<a@x> <b@x>"),
        (Answering("é@x"), None, None),
        (Answering(""), None, None),
        (Answering("<a@x>", "junk <<b@x>> <c@x> <c@x>"), "<a@x>", "<c@x> <a@x>"),
        (Answering("<z@x>", " ".join(f"<{n}@x>" for n in range(90))), "<z@x>", " ".join([*(f"<{n}@x>" for n in range(71, 90)), "<z@x>"])),  # noqa: E501
    ],
)  # fmt: skip
def test_nothing_of_a_strangers_becomes_a_header(
    answering: Answering | None, in_reply_to: str | None, references: str | None
) -> None:
    assert (mail_out.in_reply_to(answering), mail_out.references(answering)) == (in_reply_to, references)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("RE: hi", "RE: hi"),
        ("", "How we can help"),
        ("  \n ", "How we can help"),
        ("one\r\nBcc: x", "Re: one Bcc: x"),
        ("\u202eabc", "Re: abc"),
        ("x" * 400, "Re: " + "x" * 146),
    ],
)
def test_their_subject_is_kept_on_one_line(world: World, ana: int, theirs: str, ours: str) -> None:
    tell(world, ana, answering=Answering("a@x", "", theirs))
    send(world)
    assert only(world).subject == ours


# --- the gate ---------------------------------------------------------------------------------------------------------

SOURCE = consent.Source("member", {})


def test_mail_goes_at_night_and_to_who_stopped_texts(world: World, ana: int) -> None:
    with world.at(NOW).unit_of_work() as uow:
        consent.stop(uow, world.spa.spa_id, ANA, SOURCE)
    world.clock.at = NOW
    message_id = tell(world, ana)
    send(world)
    assert status(world, message_id)[0] == "accepted"


@pytest.mark.parametrize(
    ("change", "message", "reason"),
    [
        (email_consent.undeliverable, NOTICE, "unreachable"),
        (email_consent.undeliverable, WORDS, "unreachable"),
        (email_consent.suppress, NOTICE, "suppressed"),
        (email_consent.suppress, OFFER, "suppressed"),
        (email_consent.suppress, WORDS, None),
        (email_consent.unsubscribe, OFFER, "no_consent"),
        (email_consent.unsubscribe, NOTICE, None),
    ],
)
def test_the_gate_is_asked_as_it_is_sent(
    world: World, ana: int, change: Callable[..., None], message: Message, reason: str | None
) -> None:
    message_id = tell(world, ana, message)
    with world.rt.unit_of_work() as uow:
        change(uow, world.spa.spa_id, AT, SOURCE)
    send(world)
    assert status(world, message_id) == (("accepted", None) if reason is None else ("dropped", reason))
    assert len(world.mailed(AT)) == (reason is None)
    assert tasks(world) == ([("mail_untold", reason)] if reason and message is NOTICE else [])


def test_an_offer_needs_their_yes_and_a_postal_address(world: World, ana: int) -> None:
    never_asked = tell(world, ana, OFFER, key="one")
    send(world)
    world.rows("UPDATE email SET email_marketing = true RETURNING 1")
    nowhere = tell(world, ana, OFFER, key="two")
    send(world)
    world.rows("UPDATE spa SET postal_address = '1 Example Way, Santa Fe, NM 87501' WHERE spa_id <> 0 RETURNING 1")
    good = tell(world, ana, OFFER, key="three")
    send(world)
    assert status(world, never_asked) == ("dropped", "no_consent")
    assert status(world, nowhere) == ("dropped", "no_postal_address")
    assert status(world, good) == ("accepted", None)
    letter = only(world)
    assert "1 Example Way" in letter.text
    assert "1 Example Way" in letter.html
    [page] = re.findall(r"<(https:[^>]+)>", letter.headers["List-Unsubscribe"])
    assert page.startswith(f"{PUBLIC}/unsubscribe/")
    assert f"<mailto:{letter.reply_to}?subject=unsubscribe>" in letter.headers["List-Unsubscribe"]
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert page in letter.text
    assert page in letter.html


def test_what_is_no_offer_has_no_way_to_end_offers(world: World, ana: int) -> None:
    tell(world, ana)
    send(world)
    assert "List-Unsubscribe" not in only(world).headers
    assert "unsubscribe" not in only(world).html


@pytest.mark.parametrize(
    ("message", "life"), [(WORDS, timedelta(hours=24)), (NOTICE, timedelta(days=3)), (OFFER, timedelta(hours=24))]
)
def test_what_is_too_old_is_not_sent(world: World, ana: int, message: Message, life: timedelta) -> None:
    message_id = tell(world, ana, message)
    world.clock.advance(life)
    send(world)
    assert status(world, message_id) == ("dropped", "too_old")


# --- answers and doubt ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [429])
def test_a_throttled_mail_waits_its_turn(world: World, ana: int, code: int) -> None:
    world.mail.faults.add(Fault(FaultKind.REFUSE, code=code))
    message_id = tell(world, ana)
    send(world)
    assert status(world, message_id) == ("waiting", None)
    world.clock.advance(timedelta(minutes=1))
    send(world)
    assert status(world, message_id) == ("accepted", None)


@pytest.mark.parametrize("code", [401, 403])
def test_a_key_that_may_not_send_holds_everything_and_tells_a_person_once(world: World, ana: int, code: int) -> None:
    world.mail.faults.add(Fault(FaultKind.REFUSE, code=code, times=2))
    message_id = tell(world, ana)
    send(world)
    world.clock.advance(timedelta(minutes=16))
    send(world)
    assert status(world, message_id) == ("waiting", None)
    assert tasks(world) == [("mail_held", None)]
    world.clock.advance(timedelta(minutes=16))
    send(world)
    assert status(world, message_id) == ("accepted", None)


def test_a_mail_that_is_refused_for_good_is_for_a_person(world: World, ana: int) -> None:
    world.mail.faults.add(Fault(FaultKind.REFUSE, code=413))
    message_id = tell(world, ana)
    send(world)
    assert status(world, message_id) == ("failed", "refused")
    assert tasks(world) == [("mail_untold", "refused")]
    assert len(world.mailed(AT)) == 0


def test_a_lost_answer_is_resolved_by_its_events(world: World, ana: int) -> None:
    world.mail.faults.add(Fault(FaultKind.FAIL_AFTER))
    message_id = tell(world, ana)
    send(world)
    assert status(world, message_id)[0] == "waiting"
    world.settle()
    assert status(world, message_id)[0] == "delivered"
    world.pass_time(HALF_AN_HOUR)
    assert len(world.mailed(AT)) == 1


def test_a_notice_that_was_not_taken_is_sent_once_more_after_half_an_hour(world: World, ana: int) -> None:
    world.mail.faults.add(Fault(FaultKind.FAIL_BEFORE))
    message_id = tell(world, ana)
    send(world)
    world.pass_time(timedelta(minutes=29))
    assert world.mailed(AT) == []
    world.pass_time(timedelta(minutes=2))
    assert status(world, message_id)[0] == "delivered"
    assert len(world.mailed(AT)) == 1


def test_at_most_two_copies_with_one_message_id_and_then_a_person(world: World, ana: int) -> None:
    world.mail.faults.add(Fault(FaultKind.FAIL_AFTER, times=None))
    world.mail.faults.add(Fault(FaultKind.LOSE_CALLBACKS, times=None))
    message_id = tell(world, ana)
    world.settle()
    for _ in range(6):
        world.pass_time(HALF_AN_HOUR)
    assert status(world, message_id) == ("failed", "in_doubt")
    assert len(world.mailed(AT)) == 2
    assert len({each.headers["Message-ID"] for each in world.mailed(AT)}) == 1
    assert len({(each.subject, each.text, each.html, each.reply_to) for each in world.mailed(AT)}) == 1
    assert tasks(world) == [("mail_untold", "in_doubt")]


def test_an_offer_in_doubt_is_never_sent_again(world: World, ana: int) -> None:
    world.rows("UPDATE email SET email_marketing = true RETURNING 1")
    world.rows("UPDATE spa SET postal_address = 'x' WHERE spa_id <> 0 RETURNING 1")
    world.mail.faults.add(Fault(FaultKind.FAIL_BEFORE))
    message_id = tell(world, ana, OFFER)
    send(world)
    world.pass_time(HALF_AN_HOUR)
    assert status(world, message_id) == ("dropped", "in_doubt")
    assert world.mailed(AT) == []


def test_a_text_in_doubt_is_no_mail_in_doubt(world: World, ana: int) -> None:
    world.mail.faults.add(Fault(FaultKind.FAIL_BEFORE))
    tell(world, ana)
    send(world)
    later = world.clock.now() + timedelta(hours=1)
    with world.rt.unit_of_work() as uow:
        assert in_doubt(uow, later, later) == []
        assert len(in_doubt(uow, later, later, "email")) == 1


@pytest.mark.parametrize(("code", "reason", "reachable"), [(550, "bounced", False), (421, "blocked", True)])
def test_a_bounce_ends_mail_to_them_and_a_notice_is_told_another_way(
    world: World, ana: int, code: int, reason: str, reachable: bool
) -> None:
    world.mail.faults.add(Fault(FaultKind.UNDELIVERED, code=code))
    message_id = tell(world, ana)
    world.settle()
    assert status(world, message_id) == ("undelivered", reason)
    assert world.rows("SELECT undeliverable_at IS NULL FROM email") == [(reachable,)]
    assert tasks(world) == ([] if reachable else [("mail_untold", "bounced")])


def test_late_answers_and_early_events_never_move_a_status_back(world: World, ana: int) -> None:
    message_id = tell(world, ana)

    class SlowToAnswer(SandboxEmails):
        def send(self, mail: Mail) -> Answer:
            answer = super().send(mail)
            world.mail.pump(world.carry)
            return answer

    rt = replace(world.rt, emails=SlowToAnswer(world.mail))
    assert messaging.deliver_next(rt)
    assert status(world, message_id) == ("delivered", None)
    assert world.rows("SELECT provider_id IS NOT NULL FROM outbound_message") == [(True,)]


# --- which way --------------------------------------------------------------------------------------------------------


def test_a_text_where_one_may_be_sent_else_mail_else_nobody(world: World, ana: int) -> None:
    def way() -> tuple[str, str] | None:
        with world.rt.unit_of_work() as uow:
            found = addressing.way_to(uow, world.spa.spa_id, ana)
        return found and (found.to.channel, found.to.number)

    assert way() == ("sms", ANA)
    with world.rt.unit_of_work() as uow:
        consent.stop(uow, world.spa.spa_id, ANA, SOURCE)
    assert way() == ("email", AT)
    with world.rt.unit_of_work() as uow:
        email_consent.suppress(uow, world.spa.spa_id, AT, SOURCE)
    assert way() is None


def test_the_sweep_rings_for_mail_that_waits(world: World, ana: int) -> None:
    tell(world, ana)
    world.bells.rung.clear()
    world.clock.advance(timedelta(minutes=5))
    sweep.sweep(world.rt)
    assert "DELIVER" in {bell.name for bell in world.bells.rung}
