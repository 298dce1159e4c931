"""Each report as a table: columns, figures as they are and as they are read, definitions, and the identity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from assistant.domain.credits import MILLI
from assistant.domain.ledger import USD
from assistant.domain.metrics import Movement, percent
from assistant.domain.money import Money
from assistant.runtime import UnitOfWork
from assistant.services.reports import breakage as breakages
from assistant.services.reports import churn as churns
from assistant.services.reports import forecast as forecasts
from assistant.services.reports import liability as liabilities
from assistant.services.reports import lift as lifts
from assistant.services.reports import members as memberships
from assistant.services.reports import mrr as mrrs
from assistant.services.reports import past_due as ageing
from assistant.services.reports.liability import DEFERRED, Rolled


@dataclass(frozen=True, slots=True)
class Milli:
    """So many thousandths of a credit, read in whole ones."""

    thousandths: int

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.thousandths), MILLI)
        return f"{'-' if self.thousandths < 0 else ''}{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")


Cell = Milli | int | str | date | Fraction | Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells; the first `words` columns are read from the left."""

    columns: tuple[str, ...]
    rows: tuple[Sequence[Cell], ...]
    words: int = 1
    over_days: bool = True
    """Whether it tells of a span of days, and not of one day."""
    notes: tuple[str, ...] = ()
    """What the figures mean."""
    identity: str = ""
    """The sum that must come out, written out."""
    holds: bool = True
    shown: tuple[Sequence[str], ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", tuple([_read(cell) for cell in row] for row in self.rows))

    @property
    def raw(self) -> list[list[int | str | date | None]]:
        """For machines: cents, basis points, dates."""
        return [[_bare(cell) for cell in row] for row in self.rows]


def _read(cell: Cell) -> str:
    return percent(cell) if isinstance(cell, Fraction) else "-" if cell is None else str(cell)


def _bare(cell: Cell) -> int | str | date | None:
    match cell:
        case Money():
            return cell.cents
        case Milli():
            return cell.thousandths
        case Fraction():
            return (20_000 * cell.numerator + cell.denominator) // (2 * cell.denominator)
    return cell


def members(uow: UnitOfWork, spa_id: int, _from_on: date, as_of: date) -> Table:
    found = memberships.members(uow, spa_id, as_of)
    return Table(
        columns=("plan", "standing", "memberships"),
        over_days=False,
        rows=tuple((row.plan, row.standing.value, row.memberships) for row in found.rows),
        words=2,
        notes=(
            f"{found.active} are on: active, past due or suspended. {found.leaving} of them leave on a day to come.",
            "Past due owes something and has its benefits; suspended owes it for so long that they rest.",
        ),
        identity=f"{sum(row.memberships for row in found.rows)} in all = {found.began} begun by then",
        holds=found.holds,
    )


def mrr(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Table:
    found = mrrs.mrr(uow, spa_id, from_on, as_of)
    moved = [(kind.value, Money(found.period.of(kind).cents), found.period.of(kind).moves) for kind in Movement]
    plans = [(f"at {each.plan}", Money(each.cents), None) for each in found.plans]
    risk, rest = sum(each.at_risk_cents for each in found.plans), sum(each.paused_cents for each in found.plans)
    gone = sum(each.long_paused_cents for each in found.plans)
    return Table(
        columns=("what", "cents_a_month", "how_many"),
        rows=(
            ("opening", Money(found.period.opening_cents), found.period.opening_clients),
            *moved,
            ("closing", Money(found.period.closing_cents), found.period.closing_clients),
            *plans,
            ("of it past due", Money(risk), None),
            ("beside it paused", Money(rest), None),
        ),
        notes=(
            "The plan's price in a month, a year by its twelfth; no tax, no single sales, no use of credit.",
            "Past due stays in until it ends. Paused is out while it rests, and is no churn.",
            f"{Money(gone)} of it has rested for over {mrrs.LONG_PAUSE_DAYS} days and is as good as gone.",
        ),
        identity=f"opening {Money(found.period.opening_cents)} + moved"
        f" {Money(found.period.closing_cents - found.period.opening_cents)} = closing"
        f" {Money(found.period.closing_cents)} = recount {Money(found.recounted_cents)}",
        holds=found.holds,
    )


def churn(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Table:
    found = churns.churned(uow, spa_id, from_on, as_of)
    return Table(
        columns=(
            "month_from",
            "month_to",
            "clients",
            "new",
            "back",
            "left",
            "logo",
            "opening_cents",
            "gross",
            "net",
            "closing_cents",
        ),
        rows=tuple(
            (
                each.from_on,
                each.as_of,
                each.period.opening_clients,
                *(each.period.of(kind).moves for kind in (Movement.NEW, Movement.REACTIVATION, Movement.CHURN)),
                each.churn.logo,
                Money(each.period.opening_cents),
                each.churn.gross,
                each.churn.net,
                Money(each.period.closing_cents),
            )
            for each in found.months
        ),
        words=2,
        notes=(
            "Logo: clients who left, by clients at the start. Gross: churn and contraction, by the opening revenue.",
            "Net: the same less expansion. Who comes back is not counted against churn; a pause is none.",
        ),
        identity=f"the last month closes with {Money(found.closing.closing_cents)} of {found.closing.closing_clients}"
        f" clients = recount {Money(found.recounted_cents)} of {found.recounted_clients}",
        holds=found.holds,
    )


def forecast(uow: UnitOfWork, spa_id: int, _from_on: date, as_of: date) -> Table:
    found = forecasts.forecast(uow, spa_id, as_of)
    return Table(
        columns=("week_from", "charges", "cents"),
        over_days=False,
        rows=tuple((week.from_on, week.charges, Money(week.cents)) for week in found.weeks),
        notes=(
            f"{Money(found.cents)} falls due until {found.until_on}, by what is agreed today:",
            "pauses, leaves, changes of plan and introductory prices are in it; cards that will fail are not,",
            "nor new prices that are only announced, nor what was billed since a day that is past.",
            f"{Money(found.owed_cents)} is owed already, and is not in it.",
        ),
    )


MOVED = ("granted", "used", "expired", "reversed", "transferred", "other")


def liability(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Table:
    found = liabilities.liability(uow, spa_id, from_on, as_of)
    return Table(
        columns=("unit", "opening", *MOVED, "closing", "list_cents"),
        rows=tuple(_rolled(each) for each in found.units),
        notes=(
            "Given is above zero, taken below.",
            "`deferred` is what dues paid for service credit that is not used, in dollars.",
            f"In money {Money(found.owed_cents)} is owed; at the list prices of its grants {Money(found.list_cents)}.",
        ),
        identity="opening + moved = closing = the ledger: " + "; ".join(_adds_up(each) for each in found.units),
        holds=found.holds,
    )


def _rolled(each: Rolled) -> Sequence[Cell]:
    kind = _kind(each)
    moved = (kind(getattr(each, name)) for name in MOVED)
    at_list = None if each.unit == DEFERRED else Money(each.list_cents)
    return (each.unit, kind(each.opening), *moved, kind(each.closing), at_list)


def _kind(each: Rolled) -> type[Money | Milli]:
    return Money if each.unit in {USD, DEFERRED} else Milli


def _adds_up(each: Rolled) -> str:
    kind = _kind(each)
    moved = kind(each.closing - each.opening)
    return f"{each.unit} {kind(each.opening)} + {moved} = {kind(each.closing)} = {kind(each.in_books)}"


def past_due(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Table:
    found = ageing.past_due(uow, spa_id, from_on, as_of)
    aged = [
        (f"owed for {each.from_days} to {each.to_days} days" if each.to_days else f"owed for {each.from_days} days on")
        for each in found.aged
    ]
    cases, paid = sum(each.cases for each in found.recovered), [each for each in found.recovered if each.after != "-"]
    back = Fraction(sum(each.cases for each in paid), cases) if cases else None
    return Table(
        columns=("what", "invoices", "cents"),
        rows=(
            *((name, each.invoices, Money(each.cents)) for name, each in zip(aged, found.aged, strict=True)),
            *((f"paid after {each.after}", each.cases, Money(each.cents)) for each in paid),
            *(("not paid, or not yet", each.cases, Money(each.cents)) for each in found.recovered if each.after == "-"),
        ),
        notes=(
            f"Of the cases opened from {from_on} on, {percent(back)} were paid.",
            "Each is told by the last thing that happened before the money came, which may not be why it came.",
        ),
        identity=f"all ages = {Money(found.open_cents)} of dues open at the end of the day",
        holds=found.holds,
    )


def breakage(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Table:
    found = breakages.breakage(uow, spa_id, from_on, as_of)
    return Table(
        columns=("what", "clients", "cents"),
        rows=(
            *(
                (
                    f"untouched for {each.from_days} to {each.to_days} days"
                    if each.to_days
                    else f"untouched for {each.from_days} days on",
                    each.clients,
                    Money(each.cents),
                )
                for each in found.dormant
            ),
            *(
                (f"promotions that ran out, {unit}", None, Money(amount) if unit == USD else Milli(amount))
                for unit, amount in found.expired
            ),
        ),
        notes=(
            "What was paid for is never taken into revenue because nobody uses it: it is told, and owed.",
            "After five years untouched several states call a balance abandoned, and theirs (rules.md 6.14).",
        ),
        identity=f"all ages = {Money(found.paid_cents)} behind unused credit",
        holds=found.holds,
    )


def lift(uow: UnitOfWork, spa_id: int, from_on: date, as_of: date) -> Table:
    found = lifts.lift(uow, spa_id, from_on, as_of)
    return Table(
        columns=("campaign", "began_on", "sent", "joined", "held_out", "joined_of_them", "lift", "at_least", "at_most"),
        rows=tuple(_lifted(each) for each in found),
        words=2,
        notes=(
            "Joined: a membership that begins within thirty days. Held out: chosen, and sent nothing.",
            "Lift: what those told did over what those held out did of themselves, with its 95 % interval.",
            "Where the interval reaches across zero, it may be chance.",
        ),
    )


def _lifted(each: lifts.Lifted) -> Sequence[Cell]:
    told, out, found = each.results.told, each.results.held_out, each.results.lift
    rates = (Fraction(round(rate * 10_000), 10_000) for rate in (found.lift, found.low, found.high))
    return (each.name, each.began_on, told.sent, told.joined, out.chosen, out.joined, *rates)


Build = Callable[[UnitOfWork, int, date, date], Table]
REPORTS: dict[str, tuple[str, Build]] = {
    "members": ("who is a member, by plan and standing", members),
    "mrr": ("recurring revenue, and why it moved", mrr),
    "churn": ("who left, month by month", churn),
    "forecast": ("the dues of the next 90 days", forecast),
    "liability": ("what is owed in credit, rolled forward", liability),
    "pastdue": ("who had not paid, and what brought the money", past_due),
    "breakage": ("credit that nobody uses", breakage),
    "lift": ("what campaigns brought over those held out", lift),
}
"""Every report by its name, with what it is about."""
