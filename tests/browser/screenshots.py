"""`make screenshots`: every page of the console, and the members' own, as PNGs in `.local/screenshots`."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from assistant.db import migrate
from assistant.db.connections import Database
from assistant.local.postgres import running_postgres
from assistant.services import joins, links
from assistant.services.links import Purpose
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.rooms import OUTSIDE, WIDTHS, Scheme, Served, addresses, served
from tests.walking import Page as Address

ROOT = Path(__file__).parents[2]
LOOKS: list[tuple[int, Scheme]] = [*((width, "light") for width in WIDTHS), (1440, "dark")]


def main() -> None:
    """From nothing: a database of its own, the demo in it, a server, a browser."""
    parser = ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / ".local/screenshots")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--clients", type=int, default=20_000)
    parser.add_argument("--members", type=int, default=3_000)
    wanted = parser.parse_args()
    with (
        TemporaryDirectory(prefix="assistant-") as home,
        running_postgres(Path(home)) as server,
        sync_playwright() as driver,
    ):
        url = server.create_database("screenshots")
        migrate.upgrade(url)
        database = Database(url)
        browser = driver.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        with served(database, browser, clients=wanted.clients, members=wanted.members) as spa:
            made = _everything(spa, wanted.into, wanted.only)
        browser.close()
        database.close()
    print(f"{made} pictures in {wanted.into}")  # noqa: T201 - a command prints


def _everything(spa: Served, into: Path, only: str) -> int:
    shutil.rmtree(into, ignore_errors=True)
    outside = [Address(f"outside-{each.replace('/', '-')}", f"/console/{each}") for each in OUTSIDE]
    refused = [Address("not-for-your-role", f"/console/{spa.demo.spa_id}/reports")]
    parts = (("owner", addresses(spa)), ("desk", refused), (None, [*outside, *_members_own(spa)]))
    made = 0
    for width, scheme in LOOKS:
        folder = into / f"{width}{'-dark' if scheme == 'dark' else ''}"
        folder.mkdir(parents=True)
        for role, pages in parts:
            chosen = [each for each in pages if only in each.name]
            with spa.opened(role, width=width, color_scheme=scheme, forgiving=True) as watched:
                for each in chosen:
                    _picture(watched.page, spa.base + each.path, folder / f"{each.name}.png")
            made += len(chosen)
    return made


def _picture(page: Page, address: str, path: Path) -> None:
    page.goto(address, wait_until="load")
    high = page.evaluate("Math.max(document.documentElement.scrollHeight, 844)")
    wide = page.evaluate("window.innerWidth")
    page.set_viewport_size({"width": wide, "height": high})  # so that what is fixed to the window is at its edge
    page.screenshot(path=path)
    page.set_viewport_size({"width": wide, "height": 900})


def _members_own(spa: Served) -> list[Address]:
    """What members see: the pages behind the links in their texts, as they come and once they are over."""
    world, spa_id, active = spa.demo.world, spa.demo.spa_id, spa.demo.people[0]
    guest = spa.demo.people[-1]
    with world.rt.unit_of_work() as uow:
        card = links.make(uow, spa_id, active, Purpose.CARD, sent_to=_number(spa, active))
        quote = joins.quote_join(uow, spa_id, guest, "glow")
        joins.begin(uow, spa_id, guest, quote, actor="staff:1")  # type: ignore[arg-type]  # who is no member may join
    world.settle()
    found = [
        Address("member-card", _path(card)),
        Address("member-expired", f"{_path(card).rpartition('/')[0]}/nothing"),
    ]
    said = world.received(_number(spa, guest))[-1].split()
    return [*found, *(Address("member-join", _path(each)) for each in said if "/join/" in each)]


def _number(spa: Served, client_id: int) -> str:
    [(number,)] = spa.demo.world.rows(
        "SELECT min(p.number) FROM phone p JOIN client_phone c ON (c.spa_id, c.phone_id) = (p.spa_id, p.id)"
        " WHERE c.spa_id = %s AND c.client_id = %s",
        (spa.demo.spa_id, client_id),
    )
    return str(number)


def _path(link: str) -> str:
    return "/" + link.rsplit("://", maxsplit=1)[-1].partition("/")[2] if "://" in link else link


if __name__ == "__main__":
    main()
