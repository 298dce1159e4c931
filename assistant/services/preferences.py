"""What a member chooses of what is sent to them, in which language, and how they are called.

What ends texts ends them whatever it is called; what asks for offers is recorded with the words that were agreed to
(`rules.md` 1.1, 1.2). A phone that has said STOP says START again by itself: no page speaks for it (`rules.md` 1.13).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from psycopg.rows import TupleRow

from assistant.messages.pages import LOCALES
from assistant.runtime import UnitOfWork
from assistant.services import audit, consent, email_consent
from assistant.services.consent import Source
from assistant.services.member_sessions import Session

MOST = 3
"""Phones, and addresses, that a page shows: nobody has more, but for a mistake."""
LONGEST_NAME = 40


class Wanted(StrEnum):
    """What may be sent to a phone or an address."""

    OFFERS = "offers"
    """And all the rest."""
    SERVICE = "service"
    """What is about the membership."""
    NOTHING = "nothing"
    """No texts; of mails, what is answered alone."""
    BILLING = "billing"
    """After a STOP, texts about payments alone."""


@dataclass(frozen=True, slots=True)
class Way:
    """A phone or an address of theirs, as little of it as tells it from the others."""

    id: int
    hint: str
    wanted: Wanted
    theirs: bool = True
    """It is the phone they signed in by: only for that one may offers be asked for."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """All of it, as it is."""

    called: str
    locale: str
    phones: tuple[Way, ...]
    mails: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What they sent."""

    called: str
    locale: str
    ways: Mapping[str, str]
    """By `phone-3` or `mail-4`."""
    proof: Mapping[str, str | int]
    """The words that were agreed to, from where, in which browser."""


class Refused(StrEnum):
    NAME = "name"
    """A name of one line, not too long, is what can be greeted."""


WHO = "SELECT coalesce(called, first_name), first_name, locale FROM client WHERE spa_id = %s AND id = %s"
PHONES = """
    SELECT p.id, p.number, p.suppressed_at IS NOT NULL, p.billing_at IS NOT NULL, p.sms_transactional, p.sms_marketing
    FROM client_phone x JOIN phone p ON (p.spa_id, p.id) = (x.spa_id, x.phone_id)
    WHERE x.spa_id = %s AND x.client_id = %s ORDER BY x.preferred DESC, p.id LIMIT %s"""
MAILS = """
    SELECT e.id, e.address, e.suppressed_at IS NOT NULL, e.email_marketing
    FROM client_email x JOIN email e ON (e.spa_id, e.id) = (x.spa_id, x.email_id)
    WHERE x.spa_id = %s AND x.client_id = %s ORDER BY x.preferred DESC, e.id LIMIT %s"""


def look(uow: UnitOfWork, session: Session) -> Preferences:
    """As they stand. Changes nothing."""
    [[called, _, locale]] = uow.sql(WHO, (session.spa_id, session.client_id)).fetchall()
    phones = tuple(_phone(row, session) for row in _rows(uow, session, PHONES))
    mails = tuple(_address(row) for row in _rows(uow, session, MAILS))
    return Preferences(called, locale, phones, mails)


def _rows(uow: UnitOfWork, session: Session, query: str) -> list[TupleRow]:
    return uow.sql(query, (session.spa_id, session.client_id, MOST)).fetchall()


def _phone(row: TupleRow, session: Session) -> Way:
    id_, number, stopped, billing, service, offers = row
    if stopped or not service:
        wanted = Wanted.BILLING if billing else Wanted.NOTHING
    else:
        wanted = Wanted.OFFERS if offers else Wanted.SERVICE
    return Way(id_, number[-4:], wanted, theirs=number == session.digits_of)


def _address(row: TupleRow) -> Way:
    id_, address, suppressed, offers = row
    wanted = Wanted.OFFERS if offers else Wanted.SERVICE
    return Way(id_, _masked(address), Wanted.NOTHING if suppressed else wanted)


def _masked(address: str) -> str:
    """`a…@example.com`: who looks over a shoulder reads no address."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def save(uow: UnitOfWork, session: Session, choice: Choice) -> Refused | None:
    """Exactly what differs from what is there, with its proof. None: it is done."""
    uow.sql("SELECT 1 FROM client WHERE spa_id = %s AND id = %s FOR NO KEY UPDATE", (session.spa_id, session.client_id))
    name = " ".join(choice.called.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        return Refused.NAME
    _call(uow, session, name, choice.locale)
    numbers = {row[0]: str(row[1]) for row in _rows(uow, session, PHONES)}
    addresses = {row[0]: str(row[1]) for row in _rows(uow, session, MAILS)}
    stands = look(uow, session)
    source = Source("member", {"page": "preferences", "session": session.id, **choice.proof})
    for way in stands.phones:
        _text(uow, session, numbers[way.id], way, choice.ways.get(f"phone-{way.id}"), source)
    for way in stands.mails:
        _send(uow, session, addresses[way.id], way, choice.ways.get(f"mail-{way.id}"), source)
    return None


def _call(uow: UnitOfWork, session: Session, name: str, locale: str) -> None:
    [[called, first_name, spoken]] = uow.sql(WHO, (session.spa_id, session.client_id)).fetchall()
    wanted = locale if locale in LOCALES else spoken
    if (name, wanted) == (called, spoken):
        return
    uow.sql(
        "UPDATE client SET called = %s, locale = %s WHERE spa_id = %s AND id = %s",
        (None if name == first_name else name, wanted, session.spa_id, session.client_id),
    )
    subject = f"client:{session.client_id}"
    was, now = {"called": called, "locale": spoken}, {"called": name, "locale": wanted}
    audit.write(
        uow, session.spa_id, actor="member", evidence="E2", act="preferences", subject=subject, before=was, after=now
    )


def _text(uow: UnitOfWork, session: Session, number: str, way: Way, wanted: str | None, source: Source) -> None:
    """One that has stopped stays so, whatever a form says."""
    if way.wanted in {Wanted.NOTHING, Wanted.BILLING} or wanted == way.wanted:
        return
    match wanted:
        case Wanted.NOTHING:
            consent.stop(uow, session.spa_id, number, source)
        case Wanted.SERVICE:
            consent.hold_offers(uow, session.spa_id, number, source)
        case Wanted.OFFERS if way.theirs:
            consent.allow_offers(uow, session.spa_id, number, source)


def _send(uow: UnitOfWork, session: Session, address: str, way: Way, wanted: str | None, source: Source) -> None:
    if way.wanted is Wanted.NOTHING or wanted == way.wanted:
        return
    match wanted:
        case Wanted.SERVICE:
            email_consent.unsubscribe(uow, session.spa_id, address, source)
        case Wanted.OFFERS:
            email_consent.allow_offers(uow, session.spa_id, address, source)
