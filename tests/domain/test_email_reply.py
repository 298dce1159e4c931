"""Only what is new in a mail is read: a corpus anyone can add to, and anything at all that may be sent."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain import compliance
from assistant.domain.compliance import Compliance
from assistant.domain.email_reply import MOST, new_words

CORPUS = Path(__file__).parents[1] / "data" / "mail"
CASE = re.compile(r"^=== (.+)\n((?:.*\n)*?)--- says\n((?:(?!===).*\n?)*)", re.MULTILINE)


def cases() -> list[tuple[str, str, str]]:
    return [
        (f"{path.stem}: {title}", body, says.strip())
        for path in sorted(CORPUS.glob("*.txt"))
        for title, body, says in CASE.findall(path.read_text())
    ]


def read(name: str, body: str) -> str:
    return new_words("", body) if name.startswith("html") else new_words(body)


@pytest.mark.parametrize(("name", "body", "says"), cases(), ids=[name for name, _, _ in cases()])
def test_only_the_new_words_are_read(name: str, body: str, says: str) -> None:
    assert read(name, body) == says


def test_the_corpus_is_whole() -> None:
    written = sum(path.read_text().count("\n=== ") for path in CORPUS.glob("*.txt"))
    assert len(cases()) == written >= 60


@pytest.mark.parametrize(("name", "body", "says"), cases(), ids=[name for name, _, _ in cases()])
def test_lines_may_end_as_windows_ends_them(name: str, body: str, says: str) -> None:
    assert read(name, body.replace("\n", "\r\n")) == says


@pytest.mark.parametrize(("name", "body", "says"), cases(), ids=[name for name, _, _ in cases()])
def test_what_we_said_never_opts_anyone_out(name: str, body: str, says: str) -> None:
    """No mail of the corpus asks to stop but those whose new words do."""
    stops = compliance.read(says) is Compliance.STOP
    assert (compliance.read(read(name, body)) is Compliance.STOP) == stops
    assert stops == (name in STOPS)


STOPS = {
    "english: A postscript",
    "english: A wish below a signature",
    "english: Unsubscribe",
    "spanish: Mensaje original",
    "spanish: Posdata",
}


def test_the_plain_part_is_read_where_there_is_one() -> None:
    assert new_words("PAUSE", "<p>STOP</p>") == "PAUSE"
    assert new_words(" \n", "<p>PAUSE</p>") == "PAUSE"
    assert new_words("<div>PAUSE</div><blockquote>STOP</blockquote>") == "PAUSE"
    assert new_words("") == new_words("", "") == new_words("", None) == ""


def test_new_words_hold_no_new_words() -> None:
    """Reading twice is reading once: what is stored may be read again."""
    for name, body, says in cases():
        assert new_words(read(name, body)) == says, name


PIECES = st.sampled_from(
    [
        "> ",
        ">",
        "\n",
        "\n\n",
        "On Fri, Nov 20, 2026 at 10:03 AM Fern <f@example.com> wrote:",
        "escribió:",
        "-- ",
        "From: a",
        "Sent: Fri",
        "To: b",
        "Thanks,",
        "Ana",
        "PAUSE",
        "STOP",
        "<div>",
        "</div>",
        "<blockquote>",
        "</blockquote>",
        "<!--",
        "-->",
        "<",
        "&#",
        "&amp;",
        "<br>",
        "\x00",
        "\ud800",
        "\u202f",
        "<p class='gmail_quote'>",
        "<div id=appendonsend>",
        "'",
        '"',
        "PS:",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join), st.booleans())
def test_anything_may_be_sent(body: str, is_html: bool) -> None:
    read = new_words("", body) if is_html else new_words(body)
    assert "\x00" not in read
    read.encode()
    assert read == read.strip()


HOSTILE = [
    "<",
    "<a ",
    "<!--",
    "<!",
    "<a '",
    '<a "',
    "</",
    "&",
    "<div>",
    "<blockquote>",
    "</p>",
    "<p a=",
    "<a href='x",
    "&#",
    "<script>",
    "<div class=gmail_quote>",
    "<pre>\n",
    "> ",
    "On 1 ",
    "On ",
    "thanks ",
    "Thanks,\n",
    "-- \n",
    "From: ",
    "From: a\nDate: b\n",
    "wrote: ",
    "a@",
    "2026 ",
    "\n",
    " ",
    "\t",
    "--",
    "_",
    "El 2026 escribió ",
    "sent from my ",
    "best ",
    "[image",
    "This email ",
    "On 2026 wrote:",
    "\u200b",
    "*",
    ".",
    "a",
    "On x@y.zz\n",
    "1\n",
    "Ana\n\n",
    "*From:* ",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("is_html", [False, True])
def test_no_mail_takes_long(piece: str, is_html: bool) -> None:
    body = piece * (2 * MOST // len(piece))
    began = time.process_time()
    new_words("", "<p>x" + body) if is_html else new_words(body)
    assert time.process_time() - began < 1.5
