"""Every conversation in this folder goes as it is written; how to write one is in `script.py`."""

import re
from datetime import date
from pathlib import Path

import pytest

from assistant.conversation.intents import INTENTS
from assistant.conversation.router import BY_KEYWORD
from assistant.db.connections import Database
from assistant.domain.changing import ChangeRefusal
from assistant.domain.pausing import PauseRefusal
from assistant.domain.words import matchable
from assistant.messages import render
from assistant.messages.catalog import (
    AlreadyLeaving,
    CardLinkRests,
    CheckingPayment,
    Message,
    NothingOwed,
    NothingToLeave,
    NotPaused,
    PauseRefused,
    PromiseUsed,
)
from assistant.messages.changes import NothingToUndo
from assistant.messages.handover import NothingAsked, TokensRest
from assistant.messages.plans import ChangeRefused, JoinAlready
from assistant.messages.talk import PersonSoon, PersonTopic
from tests.transcripts.script import UnreadableError, WrongAnswerError, play

TRANSCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))
GOOD = """# Ana asks.
given Ana, member of Glow since Aug 15, 3 visit credits
> BALANCE
< Ana, you have 3 visit credits. Your membership is active: next charge $149.00 on Dec 15.
"""


@pytest.mark.parametrize("transcript", TRANSCRIPTS)
def test_transcript(transcript: Path, database: Database) -> None:
    play(transcript.read_text(), database)


def test_there_are_transcripts_and_no_two_show_the_same() -> None:
    titles = [path.read_text().splitlines()[0] for path in TRANSCRIPTS]
    assert len(titles) >= 30
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("3 visit credits.", "4 visit credits.", "expected\n  < Ana, you have 4"),
        ("Dec 15.", "Dec 15", "but there came\n  < Ana, you have 3"),
        ("< Ana", "< nothing\n> BALANCE\n< Ana", "expected\n  < nothing"),
        ("> BALANCE", "> (blank)", "but there came\n  < Your text arrived empty"),
        ("> BALANCE", "from 0199 > BALANCE", "We don't know this number"),
        ("> BALANCE", "(Ana is nowhere)\n> BALANCE", "Ana is in client"),
        (", 3 visit credits", "", "but there came\n  < Ana, you have no credits right now"),
    ],
)
def test_a_wrong_answer_is_seen(right: str, wrong: str, told: str, database: Database) -> None:
    with pytest.raises(WrongAnswerError) as seen:
        play(GOOD.replace(right, wrong, 1), database)
    assert told in str(seen.value)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("# Ana asks.", "Ana asks", "a sentence that says what it shows"),
        ("> BALANCE\n", "", "line 2: after a text, and only there"),
        ("< Ana, you", "Ana, you", "line 3: after a text, and only there"),
        ("since Aug 15", "since the fair", "line 2: nobody can tell what `member of Glow since the fair`"),
        ("since Aug 15", "since Oot 15", "line 2: `Oot 15` is no date"),
        ("3 visit credits", "3 visit points", "line 2: nobody can tell what `3 visit points`"),
        ("3 visit credits", "3 extras, 4 extras used", "line 2: `4 extras used`: there are not so many"),
        ("member of Glow since Aug 15", "past due", "line 2: a membership needs"),
        ("given Ana", "Ana", "line 2: nobody can tell what this means"),
    ],
)
def test_a_line_that_nobody_can_read_is_named(right: str, wrong: str, told: str, database: Database) -> None:
    with pytest.raises(UnreadableError) as seen:
        play(GOOD.replace(right, wrong, 1), database)
    assert told in str(seen.value)


def languages_shown(titles_and_texts: list[str]) -> set[tuple[str, str]]:
    """Which intents are asked for by their words, in which language."""
    shown = set()
    for text in titles_and_texts:
        for said in re.findall(r"^(?:from \d+ )?> (.+)$", text, re.MULTILINE):
            if found := BY_KEYWORD.get(matchable(said)):
                shown.add((found[0].name, found[1]))
    return shown


def test_every_intent_is_shown_in_both_languages() -> None:
    wanted = {(each.name, locale) for each in INTENTS for locale in each.words}
    texts = [path.read_text() for path in TRANSCRIPTS]
    assert wanted - languages_shown(texts) == set()
    assert languages_shown(["> BALANCE", "from 0110 > SALDO"]) == {("balance", "en"), ("balance", "es")}


def refusals(locale: str) -> dict[str, str]:
    """The heart of what each reason why not is told by, without names, days and numbers."""
    day = date(2026, 12, 15)
    told: dict[str, Message] = {
        **{f"pause {each}": PauseRefused(reason=each, next_possible_on=None, help_phone="") for each in PauseRefusal},
        **{f"change {each}": ChangeRefused(reason=each, help_phone="") for each in ChangeRefusal},
        "join already": JoinAlready(plan="Glow"),
        "leave already": AlreadyLeaving(code="", effective_on=day),
        "leave nothing": NothingToLeave(help_phone=""),
        "undo nothing": NothingToUndo(ended=False, help_phone=""),
        "undo too late": NothingToUndo(ended=True, help_phone=""),
        "resume nothing": NotPaused(next_charge_on=day),
        "nothing owed": NothingOwed(next_charge_on=None),
        "in doubt": CheckingPayment(),
        "link rests": CardLinkRests(help_phone=""),
        "no question": NothingAsked(help_phone=""),
        "promise used": PromiseUsed(retry_on=None, help_phone=""),
        "tokens rest": TokensRest(help_phone=""),
        **{
            f"person {each}": PersonSoon(topic=each, by=day, today=True, help_phone="")
            for each in (PersonTopic.GIFT, PersonTopic.JOIN, PersonTopic.CHANGE, PersonTopic.REFUND)
        },
    }
    return {name: _heart(render.sms(message, locale).body) for name, message in told.items()}


def _heart(words: str) -> str:
    """The longest piece between two stops that has no name, day or number in it."""
    pieces = re.split(r"(?<=[.:,;?!]) |[.:;]$", words)
    return max((each.strip(" .,:;") for each in pieces if not re.search(r"\d|Glow", each)), key=len).lower()


@pytest.mark.parametrize("locale", render.LOCALES)
def test_every_refusal_is_shown(locale: str) -> None:
    shown = "\n".join(path.read_text() for path in TRANSCRIPTS).lower()
    assert [name for name, heart in refusals(locale).items() if heart not in shown] == []
    assert len(refusals(locale)) > 35


def test_there_are_enough_of_them() -> None:
    assert len(TRANSCRIPTS) >= 120
