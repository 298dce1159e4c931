from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.stored import read, written


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class OwnError(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class OneDot:
    size: int

    def __post_init__(self) -> None:
        if self.size == 13:
            raise ValueError("thirteen is no size")
        if self.size == 14:
            raise OwnError("as it is")


@dataclass(frozen=True, slots=True)
class Bar:
    long: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    shape: OneDot | Bar
    dots: tuple[OneDot, ...] = ()
    colours: frozenset[Colour] = frozenset()
    note: str | None = None
    colour: Colour = Colour.RED
    bar: Bar = field(default_factory=Bar)


DOTS = st.builds(OneDot, st.integers().filter(lambda size: size not in {13, 14}))
SHEETS = st.builds(
    Sheet,
    st.text(),
    DOTS | st.builds(Bar, st.booleans()),
    st.lists(DOTS, max_size=3).map(tuple),
    st.frozensets(st.sampled_from(Colour)),
    st.none() | st.text(),
    st.sampled_from(Colour),
    st.builds(Bar, st.booleans()),
)


@given(SHEETS)
def test_what_is_written_is_read_as_it_was(sheet: Sheet) -> None:
    assert read(Sheet, written(sheet), "sheet") == sheet


def test_every_field_is_written_and_only_a_union_says_its_kind() -> None:
    assert written(Sheet("a", OneDot(2), (OneDot(1),), frozenset({Colour.RED, Colour.BLUE}))) == {
        "name": "a",
        "shape": {"kind": "one_dot", "size": 2},
        "dots": [{"size": 1}],
        "colours": ["blue", "red"],
        "note": None,
        "colour": "red",
        "bar": {"long": False},
    }
    with pytest.raises(TypeError, match="float is not for storing"):
        written(1.5)
    with pytest.raises(TypeError, match="type is not for storing"):
        written(Bar)


def test_what_is_not_there_has_its_default() -> None:
    assert read(Sheet, {"name": "a", "shape": {"kind": "bar"}}, "sheet") == Sheet("a", Bar())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 1}, "sheet.name is 1, not a text"),
        ({"name": None}, "sheet.name is None, not a text"),
        ({"other": 1, "also": 2}, "sheet has also, other, which nobody knows"),
        ({"kind": "sheet"}, "sheet has kind, which nobody knows"),
        ({"dots": {}}, "sheet.dots is an object, not a list"),
        ({"dots": [1]}, r"sheet.dots\[0\] is 1, not an object"),
        ({"dots": [{"size": 1}, {}]}, r"sheet.dots\[1\] has no size"),
        ({"dots": [{"size": True}]}, r"sheet.dots\[0\].size is True, not a whole number"),
        ({"dots": [{"size": 1.0}]}, r"sheet.dots\[0\].size is 1.0, not a whole number"),
        ({"dots": [{"size": "1"}]}, r"sheet.dots\[0\].size is '1', not a whole number"),
        ({"dots": [{"size": 13}]}, r"sheet.dots\[0\]: thirteen is no size"),
        ({"colours": ["red", "green"]}, r"sheet.colours\[1\] is 'green', not one of red, blue"),
        ({"colour": 1}, "sheet.colour is 1, not one of red, blue"),
        ({"colour": []}, "sheet.colour is a list, not one of red, blue"),
        ({"note": 1}, "sheet.note is 1, not a text"),
        ({"bar": None}, "sheet.bar is None, not an object"),
        ({"bar": {"long": 1}}, "sheet.bar.long is 1, not true or false"),
        ({"shape": None}, "sheet.shape is None, not one of one_dot, bar by its kind"),
        ({"shape": {"size": 1}}, "sheet.shape is an object, not one of one_dot, bar by its kind"),
        ({"shape": {"kind": "ring"}}, "not one of one_dot, bar by its kind"),
        ({"shape": {"kind": "bar", "size": 1}}, "sheet.shape has size, which nobody knows"),
    ],
)
def test_what_is_not_exactly_one_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read(Sheet, {"name": "a", "shape": {"kind": "bar"}} | change, "sheet")


def test_an_error_of_its_own_is_told_as_it_is() -> None:
    with pytest.raises(OwnError, match=r"^as it is$"):
        read(OneDot, {"size": 14}, "dot")
