"""Today: who did not pay and what was done, and that every line leads to its fix."""

from datetime import date

from assistant.domain.permissions import Role
from tests.console import console_app, signed_in
from tests.world import World


def test_a_quiet_day_says_so(world: World) -> None:
    desk = signed_in(console_app(world), world, Role.DESK)
    shown = desk.get("/console/1/today").text
    for words in ("Nobody waits for an answer.", "Nobody has asked to leave.", "Nothing to do."):
        assert words in shown, words


def test_who_did_not_pay_is_one_click_from_her_page(world: World) -> None:
    bea = world.client("Bea")
    world.enrol(bea, anchor_on=date(2026, 11, 20))
    world.card(bea, "4000000000000341")
    world.bill()
    desk = signed_in(console_app(world), world, Role.DESK)
    shown = desk.get("/console/1/today").text
    assert "$149.00" in shown
    assert f'href="/console/1/members/{bea}"' in shown
    assert "Try the card again" in desk.get(f"/console/1/members/{bea}").text
