"""Two clients who are one: everything is the one's, the books are right, and what cannot be told apart stays two."""

from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from assistant.db.tables import METADATA
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.merging import MergeRefusal
from assistant.services import credits, merging, profile, tasks, verification
from assistant.services.merging import APART, ENDED, MOVED, STAY, MergeQuote
from tests.services.test_refunds import Month, paid_month
from tests.world import World

BEA = "+15055550133"


@pytest.fixture
def ana(world: World) -> int:
    return world.client("Ana")


def quoted(world: World, goes: int, stays: int) -> MergeQuote:
    with world.rt.unit_of_work() as uow:
        found = merging.quote(uow, 1, goes, stays)
    assert isinstance(found, MergeQuote), found
    return found


def refused(world: World, goes: int, stays: int) -> MergeRefusal:
    with world.rt.unit_of_work() as uow:
        found = merging.quote(uow, 1, goes, stays)
    assert isinstance(found, MergeRefusal), found
    return found


def merge(world: World, goes: int, stays: int) -> MergeQuote:
    agreed = quoted(world, goes, stays)
    with world.rt.unit_of_work() as uow:
        assert merging.merge(uow, 1, agreed, actor="staff:1", approved_by="staff:2") is None
    right(world)
    return agreed


def right(world: World) -> None:
    with world.rt.unit_of_work() as uow:
        assert list(verification.differences(uow)) == []


def test_every_table_that_names_a_client_is_thought_of() -> None:
    naming = {table.name for table in METADATA.sorted_tables if "client_id" in table.columns}
    decided = [*MOVED, *APART, *ENDED, *STAY]
    assert naming == set(decided)
    assert len(decided) == len(set(decided))


def test_credit_changes_hands_as_it_is(world: World, ana: int) -> None:
    month: Month = paid_month(world, "Anna")
    goes = month.client_id
    world.grant(goes, 2, expires_on=date(2026, 12, 24))
    world.spend(goes)
    before = world.rows(
        "SELECT unit, lot_class, remaining::int, expires_on, cents_left::int FROM credit_lot"
        " WHERE client_id = %s AND remaining > 0 ORDER BY id",
        (goes,),
    )
    agreed = merge(world, goes, ana)
    assert sum(each.amount for each in agreed.credit) == 2 * MILLI
    after = "SELECT unit, lot_class, remaining::int, expires_on, cents_left::int FROM credit_lot WHERE client_id = %s"
    assert world.rows(after + " AND remaining > 0 ORDER BY id", (ana,)) == before
    assert world.rows(after + " AND remaining > 0", (goes,)) == []
    assert isinstance(world.spend(ana, 2), credits.Spent)
    right(world)


def test_a_membership_goes_along_with_its_card_and_is_charged_as_before(world: World, ana: int) -> None:
    month = paid_month(world, "Anna")
    agreed = merge(world, month.client_id, ana)
    assert (agreed.card, agreed.memberships) == (True, 1)
    assert world.rows("SELECT client_id FROM membership UNION SELECT client_id FROM invoice") == [(ana,)]
    assert world.rows("SELECT client_id FROM card UNION SELECT client_id FROM payer") == [(ana,)]
    world.clock.advance(timedelta(days=30))
    world.bill()
    assert world.rows("SELECT client_id, status FROM invoice ORDER BY id") == [(ana, "paid"), (ana, "paid")]
    [(held,)] = world.rows("SELECT sum(remaining)::int FROM credit_lot WHERE client_id = %s", (ana,))
    assert held == 2 * MILLI
    quote = Month(world, ana, month.membership_id, month.invoice_id).quoted()
    assert (quote.cents, quote.takes[0].client_id) == (14_900, ana)
    right(world)


def test_phones_messages_and_tasks_go_along_and_a_shared_phone_once(world: World, ana: int) -> None:
    anna = world.client("Anna")
    world.phone(anna, BEA)
    world.mailbox(anna, "anna@example.com")
    world.text("BALANCE")
    world.settle()
    with world.rt.unit_of_work() as uow:
        tasks.open_task(uow, 1, key="k", kind="wrong_amount", client_id=anna, facts={})
        uow.sql("UPDATE client SET tags = '{vip}', born_on = '1990-02-03' WHERE id = %s", (anna,))
        uow.sql("UPDATE outbound_message SET client_id = %s", (anna,))
        [[many]] = uow.sql("SELECT count(*) FROM outbound_message").fetchall()
    agreed = merge(world, anna, ana)
    assert (agreed.phones, agreed.emails) == (2, 1)
    assert world.rows("SELECT count(*), count(DISTINCT client_id) FROM client_phone") == [(2, 1)]
    assert world.rows("SELECT client_id FROM client_email UNION SELECT client_id FROM staff_task") == [(ana,)]
    assert world.rows("SELECT count(*) FROM outbound_message WHERE client_id = %s", (ana,)) == [(many,)]
    assert world.rows("SELECT tags, born_on FROM client WHERE id = %s", (ana,)) == [(["vip"], date(1990, 2, 3))]
    with world.rt.unit_of_work() as uow:
        assert profile.look(uow, 1, anna) is None
        assert profile.now_is(uow, 1, anna) == ana
        found = profile.look(uow, 1, ana)
    assert found is not None
    assert len(found.phones) == 2
    world.text("BALANCE", BEA)
    world.settle()
    assert world.received(BEA)


def test_the_audit_holds_what_was_moved(world: World, ana: int) -> None:
    month = paid_month(world, "Anna")
    merge(world, month.client_id, ana)
    rows = world.rows("SELECT subject, actor, before, after FROM audit WHERE act = 'clients_merged' ORDER BY id", ())
    assert [(subject, actor) for subject, actor, _, _ in rows] == [
        (f"client:{ana}", "staff:1"),
        (f"client:{month.client_id}", "staff:1"),
    ]
    before: Any = rows[0][2]
    after: Any = rows[0][3]
    assert {each["first_name"] for each in before["clients"]} == {"Ana", "Anna"}
    assert (after["from"], after["into"], after["approved_by"]) == (month.client_id, ana, "staff:2")
    assert after["moved"]["membership"] == [month.membership_id]
    assert after["moved"]["invoice"] == [month.invoice_id]
    assert {"client_phone", "card", "credit_lot"} <= set(after["moved"])


def test_the_story_of_both_is_told_as_one(world: World, ana: int) -> None:
    month = paid_month(world, "Anna")
    merge(world, month.client_id, ana)
    with world.rt.unit_of_work() as uow:
        found = profile.look(uow, 1, ana)
    assert found is not None
    kinds = [(each.kind, each.what) for each in found.events]
    assert ("credit", "credits_granted") in kinds
    assert ("credit", "credits_transferred") not in kinds
    assert ("act", "clients_merged") in kinds
    assert any(kind == "charge" for kind, _ in kinds)


# --- who stays two ----------------------------------------------------------------------------------------------------


def test_two_members_stay_two(world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    for each in (ana, anna):
        world.enrol(each, anchor_on=date(2026, 12, 20))
    assert refused(world, anna, ana) is MergeRefusal.BOTH_MEMBERS
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE membership SET standing = 'ended', ended_on = '2026-11-20' WHERE client_id = %s", (anna,))
    assert merge(world, anna, ana).memberships == 1
    assert world.rows("SELECT count(*) FROM membership WHERE client_id = %s", (ana,)) == [(2,)]


def test_two_cards_stay_two(world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    for each in (ana, anna):
        world.card(each)
    assert refused(world, anna, ana) is MergeRefusal.BOTH_CARDS


def test_doubt_held_credit_and_open_tickets_refuse(world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    world.grant(anna)
    until = world.clock.now() + timedelta(hours=1)
    with world.rt.unit_of_work() as uow:
        ref = "booking:7F3K"
        of = {"client_id": anna, "unit": "visit", "amount": MILLI, "ref": ref, "until": until, "zone": world.spa.zone}
        assert credits.hold(uow, 1, **of) is None
    assert refused(world, anna, ana) is MergeRefusal.HELD
    with world.rt.unit_of_work() as uow:
        credits.release(uow, 1, ref)
        uow.sql("UPDATE credit_lot SET frozen_at = %s", (uow.now,))
    assert refused(world, anna, ana) is MergeRefusal.DISPUTED
    assert refused(world, ana, anna) is MergeRefusal.DISPUTED


def test_nobody_is_merged_with_themselves_nor_twice_nor_with_a_stranger(world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    assert refused(world, ana, ana) is MergeRefusal.UNKNOWN or refused(world, ana, ana) is MergeRefusal.SAME
    assert refused(world, ana, 99) is MergeRefusal.UNKNOWN
    merge(world, anna, ana)
    assert refused(world, anna, ana) is MergeRefusal.UNKNOWN
    assert refused(world, ana, anna) is MergeRefusal.UNKNOWN


def test_what_has_changed_since_the_quote_moves_nothing(world: World, ana: int) -> None:
    anna = world.client("Anna", BEA)
    agreed = quoted(world, anna, ana)
    world.grant(anna)
    with world.rt.unit_of_work() as uow:
        fresh = merging.merge(uow, 1, agreed, actor="staff:1")
    assert isinstance(fresh, MergeQuote)
    assert fresh != agreed
    assert world.rows("SELECT count(*) FROM client WHERE merged_into IS NOT NULL") == [(0,)]


def test_an_invoice_goes_to_nobody_else(world: World, ana: int) -> None:
    month = paid_month(world, "Anna")
    assert world.standing(month.membership_id) == Standing.ACTIVE
    with pytest.raises(psycopg.errors.RestrictViolation), world.rt.unit_of_work() as uow:
        uow.sql("UPDATE invoice SET client_id = %s", (ana,))
