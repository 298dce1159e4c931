"""Answers under review: drafted by the assistant, sent by a person, measured; what keeps people safe never waits."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from assistant.domain.permissions import Role
from assistant.domain.reviewing import REVIEWABLE, Agreement, agreement
from assistant.services import reviews
from tests.console import MARK, Visitor, console_app, signed_in
from tests.web.test_console_inbox import BEA, INBOX, press, thread
from tests.web.test_console_members import EVIL
from tests.world import World

REVIEW = f"{INBOX}/review"


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 12, 20))
    return client_id


def hold(world: World, *intents: str) -> None:
    with world.rt.unit_of_work() as uow:
        reviews.keep(uow, 1, frozenset(intents), by="staff:1")


def drafted(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT intent, outcome FROM draft_reply ORDER BY id")


def send(visitor: Visitor, client_id: int, draft: int, words: str | None = None, **more: str) -> TestResponse:
    """As the page shows it: unchanged, or with other words whose price was shown."""
    page = visitor.get(thread(client_id)).text
    form = page[page.index(f'id="draft-{draft}"') :]
    shown = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)[1])  # type: ignore[index]
    fields = {"draft": str(draft), "words": shown if words is None else words, "mark": MARK.search(form)[1]} | more  # type: ignore[index]
    if words is not None:
        priced = press(visitor, thread(client_id, "draft"), fields)
        found = (
            MARK.search(priced.text[priced.text.index(f'id="draft-{draft}"') :]) if priced.status_code == 200 else None
        )
        if found is None:
            return priced
        fields["mark"] = found[1]
    return press(visitor, thread(client_id, "draft"), fields)


def test_what_is_under_review_waits_for_a_person_who_sends_it_as_it_is(app: Flask, world: World, ana: int) -> None:
    [told] = world.say("balance")
    hold(world, "balance")
    assert world.say("balance") == []
    assert drafted(world) == [("balance", None)]
    desk = signed_in(app, world, Role.DESK)
    shown = unescape(desk.get(thread(ana)).text)
    assert "Draft to approve" in shown
    assert told in shown
    assert "A draft to approve" in desk.get(f"{INBOX}?show=waiting").text
    assert send(desk, ana, 1).status_code == 303
    world.settle()
    assert world.received()[-1] == told
    assert drafted(world) == [("balance", "unchanged")]
    assert world.rows("SELECT count(*) FROM handover WHERE closed_at IS NULL") == [(0,)], "nobody waits any more"
    assert world.rows("SELECT count(*) FROM staff_task WHERE closed_at IS NULL") == [(0,)]
    assert "Answered:</strong> words of ours" in " ".join(desk.get(thread(ana)).text.split())
    assert len(world.say("hours")) == 1, "all else is answered as ever"


def test_one_form_sends_one_answer(app: Flask, world: World, ana: int) -> None:
    hold(world, "balance")
    world.say("balance")
    desk, manager = signed_in(app, world, Role.DESK), signed_in(app, world, Role.MANAGER)
    page = desk.get(thread(ana)).text
    words = unescape(re.search(r'id="draft-words-1"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])  # type: ignore[index]
    form = {"draft": "1", "words": words, "mark": MARK.search(page)[1]}  # type: ignore[index]
    for _ in range(2):
        assert press(desk, thread(ana, "draft"), form, token="the-very-same-form").status_code == 303
    late = press(manager, thread(ana, "draft"), form)
    assert (late.status_code, "Somebody has seen to that draft" in late.text) == (409, True)
    world.settle()
    assert len(world.received()) == 1


def test_edited_replaced_and_let_go_are_told_apart(app: Flask, world: World, ana: int) -> None:
    hold(world, "balance")
    desk = signed_in(app, world, Role.DESK)
    for _ in range(4):
        world.say("balance")
    [(words,)] = world.rows("SELECT DISTINCT words FROM draft_reply")
    assert send(desk, ana, 1, f"{words} See you soon.").status_code == 303
    assert send(desk, ana, 2, "Let me look that up and call you.").status_code == 303
    assert send(desk, ana, 3, do="drop").status_code == 303
    assert (
        press(desk, thread(ana, "reply"), {"words": "Hello", "to": "+15055550110", "mark": own(desk, ana)}).status_code
        == 303
    )
    assert [outcome for _, outcome in drafted(world)] == ["edited", "replaced", "let_go", "replaced"]
    world.settle()
    assert world.received() == [f"{words} See you soon.", "Let me look that up and call you.", "Hello"]
    owner = signed_in(app, world, Role.OWNER)
    shown = " ".join(unescape(owner.get(REVIEW).text).split())
    assert '<td class="number">0</td><td class="number">1</td><td class="number">2</td><td class="wide">1</td>' in shown
    assert '<td class="number">0%</td>' in shown


def own(visitor: Visitor, client_id: int) -> str:
    form = {"words": "Hello", "to": "+15055550110"}
    return MARK.search(visitor.post(thread(client_id, "count"), form, page=thread(client_id)).text)[1]  # type: ignore[index]


def test_what_keeps_people_safe_never_waits(app: Flask, world: World, ana: int) -> None:
    hold(world, *REVIEWABLE, "stop", "help", "start", "medical", "unknown", "leave", "pause")
    assert {intent for (intent,) in world.rows("SELECT intent FROM inbox_review")} == set(REVIEWABLE)
    with world.rt.unit_of_work() as uow:  # not even where it is written so
        uow.sql(
            "INSERT INTO inbox_review (spa_id, intent, since, actor)"
            " SELECT 1, unnest(ARRAY['stop', 'start', 'help', 'medical', 'unknown', 'pause']), %s, 'test'",
            (uow.now,),
        )
    assert len(world.say("HELP")) == 1
    assert len(world.say("my face is swollen and I cannot breathe, what is my balance?")) >= 1
    assert "help" not in {intent for intent, _ in drafted(world)}
    assert "medical" not in {intent for intent, _ in drafted(world)}
    assert len(world.say("my card is 4242 4242 4242 4242")) == 1
    assert len(world.say("pause for 2 months")) == 1
    assert len(world.say("STOP")) == 1
    assert len(world.say("START")) == 1
    owner = signed_in(app, world, Role.OWNER)
    refused = owner.post(REVIEW, {"intent": ["balance", "stop"], "once": "a-new-form-token"})
    assert refused.status_code == 422
    assert "answered at once" in refused.text
    assert ana


def test_a_draft_for_who_opted_out_meanwhile_is_not_sent(app: Flask, world: World, ana: int) -> None:
    hold(world, "balance")
    world.say("balance")
    world.say("STOP")
    desk = signed_in(app, world, Role.DESK)
    shown = desk.get(thread(ana)).text
    assert "They texted STOP" in shown
    refused = press(desk, thread(ana, "draft"), {"draft": "1", "words": "You have credits"})
    assert (refused.status_code, "You have credits" in refused.text) == (422, True)
    assert drafted(world) == [("balance", None)]


def test_a_colleagues_thread_keeps_its_drafts(app: Flask, world: World, ana: int) -> None:
    hold(world, "balance")
    world.say("balance")
    desk, manager = signed_in(app, world, Role.DESK), signed_in(app, world, Role.MANAGER)
    mark = MARK.search(manager.get(thread(ana)).text)[1]  # type: ignore[index]
    [(words,)] = world.rows("SELECT words FROM draft_reply")
    press(desk, thread(ana, "take"))
    refused = press(manager, thread(ana, "draft"), {"draft": "1", "words": str(words), "mark": mark})
    assert refused.status_code == 409
    assert drafted(world) == [("balance", None)]


def test_a_draft_of_another_thread_is_not_there(app: Flask, world: World, ana: int) -> None:
    bea = world.client("Bea", BEA)
    hold(world, "balance")
    world.say("balance")
    desk = signed_in(app, world, Role.DESK)
    assert press(desk, thread(bea, "draft"), {"draft": "1", "words": EVIL}).status_code == 409
    assert press(desk, thread(ana, "draft"), {"draft": "x", "words": EVIL}).status_code == 409
    assert drafted(world) == [("balance", None)]


def test_only_the_owner_chooses(app: Flask, world: World) -> None:
    owner, manager, desk = (signed_in(app, world, role) for role in (Role.OWNER, Role.MANAGER, Role.DESK))
    form = {"intent": ["balance", "hours"], "once": "a-new-form-token"}
    assert owner.post(REVIEW, form).status_code == 303
    assert world.rows("SELECT intent FROM inbox_review ORDER BY 1") == [("balance",), ("hours",)]
    assert manager.post(REVIEW, form, page=INBOX).status_code == 403
    assert desk.get(REVIEW).status_code == 403
    shown = manager.get(REVIEW).text
    assert "Asks what they have" in shown
    assert 'name="intent"' not in shown
    assert owner.post(REVIEW, {"once": "another-form-token"}).status_code == 303
    assert world.rows("SELECT count(*) FROM inbox_review") == [(0,)]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("You have  two credits until Friday.", Agreement.UNCHANGED),
        ("You have two credits until Saturday.", Agreement.EDITED),
        ("Somebody will call.", Agreement.REPLACED),
        ("", Agreement.REPLACED),
    ],
)
def test_how_far_a_person_agreed(sent: str, expected: Agreement) -> None:
    assert agreement("You have two credits until Friday.", sent) is expected


def test_handed_back_its_drafts_are_waited_for_no_more(app: Flask, world: World, ana: int) -> None:
    hold(world, "balance")
    world.say("saldo")
    desk = signed_in(app, world, Role.DESK)
    shown = " ".join(desk.get(thread(ana)).text.split())
    assert "Its answer waits to be approved." in shown
    assert "In English:</strong> asks what they have" in shown
    assert press(desk, thread(ana, "back")).status_code == 303
    assert drafted(world) == [("balance", "let_go")]
    assert "Its answer waits" not in desk.get(thread(ana)).text
    world.settle()
    assert world.received() == []
