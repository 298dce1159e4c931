"""What a spa chose: read, and changed with what it was before written down beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import available_timezones

from psycopg.types.json import Jsonb

from assistant.domain import phones, stored
from assistant.domain.desk import DeskPolicy
from assistant.domain.reminders import ReminderPolicy
from assistant.domain.sending import SendingPolicy
from assistant.runtime import UnitOfWork
from assistant.services import audit

LONGEST = 200


class Chosen(StrEnum):
    """The policies of a spa, by the column that each is kept in."""

    DESK = "policy"
    SENDING = "sending"
    REMINDERS = "reminders"


KINDS: Mapping[Chosen, type[DeskPolicy | SendingPolicy | ReminderPolicy]] = {
    Chosen.DESK: DeskPolicy,
    Chosen.SENDING: SendingPolicy,
    Chosen.REMINDERS: ReminderPolicy,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The spa itself."""

    name: str
    zone: str
    locale: str
    help_phone: str
    help_email: str
    emergency_phone: str | None
    postal_address: str | None

    def wrong(self) -> dict[str, str]:
        """What cannot be so, by field: a code for the page to word."""
        found = {}
        if not self.name.strip():
            found["name"] = "empty"
        if self.zone not in available_timezones():
            found["zone"] = "unknown"
        if self.locale not in ("en", "es"):
            found["locale"] = "unknown"
        if phones.parse(self.help_phone) is None:
            found["help_phone"] = "no_phone"
        if self.emergency_phone and phones.parse(self.emergency_phone) is None:
            found["emergency_phone"] = "no_phone"
        head, at, domain = self.help_email.partition("@")
        if not (head and at and "." in domain) or " " in self.help_email:
            found["help_email"] = "no_email"
        return found


NAMES = ("name", "zone", "locale", "help_phone", "help_email", "emergency_phone", "postal_address")


def place(uow: UnitOfWork, spa_id: int) -> Place:
    [row] = uow.sql(f"SELECT {', '.join(NAMES)} FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return Place(**dict(zip(NAMES, row, strict=True)))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where its words come from. They are registered with providers, so whoever runs the machine changes them."""

    number: str | None
    mail_address: str | None
    link_domain: str | None
    carrier_confirms_stop: bool
    sending_stopped: str | None
    """Why nothing may be sent from the number at all, where that is so."""


def numbers(uow: UnitOfWork, spa_id: int) -> Numbers:
    """Of texts, mails and links."""
    [row] = uow.sql(
        "SELECT number, mail_address, link_domain, carrier_confirms_stop, sending_stopped FROM spa WHERE spa_id = %s",
        (spa_id,),
    ).fetchall()
    return Numbers(*row)


def settle(uow: UnitOfWork, spa_id: int, wanted: Place, *, actor: str) -> None:
    """Change it. Raises `ValueError` for what cannot be so."""
    if wrong := wanted.wrong():
        raise ValueError(f"no spa is so: {', '.join(wrong)}")
    uow.sql("SELECT 1 FROM spa WHERE spa_id = %s FOR NO KEY UPDATE", (spa_id,))
    was, values = place(uow, spa_id), [getattr(wanted, name) or None for name in NAMES]
    columns = ", ".join(f"{name} = %s" for name in NAMES)
    uow.sql(f"UPDATE spa SET {columns} WHERE spa_id = %s", (*values, spa_id))
    changed = [name for name in NAMES if (getattr(was, name) or None) != (getattr(wanted, name) or None)]
    if changed:
        _written(
            uow,
            spa_id,
            "spa",
            actor,
            {name: getattr(was, name) for name in changed},
            {name: getattr(wanted, name) for name in changed},
        )


def policies(uow: UnitOfWork, spa_id: int) -> dict[Chosen, Any]:
    """What holds now: what was chosen, and the defaults of all else."""
    [row] = uow.sql("SELECT policy, sending, reminders FROM spa WHERE spa_id = %s", (spa_id,)).fetchall()
    return {each: KINDS[each].from_json(json) for each, json in zip(Chosen, row, strict=True)}


def choose(uow: UnitOfWork, spa_id: int, which: Chosen, values: Mapping[str, Any], *, actor: str) -> None:
    """Change some of a policy. Raises `ValueError`, saying what is so, for what cannot be."""
    uow.sql("SELECT 1 FROM spa WHERE spa_id = %s FOR NO KEY UPDATE", (spa_id,))
    was = policies(uow, spa_id)[which]
    wanted = replace(was, **values)
    before, after, usual = stored.written(was), stored.written(wanted), stored.written(KINDS[which]())
    kept = {name: value for name, value in after.items() if value != usual[name]}
    uow.sql(f"UPDATE spa SET {which.value} = %s WHERE spa_id = %s", (Jsonb(kept), spa_id))
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        subject = which.value
        _written(
            uow,
            spa_id,
            subject,
            actor,
            {name: before[name] for name in changed},
            {name: after[name] for name in changed},
        )


def _written(uow: UnitOfWork, spa_id: int, what: str, actor: str, before: Any, after: Any) -> None:  # noqa: ANN401
    subject = f"settings:{what}"
    audit.write(
        uow, spa_id, actor=actor, evidence="E3", act="settings_changed", subject=subject, before=before, after=after
    )


@dataclass(frozen=True, slots=True)
class Heard:
    """How a provider's posts come in."""

    provider: str
    last_at: datetime | None
    waiting: int
    """Kept, and not acted on yet."""


LOOKED_AT = 5_000
"""The newest of each, so that this is read in the same time at any size."""
HEARD = """
    WITH mine AS (
        SELECT channel, received_at, status FROM inbound_event WHERE spa_id = %(spa)s ORDER BY id DESC LIMIT %(most)s
    ), cards AS (
        SELECT received_at, status FROM provider_event WHERE spa_id = %(spa)s ORDER BY id DESC LIMIT %(most)s)
    SELECT 'texts', max(received_at), count(*) FILTER (WHERE status = 'kept') FROM mine WHERE channel = 'sms'
    UNION ALL SELECT 'mail', max(received_at), count(*) FILTER (WHERE status = 'kept') FROM mine WHERE channel = 'email'
    UNION ALL SELECT 'cards', max(received_at), count(*) FILTER (WHERE status = 'kept') FROM cards"""


def heard(uow: UnitOfWork, spa_id: int) -> list[Heard]:
    """When each was last heard of, and what of it waits."""
    return [Heard(*row) for row in uow.sql(HEARD, {"spa": spa_id, "most": LOOKED_AT}).fetchall()]
