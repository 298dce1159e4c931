"""The inbox: one thread a client, taken over, given, put off and handed back; answers at a price shown before."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assistant.conversation.intents import INTENTS
from assistant.domain.permissions import Role
from assistant.messages.catalog import CATALOG
from assistant.messages.render import name_of
from tests.console import MARK, ONCE, Visitor, console_app, employ, signed_in
from tests.web.test_console_members import EVIL, other_client
from tests.world import ANA, World

BEA, STRANGER = "+15055550133", "+15055550177"
INBOX = "/console/1/inbox"


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 12, 20))
    world.mailbox(client_id, "ana@example.com")
    return client_id


def thread(client_id: int, act: str = "") -> str:
    return f"{INBOX}/m{client_id}" + (f"/{act}" if act else "")


def press(visitor: Visitor, path: str, form: dict[str, str] | None = None, token: str | None = None) -> TestResponse:
    """A form of the thread's page, with a token of its own."""
    page = path.rpartition("/")[0]
    once = token or ONCE.search(visitor.get(page).text)[1]  # type: ignore[index]
    return visitor.post(path, (form or {}) | {"once": once}, page=page)


def answer(visitor: Visitor, path: str, words: str, to: str = ANA) -> TestResponse:
    """Written, shown at its price, and sent."""
    shown = press(visitor, path, {"words": words, "to": to})
    mark = MARK.search(shown.text)
    assert mark, unescape(shown.text)
    return press(visitor, path, {"words": words, "to": to, "mark": mark[1]})


def listed(visitor: Visitor, query: str = "show=all") -> list[str]:
    """The names in the list, as they stand."""
    text = visitor.get(f"{INBOX}?{query}").text
    threads = text[text.index('id="threads"') : text.index('id="news"')]
    return [" ".join(unescape(each).split()) for each in re.findall(r"<strong>(.*?)(?: <small>.*?)?</strong>", threads)]


# --- the list ---------------------------------------------------------------------------------------------------------


def test_texts_and_mails_are_one_thread_and_strangers_have_theirs(app: Flask, world: World, ana: int) -> None:
    bea = world.client("Bea", BEA)
    world.say("balance")
    world.say("hello?", STRANGER)
    world.clock.advance(timedelta(minutes=1))
    world.say("hours", BEA)
    desk = signed_in(app, world, Role.DESK)
    assert listed(desk) == ["Bea Example", "(505) 555-0177", "Ana Example"]
    world.clock.advance(timedelta(minutes=1))
    world.say("thanks")
    assert listed(desk) == ["Ana Example", "Bea Example", "(505) 555-0177"]
    assert listed(desk, "show=waiting") == ["Bea Example"], "hours are told by a person"
    assert (desk.get(thread(ana)).status_code, desk.get(thread(bea)).status_code) == (200, 200)


def test_a_mail_is_in_the_thread_of_the_texts(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    mail_of(world, "ana@example.com", "Are you open on Monday?")
    desk = signed_in(app, world, Role.DESK)
    assert listed(desk) == ["Ana Example"]
    shown = desk.get(thread(ana)).text
    assert "Are you open on Monday?" in shown
    assert shown.index('id="in-1"') < shown.index('id="in-2"'), "the newest last"


def mail_of(world: World, address: str, words: str) -> None:
    """As one that was kept."""
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at,"
            " status, understood, settled_at) VALUES (1, 'email', %s, %s, '', %s, %s, %s, 'answered', 'hours', %s)",
            (f"<{words}@x>", address, words, '{"subject": "A question", "message_id": "1@x"}', uow.now, uow.now),
        )


def test_a_long_list_goes_on_and_repeats_nobody(app: Flask, world: World) -> None:
    for number in range(70):
        world.client(f"N{number:02}", f"+1505555{1000 + number}")
        mail = f"n{number}@example.com"
        world.mailbox(number + 1, mail)
        mail_of(world, mail, f"word {number}")
    for number in range(0, 70, 7):
        text_of(world, f"+1505555{1000 + number}")
    desk = signed_in(app, world, Role.DESK)
    names, path = [], "show=all"
    for _ in range(5):
        names += listed(desk, path)
        further = re.search(r'inbox\?([^"]*from=\d+[^"]*)"', desk.get(f"{INBOX}?{path}").text)
        if further is None:
            break
        path = unescape(further[1])
    assert len(names) == len(set(names)) == 70
    assert names[0] == "N63 Example"


def text_of(world: World, sender: str, body: str = "hi") -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at,"
            " status, understood, settled_at)"
            " VALUES (1, 'sms', %s, %s, '', %s, '{}', %s, 'answered', 'thanks', %s)",
            (f"{sender}:{body}", sender, body, uow.now, uow.now),
        )


@pytest.mark.usefixtures("ana")
def test_the_search_finds_by_name_phone_and_strangers_number(app: Flask, world: World) -> None:
    world.client("Bea", BEA)
    world.say("hello?", STRANGER)
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    assert listed(desk, "q=ana") == ["Ana Example"]
    assert listed(desk, "q=(505)+555-0177") == ["(505) 555-0177"]
    assert listed(desk, "q=bea") == ["Bea Example"], "who has never written can be written to"
    assert listed(desk, "q=zz") == []
    assert EVIL not in desk.get(f"{INBOX}?q={EVIL}").text


# --- the thread -------------------------------------------------------------------------------------------------------


def test_what_was_understood_and_done_stands_beside_what_they_wrote(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    shown = " ".join(unescape(signed_in(app, world, Role.DESK).get(thread(ana)).text).split())
    assert "Understood:</strong> asks what they have, 100% sure." in shown
    assert "Answered:</strong> what they have, what runs out next, and the next charge." in shown
    [(certainty,)] = world.rows("SELECT certainty FROM inbound_event")
    assert certainty == 100


def test_spanish_has_its_gist_in_english(app: Flask, world: World, ana: int) -> None:
    world.say("saldo")
    shown = " ".join(unescape(signed_in(app, world, Role.DESK).get(thread(ana)).text).split())
    assert "In English:</strong> asks what they have" in shown
    assert "In English:</strong> what they have, what runs out next, and the next charge." in shown


def test_every_message_and_every_intent_has_its_words(app: Flask) -> None:
    words = app.jinja_env.get_template("console/inbox_words.html").module
    gists, intents = words.gists, words.intents  # type: ignore[attr-defined]
    assert {name_of(each) for each in CATALOG} - set(gists) == set()
    assert {each.name for each in INTENTS} - set(intents) == set()


def test_who_is_beside_it_is_the_member(app: Flask, world: World, ana: int) -> None:
    world.grant(ana, 2)
    world.say("hours")
    shown = unescape(signed_in(app, world, Role.DESK).get(thread(ana)).text)
    assert "2 visit credits" in shown
    assert "$149.00" in shown
    assert f'href="/console/1/members/{ana}"' in shown


def test_an_address_of_a_client_leads_to_the_clients_thread(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    moved = desk.get(f"{INBOX}/a1?show=all")
    assert (moved.status_code, moved.location) == (303, f"{INBOX}/m{ana}?show=all")
    assert desk.get(f"{INBOX}/nonsense").status_code == 303
    assert desk.get(f"{INBOX}/a999").status_code == 404


@pytest.mark.usefixtures("ana")
def test_no_thread_of_another_spa(app: Flask, world: World) -> None:
    theirs = other_client(world)
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO inbound_event (spa_id, channel, external_id, sender, recipient, body, facts, received_at)"
            " VALUES (2, 'sms', 'x', %s, '', 'secret words', '{}', %s)",
            (STRANGER, uow.now),
        )
    [(event_id,)] = world.rows("SELECT id FROM inbound_event WHERE spa_id = 2")
    desk = signed_in(app, world, Role.DESK)
    assert listed(desk, "q=5055550177") == []
    for of in (f"m{theirs}", f"a{event_id}"):
        assert desk.get(f"{INBOX}/{of}").status_code == 404
        assert desk.get(f"{INBOX}/{of}/news").status_code == 404
        for act in ("take", "back", "assign", "snooze", "note", "reply", "count"):
            answer = desk.post(
                f"{INBOX}/{of}/{act}", {"once": "a-new-form-token", "words": "x", "note": "x"}, page=INBOX
            )
            assert answer.status_code in {404, 422}, act
            assert "secret" not in answer.text
    assert world.rows("SELECT count(*) FROM handover") == [(0,)]


# --- taking it over ---------------------------------------------------------------------------------------------------


def test_while_a_person_has_it_the_assistant_is_silent_but_for_stop(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    assert press(desk, thread(ana, "take"), token="the-very-same-form").status_code == 303
    assert press(desk, thread(ana, "take"), token="the-very-same-form").status_code == 303
    assert world.rows("SELECT count(*), count(DISTINCT address) FROM handover") == [(2, 2)]
    assert world.say("balance") == []
    assert "so the assistant said nothing" in desk.get(thread(ana)).text
    assert listed(desk, "show=mine") == ["Ana Example"]
    assert len(world.say("STOP")) == 1
    assert press(desk, thread(ana, "back")).status_code == 303
    assert world.rows("SELECT count(*) FROM handover WHERE closed_at IS NULL") == [(0,)]
    assert press(desk, thread(ana, "back")).status_code == 409
    world.say("START")
    assert len(world.say("balance")) == 1


def test_a_colleagues_thread_is_theirs_until_it_is_given(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk, manager = signed_in(app, world, Role.DESK), signed_in(app, world, Role.MANAGER)
    press(desk, thread(ana, "take"))
    assert press(manager, thread(ana, "take")).status_code == 409
    refused = press(
        manager, thread(ana, "reply"), {"words": "Hello", "to": ANA, "mark": mark_of(manager, ana, "Hello")}
    )
    assert refused.status_code == 409
    assert "A colleague has this thread" in refused.text
    assert "Hello</textarea>" in refused.text, "what was typed is there still"
    assert 'name="words"' not in manager.get(thread(ana)).text
    assert press(manager, thread(ana, "assign"), {"colleague": "2"}).status_code == 303
    assert listed(manager, "show=mine") == ["Ana Example"]
    assert listed(desk, "show=mine") == []
    assert "gave it to" in manager.get(thread(ana)).text
    nobody = employ(world, Role.DESK, "elsewhere@example.com", spa_id=other_client_spa(world))
    for given in (str(nobody), "999", "", "x"):
        assert press(manager, thread(ana, "assign"), {"colleague": given}).status_code == 409
    assert world.rows("SELECT DISTINCT taken_by FROM handover") == [("staff:2",)]


def other_client_spa(world: World) -> int:
    other_client(world)
    [(spa_id,)] = world.rows("SELECT max(spa_id) FROM spa")
    return int(str(spa_id))


def mark_of(visitor: Visitor, client_id: int, words: str, to: str = ANA) -> str:
    found = MARK.search(
        visitor.post(thread(client_id, "count"), {"words": words, "to": to}, page=thread(client_id)).text
    )
    assert found
    return found[1]


def test_put_off_until_then_or_until_they_write(app: Flask, world: World, ana: int) -> None:
    world.say("hours")
    desk = signed_in(app, world, Role.DESK)
    assert listed(desk, "show=waiting") == ["Ana Example"]
    assert press(desk, thread(ana, "snooze"), {"until": "tomorrow"}).status_code == 303
    assert (listed(desk, "show=waiting"), listed(desk, "show=snoozed")) == ([], ["Ana Example"])
    world.clock.advance(timedelta(hours=2))
    world.say("are you there?")
    assert listed(desk, "show=waiting") == ["Ana Example"], "they wrote"
    press(desk, thread(ana, "snooze"), {"until": "hour"})
    assert listed(desk, "show=waiting") == []
    world.clock.advance(timedelta(hours=1, minutes=1))
    assert listed(desk, "show=waiting") == ["Ana Example"], "its time has come"
    press(desk, thread(ana, "snooze"), {"until": "at", "at": "2026-11-30T10:00"})
    assert press(desk, thread(ana, "snooze"), {"until": "now"}).status_code == 303
    assert listed(desk, "show=waiting") == ["Ana Example"]


def test_a_time_that_is_gone_is_refused_and_kept(app: Flask, world: World, ana: int) -> None:
    world.say("hours")
    desk = signed_in(app, world, Role.DESK)
    for at in ("2026-11-19T10:00", "", "2030-01-01T10:00", "x"):
        refused = press(desk, thread(ana, "snooze"), {"until": "at", "at": at})
        assert refused.status_code == 422, at
        assert "Choose a time that is still to come" in refused.text
        assert f'value="{at}"' in refused.text
    bea = world.client("Bea", BEA)
    assert press(desk, thread(bea, "snooze"), {"until": "hour"}).status_code == 409


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_answer_is_shown_with_its_price_and_sent_once(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    words = "We open at nine on Monday."
    shown = press(desk, thread(ana, "reply"), {"words": words, "to": ANA})
    assert "A text of 1 segment, 1.2¢, to (505) 555-0110" in unescape(shown.text)
    assert words in shown.text
    assert world.rows("SELECT count(*) FROM outbound_message WHERE message = 'person-says'") == [(0,)]
    form = {"words": words, "to": ANA, "mark": MARK.search(shown.text)[1]}  # type: ignore[index]
    for _ in range(2):
        assert press(desk, thread(ana, "reply"), form, token="the-very-same-form").status_code == 303
    world.settle()
    assert world.received()[-1] == words
    assert world.rows("SELECT count(*) FROM outbound_message WHERE message = 'person-says'") == [(1,)]
    assert world.rows("SELECT DISTINCT taken_by FROM handover") == [("staff:1",)], "whoever answers takes it"
    assert "Cost of this thread" in desk.get(thread(ana)).text
    changed = press(desk, thread(ana, "reply"), form | {"words": "Something else altogether"})
    assert (changed.status_code, "Something else" in changed.text) == (200, True), "what was not shown is not sent"


def test_a_long_one_costs_more(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    shown = press(desk, thread(ana, "count"), {"words": "word " * 60, "to": ANA}).text
    assert "2 segments, 2.4¢" in unescape(shown)
    assert "<html" not in shown


def test_who_texted_stop_is_not_answered_by_text(app: Flask, world: World, ana: int) -> None:
    world.say("STOP")
    desk = signed_in(app, world, Role.DESK)
    refused = press(desk, thread(ana, "reply"), {"words": "Sorry to see you go", "to": ANA})
    assert refused.status_code == 422
    assert "They texted STOP" in refused.text
    assert "Sorry to see you go" in refused.text
    assert world.rows("SELECT count(*) FROM handover") == [(0,)]


def test_a_stop_after_the_price_was_shown_is_kept(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    mark = mark_of(desk, ana, "Hello")
    world.say("STOP")
    refused = press(desk, thread(ana, "reply"), {"words": "Hello", "to": ANA, "mark": mark})
    assert refused.status_code == 422
    assert "Hello" not in world.received()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "Write something first"),
        ("Your botox is at nine", "names a medicine"),
        ("Your lip filler is at nine", "names a treatment"),
        ("Give me 4242 4242 4242 4242", "That looks like the number of a card"),
        ("See bit.ly/abc", "public short link"),
        ("Hi ((first name))", "a gap that nothing fills"),
        ("x" * 1601, "too long"),
    ],
)
def test_what_may_not_be_said_is_refused_in_words_and_kept(
    app: Flask, world: World, ana: int, words: str, why: str
) -> None:
    world.say("balance")
    refused = press(signed_in(app, world, Role.DESK), thread(ana, "reply"), {"words": words, "to": ANA})
    assert refused.status_code == 422
    assert why in unescape(refused.text)
    assert words in refused.text


def test_to_nobody_elses_address(app: Flask, world: World, ana: int) -> None:
    world.client("Bea", BEA)
    world.say("balance")
    refused = press(signed_in(app, world, Role.DESK), thread(ana, "reply"), {"words": "Hello", "to": BEA})
    assert refused.status_code == 422
    assert "not part of this thread" in refused.text


def test_who_has_not_written_for_a_day_is_told_by_day_only(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    world.clock.advance(timedelta(hours=36))  # 11 PM in Denver
    desk = signed_in(app, world, Role.DESK)
    shown = press(desk, thread(ana, "reply"), {"words": "Your visit is tomorrow.", "to": ANA})
    assert "It is early or late where they are" in unescape(shown.text)
    assert answer(desk, thread(ana, "reply"), "Your visit is tomorrow.").status_code == 303
    world.settle()
    assert "Your visit is tomorrow." not in world.received()
    world.pass_time(timedelta(hours=14))
    assert world.received()[-1] == "Your visit is tomorrow."


def test_a_stranger_who_is_silent_for_a_day_is_not_texted(app: Flask, world: World) -> None:
    world.say("hello?", STRANGER)
    desk = signed_in(app, world, Role.DESK)
    path = f"{INBOX}/a1/reply"
    assert answer(desk, path, "This is the spa. How can we help?", STRANGER).status_code == 303
    world.clock.advance(timedelta(days=2))
    refused = press(desk, path, {"words": "Still there?", "to": STRANGER})
    assert refused.status_code == 422
    assert "never agreed to be texted first" in refused.text


def test_an_answer_by_mail_goes_to_their_last_mail(app: Flask, world: World, ana: int) -> None:
    mail_of(world, "ana@example.com", "Are you open on Monday?")
    desk = signed_in(app, world, Role.DESK)
    assert answer(desk, thread(ana, "reply"), "From nine to five.", "ana@example.com").status_code == 303
    world.settle()
    [letter] = world.mailed("ana@example.com")
    assert "From nine to five." in letter.text
    assert letter.subject == "Re: A question"


# --- notes, canned replies, news, cost --------------------------------------------------------------------------------


def test_a_note_is_for_staff_alone(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    assert press(desk, thread(ana, "note"), {"note": "   "}).status_code == 422
    assert press(desk, thread(ana, "note"), {"note": f"Prefers mornings {EVIL} 4242424242424242"}).status_code == 303
    shown = desk.get(thread(ana)).text
    assert "Prefers mornings" in shown
    assert EVIL not in shown
    assert "4242424242424242" not in shown
    world.settle()
    assert not any("mornings" in each for each in world.received())


def test_a_name_is_only_ever_words(app: Flask, world: World) -> None:
    evil = world.client(EVIL)
    world.say(EVIL)
    desk = signed_in(app, world, Role.DESK)
    for path in (INBOX + "?show=all", thread(evil)):
        shown = desk.get(path)
        assert shown.status_code == 200
        assert EVIL not in shown.text
        assert EVIL in unescape(shown.text)


def test_canned_replies_are_written_by_managers_and_chosen_by_all(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    manager, desk = signed_in(app, world, Role.MANAGER), signed_in(app, world, Role.DESK)
    path = f"{INBOX}/canned"
    form = {
        "name": "Parking",
        "locale": "en",
        "words": "Hi ((first name)), park behind the house.",
        "once": "canned-form-1",
    }
    assert manager.post(path, form).status_code == 303
    assert manager.post(path, form).status_code == 303
    assert desk.post(path, form, page=INBOX).status_code == 403
    assert world.rows("SELECT name FROM canned_reply") == [("Parking",)]
    shown = desk.get(thread(ana) + "?canned=1").text
    assert "Hi Ana, park behind the house.</textarea>" in shown
    taken = manager.post(path, form | {"once": "canned-form-2"})
    assert (taken.status_code, "one of that name already" in taken.text) == (422, True)
    wrong = manager.post(path, form | {"once": "canned-form-3", "name": "Visit", "words": "Your botox awaits"})
    assert (wrong.status_code, "names a medicine" in wrong.text, "Your botox awaits" in wrong.text) == (422, True, True)
    hole = manager.post(path, form | {"once": "canned-form-4", "name": "Card", "words": "Your ((card))"})
    assert (hole.status_code, "a gap that nothing fills" in hole.text) == (422, True)
    assert manager.post(path, form | {"once": "canned-form-5", "locale": "fr", "name": "x"}).status_code == 422
    changed = form | {"once": "canned-form-6", "id": "1", "words": "Park in front."}
    assert manager.post(path, changed, page=f"{path}?change=1").status_code == 303
    assert manager.post(path, changed | {"once": "canned-form-7", "id": "77", "name": "q"}).status_code == 404
    assert manager.post(f"{path}/1/drop", {"once": "canned-form-8"}, page=path).status_code == 303
    assert manager.post(f"{path}/1/drop", {"once": "canned-form-9"}, page=path).status_code == 404
    assert world.rows("SELECT count(*) FROM canned_reply") == [(0,)]


def test_the_news_change_when_something_is_new(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    before = desk.get(thread(ana, "news")).json
    assert desk.get(thread(ana, "news")).json == before
    world.say("thanks")
    after = desk.get(thread(ana, "news")).json
    assert before
    assert after
    assert after["thread"] != before["thread"]
    assert after["list"] != before["list"]
    assert desk.get(f"{INBOX}/list/news").json == {"thread": "", "list": after["list"]}


def test_a_months_replies_and_what_they_cost(app: Flask, world: World, ana: int) -> None:
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    answer(desk, thread(ana, "reply"), "We open at nine.")
    world.settle()
    shown = " ".join(unescape(desk.get(f"{INBOX}/cost").text).split())
    assert "by people: 1 text, 1 segment" in shown
    assert "by the assistant: 1 text" in shown
    assert "November 2026" in shown
    assert "No reply was sent that month" in desk.get(f"{INBOX}/cost?month=2026-10").text
    assert desk.get(f"{INBOX}/cost?month=nonsense").status_code == 200
