"""What members and staff wrote is only ever words: no name, text, tag or reason becomes a part of a page."""

import csv
import io
import re
from html.parser import HTMLParser

import pytest
from flask import Flask

from assistant.domain.permissions import Role
from tests.console import Visitor, console_app, employ
from tests.walking import Walk
from tests.web.test_console_attacks import furnish
from tests.world import World

ATTACKS = (
    '<script>alert("x7")</script>',
    '"><img src=x onerror=alert(7)>x7',
    "' onfocus='alert(7)' autofocus x7='",
    "</title></textarea></select><svg onload=alert(7)>x7",
    "javascript:alert(7)//x7",
    "{{31337*3}} {% raw %} ${31337*3} <%= 31337*3 %> x7",
    "<a href=javascript:alert(7)>x7</a><iframe src=//evil.example.com>",
    "&lt;script&gt;alert(7)&lt;/script&gt;x7",
    '=HYPERLINK("https://evil.example.com","x7")',
)
LEADS = {"href", "src", "action", "formaction", "xlink:href"}
NEVER = {"iframe", "object", "embed", "base", "style", "img", "image", "foreignobject", "applet", "frame"}


class Dangers(HTMLParser):
    """What of a page is not as a template of ours would have it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NEVER:
            self.found.append(f"<{tag}>")
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self.found.append("<script> of its own")
        for name, value in attrs:
            said = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc", "x7", "x7="}:
                self.found.append(f"{tag} {name}={said}")
            if name in LEADS and (re.match(r"[a-z][a-z0-9+.-]*:", said) or said.startswith(("//", "\\"))):
                self.found.append(f"{tag} {name}={said}")
            self.words.append(value or "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def dangers(walk: Walk) -> list[tuple[str, str]]:
    """What is wrong on any page of a walk; of a file that a spreadsheet opens, cells that would be a formula."""
    found = []
    for path, answer in walk.shown.items():
        read = Dangers(answer.text)
        found += [(path, each) for each in read.found]
        found += [(path, "it was computed")] if "94011" in answer.text else []
    for each in walk.files:
        answer = walk.visitor.get(each.path)
        if answer.mimetype == "text/csv":
            cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row if "x7" in cell]
            found += [(each.path, cell) for cell in cells if cell[:1] in "=+-@\t\r"]
    return found


def shown_as_words(walk: Walk, said: str) -> set[str]:
    """The pages that show it, letter by letter."""
    return {walk.pages[key].name for key in walk.pages if _says(walk, key, said)}


def _says(walk: Walk, key: tuple[object, ...], said: str) -> bool:
    return any(said in each for each in Dangers(walk.shown[walk.pages[key].path].text).words)


def walked(app: Flask, world: World, ana: int) -> Walk:
    employ(world, Role.OWNER)
    visitor = Visitor(app.test_client())
    assert visitor.sign_in("owner@example.com").status_code == 302
    walk = Walk(app, visitor, 1)
    till = f"/console/1/checkout/{ana}"
    starts = {
        "": "/console/1/today",
        "who": f"/console/1/members/{ana}",
        "found": "/console/1/members?q=6110",
        "typed": "/console/1/members?q=%22%3E%3Cimg%20src=x%20onerror=alert(7)%3Ex7",
        "cart": f"{till}?code-1=peel&many-1=1&tip=%22%3E%3Cimg%3E&s=%22%3E%3Cimg%3E&code-2=%22%3E%3Cimg%3E&many-2=x",
    }
    walk.walk(starts)
    walk.missed(world.rt)
    return walk


@pytest.mark.parametrize("said", ATTACKS)
def test_what_was_written_is_only_words(world: World, said: str) -> None:
    ana = furnish(world, said)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE spa SET name = %s WHERE spa_id = 1", (said,))
        uow.sql("UPDATE client_phone SET preferred = true")
    world.mailbox(ana, f"{said}@example.com")
    walk = walked(console_app(world), world, ana)
    with world.rt.unit_of_work() as uow:
        uow.sql("UPDATE staff_user SET name = %s", (said,))
    again = Walk(walk.app, walk.visitor, 1)
    again.walk({"": "/console/1/today", "who": f"/console/1/members/{ana}"})
    again.missed(world.rt)
    assert dangers(walk) + dangers(again) == []
    assert {"member-who", "checkout_sale-cart", "ticket", "today", "tasks"} <= shown_as_words(walk, said)
    assert "account" in shown_as_words(again, said)


def test_a_page_that_does_not_escape_is_seen(world: World) -> None:
    ana = furnish(world, ATTACKS[1])
    app = console_app(world)
    app.jinja_env.autoescape = False
    assert len(dangers(walked(app, world, ana))) > 5
