"""Whom to tell, and by which channel: a text where one may be sent, else mail, else nobody."""

from dataclasses import dataclass

from assistant.db import reach
from assistant.runtime import UnitOfWork


@dataclass(frozen=True, slots=True)
class Answering:
    """The mail that ours answers: what threads the two in a mail program (`rules.md` 4.6)."""

    message_id: str
    """As it came, with or without its angle brackets."""
    references: str = ""
    """The chain before it, a space apart."""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is told, at which number or mail address, in which language."""

    spa_id: int
    number: str
    """E.164; where `channel` is email, the address."""
    locale: str
    client_id: int | None = None
    channel: str = "sms"
    answering: Answering | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a client, and how they are called."""

    to: Addressee
    first_name: str

    @property
    def locale(self) -> str:
        return self.to.locale


def way_to(uow: UnitOfWork, spa_id: int, client_id: int, *, about_money: bool = False) -> Way | None:
    """By text where a number of theirs may be texted about the membership, else by mail. None: only the desk can.

    So a notice that must be given reaches who opted out of texts, or never gave a number (`rules.md` 1.8). Who opted
    out of all texts but those about payments gets these (`about_money`).
    """
    by_text = reach.reach(uow, spa_id, client_id, about_money=about_money)
    if by_text.number is not None:
        return Way(Addressee(spa_id, by_text.number, by_text.locale, client_id), by_text.first_name)
    address = reach.mail_address(uow, spa_id, client_id)
    if address is None:
        return None
    return Way(Addressee(spa_id, address, by_text.locale, client_id, "email"), by_text.first_name)
