"""The inbox beside the phone: each mail goes the real way, signed, over HTTP, and its answer comes into its thread."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from flask.testing import FlaskClient

from assistant.sandbox import mail_desk
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.mail_conversations import conversations
from assistant.sandbox.mail_posts import Form, Parts
from assistant.sandbox.mail_programs import Program
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World as Outside
from tests.web.mailhouse import AT, HELP, OFFER, MailHouse, mailhouse
from tests.world import MAIL_DOMAIN, World

BALANCE = "You have 3 visit credits."
UNTOUCHED, MAIL_ENDED, ALL_ENDED = (True, True, True), (False, True, True), (False, True, False)


@pytest.fixture
def house(world: World) -> Iterator[MailHouse]:
    with mailhouse(world) as made:
        yield made


@pytest.fixture
def page(house: MailHouse) -> FlaskClient:
    return house.app.test_client()


@pytest.mark.parametrize(("form", "program"), list(product(Form, Program)))
def test_an_answer_comes_into_the_thread(house: MailHouse, form: Form, program: Program) -> None:
    asked = house.told()
    [answer] = house.write("what's my balance", answers=asked.id, form=form, program=program)
    assert BALANCE in answer.text
    assert house.kept() == [("what's my balance", "answered", "balance")]
    [one] = conversations(house.box())
    assert [each.inbound for each in one.letters] == [False, True, False]
    assert answer.headers["In-Reply-To"] == one.letters[1].headers["Message-ID"]
    assert answer.reply_to == asked.reply_to


@pytest.mark.parametrize(("program", "parts", "form"), list(product(Program, Parts, Form)))
def test_a_quoted_stop_never_opts_out(house: MailHouse, program: Program, parts: Parts, form: Form) -> None:
    asked = house.told(HELP)
    assert "STOP" in asked.text
    house.write("thank you so much", answers=asked.id, program=program, parts=parts, form=form)
    assert house.kept()[0][0] == "thank you so much"
    assert house.consent() == UNTOUCHED


@pytest.mark.parametrize("parts", Parts)
def test_a_stop_of_their_own_does(house: MailHouse, parts: Parts) -> None:
    house.write("STOP", answers=house.told().id, parts=parts)
    assert house.consent() == ALL_ENDED


def test_a_new_mail_goes_to_the_spa_and_an_unproven_one_is_not_answered(house: MailHouse) -> None:
    assert len(house.write("hello", to=f"hello@{MAIL_DOMAIN}", subject="Hi")) == 1
    assert house.write("balance", answers=house.box()[-1].id, proven=False) == []
    assert house.kept()[-1] == ("balance", "silent", "not_proven")


# --- without words ---------------------------------------------------------------------------------------------------


def test_one_click_ends_offers_and_nothing_else(house: MailHouse, page: FlaskClient) -> None:
    letter = house.told(OFFER)
    opened = page.get(f"/inbox?address={AT}&mail={letter.id}").text
    assert f"/inbox/mails/{letter.id}/unsubscribe" in opened
    assert house.consent() == UNTOUCHED, "looking does nothing"
    for _ in range(2):
        answer = page.post(f"/inbox/mails/{letter.id}/unsubscribe", data={"address": AT}, follow_redirects=True)
        assert "Unsubscribed" in answer.text
        assert house.consent() == MAIL_ENDED
    [(page_of, by)] = house.world.rows("SELECT evidence ->> 'page', evidence ->> 'by' FROM consent_change")
    assert (page_of, by) == ("unsubscribe", "one_click")


def test_without_the_one_click_header_a_mail_is_sent(house: MailHouse) -> None:
    letter = house.told(OFFER)
    headers = {name: value for name, value in letter.headers.items() if name != "List-Unsubscribe-Post"}
    house.side.book.receive(replace(letter, id="old", inbound=False, headers=headers), ("text/plain", b""))
    mail_desk.unsubscribe(house.side, "old")
    house.settle()
    assert "unsubscribe" in [each.subject for each in house.box()]
    assert house.consent() == MAIL_ENDED


def test_only_our_own_server_is_asked(house: MailHouse, page: FlaskClient) -> None:
    letter = house.told(OFFER)
    away = replace(house.side, public_base_url="http://127.0.0.1:9")
    with pytest.raises(ValueError, match="leads away"):
        mail_desk.unsubscribe(away, letter.id)
    notice = house.told(HELP, key="k2")
    assert "/unsubscribe" not in page.get(f"/inbox?address={AT}&mail={notice.id}").text
    assert page.post(f"/inbox/mails/{notice.id}/unsubscribe", data={"address": AT}).status_code == 400
    assert house.consent() == UNTOUCHED


def test_junk_is_told_to_the_spa(house: MailHouse, page: FlaskClient) -> None:
    letter = house.told()
    assert "Junk" in page.post(f"/inbox/mails/{letter.id}/junk", data={"address": AT}, follow_redirects=True).text
    house.settle()
    assert house.consent() == (False, False, True)
    assert page.post("/inbox/mails/nothing/junk", data={"address": AT}).status_code == 400


# --- the page --------------------------------------------------------------------------------------------------------


def test_a_mail_is_unread_until_it_is_opened(house: MailHouse, page: FlaskClient) -> None:
    letter = house.told()
    assert 'class="unread"' in page.get(f"/inbox?address={AT}").text
    assert '<span class="count">1' in page.get("/inbox").text
    assert page.get(f"/inbox?address={AT}&mail={letter.id}").status_code == 200
    assert 'class="unread"' not in page.get(f"/inbox?address={AT}").text
    assert '<span class="count">' not in page.get("/inbox").text


def test_a_mails_own_html_can_do_nothing(house: MailHouse, page: FlaskClient) -> None:
    letter = house.told()
    shown = page.get(f"/inbox/mails/{letter.id}/html")
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert '<base target="_blank">' in shown.text
    assert page.get("/inbox/mails/nothing/html").status_code == 404


def test_what_is_written_is_shown_as_words(house: MailHouse, page: FlaskClient) -> None:
    house.told()
    asked = {"address": AT, "to": "hello@example.com", "subject": "<i>Hi</i>", "words": "<script>alert(1)</script>"}
    answer = page.post("/inbox/mails", data=asked, follow_redirects=True)
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert "Waiting for the assistant" in answer.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": " "},
        {"to": "nobody"},
        {"address": "no address"},
        {"answers": "nothing"},
        {"words": "x" * 20_001},
        {"program": "pine"},
    ],
)
def test_a_mistake_is_told_and_the_words_are_kept(house: MailHouse, page: FlaskClient, wrong: dict[str, str]) -> None:
    asked = {"address": AT, "to": "hello@example.com", "subject": "", "words": "hello there"} | wrong
    answer = page.post("/inbox/mails", data=asked)
    assert answer.status_code == 400
    assert 'role="alert"></p>' not in answer.text
    assert wrong.get("words", "hello there").strip() in answer.text
    assert house.box() == []


def test_nobody_answers_another_persons_mail(house: MailHouse) -> None:
    letter = house.told()
    with pytest.raises(ValueError, match="no such mail in this box"):
        mail_desk.send(house.side, mail_desk.Draft("bo@example.com", "hello", answers=letter.id))


def test_the_page_stands_with_its_window_shut(house: MailHouse) -> None:
    outside = Outside(
        Account("AC0", "x"), house.world.book, house.world.clock, NoInsight("It rests."), "", mail=house.side
    )
    shown = create_sandbox(outside).test_client().get(f"/inbox?address={AT}")
    assert shown.status_code == 200
    assert "It rests." in shown.text


def test_the_phone_and_the_inbox_lead_to_each_other(page: FlaskClient) -> None:
    assert "/inbox?address=ana@example.com" in page.get("/?phone=%2B15055550110").text.replace("%40", "@")
    assert "phone=%2B15055550110" in page.get(f"/inbox?address={AT}").text


# --- for scripts -----------------------------------------------------------------------------------------------------


def test_a_script_writes_reads_and_makes_things_happen(house: MailHouse, page: FlaskClient) -> None:
    letter = house.told()
    asked = {"from": AT, "words": "balance", "answers": letter.id, "form": "raw", "program": "outlook"}
    sent = page.post("/sandbox/mails", json=asked)
    assert (sent.status_code, sent.json["direction"], sent.json["to"]) == (201, "from_member", letter.reply_to)  # type: ignore[index]
    house.settle()
    mails = page.get(f"/sandbox/inboxes/{AT}/mails").json["mails"]  # type: ignore[index]
    assert [each["direction"] for each in mails] == ["to_member", "from_member", "to_member"]
    for kind in ("open", "bounce"):
        assert page.post(f"/sandbox/mails/{letter.id}/events", json={"event": kind}).status_code == 200
    house.settle()
    assert house.world.rows("SELECT undeliverable_at IS NULL FROM email") == [(False,)]
    assert page.post(f"/sandbox/mails/{letter.id}/events", json={"event": "x"}).status_code == 400
    assert page.post("/sandbox/mails", json={"from": AT}).status_code == 400
    assert page.post(f"/sandbox/mails/{letter.id}/unsubscribe").status_code == 400


def test_an_open_means_nothing(house: MailHouse) -> None:
    letter = house.told(OFFER)
    house.side.book.say(letter.id, "open")
    house.settle()
    assert house.consent() == UNTOUCHED
    assert len(house.told(HELP, key="k2").text) > 0, "and nothing is dropped after it"
