"""What happened to one member's credit, event by event, as a replay reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assistant.domain.credits import LotClass, Take
from assistant.domain.plans import GrantTerms


@dataclass(frozen=True, slots=True)
class Given:
    """A lot as it was given: `paid_cents` of dues stand behind it."""

    on: date
    lot_id: int
    unit: str
    lot_class: LotClass
    amount: int
    paid_cents: int
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A cycle is priced, and what does not fit is left out: `credit_cents` buy credit before that."""

    on: date
    invoice_id: int
    grants: tuple[GrantTerms, ...]
    credit_cents: int
    asked_about: bool
    """Whether it is of the plan that another policy is asked for."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A cycle is paid, and banks: the lots that it did bank, by the place of the grant and whether in dollars."""

    on: date
    invoice_id: int
    lots: Mapping[tuple[int, bool], Given]


@dataclass(frozen=True, slots=True)
class Taken:
    """Credit went out of lots: a use, or (`aimed`) what is taken out of these very lots and no others."""

    on: date
    entry_id: int
    unit: str
    takes: tuple[Take, ...]
    aimed: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """What was taken goes back to where it came from."""

    on: date
    entry_id: int


Event = Given | Opened | Paid | Taken | Back
