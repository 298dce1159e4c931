"""Cycles, invoices and charge attempts: what each may become, and why a member is charged today or is not."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

CHARGED_FROM = time(9, 0)
"""The spa's own hour from which a day's dues are charged: after any missing hour of any zone (`features.md` A4, A5)."""


GAP_DAYS = 3
"""After a payment that came late, the next cycle waits so many days: nobody is charged twice in a row without having
been told when (`features.md` A7, D8).
"""


def is_late(paid_on: date, due_on: date) -> bool:
    """Whether a payment came so late that the next charge keeps its distance."""
    return paid_on > due_on + timedelta(days=GAP_DAYS)


class InvoiceKind(StrEnum):
    """What an invoice is for."""

    DUES = "dues"
    """One cycle of a membership: collected by the machine, and chased."""
    ORDER = "order"
    """What a person asked for just now, a ticket or a dearer plan: charged once while they wait, never chased."""


class InvoiceStatus(StrEnum):
    """What has become of one membership's one cycle."""

    OPEN = "open"
    PAID = "paid"
    SKIPPED = "skipped"
    """No charge and no credit: by choice, at rest, or missed while we were away."""
    WAIVED = "waived"
    """Staff let it go: no charge, no credit (`features.md` D12)."""
    WRITTEN_OFF = "written_off"
    """Asked for to the end of the ladder, and not paid."""


INVOICE_MOVES: frozenset[tuple[InvoiceStatus, InvoiceStatus]] = frozenset(
    {
        *((InvoiceStatus.OPEN, other) for other in InvoiceStatus if other is not InvoiceStatus.OPEN),
        (InvoiceStatus.SKIPPED, InvoiceStatus.OPEN),  # one that we missed or a pause skipped, by choice
    }
)


class AttemptStatus(StrEnum):
    """What is known of one question to the bank."""

    ASKED = "asked"
    """Committed, and perhaps on the wire: nobody else may ask about this invoice."""
    UNANSWERED = "unanswered"
    """It may or may not have moved money: looked up, never guessed."""
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Looked up, and never happened."""
    SUCCEEDED = "succeeded"

    @property
    def rank(self) -> int:
        """A status only goes to a higher one: what the bank says last is the truth, and money moved is final."""
        return list(AttemptStatus).index(self)


OPEN_ATTEMPTS = (AttemptStatus.ASKED, AttemptStatus.UNANSWERED)


class Cause(StrEnum):
    """Who or what asked for an attempt."""

    CYCLE = "cycle"
    RETRY = "retry"
    CARD = "card"
    """A new card has arrived, or the updater mended the old one."""
    MEMBER = "member"
    STAFF = "staff"
    PAGE = "page"
    """The member paid on the hosted page, with the bank looking on."""

    @property
    def by_person(self) -> bool:
        return self in {Cause.MEMBER, Cause.STAFF, Cause.CARD, Cause.PAGE}


class Collection(StrEnum):
    """How a member pays."""

    CARD = "card"
    MANUAL = "manual"
    """Cash, cheque or terminal, at the desk."""


class PaidBy(StrEnum):
    """What settled an invoice."""

    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"
    TERMINAL = "terminal"
    NOTHING = "nothing"
    """There was nothing to pay: a comp, or all of it discounted (`features.md` A11)."""


class Decision(StrEnum):
    """What a billing day makes of a membership; the plan and the run decide it in the same words."""

    CHARGE = "charge"
    COLLECT = "collect"
    """Due, and paid at the desk."""
    COMPLETE = "complete"
    """Due, and nothing to pay."""
    ASK_CARD = "ask_card"
    """Due, and no card to charge."""
    RESTS = "rests"
    """Paused: this cycle is skipped."""
    EXEMPT = "exempt"
    """Staff have taken it out of charging, with a reason."""
    HELD = "held"
    """An earlier cycle is still asked for, or was paid late a moment ago; or nobody knows yet whether a bare CANCEL
    meant the membership too (`features.md` N19).
    """
    SETTLED = "settled"
    """This cycle is already paid, skipped or let go."""
    NOT_DUE = "not_due"
    """Its first charge is later."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of a billing day."""

    membership_id: int
    client_id: int
    first_name: str
    last_name: str
    plan: str
    decision: Decision
    cycle: int | None
    due_on: date | None
    dues_cents: int
    setup_fee_cents: int
    missed: int
    """Earlier cycles that nobody was asked for: skipped, without credits (`features.md` D8, D11)."""

    @property
    def total_cents(self) -> int:
        return self.dues_cents + self.setup_fee_cents


def attempt_key(spa_id: int, invoice_id: int, number: int) -> str:
    """One key for each attempt: one for the invoice would replay an old decline, or charge anew once it is forgotten
    (`rules.md` 5.6).
    """
    return f"inv:{spa_id}.{invoice_id}:att:{number}"
