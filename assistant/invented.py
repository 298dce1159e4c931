"""Invented people: names nobody has, 555-01xx numbers, and `@example.com`."""

import random
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise, product

from sqlalchemy.orm import Session

from assistant.db.clients import Client, ClientEmail, ClientPhone, Email, Phone
from assistant.db.spas import Spa
from assistant.runtime import UnitOfWork

FIRST = "Ana Leo Maya Iris Noor Ruth Tessa Wren José Raúl Beth Cleo Dana Elsa Faye Gwen Hana Ines June Kara".split()
LAST = "Example Sample Placeholder Invented Imaginary Fictive Notional Pretend Supposed Mock".split()
AREA_CODES = ("505", "575", "720", "480")


def people(uow: UnitOfWork, spa: Spa, many: int, chance: random.Random) -> list[Client]:
    """Clients with a phone and an email each; every tenth speaks Spanish, and two of the first share a phone."""
    names = [f"{first} {last}" for last, first in product(LAST, FIRST)]
    names += [f"{first} {one}-{other}" for (one, other), first in product(pairwise(LAST), FIRST)]
    invented = [_client(spa, name, place, uow.now, chance) for place, name in enumerate(names[:many])]
    uow.session.add_all(invented)
    uow.session.flush()
    phones = [
        Phone(
            spa_id=spa.spa_id, number=number, sms_transactional=True, sms_marketing=place % 3 == 0, created_at=uow.now
        )
        for place, number in enumerate(numbers(many))
    ]
    emails = [
        Email(
            spa_id=spa.spa_id,
            address=f"client{place:03d}@example.com",
            email_marketing=place % 3 == 0,
            created_at=uow.now,
        )
        for place in range(many)
    ]
    uow.session.add_all([*phones, *emails])
    uow.session.flush()
    _reach(uow.session, spa, invented, phones, emails)
    return invented


def _client(spa: Spa, name: str, place: int, now: datetime, chance: random.Random) -> Client:
    first, last = name.split()
    return Client(
        spa_id=spa.spa_id,
        first_name=first,
        last_name=last,
        locale="es" if place % 10 == 9 else "en",
        zone=spa.zone,
        region="NM",
        born_on=date(1960 + chance.randrange(45), 1 + chance.randrange(12), 1 + chance.randrange(28)),
        created_at=now,
    )


def numbers(many: int) -> Iterator[str]:
    """555-01xx numbers, by area code, but for the spa's own two."""
    every = (f"+1{area}55501{line:02d}" for area in AREA_CODES for line in range(100))
    return (
        number for number, _ in zip((n for n in every if n[-4:] not in {"0100", "0101"}), range(many), strict=False)
    )


def _reach(session: Session, spa: Spa, people: list[Client], phones: list[Phone], emails: list[Email]) -> None:
    """The third client shares the second one's phone: who is texting must be asked."""
    for place, client in enumerate(people):
        phone = phones[1 if place == 2 else place]
        session.add(ClientPhone(spa_id=spa.spa_id, client_id=client.id, phone_id=phone.id))
        session.add(ClientEmail(spa_id=spa.spa_id, client_id=client.id, email_id=emails[place].id))
