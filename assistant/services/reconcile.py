"""Stripe, ledger and messages compared all ways: a task for each difference, nothing mended (`features.md` N24)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.runtime import Runtime, UnitOfWork
from assistant.services import reconcile_money, tasks
from assistant.services.differences import Difference
from assistant.services.reconcile_books import BOOKS
from assistant.services.reconcile_checks import Check
from assistant.services.reconcile_members import LOOSE_ENDS, MEMBERS
from assistant.services.reconcile_money import ProcessorAway

__all__ = ["CHECKS", "Compared", "Difference", "ProcessorAway", "reconcile"]

SETTLING = timedelta(minutes=10)
"""What is younger may still be on its way from one book to the other."""
CHECKS: tuple[Check, ...] = (*BOOKS, *MEMBERS, *LOOSE_ENDS)
"""All that is asked of our own tables, after the processor's book was compared."""
MOST = 1_000
"""Of one check, so many differences are named in one run."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How much was compared, and what differs."""

    payments: int
    attempts: int
    differences: tuple[Difference, ...]
    """What cannot be so if everything went right."""
    loose_ends: tuple[Difference, ...] = ()
    """What may be so, and must not stay so: somebody has to be asked or told."""

    @property
    def all(self) -> tuple[Difference, ...]:
        return (*self.differences, *self.loose_ends)

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(each.kind for each in self.all))


def reconcile(rt: Runtime, *, since: datetime) -> Compared:
    """Compare everything since then at every account, and open a task for each difference, once.

    Raises `ProcessorAway` when a book cannot be read.
    """
    until = rt.clock.now() - SETTLING
    with rt.unit_of_work() as uow:
        accounts = uow.sql("SELECT DISTINCT stripe_account FROM spa WHERE spa_id <> 0 ORDER BY 1").fetchall()
    payments = attempts = 0
    differences: list[Difference] = []
    for (account,) in accounts:
        compared = reconcile_money.compare(rt, account, since, until)
        payments += compared.payments
        attempts += compared.attempts
        differences += compared.differences
    with rt.unit_of_work() as uow:
        differences += _asked(uow, (*BOOKS, *MEMBERS), since)
        loose_ends = _asked(uow, LOOSE_ENDS, since)
        for each in (*differences, *loose_ends):
            _open_task(uow, each)
    return Compared(payments, attempts, tuple(differences), tuple(loose_ends))


def _asked(uow: UnitOfWork, checks: Sequence[Check], since: datetime) -> list[Difference]:
    found: list[Difference] = []
    for check in checks:
        rows = uow.sql(f"{check.query} ORDER BY 1, 2 LIMIT {MOST}", {"since": since, "now": uow.now})
        found += [
            Difference(spa_id, check.kind, subject, ours, theirs, client_id, check.words)
            for spa_id, subject, ours, theirs, client_id in rows.fetchall()
        ]
    return found


def _open_task(uow: UnitOfWork, each: Difference) -> None:
    facts = {"subject": each.subject, "ours": each.ours, "theirs": each.theirs}
    if each.words is not None:
        facts["what"] = each.words
    key = f"reconcile:{each.kind}:{each.subject}"
    tasks.open_task(uow, each.spa_id, key=key, kind=each.kind, client_id=each.client_id, facts=facts)
