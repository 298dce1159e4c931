"""A second person's yes: asked for above one's own limit, done as it was quoted, never by who asked."""

from datetime import date
from html import unescape
from typing import Any

import psycopg
import pytest
from flask import Flask

from assistant.domain.permissions import Role
from assistant.services import verification
from assistant.web.console import policy
from tests.console import Visitor, console_app, employ, signed_in
from tests.services.test_refunds import paid_month, right
from tests.web.test_console_checkout import services, sold
from tests.web.test_console_members import EVIL, confirm, page
from tests.world import World

__all__ = ["services"]
ASKED = "Another person has been asked"


@pytest.fixture
def app(world: World) -> Flask:
    return console_app(world)


@pytest.fixture
def ana(world: World) -> int:
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 12, 20))
    return client_id


@pytest.fixture
def desk(app: Flask, world: World) -> Visitor:
    return signed_in(app, world, Role.DESK)


@pytest.fixture
def manager(desk: Visitor, app: Flask, world: World) -> Visitor:
    """Hired after the desk: they are staff:2."""
    assert desk.get("/console/account").status_code == 200
    return signed_in(app, world, Role.MANAGER)


def ask(desk: Visitor, ana: int, many: str = "80", reason: str = "for her patience") -> Any:  # noqa: ANN401
    return confirm(desk, page(ana, "grant"), {"unit": "USD", "many": many, "reason": reason})


def decide(visitor: Visitor, what: str, number: int = 1, **form: str) -> Any:  # noqa: ANN401
    path = f"/console/1/approvals/{number}"
    return visitor.post(f"{path}/{what}", form, page=path)


def requests(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT status, asked_by, decided_by FROM approval ORDER BY id")


def held(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT unit, remaining::int FROM credit_lot ORDER BY id")


def test_over_ones_limit_it_waits_and_another_says_yes(desk: Visitor, manager: Visitor, world: World, ana: int) -> None:
    assert ask(desk, ana).status_code == 303
    assert ASKED in desk.get(page(ana)).text
    assert (held(world), requests(world)) == ([], [("waiting", "staff:1", None)])
    assert "waits for another person" in desk.get(page(ana)).text
    day = manager.get("/console/1/today").text
    assert "For your yes" in day
    assert 'href="/console/1/approvals/1"' in day
    shown = unescape(manager.get("/console/1/approvals/1").text)
    for words in ("80 dollars", "for her patience", "Desk Example", "you may give $50.00"):
        assert words in shown or words == "80 dollars", words
    assert "$80.00" in shown
    assert decide(manager, "approve").status_code == 303
    assert (held(world), requests(world)) == ([("USD", 8_000)], [("approved", "staff:1", "staff:2")])
    [(actor, approved_by)] = world.rows(
        "SELECT actor, after ->> 'approved_by' FROM audit WHERE act = 'credit_adjusted'"
    )
    assert (actor, approved_by) == ("staff:1", "staff:2")
    assert world.rows("SELECT actor, after ->> 'asked_by' FROM audit WHERE act = 'approval_approved'") == [
        ("staff:2", "staff:1")
    ]
    assert "For your yes" not in manager.get("/console/1/today").text
    right(world)


def test_it_is_done_once(desk: Visitor, manager: Visitor, world: World, ana: int) -> None:
    ask(desk, ana)
    assert decide(manager, "approve").status_code == 303
    again = decide(manager, "approve")
    assert again.status_code == 409
    assert "It was decided already" in again.text
    assert held(world) == [("USD", 8_000)]


def test_nobody_says_yes_to_their_own(manager: Visitor, app: Flask, world: World, ana: int) -> None:
    assert ask(manager, ana, "600").status_code == 303
    assert requests(world) == [("waiting", "staff:2", None)]
    assert "For your yes" not in manager.get("/console/1/today").text
    shown = manager.get("/console/1/approvals/1").text
    assert "You asked for this" in shown
    assert "Say yes" not in shown
    assert decide(manager, "approve").status_code == 409
    assert held(world) == []
    with pytest.raises(psycopg.errors.CheckViolation), world.rt.unit_of_work() as uow:
        uow.sql("UPDATE approval SET status = 'approved', decided_by = asked_by, decided_at = %s", (uow.now,))
    assert decide(signed_in(app, world, Role.OWNER), "approve").status_code == 303
    assert held(world) == [("USD", 60_000)]


def test_the_desk_says_yes_to_nobody(desk: Visitor, world: World, ana: int) -> None:
    ask(desk, ana)
    for path in ("/console/1/approvals", "/console/1/approvals/1"):
        assert desk.get(path).status_code == 403
    assert desk.post("/console/1/approvals/1/approve", {}, page="/console/account").status_code == 403
    assert requests(world) == [("waiting", "staff:1", None)]


def test_a_yes_asks_who_they_are_anew(
    desk: Visitor, manager: Visitor, world: World, ana: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(desk, ana)
    monkeypatch.setattr(policy, "is_fresh", lambda: False)
    answer = decide(manager, "approve")
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/console/account/again")
    assert requests(world) == [("waiting", "staff:1", None)]


def test_what_has_changed_lapses_and_says_so(desk: Visitor, manager: Visitor, world: World, ana: int) -> None:
    confirm(desk, page(ana, "grant"), {"unit": "visit", "many": "1", "reason": "x"})
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE credit_kind SET reference_cents = 20_000 WHERE unit = 'visit'")
    assert decide(manager, "approve").status_code == 303
    assert "It is not as it was when it was asked for" in manager.get("/console/1/approvals/1").text
    assert (held(world), requests(world)) == ([], [("lapsed", "staff:1", "staff:2")])


def test_who_has_left_asks_for_nothing_any_more(desk: Visitor, manager: Visitor, world: World, ana: int) -> None:
    ask(desk, ana)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE staff_post SET revoked_at = %s WHERE user_id = 1", (uow.now,))
    assert decide(manager, "approve").status_code == 303
    assert (held(world), requests(world)) == ([], [("lapsed", "staff:1", "staff:2")])


def test_a_no_has_a_reason(desk: Visitor, manager: Visitor, world: World, ana: int) -> None:
    ask(desk, ana, reason=EVIL)
    assert EVIL not in manager.get("/console/1/approvals/1").text
    assert decide(manager, "decline", reason=" ").status_code == 422
    assert decide(manager, "decline", reason=EVIL).status_code == 303
    assert requests(world) == [("declined", "staff:1", "staff:2")]
    for path in ("/console/1/approvals", "/console/1/approvals/1", page(ana)):
        shown = manager.get(path).text
        assert EVIL not in shown, path
        assert EVIL in unescape(shown), path
    assert held(world) == []


def test_who_asked_takes_it_back(manager: Visitor, world: World, ana: int) -> None:
    ask(manager, ana, "600")
    assert decide(manager, "decline", reason="a slip").status_code == 303
    assert requests(world) == [("withdrawn", "staff:2", "staff:2")]


def test_a_request_of_another_spa_is_not_there(manager: Visitor, world: World) -> None:
    with world.rt.unit_of_work() as uow:
        uow.sql(
            "INSERT INTO approval (spa_id, token, kind, payload, mark, lines, why, asked_by, asked_at)"
            " VALUES (0, 't', 'grant', '{}', '', '[]', '', 'staff:9', %s)",
            (uow.now,),
        )
    assert manager.get("/console/1/approvals/1").status_code == 404
    for what in ("approve", "decline"):
        form = {"reason": "x"}
        answer = manager.post(f"/console/1/approvals/1/{what}", form, page="/console/account")
        assert answer.status_code == 404, what


# --- of payments and tickets ------------------------------------------------------------------------------------------


def test_a_refund_over_the_limit_is_given_by_two(manager: Visitor, app: Flask, world: World) -> None:
    month = paid_month(world)
    with world.rt.unit_of_work() as uow:
        uow.sql("""UPDATE staff_post SET limits = '{"refund_cents": 10000}' WHERE user_id = 2""")
    answers = {"invoice": str(month.invoice_id), "amount": "", "used": "", "reason": "unhappy"}
    assert confirm(manager, page(month.client_id, "refund"), answers).status_code == 303
    assert ASKED in manager.get(page(month.client_id)).text
    assert world.rows("SELECT count(*) FROM refund") == [(0,)]
    owner = signed_in(app, world, Role.OWNER)
    assert decide(owner, "approve").status_code == 303
    assert "$149.00 goes back to the card." in owner.get("/console/1/approvals/1").text
    assert world.rows("SELECT actor, approved_by, status FROM refund") == [("staff:2", "staff:3", "done")]
    right(world)


def test_used_credit_is_paid_back_by_a_manager_alone_and_claimed(manager: Visitor, world: World) -> None:
    month = paid_month(world)
    world.spend(month.client_id)
    answers = {"invoice": str(month.invoice_id), "amount": "", "used": "claim", "reason": "unhappy"}
    assert confirm(manager, page(month.client_id, "refund"), answers).status_code == 303
    assert world.rows("SELECT cents, status FROM refund") == [(14_900, "done")]
    assert world.rows("SELECT unit, approved_by FROM credit_claim") == [("visit", "staff:2")]
    right(world)


def test_a_void_over_the_limit_waits_for_a_manager(desk: Visitor, manager: Visitor, world: World, ana: int) -> None:
    path = sold(desk, world, ana, "signature")
    void = {"reason": "a mistake"}
    assert desk.post(f"{path}/void", void | {"once": "the-void-form"}, page=path).status_code == 303
    assert ASKED in desk.get(path).text
    assert requests(world) == [("waiting", "staff:1", None)]
    assert world.rows("SELECT status FROM ticket") == [("paid",)]
    assert decide(manager, "approve").status_code == 303
    assert world.rows("SELECT status, voided_by FROM ticket") == [("void", "staff:1")]
    assert world.rows("SELECT actor, approved_by FROM refund") == [("staff:1", "staff:2")]
    with world.rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []


def test_some_of_a_ticket_goes_back_within_the_limit_at_once(manager: Visitor, world: World, ana: int) -> None:
    path = sold(manager, world, ana, "signature")
    back = {"amount": "20", "reason": "late", "once": "the-refund-form"}
    for _ in range(2):
        assert manager.post(f"{path}/refund", back, page=path).status_code == 303
    assert world.rows("SELECT cents, status FROM refund") == [(2_000, "done")]
    for amount in ("", "x", "9999"):
        answer = manager.post(f"{path}/refund", {"amount": amount, "reason": "late", "once": "another"}, page=path)
        assert answer.status_code == 422, amount
    assert employ(world, Role.DESK, "second@example.com") > 0
