"""Which messages are about the membership's money: all that one hears of itself who wants no other texts."""

from assistant.messages import render
from assistant.messages.catalog import CATALOG
from assistant.messages.message import MoneyNotice

ABOUT_MONEY = frozenset(render.name_of(each) for each in CATALOG if issubclass(each, MoneyNotice))
"""Their names, as rows have them."""
