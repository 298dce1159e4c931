import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cli.segments import run
from assistant.domain.segments import Encoding, Segments, count, fold

GSM, UCS = Encoding.GSM_7, Encoding.UCS_2

OPT_IN = (
    "Glow MedSpa: You're signed up for membership texts. Msg freq varies. Msg&data rates may apply. "
    "Reply HELP for help, STOP to opt out. glow.example/terms"
)
HELP = (
    "Glow MedSpa Membership Texts: Help at 555-555-0100 or help@glow.example. Msg freq varies. "
    "Msg&data rates may apply. Reply STOP to opt out."
)
COUNTED = [
    ("", GSM, 0, 0),
    ("a", GSM, 1, 1),
    ("a" * 160, GSM, 160, 1),
    ("a" * 161, GSM, 161, 2),
    ("a" * 306, GSM, 306, 2),
    ("a" * 307, GSM, 307, 3),
    ("€" * 80, GSM, 160, 1),
    ("€" * 81, GSM, 162, 2),
    ("a" * 159 + "€", GSM, 161, 2),
    ("a" * 159 + "[", GSM, 161, 2),
    ("a" * 152 + "€" + "a" * 152, GSM, 306, 3),
    ("a" * 152 + "€" + "a" * 151, GSM, 305, 2),
    ("a" * 152 + "~" + "a" * 152, GSM, 306, 3),
    ("ó" * 70, UCS, 70, 1),
    ("ó" * 71, UCS, 71, 2),
    ("ó" * 134, UCS, 134, 2),
    ("ó" * 135, UCS, 135, 3),
    ("😀" * 35, UCS, 70, 1),
    ("😀" * 36, UCS, 72, 2),
    ("a" * 66 + "😀" + "a" * 66, UCS, 134, 3),
    ("é" * 160, GSM, 160, 1),
    ("José", GSM, 4, 1),
    ("Raúl", UCS, 4, 1),
    ("^{}\\[~]|€\f", GSM, 20, 1),
    ("a\nb", GSM, 3, 1),
    ("a\r\nb", GSM, 4, 1),
    ("\ud83d", UCS, 1, 1),
    ("x" * 1600, GSM, 1600, 11),
    (OPT_IN, GSM, 151, 1),
    (HELP, GSM, 138, 1),
]


@pytest.mark.parametrize(("text", "encoding", "units", "segments"), COUNTED)
def test_counts_the_vectors_of_the_rules(text: str, encoding: Encoding, units: int, segments: int) -> None:
    assert count(text) == Segments(encoding, units, segments)


@pytest.mark.parametrize(("units", "segments"), [(160, 1), (161, 2), (304, 2), (305, 3)])
def test_toll_free_parts_are_shorter(units: int, segments: int) -> None:
    assert count("a" * units, toll_free=True).segments == segments
    assert count("ó" * 132, toll_free=True).segments == 2
    assert count("ó" * 133, toll_free=True).segments == 3


@pytest.mark.parametrize("character", "éñüèÇàùìòäöÄÖÑÜ§¿¡£¥ØøÅåÆæßÉΔΩ@_$\n\r")
def test_in_the_gsm_alphabet(character: str) -> None:
    assert count(character) == Segments(GSM, 1, 1)


@pytest.mark.parametrize("character", "áíóúÁÍÓÚç\u2019`\u2014\u2026\u00a0\t\x00êâ")
def test_not_in_the_gsm_alphabet(character: str) -> None:
    assert count(character).encoding is UCS


def slowly_packed(costs: list[int], single: int, multi: int) -> int:
    if sum(costs) <= single:
        return min(sum(costs), 1)
    segments, room = 1, multi
    for cost in costs:
        if cost > room:
            segments, room = segments + 1, multi
        room -= cost
    return segments


@given(st.text(st.sampled_from("ab€[é\n😀ó~"), max_size=700), st.booleans())
def test_agrees_with_packing_one_character_at_a_time(text: str, toll_free: bool) -> None:
    counted = count(text, toll_free=toll_free)
    if counted.encoding is GSM:
        costs = [2 if c in "€[~" else 1 for c in text]
        assert counted.segments == slowly_packed(costs, 160, 152 if toll_free else 153)
    else:
        costs = [2 if c == "😀" else 1 for c in text]
        assert counted.segments == slowly_packed(costs, 70, 66 if toll_free else 67)
    assert counted.units == sum(costs)


@given(st.text(st.characters(exclude_categories=[])))
def test_counts_anything(text: str) -> None:
    counted = count(text)
    assert (counted.segments == 0) == (text == "")
    assert counted.units >= len(text)


FOLDED = [
    ("It\u2019s", "It's"),
    ("\u201cGlow\u201d", '"Glow"'),
    ("\u2039a\u203a \u00abb\u00bb", '<a> "b"'),
    ("9\u201310\u2014ok\u2026", "9-10-ok..."),
    ("\u2022 one\u00a0two\u202fthree", "- one two three"),
    ("zero\u200bwidth\ufeff so\u00adft", "zerowidth soft"),
    ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    ("\u00bd off, 1\u00bd hours", "1/2 off, 1 1/2 hours"),
    ("2\u00d7", "2x"),
    ("\uff11\uff12\uff01", "12!"),
    ("Jose\u0301", "José"),
    ("José Raúl Núñez Żółć", "José Raúl Núñez Żółć"),
    ("Ka\u02bbiulani", "Ka\u02bbiulani"),
    ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
    ("\u2764\ufe0f", "\u2764\ufe0f"),
    ("\u203c\ufe0f", "!!"),
    ("dont `do` it\t!", "dont 'do' it !"),
    ("plain", "plain"),
]


@pytest.mark.parametrize(("fancy", "plain"), FOLDED)
def test_folds_what_means_the_same(fancy: str, plain: str) -> None:
    assert fold(fancy) == plain


@given(st.text(st.characters(categories=["L", "M"])))
def test_never_respells_a_letter(name: str) -> None:
    letters = [c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] == "L"]
    assert [c for c in fold(name) if unicodedata.category(c)[0] == "L"] == letters


@given(st.text(st.characters(exclude_categories=[])))
def test_folding_is_done_in_one_go(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


def test_the_command_answers_every_line_in_order() -> None:
    lines = [
        '{"text": "hello"}\n',
        "nonsense",
        '{"text": "It\\u2019s"}',
        "[1]",
        '{"text": 7}',
        '{"text": "\\ud83d"}',
        "[" * 100_000,
        "",
    ]
    answers = [json.loads(answer) for answer in run(lines, fold=True)]
    assert answers[0] == {"encoding": "GSM-7", "units": 5, "segments": 1}
    assert answers[2] == {"encoding": "GSM-7", "units": 4, "segments": 1}
    assert answers[5] == {"encoding": "UCS-2", "units": 1, "segments": 1}
    assert ["error" in answer for answer in answers] == [False, True, False, True, True, False, True, True]


def test_the_command_folds_only_when_told() -> None:
    assert json.loads(next(run(['{"text": "It\\u2019s"}'], fold=False)))["encoding"] == "UCS-2"
