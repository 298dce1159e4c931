"""What the phone and the inbox show of the assistant's side, read from its own database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import psycopg

from assistant.clock import Clock
from assistant.db import clients, emails, plans, spas
from assistant.db.connections import Database
from assistant.db.spas import House
from assistant.domain.calendar import local_day
from assistant.domain.credits import Holding, holdings
from assistant.domain.membership import Standing
from assistant.domain.money import Money
from assistant.gateways.nowhere import NoQueue, NoTexts
from assistant.messages.catalog import Credits
from assistant.messages.render import in_words
from assistant.runtime import Runtime, UnitOfWork
from assistant.sandbox.insight import (
    CreditLine,
    InsightUnavailable,
    MemberCard,
    MemberView,
    NextCharge,
    PhoneInsight,
    SpaNumber,
    Turn,
)
from assistant.services import credits

LAST_TURNS = 12


def open_insight(database_url: str, clock: Clock) -> "DatabaseInsight":
    """A window on the database at an address, at the sandbox's own time."""
    return DatabaseInsight(Runtime(clock, Database(database_url), NoQueue(), NoTexts()))


@contextmanager
def _reading(rt: Runtime) -> Iterator[UnitOfWork]:
    """A database that does not answer is a sentence on the page."""
    try:
        with rt.unit_of_work() as uow:
            yield uow
    except psycopg.Error as error:
        raise InsightUnavailable("The assistant's database does not answer just now.") from error


class DatabaseInsight:
    """Reads; writes nothing."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt

    def numbers(self) -> list[SpaNumber]:
        """Every spa that can be texted."""
        with _reading(self._rt) as uow:
            written_to: dict[int, str] = dict(
                uow.sql("SELECT spa_id, coalesce(mail_address, help_email) FROM spa").fetchall()
            )
            return [
                SpaNumber(house.number, house.name, house.zone, written_to.get(house.spa_id, ""))
                for house in spas.open_houses(uow)
            ]

    def members(self) -> list[MemberCard]:
        """Everyone with a membership, or who had one."""
        with _reading(self._rt) as uow:
            rows = uow.sql(
                """SELECT c.first_name || ' ' || c.last_name, p.number, c.locale, pl.name, m.standing, s.number,
                          coalesce((SELECT e.address FROM client_email ce
                                    JOIN email e ON (e.spa_id, e.id) = (ce.spa_id, ce.email_id)
                                    WHERE (ce.spa_id, ce.client_id) = (c.spa_id, c.id)
                                    ORDER BY ce.preferred DESC, e.id LIMIT 1), '')
                   FROM membership m JOIN client c ON (c.spa_id, c.id) = (m.spa_id, m.client_id)
                   JOIN spa s ON s.spa_id = m.spa_id
                   JOIN client_phone cp ON (cp.spa_id, cp.client_id) = (c.spa_id, c.id)
                   JOIN phone p ON (p.spa_id, p.id) = (cp.spa_id, cp.phone_id)
                   JOIN plan_version v ON (v.spa_id, v.id) = (m.spa_id, m.plan_version_id)
                   JOIN plan pl ON (pl.spa_id, pl.id) = (v.spa_id, v.plan_id)
                   ORDER BY c.id"""
            )
            return [MemberCard(*row) for row in rows.fetchall()]

    def about(self, phone: str) -> PhoneInsight:
        """Who has this phone, what was made of its last texts, and what each answer cost."""
        with _reading(self._rt) as uow:
            return PhoneInsight(_views(uow, phone, clients.speakers), _turns(uow, phone), _segments(uow, phone))

    def about_mail(self, address: str) -> PhoneInsight:
        """The same of a mail address."""
        with _reading(self._rt) as uow:
            return PhoneInsight(_views(uow, address.lower(), _writers), _turns(uow, address.lower()))


def _views(
    uow: UnitOfWork, where: str, find: Callable[[UnitOfWork, int, str], Sequence[clients.Speaker]]
) -> list[MemberView]:
    """Everyone who is reached there, in any spa."""
    return [_view(uow, house, person) for house in spas.open_houses(uow) for person in find(uow, house.spa_id, where)]


def _writers(uow: UnitOfWork, spa_id: int, address: str) -> list[clients.Speaker]:
    rows = uow.sql(
        "SELECT id, first_name, locale FROM client WHERE spa_id = %s AND id = ANY(%s) ORDER BY id",
        (spa_id, emails.clients_at(uow, spa_id, address)),
    )
    return [clients.Speaker(*row) for row in rows.fetchall()]


def _view(uow: UnitOfWork, house: House, person: clients.Speaker) -> MemberView:
    today = local_day(uow.now, house.zone)
    words = spas.credit_words(uow, house.spa_id, "en")
    held = holdings(credits.lots(uow, house.spa_id, person.client_id), today)
    enrolled = plans.enrolment(uow, house.spa_id, person.client_id, today)
    if enrolled is None:
        return MemberView(person.first_name, "No membership", "client", [_line(words, each) for each in held])
    charge = NextCharge(str(Money(enrolled.dues_cents)), enrolled.next_charge_on)
    leaves_on = enrolled.leaves_on
    ends = leaves_on is not None and leaves_on <= enrolled.next_charge_on
    return MemberView(
        name=person.first_name,
        plan=enrolled.plan,
        standing=enrolled.standing.value,
        credits=[_line(words, each) for each in held],
        next_charge=None if ends or enrolled.standing is Standing.ENDED else charge,
        note=f"The membership ends on {leaves_on:%b %-d}." if leaves_on else "",
    )


def _line(words: dict[str, tuple[str, str]], held: Holding) -> CreditLine:
    kind = words.get(held.unit, ("", "dollars"))[1]
    note = ""
    if held.expires_on:
        expiring = in_words(Credits.of(words, held.unit, held.expiring))
        note = f"{expiring} must be used by {held.expires_on:%b %-d}"
    return CreditLine(kind.capitalize(), held.amount // 1000, note)


def _turns(uow: UnitOfWork, phone: str) -> list[Turn]:
    rows = uow.sql(
        "SELECT body, received_at, status, coalesce(understood, '') FROM inbound_event"
        " WHERE sender = %s ORDER BY id DESC LIMIT %s",
        (phone, LAST_TURNS),
    )
    return [
        Turn(
            heard=body,
            at=at,
            intent=meant if status in {"answered", "dead"} else None,
            answered=status in {"answered", "dead"},
            silent=meant.replace("_", " ") if status == "silent" else "",
        )
        for body, at, status, meant in rows.fetchall()
    ]


def _segments(uow: UnitOfWork, phone: str) -> dict[str, int]:
    rows = uow.sql(
        "SELECT provider_id, segments FROM outbound_message"
        " WHERE recipient = %s AND provider_id IS NOT NULL ORDER BY id DESC LIMIT 200",
        (phone,),
    )
    return dict(rows.fetchall())
