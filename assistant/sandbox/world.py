"""What the sandbox's pages and doors share: the account, the books, the clock, the window and the bell."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Protocol

from assistant.sandbox.book import TwilioBook
from assistant.sandbox.insight import Insight, InsightUnavailable
from assistant.sandbox.sendgrid_side import SendGridSide
from assistant.sandbox.stripe_side import StripeSide
from assistant.sandbox.wire import Account, Message


class MovableClock(Protocol):
    """A clock that can be put forward."""

    def now(self) -> datetime: ...

    def advance(self, by: timedelta) -> None: ...


@dataclass(frozen=True, slots=True)
class World:
    """`inbound_url` is where the texts of a number learned later go."""

    account: Account
    book: TwilioBook
    clock: MovableClock
    insight: Insight
    inbound_url: str
    bell: Event = field(default_factory=Event)
    stripe: StripeSide | None = None
    mail: SendGridSide | None = None

    def receive(self, phone: str, number: str | None, body: str, *, media: int = 0) -> Message:
        """A text from a phone, told to the web server at once. ValueError says what is wrong with it."""
        message = self.book.receive(phone, number or self.number_for(phone), body, media=media)
        self.bell.set()
        return message

    def number_for(self, phone: str) -> str:
        """The number this phone last texted with, or else the account's first."""
        numbers = self.numbers()
        for message in reversed(self.book.thread(phone)):
            number = message.recipient if message.is_inbound else message.sender
            if number in numbers:
                return number
        if not numbers:
            raise ValueError("There is no number to text yet: add a spa with a number, or set SANDBOX_NUMBERS.")
        return next(iter(numbers))

    def numbers(self) -> dict[str, str]:
        """The account's numbers, with any the assistant's database has gained since."""
        known = self.book.numbers()
        try:
            new = [each.phone for each in self.insight.numbers() if each.phone not in known]
        except InsightUnavailable:
            return known
        for phone in new:
            self.book.own(phone, self.inbound_url)
        return self.book.numbers() if new else known

    def advance(self, by: timedelta) -> datetime:
        """Put the clock forward; what has fallen due is told at once."""
        if by < timedelta(0):
            raise ValueError("Time only goes forward here: what has been promised for a later hour would be lost.")
        self.clock.advance(by)
        self.bell.set()
        return self.clock.now()
