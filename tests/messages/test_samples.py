"""One of each message: it can be read in every language before anybody gets it."""

import pytest

from assistant.messages import render
from assistant.messages.catalog import CATALOG
from assistant.messages.message import Message
from assistant.messages.samples import sample
from tests.messages.test_messages import blemishes

SPA = dict.fromkeys(("help_phone", "emergency_phone"), "(505) 555-0101") | {
    "spa": "Fern",
    "help_email": "a@example.com",
}


@pytest.mark.parametrize("message", CATALOG, ids=lambda each: each.__name__)
def test_every_message_has_one(message: type[Message]) -> None:
    made = sample(message, SPA)
    for locale in render.LOCALES:
        words = render.sms(made, locale)
        assert words.body
        assert blemishes(words.body) == []
