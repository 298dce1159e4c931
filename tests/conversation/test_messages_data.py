"""The labelled messages keep the rules of their README: shape, known words, and parts that share nothing."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.conversation.examples import read_all
from assistant.conversation.reading import Channel, Meaning, Pending, Status

FOLDER = Path(__file__).parents[1] / "data/messages"
Row = dict[str, Any]
Files = dict[str, list[Row]]
Check = Callable[[Row], Iterator[str]]

FIELDS = {"id", "family", "channel", "text", "today", "context", "plans", "plan_prices", "expect"}
CONTEXT = {"member_status", "opted_out", "pending", "last_outbound"}
EXPECT = {"intent", "slots", "opt_out", "executed"}
SLOTTED = {"pause": {"duration", "until"}, "change_plan": {"plan"}, "join": {"plan"}}
BY_TOKEN = {"pause", "resume", "cancel_membership", "change_plan", "join", "save_offer", "book_request"}
ACTS = BY_TOKEN | {"opt_out", "opt_in", "cancel_case", "marketing_hold", "wrong_number"}
REMOVED = ("[card removed]", "[expiry removed]", "[code removed]")
PERIOD = re.compile(r"P[1-9]\d*[DWMY]")
LONG_NUMBER = re.compile(r"\d(?:[\s.-]?\d){6,}")
CARD_DIGITS = range(13, 20)
DEV_MESSAGES = 1500
ALIKE = {"test-es.jsonl": 23, "test-mixed.jsonl": 52}
"""How many of them were an example or a development text before that was looked at: fewer are welcome, no more."""


def read(folder: Path = FOLDER) -> Files:
    files = {path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted(folder.glob("*.jsonl"))}
    return {name: [json.loads(line) for line in lines] for name, lines in files.items()}


FILES = read()


def plain(text: str) -> str:
    """Letters and digits only, in words; a text of none is itself."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")  # noqa: RUF001
    return " ".join(re.findall(r"\w+", folded)) or folded.strip()


def shape(row: Row) -> Iterator[str]:
    if set(row) != FIELDS or set(row["context"]) != CONTEXT or set(row["expect"]) - {"redacted"} != EXPECT:
        yield "fields"
        return
    context, expect = row["context"], row["expect"]
    typed = [(row[name], str) for name in ("id", "family", "channel", "text", "today")]
    typed += [(row["plans"], list), (row["plan_prices"] or {}, dict), (context["last_outbound"] or "", str)]
    typed += [(context["opted_out"], bool), (expect["opt_out"], bool), (expect["slots"], dict)]
    typed += [(expect["intent"], list), (expect["executed"], list), (expect.get("redacted", ""), str)]
    yield from (f"{value!r} is no {kind.__name__}" for value, kind in typed if not isinstance(value, kind))
    if set(row["plan_prices"] or row["plans"]) != set(row["plans"]) or not row["plans"]:
        yield "plans and their prices"


def words(row: Row) -> Iterator[str]:
    context, expect = row["context"], row["expect"]
    if row["channel"] not in set(Channel):
        yield "channel"
    if context["member_status"] not in set(Status):
        yield "status"
    if context["pending"] not in {None, *Pending}:
        yield "pending"
    if not expect["intent"] or set(expect["intent"]) - set(Meaning) or max(Counter(expect["intent"]).values()) > 1:
        yield "intents"
    if set(expect["executed"]) - ACTS:
        yield "executed"


def slots(row: Row) -> Iterator[str]:
    told, today = row["expect"]["slots"], date.fromisoformat(row["today"])
    allowed = {name for meaning in row["expect"]["intent"] for name in SLOTTED.get(meaning, ())}
    if set(told) - allowed:
        yield "slots of no such wish"
    if not PERIOD.fullmatch(told.get("duration", "P1M")):
        yield "duration"
    if "until" in told and date.fromisoformat(told["until"]) <= today:
        yield "until a day that is over"
    if told.get("plan", row["plans"][0]) not in row["plans"]:
        yield "a plan that is not sold"


def acts(row: Row) -> Iterator[str]:
    context, expect = row["context"], row["expect"]
    intents, executed = set(expect["intent"]), set(expect["executed"])
    if "stop" in intents and not expect["opt_out"]:
        yield "stop, and no opt-out"
    if context["opted_out"] and executed - {"opt_in"}:
        yield "an act for one who opted out"
    if expect["opt_out"] != ("opt_out" in executed) and not context["opted_out"]:
        yield "opt_out"
    if ("start" in intents) != ("opt_in" in executed):
        yield "opt_in"
    if executed & BY_TOKEN and (intents != {"confirm_yes"} or context["pending"] is None):
        yield "an act that nobody confirmed"
    if "medical" in intents and intents - {"medical", "stop"}:
        yield "medical is not alone"


def digits(row: Row) -> Iterator[str]:
    """Telephone numbers are invented ones; anything as long as a card is marked as one."""
    for place in (row["text"], row["context"]["last_outbound"] or ""):
        for found in LONG_NUMBER.findall(unicodedata.normalize("NFKC", place)):
            number = re.sub(r"\D", "", found)
            is_date = re.fullmatch(r"\d{4}-\d\d-\d\d", found)
            is_card = len(number) in CARD_DIGITS and "redacted" in row["expect"]
            if not (is_date or is_card or re.fullmatch(r"1?(?:\d{3})?55501\d\d", number)):
                yield f"a number of {len(number)} digits"


def redacted(row: Row) -> Iterator[str]:
    left = row["expect"].get("redacted")
    if left is None:
        return
    if REMOVED[0] not in left or any(len(re.sub(r"\D", "", n)) in CARD_DIGITS for n in LONG_NUMBER.findall(left)):
        yield "a card is left"
    parts = re.split("|".join(map(re.escape, REMOVED)), left)
    if not re.fullmatch(".+?".join(map(re.escape, parts)), row["text"], re.DOTALL):
        yield "redacted is not the text"


CHECKS: tuple[Check, ...] = (words, slots, acts, digits, redacted)


def wrong_with(row: Row) -> list[str]:
    return list(shape(row)) or [told for check in CHECKS for told in check(row)]


def part(files: Files, prefix: str) -> Iterator[Row]:
    return (row for name, rows in files.items() if name.startswith(prefix) for row in rows)


def repeated_ids(files: Files) -> list[str]:
    counts = Counter(row["id"] for row in part(files, ""))
    misnamed = [
        row["id"] for name, rows in files.items() for row in rows if row["id"].rpartition("-")[0] + ".jsonl" != name
    ]
    return [name for name, count in counts.items() if count > 1] + misnamed


def shared_families(files: Files) -> set[str]:
    dev, test = ({row["family"] for row in part(files, prefix)} for prefix in ("dev-", "test-"))
    return dev & test


def alike(files: Files, examples: set[str]) -> dict[str, int]:
    """How many test texts are an example or a development text; which they are is not told."""
    known = examples | {plain(row["text"]) for row in part(files, "dev-")}
    tests = {name: rows for name, rows in files.items() if name.startswith("test-")}
    return {name: sum(plain(row["text"]) in known for row in rows) for name, rows in tests.items()}


def missing(files: Files) -> dict[str, set[str]]:
    parts = {name: rows for name, rows in files.items() if name.startswith("dev-")}
    return {
        name: set(Meaning) - {each for row in rows for each in row["expect"]["intent"]} for name, rows in parts.items()
    }


def test_every_message_is_as_the_readme_says() -> None:
    told = {name: Counter(each for row in rows for each in wrong_with(row)) for name, rows in FILES.items()}
    assert {name: counts for name, counts in told.items() if counts} == {}


def test_ids_are_their_own() -> None:
    assert repeated_ids(FILES) == []


def test_the_parts_share_no_family() -> None:
    assert shared_families(FILES) == set()


def test_no_test_message_is_an_example_or_a_development_message() -> None:
    shared = alike(FILES, {plain(each.text) for each in read_all()})
    assert {name: count for name, count in shared.items() if count > ALIKE.get(name, 0)} == {}


def test_the_development_parts_are_large_and_hold_every_meaning() -> None:
    assert sum(1 for _ in part(FILES, "dev-")) >= DEV_MESSAGES
    assert not any(missing(FILES).values())
    for locale in ("en", "es", "mixed"):
        assert FILES[f"dev-{locale}.jsonl"]
        assert FILES[f"test-{locale}.jsonl"]


def good() -> Row:
    return {
        "id": "dev-en-0001",
        "family": "en-d-x",
        "channel": "sms",
        "text": "pause until march",
        "today": "2026-11-22",
        "context": {"member_status": "active", "opted_out": False, "pending": None, "last_outbound": None},
        "plans": ["Glow"],
        "plan_prices": {"Glow": 99},
        "expect": {"intent": ["pause"], "slots": {"until": "2027-03-01"}, "opt_out": False, "executed": []},
    }


SPOILT: list[tuple[str, Row]] = [
    ("fields", {"note": "x"}),
    ("plans and their prices", {"plan_prices": {"Luxe": 9}}),
    ("7 is no str", {"text": 7}),
    ("channel", {"channel": "fax"}),
    ("status", {"context": {"member_status": "guest"}}),
    ("pending", {"context": {"pending": "quiz"}}),
    ("intents", {"expect": {"intent": ["pause", "pause"]}}),
    ("intents", {"expect": {"intent": ["pause", "nap"]}}),
    ("executed", {"expect": {"executed": ["refund"]}}),
    ("slots of no such wish", {"expect": {"slots": {"plan": "Glow"}}}),
    ("duration", {"expect": {"slots": {"duration": "2 months"}}}),
    ("until a day that is over", {"expect": {"slots": {"until": "2026-11-22"}}}),
    ("a plan that is not sold", {"expect": {"intent": ["join"], "slots": {"plan": "Gold"}}}),
    ("stop, and no opt-out", {"expect": {"intent": ["stop", "pause"]}}),
    ("opt_out", {"expect": {"intent": ["stop", "pause"], "opt_out": True}}),
    ("opt_in", {"expect": {"intent": ["start"], "slots": {}}}),
    ("an act for one who opted out", {"context": {"opted_out": True}, "expect": {"executed": ["marketing_hold"]}}),
    ("an act that nobody confirmed", {"expect": {"executed": ["pause"]}}),
    ("medical is not alone", {"expect": {"intent": ["pause", "medical"]}}),
    ("a number of 7 digits", {"text": "call 212-5678"}),
    ("a number of 16 digits", {"text": "4242 4242 4242 4242"}),
    ("a card is left", {"text": "5555", "expect": {"redacted": "5555"}}),
    ("redacted is not the text", {"text": "use 4242424242424242", "expect": {"redacted": "take [card removed]"}}),
]


@pytest.mark.parametrize(("told", "change"), SPOILT)
def test_a_spoilt_message_is_told(told: str, change: Row) -> None:
    row = good()
    assert wrong_with(row) == []
    for name, value in change.items():
        row[name] = {**row[name], **value} if name in ("context", "expect") else value
    assert wrong_with(row) == [told]


def test_what_the_parts_share_is_told() -> None:
    dev, test = good(), good() | {"id": "test-en-0001", "text": "Pause, until MARCH!"}
    files = {"dev-en.jsonl": [dev, dev], "test-en.jsonl": [test, good() | {"id": "dev-en-2", "text": "nap"}]}
    assert repeated_ids(files) == ["dev-en-0001", "dev-en-2"]
    assert shared_families(files) == {"en-d-x"}
    assert alike(files, set()) == {"test-en.jsonl": 1}
    assert alike(files, {"nap"}) == {"test-en.jsonl": 2}
    assert missing(files)["dev-en.jsonl"] == set(Meaning) - {"pause"}
