"""How a sentence falls into its parts, and what is left of one that denies something."""

import pytest

from assistant.conversation.clauses import parts, without_denied
from assistant.conversation.naming import marked

JOINED = {
    "pause me and what is my balance": ["pause me", "what is my balance"],
    "thank you for being so sweet": ["thank you for being so sweet"],
    "i moved so please cancel": ["i moved", "please cancel"],
    "stop the billing just for december": ["stop the billing just for december"],
    "i would also like to know my balance": ["i would also like to know my balance"],
}


@pytest.mark.parametrize("piece", JOINED)
def test_a_sentence_falls_apart_where_another_wish_may_begin(piece: str) -> None:
    assert parts(piece) == JOINED[piece]


DENIED = {
    "i do not want to cancel": "i",
    "do not want to lose my membership but need a rest": "but need a rest",
    "still not ready to come back": "still",
    "no quiero perder la membresia": "",
    "can not come in tomorrow": "can not come in tomorrow",
}


@pytest.mark.parametrize("part", DENIED)
def test_what_is_denied_is_taken_out(part: str) -> None:
    assert without_denied(part) == DENIED[part]


def test_the_spas_own_name_names_no_plan() -> None:
    assert marked("a charge from glow spa", ("Glow",)) == "a charge from glow spa"
    assert marked("put me on glow", ("Glow",)) == "put me on planname"
