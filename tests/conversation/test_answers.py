"""What a short answer to an open question means, and what it carries out: little, and never by a doubtful word."""

from datetime import date

import pytest

from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Channel, Heard, Pending, Reading, Status

TODAY = date(2026, 11, 23)
SAYS = {
    Pending.PAUSE_CONFIRM: "Reply P7 to pause.",
    Pending.SAVE_OFFER: "Reply K2 to keep it.",
    Pending.BOOK_OFFER: "Tuesday 3 pm? Reply B3 to book.",
    Pending.CHANGE_WHICH: "Glow, Radiance or Luxe?",
    Pending.JOIN_PLAN: "Glow or Radiance?",
    Pending.PAUSE_DURATION: "For how long?",
}
PRICES = {"Glow": 99, "Radiance": 149, "Luxe": 199}


def read(text: str, pending: Pending) -> Reading:
    status = Status.NON_MEMBER if pending is Pending.JOIN_PLAN else Status.ACTIVE
    plans = tuple(PRICES)
    return interpret(
        Heard(
            Channel.SMS, text, TODAY, status, pending=pending, last_outbound=SAYS[pending], plans=plans, prices=PRICES
        )
    )


@pytest.mark.parametrize(
    "text",
    ["P7. Thank you, Dorothy", "p 7", '"P7"', "p7.", "Hi, P7 please. Best, Margaret", "my answer is P7", "P7 - Ruth"],
)
def test_a_token_among_courtesies_is_carried_out(text: str) -> None:
    assert read(text, Pending.PAUSE_CONFIRM).executed == ("pause",)


@pytest.mark.parametrize(
    "text",
    [
        *("not P7", "P7 no", "P7 - No", "P7?", "what is P7?", "P7 wait", "P7 next month", "P7 or P8", "ya no P7", "P8"),
        *("P7 thanks Cancel", "P7 but my face is swollen", "yes", "never mind about P7"),
    ],
)
def test_a_token_beside_anything_else_is_not(text: str) -> None:
    assert read(text, Pending.PAUSE_CONFIRM).executed == ()


@pytest.mark.parametrize(
    ("text", "meaning", "executed"),
    [
        ("yes hold it", "confirm_yes", ("book_request",)),
        ("perfect see you then", "confirm_yes", ("book_request",)),
        ("yes tuesday is fine", "confirm_yes", ("book_request",)),
        ("i cant do tuesday", "confirm_no", ()),
        ("I have work that day", "confirm_no", ()),
    ],
)
def test_an_offered_time(text: str, meaning: str, executed: tuple[str, ...]) -> None:
    reading = read(text, Pending.BOOK_OFFER)
    assert (reading.intents, reading.executed) == ((meaning,), executed)


def test_a_yes_to_another_day_books_nothing() -> None:
    assert read("yes friday", Pending.BOOK_OFFER).executed == ()


@pytest.mark.parametrize(
    ("text", "pending", "plan"),
    [
        ("option 2", Pending.CHANGE_WHICH, "Radiance"),
        ("the third", Pending.CHANGE_WHICH, "Luxe"),
        ("la segunda por favor", Pending.CHANGE_WHICH, "Radiance"),
        ("the cheaper one", Pending.CHANGE_WHICH, None),
        ("the cheaper one", Pending.JOIN_PLAN, "Glow"),
        ("the $149 one", Pending.JOIN_PLAN, "Radiance"),
        ("not the first one", Pending.JOIN_PLAN, None),
    ],
)
def test_a_plan_that_is_pointed_at(text: str, pending: Pending, plan: str | None) -> None:
    assert read(text, pending).slots.plan == plan


@pytest.mark.parametrize("text", ["not sure yet", "haven't decided", "no se todavia"])
def test_who_does_not_know_for_how_long_does_not_refuse(text: str) -> None:
    assert [*map(str, read(text, Pending.PAUSE_DURATION).intents)] == ["pause"]


@pytest.mark.parametrize("text", ["sounds lovely dear", "ok you got me", "go on then", "let's"])
def test_a_warm_yes_carries_nothing_out(text: str) -> None:
    reading = read(text, Pending.SAVE_OFFER)
    assert (reading.intents, reading.executed) == (("confirm_yes",), ())
