"""Bugs that were made on purpose: each lives behind a port, or in a rule of the database, and none is in our code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.gateways.ports import Approved, ChargeAnswer, ChargeOrder, Declined, Payment, Payments, Unanswered
from assistant.sandbox.stripe_book import StripeBook
from assistant.sandbox.stripe_ports import SandboxPayments
from assistant.simulation.house import House
from assistant.simulation.story import nothing


class OneKeyForTheInvoice(SandboxPayments):
    """Every attempt of an invoice goes under the invoice's own key."""

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        return super().charge(replace(order, key=order.key.partition(":att:")[0]))


class SilenceIsNo(SandboxPayments):
    """What nobody answered is taken for a decline."""

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        answer = super().charge(order)
        return Declined(None, "processing_error") if isinstance(answer, Unanswered) else answer


class SilenceIsYes(SandboxPayments):
    """What nobody answered is taken for done."""

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        answer = super().charge(order)
        if isinstance(answer, Unanswered):
            return Approved(f"pi_{order.key}", f"ch_{order.key}", order.amount_cents)
        return answer


class OneCentMore(SandboxPayments):
    """Somebody rounded."""

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        return super().charge(replace(order, amount_cents=order.amount_cents + 1))


class AsksTwice(SandboxPayments):
    """A client that tries again by itself, under a key of its own making."""

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        answer = super().charge(order)
        return super().charge(replace(order, key=f"{order.key}:again")) if isinstance(answer, Unanswered) else answer


class SearchesAnHourBehind(SandboxPayments):
    """Looks by a search that has not heard of anything yet."""

    def listed(
        self, account: str | None, *, since: datetime, until: datetime | None = None, customer_id: str | None = None
    ) -> Sequence[Payment] | Unanswered:
        return [] if customer_id else super().listed(account, since=since, until=until)


class AnotherMembersCard(SandboxPayments):
    """The card of whoever was charged before."""

    last: ChargeOrder | None = None

    def charge(self, order: ChargeOrder) -> ChargeAnswer:
        before, self.last = self.last, order
        if before is None or before.customer_id == order.customer_id:
            return super().charge(order)
        return super().charge(
            replace(order, customer_id=before.customer_id, payment_method_id=before.payment_method_id)
        )


def sql(*statements: str) -> Callable[[House], None]:
    def plant(house: House) -> None:
        with house.bare.unit_of_work() as uow:
            for statement in statements:
                uow.sql(statement)

    return plant


THIRTY_DAYS = sql(
    """CREATE OR REPLACE FUNCTION cycle_date(p_anchor date, p_cycle bigint, p_months bigint) RETURNS date
       LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN p_anchor + (p_cycle * p_months * 30)::int"""
)
"""A month is thirty days."""
NO_BOOKS = sql(
    """CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF NEW.paid_by = 'cash' THEN NEW.paid_by = 'card'; END IF; RETURN NEW; END $$""",
    """CREATE TRIGGER forget BEFORE UPDATE ON invoice FOR EACH ROW EXECUTE FUNCTION forget()""",
)
"""Cash at the desk is written down as a card's."""
LOST_CREDIT = sql(
    """CREATE FUNCTION lost_credit() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN UPDATE credit_lot SET remaining = remaining - 1 WHERE id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER lost_credit AFTER INSERT ON credit_lot FOR EACH ROW WHEN (NEW.id %% 7 = 0)
       EXECUTE FUNCTION lost_credit()""",
)
"""Now and then a lot has less in it than was granted."""
NO_RECORD = sql(
    """CREATE FUNCTION unrecorded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$""",
    """CREATE TRIGGER unrecorded BEFORE INSERT ON audit FOR EACH ROW WHEN (NEW.act = 'standing_moved')
       EXECUTE FUNCTION unrecorded()""",
)
"""Moves of a membership are not written down."""
NEVER_SUSPENDED_NEVER_PAID = sql(
    """CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN IF OLD.standing = 'past_due' AND NEW.standing = 'active' THEN NEW.standing = 'past_due'; END IF;
       RETURN NEW; END $$""",
    """CREATE TRIGGER stays BEFORE UPDATE ON membership FOR EACH ROW EXECUTE FUNCTION stays()""",
)
"""Who has paid stays past due."""


@dataclass(frozen=True)
class Bug:
    """What it is, and words of the check that must see it."""

    name: str
    seen_by: str
    payments: Callable[[StripeBook], Payments] = SandboxPayments
    plant: Callable[[House], object] = nothing
    seeds: tuple[int, ...] = (0, 1, 2, 3)
    """In which of these it is seen, at the latest in the last."""


BUGS = (
    Bug("one key for the invoice", "I0", payments=OneKeyForTheInvoice),
    Bug("silence is no", "I01", payments=SilenceIsNo),
    Bug("silence is yes", "I01", payments=SilenceIsYes),
    Bug("one cent more", "I", payments=OneCentMore),
    Bug("asks twice", "I0", payments=AsksTwice),
    Bug("searches an hour behind", "I01", payments=SearchesAnHourBehind, seeds=(2, *range(8))),
    Bug("another member's card", "I02", payments=AnotherMembersCard),
    Bug("thirty days", "I23", plant=THIRTY_DAYS),
    Bug("no books", "I01", plant=NO_BOOKS, seeds=(1, *range(8))),
    Bug("lost credit", "lot", plant=LOST_CREDIT),
    Bug("no record", "I20", plant=NO_RECORD),
    Bug("never good again", "I12", plant=NEVER_SUSPENDED_NEVER_PAID),
)
