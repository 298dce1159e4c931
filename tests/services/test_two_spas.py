"""One member of two spas: two numbers, two threads, and nothing of one in the other (`features.md` E12)."""

import re
from datetime import date

import pytest

from assistant.db.clients import Client, ClientPhone, Phone
from assistant.db.plans import Membership, Plan, PlanVersion
from assistant.db.spas import Spa
from tests.world import ANA, PUBLIC, World

OTHER = "+15055550200"
TOKEN = re.compile(r"\b[A-Z]\d\d\b")


@pytest.fixture
def member(world: World) -> World:
    """Ana, of this spa with two credits, and of another with none."""
    client_id = world.client("Ana")
    world.enrol(client_id, anchor_on=date(2026, 8, 15))
    world.card(client_id)
    world.grant(client_id, 2)
    world.book.own(OTHER, f"{PUBLIC}/webhooks/twilio/inbound")
    with world.rt.unit_of_work() as uow:
        spa = Spa(
            name="Oak Room",
            zone="America/Denver",
            locale="en",
            number=OTHER,
            help_phone="(505) 555-0201",
            help_email="oak@example.com",
            carrier_confirms_stop=False,
        )
        uow.session.add(spa)
        uow.session.flush()
        client = Client(
            spa_id=spa.spa_id, first_name="Anita", last_name="Example", locale="en", zone=spa.zone, created_at=uow.now
        )
        phone = Phone(spa_id=spa.spa_id, number=ANA, sms_transactional=True, created_at=uow.now)
        plan = Plan(spa_id=spa.spa_id, code="oak", name="Oak")
        uow.session.add_all((client, phone, plan))
        uow.session.flush()
        uow.session.add(ClientPhone(spa_id=spa.spa_id, client_id=client.id, phone_id=phone.id))
        version = PlanVersion(
            spa_id=spa.spa_id, plan_id=plan.id, number=1, dues_cents=9_900, grants=[], sold_from=uow.now
        )
        uow.session.add(version)
        uow.session.flush()
        membership = Membership(
            spa_id=spa.spa_id,
            client_id=client.id,
            plan_version_id=version.id,
            standing="active",
            anchor_on=date(2026, 8, 20),
            created_at=uow.now,
        )
        uow.session.add(membership)
    return world


def says(world: World, body: str, to: str) -> list[str]:
    """What comes back from that very number; nothing may come from the other."""
    before = len(world.book.thread(ANA))
    world.book.receive(ANA, to, body)
    world.settle()
    came = [each for each in world.book.thread(ANA)[before:] if each.direction.startswith("outbound")]
    assert {each.sender for each in came} <= {to}
    return [each.body for each in came]


HERE = "+15055550100"


def test_each_spa_tells_its_own(member: World) -> None:
    assert says(member, "BALANCE", HERE)[0].startswith("Ana, you have 2 visit credits")
    assert says(member, "BALANCE", OTHER)[0].startswith("Anita, you have no credits")
    assert "$99.00" in says(member, "BALANCE", OTHER)[0]


def test_a_token_of_one_does_nothing_at_the_other(member: World) -> None:
    [offered] = says(member, "PAUSE 2", HERE)
    token = TOKEN.findall(offered)[-1]
    assert "Done" not in says(member, token, OTHER)[0]
    assert "more than one" not in says(member, "yes", OTHER)[0]
    assert "Done" in says(member, token, HERE)[0]


def test_a_stop_at_one_leaves_the_other_open(member: World) -> None:
    [stopped] = says(member, "please stop texting me", HERE)
    assert "other phone" not in stopped
    assert says(member, "BALANCE", HERE) == []
    assert says(member, "BALANCE", OTHER) != []
    assert "no others" in says(member, "BILLING", HERE)[0]
    assert member.rows("SELECT spa_id, suppressed_at IS NULL, billing_at IS NULL FROM phone ORDER BY spa_id") == [
        (1, False, False),
        (2, True, True),
    ]


def test_a_wrong_number_at_one_is_not_the_others_to_believe(member: World) -> None:
    assert len(says(member, "wrong number", HERE)) == 1
    assert says(member, "BALANCE", OTHER)[0].startswith("Anita")
    assert member.rows("SELECT spa_id FROM client_phone") == [(2,)]
