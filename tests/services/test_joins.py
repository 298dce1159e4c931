"""Joining: nothing before a yes, everything after it, and each of it once."""

from datetime import date, timedelta

import pytest

from assistant.domain.billing import Collection, PaidBy
from assistant.domain.credits import MILLI
from assistant.domain.joining import JoinQuote, JoinRefusal, Refusal
from assistant.domain.membership import Standing
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.stripe_cards import Verdict
from assistant.services import cards, consent, joins, plans, standings, verification
from assistant.services.cards import NotOpened, Redirect
from assistant.services.consent import Source
from assistant.services.joins import Begun, Consent, Member, Stale
from assistant.services.links import State
from tests.world import ANA, PUBLIC, World

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
FUNDS = Verdict("insufficient_funds", "try_again_later", "51")
RIGHT = ANA[-4:]


@pytest.fixture(autouse=True)
def glow(world: World) -> int:
    return offer(world)


def offer(world: World, cents: int = 14_900, **terms: object) -> int:
    of = {"setup_fee_cents": 5_000, "intro_cents": 9_900, "intro_cycles": 2, "grants": (GrantTerms("visit", MILLI),)}
    with world.rt.unit_of_work() as uow:
        sold = Terms(dues_cents=cents, **of | terms)  # type: ignore[arg-type]
        return plans.offer(uow, 1, "glow", "Glow", sold, actor="staff:1").version_id


@pytest.fixture
def ana(world: World) -> int:
    return world.client("Ana")


def quote(world: World, client_id: int, code: str = "glow") -> JoinQuote:
    with world.rt.unit_of_work() as uow:
        found = joins.quote_join(uow, 1, client_id, code)
    assert isinstance(found, JoinQuote), found
    return found


def refused(world: World, client_id: int, code: str = "glow") -> JoinRefusal:
    with world.rt.unit_of_work() as uow:
        found = joins.quote_join(uow, 1, client_id, code)
    assert isinstance(found, Refusal), found
    return found.reason


def begun(world: World, client_id: int) -> str:
    """The link they are texted, and its token."""
    with world.rt.unit_of_work() as uow:
        assert isinstance(joins.begin(uow, 1, client_id, quote(world, client_id), actor="staff:1"), Begun)
    world.settle()
    [link] = [word for word in world.received()[-1].split() if word.startswith(f"{PUBLIC}/join/")]
    return link.rpartition("/")[2]


def said(world: World, client_id: int, *, typed: str = RIGHT, agreed: bool = True, other: bool = False) -> Consent:
    with world.rt.unit_of_work() as uow:
        words = joins.terms(uow, 1, quote(world, client_id), "en")
    known = "0" * 64 if other else words.hash
    return Consent(typed=typed, agreed=agreed, hash=known, locale="en", ip="192.0.2.1", user_agent="A phone")


def agree(world: World, token: str, consent_: Consent) -> Redirect | NotOpened:
    return joins.agree(world.rt, token, consent_, return_url=f"{PUBLIC}/join/{token}/done")


def typed(world: World, outcome: Redirect | NotOpened, number: str = "4242424242424242") -> None:
    assert isinstance(outcome, Redirect), outcome
    world.stripe.type_card(outcome.url.rpartition("/")[2], number)


def members(world: World) -> list[tuple[object, ...]]:
    return world.rows("SELECT client_id, standing, collection FROM membership ORDER BY id")


def requests(world: World) -> list[object]:
    return [status for (status,) in world.rows("SELECT status FROM join_request ORDER BY id")]


def taken(world: World) -> list[int]:
    return [each["amount"] for each in world.stripe.all("payment_intent") if each["status"] == "succeeded"]


def holds(world: World) -> list[tuple[object, ...]]:
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
    return world.rows("SELECT unit, sum(remaining)::int FROM credit_lot GROUP BY 1 ORDER BY 1")


def desk(world: World, client_id: int, **how: object) -> Member | Stale | Refusal:
    priced = quote(world, client_id)
    with world.rt.unit_of_work() as uow:
        return joins.joined(uow, 1, client_id, priced, actor="staff:1", **how)  # type: ignore[arg-type]


# --- by the link ------------------------------------------------------------------------------------------------------


def test_from_the_link_to_the_first_credit(world: World, ana: int) -> None:
    token = begun(world, ana)
    assert (members(world), requests(world)) == ([], ["offered"])
    outcome = agree(world, token, said(world, ana))
    assert (members(world), requests(world), taken(world)) == ([], ["agreed"], [])
    typed(world, outcome)
    world.settle()
    assert members(world) == [(ana, "active", "card")]
    assert (requests(world), taken(world), holds(world)) == (["joined"], [14_900], [("visit", MILLI)])
    [(agreement,)] = world.rows("SELECT agreement FROM join_request")
    assert isinstance(agreement, dict)
    assert len(agreement["hash"]) == 64
    assert {**agreement, "hash": "", "at": ""} == {
        "hash": "",
        "version": 1,
        "locale": "en",
        "at": "",
        "channel": "link",
        "by": f"client:{ana}",
        "ip": "192.0.2.1",
        "user_agent": "A phone",
    }
    told = world.received()[-2:]
    assert told[0].startswith("Ana, welcome to Glow! Today: $149.00. Next charge: $99.00 on Dec 20, and so on until")
    assert told[1].startswith("Ana, thank you: $149.00 for Glow is paid. You banked 1 visit credit.")
    assert world.rows("SELECT kind FROM membership_move WHERE kind IS NOT NULL") == [("new",)]


def test_heard_of_twice_it_is_one_membership(world: World, ana: int) -> None:
    outcome = agree(world, begun(world, ana), said(world, ana))
    typed(world, outcome)
    world.settle()
    [(page,)] = world.rows("SELECT page_id FROM card_page")
    found = world.rt.card_pages.fetch(None, str(page))
    for _ in range(2):
        cards.page_settled(world.rt, found, None)  # type: ignore[arg-type]
        world.settle()
    assert (len(members(world)), taken(world), requests(world)) == (1, [14_900], ["joined"])
    for _ in range(3):
        world.bill()
    assert taken(world) == [14_900]


def test_the_next_months_are_what_was_said(world: World, ana: int) -> None:
    typed(world, agree(world, begun(world, ana), said(world, ana)))
    world.settle()
    for _ in range(62):
        world.clock.advance(DAY)
        world.bill()
    assert taken(world) == [14_900, 9_900, 14_900]


def test_where_the_first_charge_is_declined_they_wait_to_begin(world: World, ana: int) -> None:
    typed(world, agree(world, begun(world, ana), said(world, ana)), "4000000000000341")
    world.settle()
    assert members(world) == [(ana, "scheduled", "card")]
    assert (taken(world), holds(world)) == ([], [])
    world.pass_time(timedelta(hours=1))
    assert world.received()[-1].startswith("Ana, we could not take your Glow payment of $149.00.")
    world.card(ana)
    world.settle()
    assert (members(world), taken(world)) == ([(ana, "active", "card")], [14_900])


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"typed": "9999"}, "wrong"),
        ({"agreed": False}, "unticked"),
        ({"other": True}, "changed"),
    ],
)
def test_without_a_yes_to_these_very_words_nothing_happens(
    world: World, ana: int, how: dict[str, object], reason: str
) -> None:
    token = begun(world, ana)
    assert agree(world, token, said(world, ana, **how)) == NotOpened(reason)  # type: ignore[arg-type]
    assert requests(world) == ["offered"]
    assert world.rows("SELECT count(*) FROM card_page") == [(0,)]


def test_no_card_is_asked_for_before_the_terms(world: World, ana: int) -> None:
    """Not by the other pages' door either."""
    token = begun(world, ana)
    assert cards.open_page(world.rt, token, RIGHT, return_url="x") == NotOpened(State.GOOD)
    assert world.rows("SELECT count(*) FROM card_page") == [(0,)]


def test_a_new_price_is_read_once_more(world: World, ana: int) -> None:
    token = begun(world, ana)
    seen = said(world, ana)
    offer(world, 16_900)
    assert agree(world, token, seen) == NotOpened("changed")
    typed(world, agree(world, token, said(world, ana)))
    world.settle()
    assert world.rows(
        "SELECT v.number, v.dues_cents::int FROM membership m JOIN plan_version v ON v.id = m.plan_version_id"
    ) == [(2, 16_900)]


def test_what_was_agreed_to_holds_though_the_price_changes_while_the_card_is_typed(world: World, ana: int) -> None:
    outcome = agree(world, begun(world, ana), said(world, ana))
    offer(world, 16_900)
    typed(world, outcome)
    world.settle()
    assert world.rows("SELECT v.number FROM membership m JOIN plan_version v ON v.id = m.plan_version_id") == [(1,)]


def test_a_card_for_something_else_makes_nobody_a_member(world: World, ana: int) -> None:
    agree(world, begun(world, ana), said(world, ana))
    world.card(ana)
    world.settle()
    assert (members(world), requests(world)) == ([], ["agreed"])


def test_asked_for_twice_one_link_is_sent_and_later_another_that_ends_the_first(world: World, ana: int) -> None:
    first = begun(world, ana)
    with world.rt.unit_of_work() as uow:
        joins.begin(uow, 1, ana, quote(world, ana), actor="staff:1")
    world.settle()
    assert world.rows("SELECT count(*) FROM outbound_message") == [(1,)]
    world.clock.advance(timedelta(minutes=5))
    assert begun(world, ana) != first
    assert requests(world) == ["dropped", "offered"]
    assert agree(world, first, said(world, ana)) == NotOpened(State.EXPIRED)


def test_who_joined_at_the_desk_meanwhile_is_not_a_member_twice(world: World, ana: int) -> None:
    outcome = agree(world, begun(world, ana), said(world, ana))
    assert isinstance(desk(world, ana, collection=Collection.MANUAL, paid_by=PaidBy.CASH), Member)
    typed(world, outcome)
    world.settle()
    assert (len(members(world)), taken(world), requests(world)) == (1, [], ["dropped", "joined"])


def test_nobody_is_texted_who_may_not_be(world: World, ana: int) -> None:
    with world.rt.unit_of_work() as uow:
        consent.stop(uow, 1, ANA, Source("member", {}))
    priced = quote(world, ana)
    with world.rt.unit_of_work() as uow:
        assert joins.begin(uow, 1, ana, priced, actor="staff:1") == Refusal(JoinRefusal.NO_PHONE)


# --- at the desk ------------------------------------------------------------------------------------------------------


def test_with_a_card_on_file_it_is_charged_at_once(world: World, ana: int) -> None:
    world.card(ana)
    made = desk(world, ana)
    assert isinstance(made, Member)
    assert members(world) == [(ana, "scheduled", "card")]
    world.settle()
    assert (members(world), taken(world)) == ([(ana, "active", "card")], [14_900])
    assert holds(world) == [("visit", MILLI)]
    [(agreement, status)] = world.rows("SELECT agreement, status FROM join_request")
    assert (agreement["channel"], agreement["by"], status) == ("desk", "staff:1", "joined")  # type: ignore[index]
    assert refused(world, ana) is JoinRefusal.HAS_IT


def test_without_a_card_the_link_is_the_way(world: World, ana: int) -> None:
    assert desk(world, ana) == Refusal(JoinRefusal.NO_CARD)
    assert members(world) == []


def test_who_pays_cash_is_a_member_at_once_and_is_asked_at_the_desk_next_time(world: World, ana: int) -> None:
    assert isinstance(desk(world, ana, collection=Collection.MANUAL, paid_by=PaidBy.CASH), Member)
    assert (members(world), taken(world)) == ([(ana, "active", "manual")], [])
    assert holds(world) == [("visit", MILLI)]
    assert world.rows("SELECT status, paid_by FROM invoice") == [("paid", "cash")]


def test_a_quote_of_yesterday_is_stale(world: World, ana: int) -> None:
    world.card(ana)
    old = quote(world, ana)
    world.clock.advance(DAY)
    with world.rt.unit_of_work() as uow:
        found = joins.joined(uow, 1, ana, old, actor="staff:1")
    assert isinstance(found, Stale)
    assert found.quote.joins_on == TODAY + DAY
    assert members(world) == []


def test_who_comes_back_is_welcomed_back_and_pays_no_fee_and_no_introductory_price(world: World, ana: int) -> None:
    world.card(ana)
    desk(world, ana)
    world.settle()
    with world.rt.unit_of_work() as uow:
        [[membership]] = uow.sql("SELECT id FROM membership").fetchall()
        standings.move(uow, 1, membership, Standing.ENDED, actor="staff:1", today=TODAY)
    world.clock.advance(40 * DAY)
    priced = quote(world, ana)
    assert (priced.returning, priced.today_cents, priced.next_charge_cents) == (True, 14_900, 14_900)
    desk(world, ana)
    world.settle()
    assert taken(world) == [14_900, 14_900]
    assert any(body.startswith("Ana, welcome back to Glow!") for body in world.received())
    kinds = world.rows("SELECT kind FROM membership_move WHERE kind IS NOT NULL ORDER BY id")
    assert kinds == [("new",), ("churn",), ("reactivation",)]
    for _ in range(31):
        world.clock.advance(DAY)
        world.bill()
    assert taken(world) == [14_900] * 3
    assert world.rows("SELECT count(*) FROM invoice WHERE status <> 'paid'") == [(0,)]


def test_who_comes_back_by_the_link_pays_no_fee_either(world: World, ana: int) -> None:
    world.card(ana)
    desk(world, ana)
    world.settle()
    with world.rt.unit_of_work() as uow:
        [[membership]] = uow.sql("SELECT id FROM membership").fetchall()
        standings.move(uow, 1, membership, Standing.ENDED, actor="staff:1", today=TODAY)
    world.clock.advance(40 * DAY)
    typed(world, agree(world, begun(world, ana), said(world, ana)))
    world.settle()
    assert taken(world) == [14_900, 14_900]
    assert any(body.startswith("Ana, welcome back to Glow!") for body in world.received())


def test_who_never_paid_has_not_been_a_member(world: World, ana: int) -> None:
    desk(world, ana, collection=Collection.MANUAL)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE invoice SET status = 'skipped', settled_at = %s, next_attempt_at = NULL", (uow.now,))
        [[membership]] = uow.sql("SELECT id FROM membership").fetchall()
        standings.move(uow, 1, membership, Standing.ENDED, actor="staff:1", today=TODAY)
    assert not quote(world, ana).returning


def test_who_owes_pays_first(world: World, ana: int) -> None:
    world.enrol(ana, anchor_on=TODAY)
    world.bill()
    assert refused(world, ana) is JoinRefusal.OWES


def test_no_such_client_and_no_such_plan(world: World, ana: int) -> None:
    assert refused(world, 999) is JoinRefusal.UNKNOWN
    assert refused(world, ana, "nothing") is JoinRefusal.NOT_OFFERED
