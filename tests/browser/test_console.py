"""Every page of the console in a real browser: WCAG 2.2 AA, its policy of content, any width, dark, zoomed, still."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from assistant.db.connections import Database
from assistant.domain.permissions import MAY, Role
from assistant.local.postgres import LocalPostgres
from assistant.web.console import NAVIGATION
from tests.browser.rooms import MOVES, OUTSIDE, WIDTHS, ZOOMED, Scheme, Served, addresses, served
from tests.walking import Page as Address

OF_THE_LIBRARY = "ignore:Passing SelectField choices as tuples is deprecated:DeprecationWarning"
pytestmark = pytest.mark.filterwarnings(OF_THE_LIBRARY)


@pytest.fixture(scope="module")
def spa(postgres: LocalPostgres, template: str, browser: Browser) -> Iterator[Served]:
    database = Database(postgres.create_database("console_demo", template))
    with served(database, browser) as found:
        yield found
    database.close()
    postgres.drop_database("console_demo")


@pytest.fixture(scope="module")
def pages(spa: Served) -> list[Address]:
    return addresses(spa)


LOOKS: list[tuple[int, Scheme]] = [*((width, "light") for width in WIDTHS), (1024, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_is_for_everybody(spa: Served, pages: list[Address], width: int, scheme: Scheme) -> None:
    """axe finds nothing, nothing breaks the policy of content, and nothing is wider than the window."""
    with spa.opened(width=width, color_scheme=scheme) as watched:
        found = [wrong for each in pages for wrong in watched.look(each.path)]
    with spa.opened(None, width=width, color_scheme=scheme) as watched:
        found += [wrong for each in OUTSIDE for wrong in watched.look(f"/console/{each}")]
    with spa.opened("desk", width=width, color_scheme=scheme) as watched:
        found += watched.look(f"/console/{spa.demo.spa_id}/reports")
    assert found == []
    assert len(pages) > 40


def test_at_400_percent_nothing_is_cut_off_and_nothing_moves(spa: Served, pages: list[Address]) -> None:
    """1280 by 1024 at 400 %: one column, read downwards; and for who asked for less motion there is none."""
    found, moving = [], []
    with spa.opened(width=ZOOMED, height=256, reduced_motion="reduce") as watched:
        for each in pages:
            found += watched.look(each.path, axe=False)
            moving += [each.path] if watched.page.evaluate(MOVES) else []
    assert (found, moving) == ([], [])


def test_what_is_wrong_would_be_seen(spa: Served) -> None:
    """A page with every kind of fault: each is told."""
    with spa.opened() as watched:
        watched.page.goto(spa.at("members"))
        watched.page.evaluate(
            """() => {
                document.querySelector('input[type=search]').removeAttribute('aria-label');
                document.querySelector('input[type=search]').removeAttribute('placeholder');
                document.querySelector('h1').setAttribute('style', 'color: #ddd; width: 9000px; animation: none');
                const image = document.createElement('img');
                image.src = 'https://evil.example.com/x.png';
                document.querySelector('main').append(image);
            }"""
        )
        watched.page.wait_for_function("window.broken.length > 0")
        told = " ".join(watched.axe(""))
        assert "label" in told
        assert "image-alt" in told
        assert any("Content Security Policy" in each for each in watched.complaints)
        watched.complaints.clear()


@pytest.mark.parametrize("role", Role)
def test_each_role_sees_its_areas_and_is_told_in_words_of_the_others(spa: Served, role: Role) -> None:
    with spa.opened(str(role)) as watched:
        page = watched.page
        page.goto(spa.at("today"))
        links = page.get_by_role("navigation", name="Areas").get_by_role("link")
        may = [label for _, label, permission, _ in NAVIGATION if permission in MAY[role]]
        expect(links).to_have_text(may)
        for _, label, permission, _ in NAVIGATION:
            page.goto(spa.at(label.lower()))
            expected = label if permission in MAY[role] else "Not for your role"
            expect(page.get_by_role("heading", level=1)).to_have_text(expected)
