"""Every intent and every message is listed, within reach, and written down as it is."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.conversation import intents
from assistant.conversation.intents import INTENTS
from assistant.conversation.turn import AnyIntent, Intent
from assistant.db.connections import Database
from assistant.domain import compliance
from assistant.domain.compliance import Compliance
from assistant.domain.membership import Standing
from assistant.domain.words import matchable
from assistant.messages import render
from assistant.messages.catalog import (
    CATALOG,
    Balance,
    CardRemoved,
    Credits,
    Help,
    Membership,
    Message,
    NothingSaid,
    NotUnderstood,
    Started,
    Stopped,
    TicketReceipt,
    Trouble,
    UnknownNumber,
    WhoIsThis,
    Why,
    WhyLine,
)
from assistant.messages.membership import MembershipLink
from assistant.messages.staff_mail import StaffChanged, StaffInvited, StaffReset
from tests.messages import dues, talk
from tests.transcripts.script import play

ROOT = Path(__file__).parents[2]
CONVERSATION = (ROOT / "docs/conversation.md").read_text()
MESSAGES = (ROOT / "docs/messages.md").read_text()
LEGAL = {each.value for each in Compliance}


# --- intents ----------------------------------------------------------------------------------------------------------


def unlisted(folder: Path, listed: tuple[AnyIntent, ...]) -> set[str]:
    """The files of intents that the tuple does not know."""
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return files ^ {each.handle.__module__.rpartition(".")[2] for each in listed}


def test_every_intent_is_listed_once() -> None:
    assert unlisted(Path(intents.__path__[0]), INTENTS) == set()
    assert len({each.name for each in INTENTS}) == len(INTENTS)
    assert unlisted(Path(intents.__path__[0]), INTENTS[1:]) == {"stop"}


def unreachable(listed: tuple[AnyIntent, ...]) -> list[str]:
    """Keywords that another intent has too, or that the law takes first."""
    taken: dict[str, str] = {}
    wrong = []
    for each in listed:
        for word in sorted({matchable(word) for words in each.words.values() for word in words}):
            if taken.setdefault(word, each.name) != each.name:
                wrong.append(f"{word} is {taken[word]}, not {each.name}")
            if read := compliance.read(word):
                wrong.append(f"{word} is {read}, not {each.name}")
    return wrong


def test_every_keyword_is_within_reach() -> None:
    assert unreachable(INTENTS) == []
    late = Intent("late", INTENTS[-1].handle, {"en": ("Balance", "CANCEL")})  # type: ignore[arg-type]
    assert unreachable((*INTENTS, late)) == ["balance is balance, not late", "cancel is stop, not late"]


def undocumented(page: str, listed: tuple[AnyIntent, ...]) -> list[str]:
    """What the page's table and the intents do not say alike."""
    rows = {row[1]: row[0] for row in re.finditer(r"^\| `(\w+)` \|.*$", page, re.MULTILINE)}
    wrong = [f"{name} is in one only" for name in sorted(rows.keys() ^ {each.name for each in listed})]
    for each in listed:
        cells = rows.get(each.name, "||||||").split("|")
        told = dict(zip(("en", "es"), (re.findall(r"`([^`]+)`", cell) for cell in cells[2:4]), strict=True))
        if each.name in LEGAL:
            said = [word for words in told.values() for word in words]
            wrong += [f"{word} is not {each.name}" for word in said if compliance.read(word) != each.name]
        else:
            words = {locale: list(each.words.get(locale, ())) for locale in told}
            wrong += [f"{each.name} in {locale}: {told[locale]}" for locale in told if told[locale] != words[locale]]
    return wrong


def test_the_page_tells_every_word() -> None:
    assert undocumented(CONVERSATION, INTENTS) == []


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("| `why` |", "| `whi` |", "why is in one only"),
        ("`MI SALDO` ", "", "balance in es: ['SALDO', 'CREDITOS', 'MIS CREDITOS']"),
        ("`EXPLAIN`", "`EXPLANE`", "why in en: ['WHY', 'EXPLANE', 'DETAILS', 'WHY BALANCE']"),
        ("`UNSTOP`", "`RESTART`", "RESTART is not start"),
    ],
)
def test_a_page_that_is_behind_is_seen(right: str, wrong: str, told: str) -> None:
    assert told in undocumented(CONVERSATION.replace(right, wrong), INTENTS)


def test_the_pages_own_conversation_goes_as_it_is_written(database: Database) -> None:
    [conversation] = re.findall(r"^(    # .+\n(?:    .+\n)+)", CONVERSATION, re.MULTILINE)
    play(conversation, database)


# --- messages ---------------------------------------------------------------------------------------------------------

MEMBERSHIP_LINK = "https://spa.example.com/membership/…"
STAFF_LINK = "https://spa.example.com/console/password/…"
PHONE, EMAIL, SPA = "(505) 555-0101", "hello@example.com", "Fern & Lumen"
WORDS = {"en": ("visit credit", "visit credits"), "es": ("crédito de visita", "créditos de visita")}


def examples(locale: str) -> tuple[Message, ...]:
    """One of each message, as the page shows it."""
    two = Credits(2000, *WORDS[locale])
    one = replace(two, amount=1000)
    membership = Membership(Standing.ACTIVE, date(2026, 12, 15), 14_900, None)
    lines = (WhyLine(one, date(2026, 9, 15), None, 1), WhyLine(one, date(2026, 10, 15), None, 1))
    return (
        Balance(
            first_name="Ana", credits=(two,), expiring=None, expires_on=None, membership=membership, help_phone=PHONE
        ),
        Why(first_name="Ana", parts=((two, lines),)),
        WhoIsThis(names=("Leo", "Maya")),
        Help(spa=SPA, help_phone=PHONE, help_email=EMAIL),
        Stopped(spa=SPA, billing=True),
        Started(spa=SPA),
        NotUnderstood(first_name="Ana", help_phone=PHONE),
        NothingSaid(help_phone=PHONE, media=True),
        UnknownNumber(spa=SPA, help_phone=PHONE),
        CardRemoved(first_name="Ana", help_phone=PHONE),
        Trouble(first_name="Ana", help_phone=PHONE),
        TicketReceipt(first_name="Ana", paid_cents=11_200, used=(one,), left=(two,), help_phone=PHONE),
        *dues.examples(two),
        *talk.examples(two),
        StaffInvited(first_name="Ana", spa=SPA, link=STAFF_LINK),
        StaffReset(first_name="Ana", link=STAFF_LINK),
        StaffChanged(first_name="Ana"),
        MembershipLink(first_name="Ana", link=MEMBERSHIP_LINK, good_until=date(2026, 3, 6)),
    )


def rows_of_messages() -> dict[str, str]:
    """The line that the page has for each message."""
    both = zip(*(examples(locale) for locale in render.LOCALES), strict=True)
    rows = {}
    for each in both:
        words = [render.sms(example, locale).body for example, locale in zip(each, render.LOCALES, strict=True)]
        name = render.name_of(type(each[0]))
        rows[name] = f"| `{name}` | {each[0].message_class} | {words[0]} | {words[1]} |"
    return rows


def test_the_page_shows_every_message_as_it_is() -> None:
    rows = rows_of_messages()
    assert list(rows) == [render.name_of(message) for message in CATALOG]
    shown = re.findall(r"^\| `[a-z-]+` \|.*$", MESSAGES, re.MULTILINE)
    assert shown == list(rows.values()), "\n".join(rows.values())
