"""`assistant billing`, `reconcile` and `plans`, as a person runs them: on a whole spa, with Stripe on loopback."""

import gc
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from assistant import cli
from assistant.cli import house
from assistant.cli.billing import WHY
from assistant.clock import WallClock
from assistant.domain.billing import Decision
from assistant.domain.credits import MILLI
from assistant.domain.membership import Standing
from assistant.domain.plans import GrantTerms, Terms
from assistant.sandbox.insight import NoInsight
from assistant.sandbox.server import create_sandbox
from assistant.sandbox.stripe_cards import Verdict
from assistant.sandbox.stripe_faults import StripeFault, Trouble
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.wire import Account
from assistant.sandbox.world import World as SandboxWorld
from assistant.services import billing, plans
from tests.gateways.conftest import serving
from tests.world import World

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
KEY = "sk_test_of_the_command_line"

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning"
)  # a command ends with its process, and closes nothing


@dataclass
class Commands:
    """What a person types, in the environment of this spa and at its time."""

    clock: Path
    capsys: pytest.CaptureFixture[str]
    told: str = ""
    complained: str = ""

    def __call__(self, *words: object) -> int:
        answer = cli.main([str(word) for word in words])
        self.told, self.complained = self.capsys.readouterr()
        return answer

    def at(self, moment: datetime) -> None:
        self.clock.write_text(str(round((moment - WallClock().now()).total_seconds())))


def sandbox(world: World) -> Flask:
    """Stripe's doors, before the same book."""
    side = StripeSide(world.stripe, "", "whsec_test", KEY)
    account = Account("AC0", "token")
    return create_sandbox(SandboxWorld(account, world.book, world.clock, NoInsight("none"), "", stripe=side))


@pytest.fixture
def run(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Commands]:
    commands = Commands(tmp_path / "clock", capsys)
    commands.at(world.clock.now() + timedelta(minutes=1))
    with serving(sandbox(world)) as base:
        for name, value in {
            "DATABASE_URL": world.rt.database.url,
            "REDIS_URL": "redis://127.0.0.1:1/0",  # nobody is there: a lost ring is no harm
            "SECRET_KEY": "k" * 40,
            "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
            "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}",
            "TWILIO_AUTH_TOKEN": "0" * 32,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": "whsec_test",
            "STRIPE_API_BASE": base,
            "STRIPE_PER_SECOND": "100",
            "SENDGRID_API_KEY": "SG.test",
            "CLOCK_FILE": str(commands.clock),
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }.items():
            monkeypatch.setenv(name, value)
        yield commands
    gc.collect()


def populate(world: World) -> dict[str, int]:
    """One of each kind that a day's plan has words for."""
    people = {}
    for number, name in enumerate(("Ana", "Bea", "Cleo", "Dora", "Eva")):
        people[name] = client_id = world.client(name, f"+150555501{number:02}")
        standing = Standing.PAUSED if name == "Eva" else Standing.ACTIVE
        later = TODAY + 5 * DAY if name == "Dora" else TODAY
        anchor_on = date(2026, 9, 20) if name == "Bea" else later
        world.enrol(client_id, anchor_on=anchor_on, standing=standing)
        if name in ("Ana", "Dora"):
            world.card(client_id)
        if name == "Bea":
            world.stripe.behave(world.card(client_id, "5555555555554444"), standing=Verdict("insufficient_funds"))
    return people


def test_every_command_that_changes_a_day_can_be_asked_for_it_first(world: World, run: Commands) -> None:
    people = populate(world)
    assert run("billing", "plan") == 0
    lines = run.told.splitlines()
    assert lines[0] == "Fern & Lumen, 2026-11-20"
    assert [line.split()[:2] for line in lines[1:5]] == [
        ["charge", "Ana"],
        ["charge", "Bea"],
        ["ask_card", "Cleo"],
        ["rests", "Eva"],
    ]
    assert lines[2].endswith("$149.00  due, card on file; 2 missed, skipped")
    assert "cycle 2 of 2026-11-20" in lines[2]
    assert [line.split()[:3] for line in lines[5:]] == [
        ["2", "charge", "$298.00"],
        ["1", "ask_card", "$149.00"],
        ["1", "rests", "$149.00"],
        ["1", "not_due", "$149.00"],
    ]
    assert run("billing", "run", "--dry-run") == 0
    assert run.told.splitlines() == lines

    assert run("billing", "plan", "--json", "--as-of", "2026-11-25") == 0
    day = {each["client"]: each for each in map(json.loads, run.told.splitlines())}
    assert day[people["Dora"]] == {
        "spa": world.spa.spa_id,
        "day": "2026-11-25",
        "membership": 4,
        "client": people["Dora"],
        "plan": "Glow",
        "decision": "charge",
        "why": "due, card on file",
        "cycle": 0,
        "due_on": "2026-11-25",
        "dues_cents": 14_900,
        "setup_fee_cents": 0,
        "missed": 0,
    }
    assert world.invoices() == []
    assert world.rows("SELECT 1 FROM billing_run") == []


def test_a_days_run_charges_and_tells_how_far_it_came(world: World, run: Commands) -> None:
    people = populate(world)
    billing.bill(world.rt)  # opened, and broken off before anybody was charged
    assert run("billing", "run") == 0
    told = "Fern & Lumen, 2026-11-20: 6 opened, 1 paid ($149.00), 0 waiting, 0 in doubt, 2 owed, 3 skipped.\n"
    assert run.told == told
    assert run("billing", "run") == 0
    assert run.told == told
    assert len(world.stripe.all("payment_intent", where={"status": "succeeded"})) == 1

    assert run("billing", "plan", "--member", people["Bea"]) == 0
    story = run.told.splitlines()
    assert story[1].split()[:2] == ["held", "Bea"]
    assert story[2] == "  cycle 2 of 2026-11-20, $149.00: open"
    assert story[3].lstrip().startswith("Nov 20 11:0")
    assert [line.split("next: ")[1] for line in story if "next: " in line] == [
        "tell declined",
        "retry",
        "tell reminder",
    ]
    assert story[-2:] == [
        "  cycle 1 of 2026-10-20, $149.00: skipped (missed)",
        "  cycle 0 of 2026-09-20, $149.00: skipped (missed)",
    ]
    assert run("billing", "plan", "--member", people["Ana"]) == 0
    assert "settled" in run.told
    assert "paid by card" in run.told


def test_what_cannot_be_is_refused(world: World, run: Commands) -> None:
    populate(world)
    assert run("billing", "plan", "--member", 999) == 2
    assert run.complained == "No client 999 has a membership that has not ended.\n"
    assert run("billing", "plan", "--json", "--member", 999) == 2
    assert run("billing", "run", "--as-of", "2026-11-21") == 1
    assert run.complained == "2026-11-21 is in the future at Fern & Lumen: nobody is charged early.\n"
    assert world.invoices() == []
    with pytest.raises(SystemExit, match="2"):
        run("billing", "plan", "--as-of", "tomorrow")


def test_the_books_are_compared(world: World, run: Commands) -> None:
    populate(world)
    world.bill()
    run.at(world.clock.now() + timedelta(hours=1))
    assert run("reconcile") == 0
    assert run.told == "Both books agree: 2 payments there, 2 attempts here, no difference.\n"
    [(payment,)] = world.rows("SELECT payment_id FROM charge_attempt WHERE status = 'succeeded'")
    world.stripe.refund(str(payment), 4_900)
    assert run("reconcile") == 1
    assert run.told.splitlines() == [
        f"refunded_outside: {payment}, ours 0 cents, the processor's 4900 cents",
        "1 differences; each is a task for the staff.",
    ]
    run.at(world.clock.now() + 9 * DAY)
    assert run("reconcile", "--days", 7) == 0
    world.stripe.faults.add(Trouble(StripeFault.STORE_500, on="payment_intents.list", times=None))
    world.stripe.faults.add(Trouble(StripeFault.FAIL_BEFORE, on="payment_intents.list", times=None))
    assert run("reconcile") == 2
    assert run.complained.startswith("The processor's book could not be read, so nothing is known: ")
    assert world.rows("SELECT count(*) FROM staff_task WHERE kind = 'refunded_outside'") == [(1,)]


def test_what_is_on_offer_is_told_with_its_math(world: World, run: Commands) -> None:
    visit = GrantTerms("visit", MILLI)
    with world.rt.unit_of_work() as uow:
        for code, terms in {
            "Glow": Terms(dues_cents=14_900, grants=(visit,)),
            "Luxe": Terms(dues_cents=24_900, grants=(visit, GrantTerms("extra", MILLI))),
        }.items():
            plans.offer(uow, world.spa.spa_id, code, code, terms, actor="staff:1")
    assert run("plans") == 0
    spa, glow, luxe = run.told.splitlines()
    assert spa == "Fern & Lumen"
    assert (
        glow.split()
        == (
            "Glow $149.00 a month, version 1, 0 members: 1 visit credit ($165.00); $16.00 less than its list price."
        ).split()
    )
    assert luxe.endswith("1 visit credit ($165.00), 1 extra ($45.00); $39.00 MORE than its list price.")
    with world.rt.unit_of_work() as uow:
        plans.offer(uow, world.spa.spa_id, "Pure", "Pure", Terms(dues_cents=4_900), actor="staff:1")
    assert run("plans") == 0
    assert "access alone" in run.told
    assert "3 plans: 3 pairs to hold against each other at the desk, where 2 are advised." in run.told


def test_every_decision_has_its_words() -> None:
    assert set(WHY) == set(Decision)


def test_a_command_goes_by_the_environment_or_else_by_the_running_demo(tmp_path: Path) -> None:
    demo = tmp_path / "demo.json"
    ours = {"DATABASE_URL": "postgresql://localhost/ours"}
    assert house.environ({}, demo) == {}
    demo.write_text(json.dumps({"environ": {"DATABASE_URL": "postgresql://localhost/demo"}}))
    assert house.environ({"PORT": "1"}, demo) == {"PORT": "1", "DATABASE_URL": "postgresql://localhost/demo"}
    assert house.environ(ours, demo) == ours
