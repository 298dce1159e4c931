import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.phones import masked, parse, zones

MAINLAND = {"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"}
EVERYWHERE = MAINLAND | {"America/Anchorage", "Pacific/Honolulu"}


@pytest.mark.parametrize(
    "raw",
    [
        "+14155550100",
        "14155550100",
        "4155550100",
        "(415) 555-0100",
        "415.555.0100",
        "  415 555 0100\n",
        "+1 (415) 555-0100",
        "1-415-555-0100",
        "tel:+1-415-555-0100",
        "\u202a+1 415 555 0100\u202c",
        "+1\u00a0415\u2011555\u20110100",
        "\uff14\uff11\uff15\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
        "415-555-0100 x5",
        "0014155550100"[2:],
    ],
)
def test_parses_every_way_of_writing_it(raw: str) -> None:
    assert parse(raw) == "+14155550100"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        " ",
        "12345",
        "888222",
        "SPA",
        "GLOWMEDSPA",
        "anonymous",
        "+266696687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+464",
        "+442079460958",
        "+5215512345678",
        "+12423221234",
        "555-0100",
        "415555010",
        "41555501000",
        "+1415555010a",
        "1" * 1000,
        "+",
        "\x00",
        "\ud83d",
        "client:ana",
        "whatsapp:",
        "00000000000",
        "+10000000000",
    ],
)
def test_knows_no_number_in(raw: str) -> None:
    assert parse(raw) is None


def test_numbers_of_canada_and_the_territories() -> None:
    assert parse("403 555 0100") == "+14035550100"
    assert parse("(787) 555-0100", region="PR") == "+17875550100"


@given(st.text(st.characters(exclude_categories=[])))
def test_never_raises_and_is_stable(raw: str) -> None:
    number = parse(raw)
    assert number is None or parse(number) == number
    assert zones(raw, raw)


@pytest.mark.parametrize(
    ("e164", "shown"),
    [("+14155550142", "+1 *** *** 0142"), ("+442079460958", "***"), ("SPA", "***"), ("", "***"), ("12345", "***")],
)
def test_masked(e164: str, shown: str) -> None:
    assert masked(e164) == shown


@pytest.mark.parametrize(
    ("e164", "home", "candidates"),
    [
        ("+14155550100", None, {"America/Los_Angeles"}),
        ("+14155550100", "America/New_York", {"America/Los_Angeles", "America/New_York"}),
        ("+12085550100", None, {"America/Boise", "America/Los_Angeles"}),
        ("+19075550100", None, {"America/Adak", "America/Anchorage"}),
        ("+18504440100", None, {"America/Chicago"}),
        ("+18504440100", "America/New_York", {"America/Chicago", "America/New_York"}),
        ("+19155550100", None, {"America/Denver"}),
        ("+18005550100", None, EVERYWHERE),
        ("+18885551234", "America/New_York", MAINLAND),
        ("+18885551234", "Pacific/Honolulu", MAINLAND | {"Pacific/Honolulu"}),
        ("+15005550006", None, EVERYWHERE),
        ("SPA", None, EVERYWHERE),
        ("12345", "America/Chicago", MAINLAND),
        ("+14155550100", "Nowhere/Land", {"America/Los_Angeles"}),
        ("+18005550100", "../etc/passwd", EVERYWHERE),
        ("+14015550100", "", {"America/New_York"}),
    ],
)
def test_zones(e164: str, home: str | None, candidates: set[str]) -> None:
    assert zones(e164, home) == candidates


def test_a_number_may_be_in_two_zones() -> None:
    assert zones("+16055550100", None) == {"America/Denver", "America/North_Dakota/Center"}
