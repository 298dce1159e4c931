"""Several sentences and several wishes: what is asked for, told apart from courtesy, story and what is denied."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.conversation import wishes
from assistant.conversation.interpret import interpret
from assistant.conversation.reading import Channel, Heard, Status

MEMBER = Heard(Channel.SMS, "", date(2026, 11, 22), Status.ACTIVE, plans=("Glow", "Radiance", "Luxe"))


def meanings(text: str, status: Status = Status.ACTIVE, channel: Channel = Channel.SMS) -> set[str]:
    return set(map(str, interpret(replace(MEMBER, text=text, status=status, channel=channel)).intents))


SEVERAL = {
    "got a new card, also why'd u charge me on the 3rd": {"update_card", "payment_question"},
    "can i come thurs at 4 and whats my balance": {"book", "balance"},
    "my card is changing next week so use the new one, and also i want to skip february": {"update_card", "pause"},
    "please end my membership. also am I owed anything back": {"cancel_membership", "payment_question"},
    "bump me up to radiance and use my new visa for it": {"change_plan", "update_card"},
    "what's my balance and can I talk to a manager": {"balance", "human"},
    "Could I be seen on Friday the 4th? And my bank replaced the card, so I'd like to give you the new one.": {
        "book",
        "update_card",
    },
    "traigo tarjeta nueva y quiero cita para el sabado": {"update_card", "book"},
}


@pytest.mark.parametrize("text", SEVERAL)
def test_every_wish_of_a_message_is_heard(text: str) -> None:
    assert meanings(text) == SEVERAL[text]


ONE = {
    "remove the old card from my account, I have a different one": "update_card",
    "my bank put a stop on my card so i need to give you a new one": "update_card",
    "im done with the membership, how do i get out": "cancel_membership",
    "put a stop to my plan": "cancel_membership",
    "itching to spend my credits, what do i have": "balance",
    "bueno ya deposité, cóbrenle ahora": "payment_question",
    "can you stop my billing for january, we are having the house painted": "pause",
    "I'd like my membership to rest for three months, starting with the next bill.": "pause",
    "I would like to cancel before my next payment": "cancel_membership",
    "i paid for 3 months where are my credits": "balance",
    "the autopay failed what now": "payment_question",
    "cancel my appointment tho not my membership": "book",
}


@pytest.mark.parametrize("text", ONE)
def test_a_turn_of_phrase_is_no_second_wish(text: str) -> None:
    assert meanings(text) == {ONE[text]}


DENIED = {
    "I don't want to cancel, I want to freeze it": "pause",
    "Not cancelling. Just stop the billing for 2 months and then start it back up.": "pause",
    "pls don't cancel my membership, i just want to skip december": "pause",
    "no quiero cancelarla, quiero pausarla": "pause",
    "no quiero pausarla, quiero cancelarla": "cancel_membership",
}


@pytest.mark.parametrize("text", DENIED)
def test_what_is_denied_is_not_asked_for(text: str) -> None:
    assert meanings(text) == {DENIED[text]}


def test_how_things_stand_is_no_wish() -> None:
    assert meanings("im paused but do i keep my credits", Status.PAUSED) == {"balance"}
    assert meanings("still not ready to come back, can you push my pause to april", Status.PAUSED) == {"pause"}


STORY = (
    "Good morning ladies,\n\nSo much has happened since I saw you! The roof came in, the insurance is fighting us,"
    " and we are living in a rental until it is all fixed. {point}\n\nHugs,\nTerri"
)


@pytest.mark.parametrize(
    ("point", "meaning"),
    [
        ("Is there a way to press pause on it until the spring?", "pause"),
        ("Could you tell me how many credits I have left?", "balance"),
        ("Please cancel my membership.", "cancel_membership"),
    ],
)
def test_the_point_of_a_story_is_one_of_its_sentences(point: str, meaning: str) -> None:
    assert meanings(STORY.format(point=point), channel=Channel.EMAIL) == {meaning}


def test_a_story_with_a_symptom_in_it_is_medical_all_the_same() -> None:
    told = "My face is swollen and burning since the peel yesterday. Also please pause my membership."
    assert meanings(told) == {"medical"}
    parts = wishes.heard_parts(replace(MEMBER, text="my lip is numb and swollen since tuesday. pause my membership"))
    assert not wishes.plain_beside_ills(parts)


@pytest.mark.parametrize(
    ("text", "status", "meaning"),
    [
        ("come back, i wanna unpause", Status.PAUSED, "resume"),
        ("me arrepentí, no quiero cancelar", Status.CANCELLED, "resume"),
        ("disregard my cancellation please", Status.ACTIVE, "resume"),
        ("bump me up to luxe would ya", Status.NON_MEMBER, "join"),
        ("I'd like to sign up with Luxe, can I upgrade to it now?", Status.ACTIVE, "change_plan"),
    ],
)
def test_the_same_words_from_another(text: str, status: Status, meaning: str) -> None:
    assert meanings(text, status) == {meaning}


def test_nothing_is_done_on_a_guess() -> None:
    for text in (*SEVERAL, *ONE, *DENIED):
        assert interpret(replace(MEMBER, text=text)).executed == ()
