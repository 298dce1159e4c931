"""The seeded demo, served, with browsers that are signed in to it; and what is demanded of every page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect

from assistant.db.connections import Database
from tests.browser.pages import free_port, serving
from tests.demo import PASSWORD, Demo, demo
from tests.house.test_doors import SETTINGS
from tests.walking import Page as Address
from tests.walking import Walk

Scheme = Literal["light", "dark"]
WIDTHS = (390, 1024, 1440)
ZOOMED = 320
"""What is left of 1280 pixels at 400 %."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe()
NO_COMPLAINTS = (
    "the server responded with a status of 4",
    "ERR_ABORTED",
    "Autofocus processing was blocked because a document already has a focused element",
)
"""What a browser says of a refusal that was asked for, of leaving a page early, and of hands faster than a page."""
WATCH = """
    window.broken = [];
    document.addEventListener('securitypolicyviolation', (each) => {
        window.broken.push(each.violatedDirective + ' ' + each.blockedURI);
    });
"""
MOVES = """() => document.getAnimations().length + [...document.querySelectorAll('*')].filter((each) => {
    const style = getComputedStyle(each);
    const moves = style.animationName !== 'none' || style.scrollBehavior === 'smooth';
    return moves || !/^0s(, 0s)*$/.test(style.transitionDuration);
}).length"""
FACTS = """() => {
    const root = document.documentElement;
    return {wide: root.scrollWidth - root.clientWidth, broken: window.broken};
}"""


@dataclass
class Served:
    """The demo at an address."""

    demo: Demo
    base: str
    browser: Browser
    states: dict[str, StorageState] = field(default_factory=dict)

    def at(self, rest: str) -> str:
        """An address of its spa."""
        return f"{self.base}/console/{self.demo.spa_id}/{rest}"

    @contextmanager
    def opened(
        self,
        role: str | None = "owner",
        *,
        width: int = 1440,
        forgiving: bool = False,
        **more: Any,  # noqa: ANN401 - of a context of Playwright's
    ) -> Iterator["Watched"]:
        """A page of somebody who is signed in (or nobody), on which nothing is forgiven but what is told to be."""
        state = self._state(role) if role else None
        size = {"width": width, "height": more.pop("height", 900)}
        context = self.browser.new_context(viewport=size, storage_state=state, **more)  # type: ignore[arg-type]
        context.add_init_script(WATCH)
        watched = Watched(context.new_page(), self.base)
        yield watched
        context.close()
        assert forgiving or watched.complaints == [], watched.complaints

    def _state(self, role: str) -> StorageState:
        if role not in self.states:
            context: BrowserContext = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.base}/console/sign-in")
            page.get_by_label("Email").fill(f"{role}@example.com")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Today")
            self.states[role] = context.storage_state()
            context.close()
        return self.states[role]


class Watched:
    """A page, and all that went wrong on it."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self.base = page, base
        self.complaints: list[str] = []
        page.on("console", lambda message: self._complain(message.text))
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("requestfailed", lambda failed: self._complain(f"{failed.url} {failed.failure}"))

    def _complain(self, words: str) -> None:
        if not any(each in words for each in NO_COMPLAINTS):
            self.complaints.append(f"{self.page.url}: {words}")

    def look(self, path: str, *, axe: bool = True) -> list[str]:
        """What is wrong with a page as it stands: too wide, against its policy of content, or against WCAG."""
        self.page.goto(self.base + path, wait_until="load")
        facts = self.page.evaluate(FACTS)
        found = [f"{path}: {facts['wide']} px too wide"] if facts["wide"] > 0 else []
        found += [f"{path}: {each}" for each in facts["broken"]]
        return found + (self.axe(path) if axe else [])

    def axe(self, path: str) -> list[str]:
        options = {"runOnly": TAGS, "resultTypes": ["violations"]}
        broken = AXE.run(self.page, options=options).response["violations"]
        return [
            f"{path}: {each['id']}: {[' '.join(map(str, node['target'])) for node in each['nodes'][:3]]}"
            for each in broken
        ]


@contextmanager
def served(database: Database, browser: Browser, *, clients: int = 20_000, members: int = 3_000) -> Iterator[Served]:
    """The demo behind a real server, at the size of a real spa."""
    port = free_port()
    settings = replace(SETTINGS, public_base_url=f"http://127.0.0.1:{port}", port=port)
    with demo(database, clients=clients, members=members) as found, serving(found.app(settings), port=port) as base:
        yield Served(found, base, browser)


def addresses(of: Served) -> list[Address]:
    """Every page that an owner may open, then what a stranger sees, and what goes wrong."""
    app = of.demo.app()
    walk = Walk(app, of.demo.visitor(app), of.demo.spa_id)
    walk.walk(of.demo.starts())
    lost = walk.missed(of.demo.world.rt)
    assert not lost, f"no page was found for {lost}"
    mine = ("account/password", "account/codes", "account/recovery", "account/passkeys", "account/again", "none")
    return [*walk.pages.values(), *(Address(each.replace("/", "-"), f"/console/{each}") for each in mine)]


OUTSIDE = ("sign-in", "sign-in/passkey", "sign-in/recovery", "password")
"""What somebody sees who is not signed in."""
