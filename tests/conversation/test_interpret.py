"""What messages mean, by example: every line is `intents | text`, and the cases beside them are the traps."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Channel, Heard, Pending, Status

TODAY = date(2026, 11, 22)
SAID = Path(__file__).with_name("said.txt").read_text(encoding="utf-8").splitlines()
STATUS = {"resume": Status.PAUSED, "join": Status.NON_MEMBER}


def heard(text: str, **known: object) -> Heard:
    member = Heard(Channel.SMS, text, TODAY, Status.ACTIVE, plans=("Glow", "Radiance", "Luxe"))
    return replace(member, **known)  # type: ignore[arg-type]


@pytest.mark.parametrize("line", SAID)
def test_said(line: str) -> None:
    intents, _, text = line.partition("|")
    reading = interpret(heard(text, status=STATUS.get(intents, Status.ACTIVE)))
    assert set(map(str, reading.intents)) == set(intents.split())


TOKEN = "Ana, your membership can rest from Dec 3 to Feb 3. Reply P7 to pause."
ASKED: dict[tuple[str, Pending | None, str | None], tuple[str, tuple[str, ...]]] = {
    ("P7", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ("pause",)),
    ("p7 please", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ("pause",)),
    ("P 7", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ("pause",)),
    ("yes P7", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ("pause",)),
    ("P8", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ()),
    ("P7", None, TOKEN): ("confirm_yes", ()),
    ("P7", Pending.PAUSE_CONFIRM, None): ("confirm_yes", ()),
    ("P7", Pending.CANCEL_CONFIRM, TOKEN): ("confirm_yes", ()),
    ("yes", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ()),
    ("ok", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ()),
    ("\N{THUMBS UP SIGN}", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_yes", ()),
    ("yes", Pending.BOOK_OFFER, "Friday at 3?"): ("confirm_yes", ("book_request",)),
    ("yes", Pending.SAVE_OFFER, "Reply K3 to keep it."): ("confirm_yes", ()),
    ("K3", Pending.SAVE_OFFER, "Reply K3 to keep it."): ("confirm_yes", ("save_offer",)),
    ("yes", None, None): ("confirm_yes", ()),
    ("no wait", Pending.PAUSE_CONFIRM, TOKEN): ("confirm_no", ()),
    ("2", Pending.PAUSE_DURATION, None): ("pause", ()),
    ("til the 15th", Pending.PAUSE_DURATION, None): ("pause", ()),
    ("radience", Pending.CHANGE_WHICH, None): ("change_plan", ()),
    ("Glow please", Pending.JOIN_PLAN, None): ("join", ()),
    ("BALANCE", Pending.PAUSE_CONFIRM, TOKEN): ("balance", ()),
    ("HELP", Pending.PAUSE_CONFIRM, TOKEN): ("help", ()),
    ("STOP", Pending.PAUSE_CONFIRM, TOKEN): ("stop", ("opt_out",)),
    ("START", None, None): ("start", ("opt_in",)),
}


@pytest.mark.parametrize("case", ASKED)
def test_an_open_question_gives_short_words_their_sense(case: tuple[str, Pending | None, str | None]) -> None:
    text, pending, last = case
    reading = interpret(heard(text, pending=pending, last_outbound=last))
    assert ([str(each) for each in reading.intents], reading.executed) == ([ASKED[case][0]], ASKED[case][1])


@pytest.mark.parametrize(
    "text", ["P7", "yes", "CANCEL", "stop", "pause", "book me friday", "ugh these texts", "wrong number"]
)
def test_who_has_opted_out_changes_nothing(text: str) -> None:
    known = heard(text, pending=Pending.PAUSE_CONFIRM, last_outbound=TOKEN, opted_out=True)
    assert interpret(known).executed == ()
    assert interpret(replace(known, text="START")).executed == ("opt_in",)


@pytest.mark.parametrize("word", ["CANCEL", "End", "quit."])
def test_words_that_end_texts_and_memberships(word: str) -> None:
    texted = interpret(heard(word))
    assert (texted.intents, texted.opt_out, texted.executed) == (
        ("stop", "cancel_membership"),
        True,
        ("opt_out", "cancel_case"),
    )
    mailed = interpret(heard(word, channel=Channel.EMAIL))
    assert (mailed.intents, mailed.opt_out, mailed.executed) == (("cancel_membership",), False, ())


SPANS = {
    "pause 2 mo": ("P2M", None),
    "pause for 6 wks": ("P6W", None),
    "freeze me half a year": ("P6M", None),
    "pausar dos meses": ("P2M", None),
    "skip next month": ("P1M", None),
    "pause til the 15th": (None, date(2026, 12, 15)),
    "pause thru feb": (None, date(2027, 2, 28)),
    "pausa hasta marzo": (None, date(2027, 3, 1)),
    "pause for a while": (None, None),
    "pause until I get back": (None, None),
}


@pytest.mark.parametrize("text", SPANS)
def test_for_how_long(text: str) -> None:
    slots = interpret(heard(text)).slots
    assert (slots.duration, slots.until) == SPANS[text]


def test_a_card_number_never_comes_out() -> None:
    reading = interpret(heard("use 4242 4242 4242 4242 from now on"))
    assert "4242" not in f"{reading}"
    assert reading.wanted == ("card",)


def test_of_a_mail_only_the_new_words_count() -> None:
    text = (
        "What is my balance?\n\nOn Mon, Nov 16, 2026 at 9:00 AM Glow <hi@example.com> wrote:\n> Reply STOP to opt out\n"
    )
    reading = interpret(heard(text, channel=Channel.EMAIL))
    assert (reading.wanted, reading.opt_out, reading.read) == (("balance",), False, "What is my balance?")
