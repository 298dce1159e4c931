"""The page of the ladder shows what the policy that ships does, and every decline code as it is judged."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from assistant.domain.declines import TABLE, UNKNOWN
from assistant.domain.dunning import Policy
from assistant.domain.dunning_picture import described, marks, svg, table
from assistant.messages import staff
from assistant.messages.staff import decline_line
from tests.domain.test_dunning import policies

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "dunning.md").read_text()
MORE = {"bars_card": "bars the card", "opens_cancel_case": "opens a leaving case"}


def codes() -> str:
    """The page's table of codes."""
    rows = ["| code | rule | what the member is told | what the desk reads |", "|---|---|---|---|"]
    for code, verdict in [*sorted(TABLE.items()), ("any other", UNKNOWN)]:
        wait = f", after {int(verdict.wait.total_seconds() // 3600)} h" if verdict.wait else ""
        once = f", {verdict.most_retries} more, then `fix`" if verdict.most_retries else ""
        more = "".join(f", {words}" for name, words in MORE.items() if getattr(verdict, name))
        name = f"`{code}`" if code in TABLE else code
        rows.append(f"| {name} | `{verdict.rule}`{wait}{once}{more} | `{verdict.script}` | {decline_line(code)} |")
    return "\n".join(rows)


def test_the_picture_is_what_the_policy_draws() -> None:
    assert (DOCS / "dunning.svg").read_text() == svg(Policy()), "python -m assistant.domain.dunning_picture"
    assert svg(
        Policy(final_day=29, retries=(2, 6, 13, 20, 28), tells=(*Policy().tells[:4], (27, "last_notice")))
    ) != svg(Policy())
    assert "dunning.svg" in PAGE


def test_the_tables_are_what_the_policy_and_the_codes_say() -> None:
    assert table(Policy()) in PAGE, table(Policy())
    assert codes() in PAGE, codes()


@given(policies())
def test_any_policy_can_be_drawn(policy: Policy) -> None:
    drawn = ET.fromstring(svg(policy))  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    assert drawn.findtext(f"{space}title")
    assert drawn.findtext(f"{space}desc") == described(policy)
    shown = [each.text or "" for each in drawn.iter(f"{space}text")]
    assert sum(each == "retry" for each in shown) == len(policy.retries)
    assert sum(each.startswith("text: ") for each in shown) == len(policy.tells)
    width = float(drawn.attrib["viewBox"].split()[2])
    assert all(0 <= float(each.attrib["x"]) <= width for each in drawn.iter(f"{space}text"))
    assert len(marks(policy)) == len(policy.retries) + len(policy.tells) + 2
    assert table(policy).count("\n") == len(marks(policy)) + 1


# --- what the desk reads ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(TABLE))
def test_every_code_has_a_line_for_the_desk(code: str) -> None:
    line = decline_line(code)
    assert line != decline_line("brand_new_code")
    assert re.fullmatch(r"[A-Z][^|\n]{20,240}\.", line)
    ours = TABLE[code].script == "nothing"
    assert ("told nothing" in line) == ours


def test_a_code_that_nobody_told_us_about_has_a_line_too() -> None:
    assert decline_line("brand_new_code") == decline_line(None) == decline_line("")
    lines = staff._declines()  # noqa: SLF001
    assert set(lines["codes"]) == set(TABLE)


@pytest.mark.parametrize("code", ["lost_card", "stolen_card", "pickup_card", "restricted_card", "fraudulent"])
def test_the_desk_is_asked_not_to_say_why(code: str) -> None:
    assert "please do not say why" in decline_line(code)
