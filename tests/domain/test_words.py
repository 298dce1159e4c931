import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.words import matchable, sanitise

ANYTHING = st.text(st.characters(exclude_categories=[]))


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("hello", "hello"),
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("a\tb", "a b"),
        ("a\x00b\x07c\x9b", "abc"),
        ("page\x0cbreak", "page\nbreak"),
        ("Jose\u0301", "José"),
        ("\ud83d lone", " lone"),
        ("\ud83d\ude00 two halves", "\U0001f600 two halves"),
        ("\u200d\u00a0 stays", "\u200d\u00a0 stays"),
        ("  spaces  ", "  spaces  "),
    ],
)
def test_sanitise(raw: str, kept: str) -> None:
    assert sanitise(raw) == kept


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("STOP!!", "stop"),
        ("  Don\u2019t,  SEÑOR! ", "don't senor"),
        ("don`t", "don't"),
        ("don\u00b4t", "don't"),
        ("'quoted' \"words\"", "quoted words"),
        ("\uff33\uff34\uff2f\uff30", "stop"),
        ("s\u200btop", "stop"),
        ("no má\u0301s", "no mas"),
        ("pause🙏pls", "pause pls"),
        ("P7_ok", "p7 ok"),
        ("4\ufe0f\u20e3", "4"),
        ("Straße", "strasse"),
        ("\n\t", ""),
        ("$50 on 3/4", "50 on 3 4"),
    ],
)
def test_matchable(text: str, matched: str) -> None:
    assert matchable(text) == matched


@given(ANYTHING)
def test_sanitise_is_idempotent_storable_and_composed(raw: str) -> None:
    kept = sanitise(raw)
    assert sanitise(kept) == kept
    assert isinstance(kept.encode(), bytes)
    assert unicodedata.is_normalized("NFC", kept)
    assert "\x00" not in kept


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_sanitise_loses_nothing_that_was_said(raw: str) -> None:
    assert sanitise(raw) == unicodedata.normalize("NFC", raw)


@given(ANYTHING)
def test_matchable_is_idempotent_and_plain(text: str) -> None:
    matched = matchable(text)
    assert matchable(matched) == matched
    assert isinstance(matched.encode(), bytes)
    assert "  " not in matched
    assert all(c.isalnum() or c in " '" for c in matched)


def test_matchable_is_idempotent_on_every_character() -> None:
    for code in range(0x20000):
        matched = matchable(chr(code))
        assert matchable(matched) == matched, hex(code)
