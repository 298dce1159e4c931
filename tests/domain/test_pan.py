import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.pan import has_fragment, redact, redact_all, redact_split

CARDS = [
    "4242424242424242",
    "4000056655665556",
    "4222222222222",
    "5555555555554444",
    "2223003122003222",
    "5105105105105100",
    "378282246310005",
    "371449635398431",
    "6011111111111117",
    "6011000990139424",
    "30569309025904",
    "38520000023237",
    "36227206271667",
    "3566002020360505",
    "6200000000000005",
    "6205500000000000004",
]

REMOVED = [
    *((card, "[card removed]") for card in CARDS),
    ("4242 4242-4242.4242", "[card removed]"),
    ("3782 822463 10005", "[card removed]"),
    ("4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2", "[card removed]"),
    ("4242_4242_4242_4242", "[card removed]"),
    ("4242\u00a04242\u200b4242 \u2013 4242", "[card removed]"),
    ("\uff14\uff12" * 8, "[card removed]"),
    ("\u0664\u0662\u0664\u0662 " * 3 + "\u0664\u0662\u0664\u0662", "[card removed]"),
    ("it's 4242424242424242 ok?", "it's [card removed] ok?"),
    ("(4242424242424242)", "([card removed])"),
    ("my card 4242424242424241", "my card [card removed]"),
    ("visa 4242 4242 4242 4241", "visa [card removed]"),
    ("mi tarjeta es 4242 4242 4242 4241", "mi tarjeta es [card removed]"),
    ("4242 4242 4242 4242 12/29 123", "[card removed] [expiry removed] [code removed]"),
    ("4242424242424242, exp 12/29, cvv 123", "[card removed], exp [expiry removed], cvv [code removed]"),
    ("card 4242 4242 4242 4241 12/29 123", "card [card removed]"),
    ("exp 12/2029 4242424242424242", "exp [expiry removed] [card removed]"),
    ("4242424242424242 1229 123", "[card removed] [expiry removed] [code removed]"),
    ("4242424242424242 4567", "[card removed] [code removed]"),
    ("4242424242424242123", "[card removed]"),
    ("4242 4242 4242 4242 and 5555-5555-5555-4444", "[card removed] and [card removed]"),
    ("4242424242424242 5555555555554444", "[card removed] [card removed]"),
    ("apt 12 4242 4242 4242 4242", "apt 12 [card removed]"),
    ("cvv 123", "cvv [code removed]"),
    ("the CVC is 1234!", "the CVC is [code removed]!"),
    ("123 is my cvv", "[code removed] is my cvv"),
    ("security code: 999", "security code: [code removed]"),
    ("código de seguridad 321", "código de seguridad [code removed]"),
    ("415 555 0100, cvv 123", "415 555 0100, cvv [code removed]"),
    ("123-45-6789", "[ssn removed]"),
    ("my ssn is 123456789", "my ssn is [ssn removed]"),
    ("9" * 100, "[card removed]"),
]

KEPT = [
    "",
    "PAUSE 2 pls",
    "4242424242424241",
    "0000000000000000",
    "card 0000000000000000",
    "4444444444444444444444"[:13],
    "14155550100",
    "+14155550100",
    "(415) 555-0100",
    "415-555-0100 or 415-555-0101",
    "(415) 555-0100, (415) 555-0101",
    "415.555.0100 4155550101 +1 415 555 0102",
    "call 415 555 0100 after 10:30 on 3/15/2027",
    "my card was declined, call 415-555-0100",
    "3/15/2027, 4/15/2027, 5/15/2027",
    "2027-03-15 2027-04-15",
    "$425.00 $300.00 $450.00",
    "order 123456789012",
    "order #48213-99",
    "94110-1234",
    "credits: 3, dues: $150.00",
    "Reply P7 to pause",
    "what's a cvv? call 415 555 0100",
    "code 4821",
    "see you at 10:30 12/15",
    "I was born 12/25/1980 in 94110",
    "+44 20 7946 0958",
    "cvv",
    "1 2 3 4 5 6",
]


@pytest.mark.parametrize(("said", "kept"), REMOVED)
def test_takes_out(said: str, kept: str) -> None:
    assert redact(said).text == kept
    assert redact(said).found


@pytest.mark.parametrize("said", KEPT)
def test_keeps(said: str) -> None:
    assert redact(said).text == said
    assert not redact(said).found


def luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def numbered(prefix: str, size: int, rest: int) -> str:
    body = (prefix + str(rest).zfill(19))[: size - 1]
    return next(body + check for check in "0123456789" if luhn(body + check))


ISSUED = st.builds(
    lambda issuer, rest: numbered(issuer[0], issuer[1], rest),
    st.sampled_from(
        [
            *(("4", 16), ("4", 13), ("4", 19), ("55", 16), ("2221", 16), ("2720", 16), ("37", 15), ("34", 15)),
            *(("6011", 16), ("65", 16), ("36", 14), ("305", 14), ("3528", 16), ("62", 16), ("62", 19), ("5018", 16)),
        ]
    ),
    st.integers(0, 10**15),
).filter(lambda card: len(set(card)) > 1)
SEPARATOR = st.sampled_from(["", "", "", " ", "-", ".", " - ", "_", "\u00a0", "\u200b", "/", "\n", "🙂"])
PROSE = st.text(st.sampled_from("abc XYZ,.é\n"), max_size=20)


@st.composite
def separated(draw: st.DrawFn) -> str:
    card = draw(ISSUED)
    return "".join(digit + draw(SEPARATOR) for digit in card[:-1]) + card[-1]


@given(PROSE, separated(), PROSE)
def test_no_digit_of_a_card_survives(before: str, card: str, after: str) -> None:
    redacted = redact(f"{before} {card} {after}")
    assert redacted.found
    assert not any(c.isdigit() for c in redacted.text)


@given(ISSUED, st.data())
def test_no_digit_of_a_split_card_survives(card: str, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(card) - 1))
    words = data.draw(st.sampled_from([("", ""), ("it is ", " thanks"), ("", "."), ("hi\n", " ")]))
    before, after = redact_split(words[0] + card[:cut], card[cut:] + words[1])
    assert before.found
    assert after.found
    assert (before.text, after.text) == (words[0] + "[card removed]", "[card removed]" + words[1])


@given(st.text(st.sampled_from("0123456789 -./a$+(\n"), max_size=80))
def test_nothing_that_stands_alone_as_a_card_survives(text: str) -> None:
    for word in redact(text).text.split():
        if word.isdigit() and 13 <= len(word) <= 19 and len(set(word)) > 1:
            assert not luhn(word) or word[0] not in "3456" or len(text.split()) > 1
    assert redact(redact(text).text).text == redact(text).text


@given(st.text(st.characters(exclude_categories=[]), max_size=200), st.text(st.characters(exclude_categories=[])))
def test_reads_anything(first: str, second: str) -> None:
    redact(first)
    redact_split(first, second)
    has_fragment(first)


@given(st.text(st.characters(exclude_categories=["N"])))
def test_text_without_numbers_is_untouched(text: str) -> None:
    assert redact(text) == redact_all((text, text))[1]
    assert redact(text).text == text


def test_a_number_told_in_halves_with_words_around() -> None:
    first, second = redact_split("my card, first half 4242 4242 ok?", "then 4242 4242")
    assert (first.text, second.text) == ("my card, first half [card removed] ok?", "then [card removed]")


def test_a_number_told_in_four_texts() -> None:
    assert [told.text for told in redact_all(("4242", "4242", "4242", "4242"))] == ["[card removed]"] * 4


def test_texts_that_only_follow_one_another_are_kept() -> None:
    for first, second in [("415-555-0100", "94110"), ("4242 4242", "hello"), ("P7", "2"), ("3/15/2027", "10:30")]:
        assert [told.text for told in redact_split(first, second)] == [first, second]


def test_each_half_keeps_its_own() -> None:
    first, second = redact_split("4242424242424242", "415-555-0100")
    assert (first.text, second.text) == ("[card removed]", "415-555-0100")


@pytest.mark.parametrize(("text", "fragment"), [("4242 42", True), ("no", False), ("P7", False), ("4-2-4", True)])
def test_has_fragment(text: str, fragment: bool) -> None:
    assert has_fragment(text) is fragment


@pytest.mark.parametrize(
    "piece", ["4", "1", "4 ", "10-", "12/12 ", "4242 ", "123 ", "cvv ", "exp ", "- ", "415-555-0100 ", "cvv 12 ", "a"]
)
def test_time_grows_with_length_only(piece: str) -> None:
    begin = time.perf_counter()
    redact((piece * 65_536)[:65_536])
    assert time.perf_counter() - begin < 3
