"""The journeys through the console by the keyboard alone: where the focus is can be seen at every step."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.db.connections import Database
from assistant.local.postgres import LocalPostgres
from tests.browser.rooms import Served, served
from tests.demo import PASSWORD

FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const labels = [...(at.labels ?? [])].map((each) => each.innerText).join(' ');
    const x = box.left + box.width / 2, y = box.top + Math.min(box.height / 2, 12);
    const top = document.elementFromPoint(x, y);
    return {
        name: (at.getAttribute('aria-label') || labels || at.innerText || at.value || '').replace(/\\s+/g, ' ').trim(),
        tag: at.tagName,
        ringed: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inSight: box.width === 0 || (top !== null && (at.contains(top) || top.contains(at))),
        wide: box.width, high: box.height,
    };
}"""
MOST = 120
"""Nothing is further away than so many times Tab."""


@pytest.fixture(scope="module")
def spa(postgres: LocalPostgres, template: str, browser: Browser) -> Iterator[Served]:
    database = Database(postgres.create_database("console_keys", template))
    with served(database, browser, clients=200, members=100) as found:
        yield found
    database.close()
    postgres.drop_database("console_keys")


class Keys:
    """Hands that have no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str, *, backwards: bool = False) -> None:
        """Tab until the focus is on what begins with this name; it is seen on every stop on the way."""
        for _ in range(MOST):
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
            at = self.page.evaluate(FOCUSED)
            if at["tag"] == "BODY":
                continue
            assert at["ringed"], f"nothing shows that the focus is on {at}"
            assert at["inSight"], f"the focus is hidden on {at}"
            if at["name"].startswith(name):
                return
        raise AssertionError(f"no Tab leads to {name}")

    def enter(self, name: str) -> None:
        self.to(name)
        self.onwards()

    def onwards(self, key: str = "Enter") -> None:
        """What leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def space(self, name: str) -> None:
        self.to(name)
        self.onwards("Space")

    def type(self, name: str, words: str) -> None:
        self.to(name)
        self.page.keyboard.type(words)

    def heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)


def name_of(spa: Served, place: int) -> str:
    rows = spa.demo.world.rows(
        "SELECT first_name || ' ' || last_name FROM client WHERE spa_id = %s AND id = %s",
        (spa.demo.spa_id, spa.demo.people[place]),
    )
    return str(rows[0][0])


def test_signing_in(spa: Served) -> None:
    with spa.opened(None) as watched:
        keys = Keys(watched.page)
        watched.page.goto(f"{spa.base}/console/sign-in")
        expect(watched.page.get_by_label("Email")).to_be_focused()
        watched.page.keyboard.type("owner@example.com")
        keys.type("Password", PASSWORD)
        keys.enter("Sign in")
        keys.heading("Today")


@pytest.mark.parametrize("width", [1440, 390])
def test_finding_a_member_and_pausing_them(spa: Served, width: int) -> None:
    """At a desk, and by the keyboard of a tablet or at 400 %, where the areas lie over the foot of the page."""
    place = 0 if width == 1440 else 3
    who = name_of(spa, 0)
    with spa.opened(width=width, height=700) as watched:
        keys, page = Keys(watched.page), watched.page
        page.goto(spa.at("today"))
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to the page")).to_be_focused()
        keys.enter("Members")
        keys.heading("Members")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type(who)
        keys.onwards()
        expect(page.get_by_role("table")).to_be_visible()
        keys.enter(who)
        keys.heading(who)
        if place:
            return
        keys.enter("Pause")
        keys.to("For how long")
        page.keyboard.press("ArrowDown")
        keys.enter("Show what it would be")
        expect(page.get_by_role("heading", name="This is what it will be")).to_be_visible()
        keys.enter("Pause")
        keys.heading(who)
        expect(page.get_by_role("status")).to_contain_text("Pauses from")


def test_taking_a_payment_at_checkout(spa: Served) -> None:
    with spa.opened() as watched:
        keys, page, who = Keys(watched.page), watched.page, name_of(spa, -1)
        page.goto(spa.at("today"))
        keys.enter("Checkout")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type(who)
        keys.onwards()
        keys.enter(who)
        keys.heading(who)
        keys.enter("Add Gentle Peel")
        keys.type("Tip, in dollars", "10.00")
        keys.enter("Add the tip")
        expect(page.get_by_label("Tip, in dollars")).to_have_value("10.00")
        keys.space("Cash")
        expect(page.get_by_role("status")).to_contain_text("Paid: $150.00, cash.")


def test_from_today_to_somebody_who_did_not_pay(spa: Served) -> None:
    with spa.opened() as watched:
        keys, page = Keys(watched.page), watched.page
        page.goto(spa.at("today"))
        first = page.locator("#unpaid li strong").first.inner_text()
        keys.enter(first)
        keys.heading("Try the card again")
        expect(page.get_by_role("heading", name="This is what it will be")).to_be_visible()
        keys.to("Try the card again")


def test_giving_credit(spa: Served) -> None:
    with spa.opened() as watched:
        keys, page = Keys(watched.page), watched.page
        page.goto(spa.at(f"members/{spa.demo.people[0]}"))
        keys.enter("Give credit")
        keys.type("What", "dollars")
        keys.to("How many")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("25")
        keys.type("Why", "for her patience")
        keys.onwards()
        expect(page.get_by_role("heading", name="This is what it will be")).to_be_visible()
        expect(page.get_by_role("main")).to_contain_text("$25.00")
        keys.enter("Give credit")
        expect(page.get_by_role("status")).to_contain_text("given.")


def test_answering_who_waits_and_handing_the_thread_back(spa: Served) -> None:
    with spa.opened() as watched:
        keys, page, who = Keys(watched.page), watched.page, name_of(spa, 0)
        page.goto(spa.at("today"))
        keys.enter("Inbox")
        keys.heading("Inbox")
        keys.enter("All")
        keys.enter(who)
        keys.heading(who)
        keys.enter("Take over")
        expect(page.get_by_text("You have it; the assistant is silent here.")).to_be_visible()
        keys.type("Reply", "I will call you at noon.")
        expect(page.locator("#price")).to_contain_text("A text of 1 segment")
        keys.enter("Send")
        expect(page.get_by_text("It is on its way.")).to_be_visible()
        keys.enter("Hand back")
        expect(page.get_by_text("The assistant answers again.")).to_be_visible()


def test_a_campaign_is_read_and_sent_and_taken_back(spa: Served) -> None:
    with spa.opened() as watched:
        keys, page = Keys(watched.page), watched.page
        page.goto(spa.at("today"))
        keys.enter("Campaigns")
        keys.enter("New campaign")
        keys.type("Name", "By hand")
        keys.type("English", "Fern & Lumen: members are well looked after. Reply STOP to opt out.")
        keys.enter("Keep as a draft")
        keys.heading("By hand")
        hint = page.get_by_text("Typed, so read.").inner_text()
        keys.type("Type how many people", "".join(filter(str.isdigit, hint)))
        keys.enter("Send")
        expect(page.get_by_role("status").first).to_contain_text("It begins")
        keys.enter("Take it back")
        keys.to("Send")


def test_signing_out(spa: Served) -> None:
    with spa.opened(None) as watched:
        keys, page = Keys(watched.page), watched.page
        page.goto(f"{spa.base}/console/sign-in")
        expect(page.get_by_label("Email")).to_be_focused()
        page.keyboard.type("desk@example.com")
        keys.type("Password", PASSWORD)
        keys.onwards()
        keys.heading("Today")
        keys.enter("Sign out")
        keys.heading("Sign in")
        page.goto(spa.at("today"))
        keys.heading("Sign in")
