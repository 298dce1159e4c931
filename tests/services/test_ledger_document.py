"""`docs/ledger.md` is what the books do: each of its examples is run, and its legs are those that were posted."""

import re
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.ledger import Account
from assistant.services import replay, verification
from tests.services.ledger_examples import EXAMPLES, run
from tests.world import World

DOCUMENT = Path(__file__).parents[2] / "docs" / "ledger.md"
Row = tuple[str, str, str, str, int, bool]
"""Kind of entry, account, whose, unit, debit (+) or credit (-), and whether an entry begins with it."""
HEAD = "| entry | account | of | unit | debit | credit |\n|---|---|---|---|---:|---:|"
NONE = "No entry"


def documented() -> dict[str, str]:
    """The body of each example."""
    sections = re.split(r"^#### `([a-z-]+)`.*\n", DOCUMENT.read_text(), flags=re.MULTILINE)
    return {name: body.split("\n#")[0] for name, body in zip(sections[1::2], sections[2::2], strict=True)}


def told(body: str) -> list[Row]:
    """What an example's table says."""
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in body.splitlines() if "| `" in line]
    kind, found = "", []
    for entry, account, whose, unit, debit, credit in rows:
        kind = entry or kind
        found.append((kind, account, whose, unit, _amount(debit) - _amount(credit), bool(entry)))
    return found


def _amount(cell: str) -> int:
    return int(cell.replace(",", "")) if cell else 0


def posted(world: World, since: int) -> list[Row]:
    """What was posted after an entry."""
    rows: list[Any] = world.rows(
        """SELECT e.kind, p.account, coalesce(c.first_name, 'the spa'), p.unit, p.amount, p.leg = 1
           FROM ledger_entry e JOIN ledger_posting p ON (p.spa_id, p.entry_id) = (e.spa_id, e.id)
           LEFT JOIN client c ON (c.spa_id, c.id) = (p.spa_id, p.client_id)
           WHERE e.id > %s ORDER BY e.id, p.leg""",
        (since,),
    )
    return rows


def written(rows: list[Row]) -> str:
    """As the document has it: paste this."""
    lines = [HEAD]
    for kind, account, whose, unit, amount, begins in rows:
        debit, credit = (f"{amount:,}", "") if amount > 0 else ("", f"{-amount:,}")
        entry = f"`{kind}`" if begins else ""
        lines.append(f"| {entry} | `{account}` | {whose} | {unit} | {debit} | {credit} |")
    return "\n".join(lines) if rows else NONE


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_what_is_posted(world: World, name: str) -> None:
    rows = posted(world, run(name, world))
    body = documented().get(name, "")
    assert told(body) == rows, f"docs/ledger.md, {name}:\n{written(rows)}"
    assert (NONE in body) == (not rows)
    with world.rt.unit_of_work() as uow:
        assert not list(verification.differences(uow))
        assert [each.differences for each in replay.replay(uow)] == [()]


def test_the_document_has_every_example_and_no_other() -> None:
    assert list(documented()) == list(EXAMPLES)


def test_every_kind_of_entry_has_an_example() -> None:
    """By the words of the code: whoever posts a new kind writes an example of it."""
    made = set()
    sources = [*Path("assistant/domain").glob("ledger.py"), *Path("assistant/services").glob("*.py")]
    sources += [*Path("assistant/db/migrations/sql").glob("credits.sql")]
    for source in (DOCUMENT.parents[1] / each for each in sources):
        words = source.read_text()
        made |= set(re.findall(r"(?:Entry|transfer)\(\s*(?:f?\"[^\"]*\"|key),\s*\"(\w+)\"", words))
        made |= set(re.findall(r"'(credits_\w+)'::text", words)) | set(
            re.findall(r"^KIND = \"(\w+)\"", words, re.MULTILINE)
        )
    examples = {kind for body in documented().values() for kind, *_ in told(body)}
    assert len(made) > 12
    assert made - examples == set()


def test_the_chart_has_every_account() -> None:
    chart = re.findall(r"^\| `(\w+)` \|", DOCUMENT.read_text().split("## Worked examples")[0], re.MULTILINE)
    assert chart == sorted(chart, key=chart.index)
    assert set(chart) == {account.value for account in Account}
