"""`assistant reconcile`: Stripe, ledger, members and messages, all ways."""

import sys
from collections import Counter
from datetime import timedelta

from assistant.cli import house
from assistant.services.reconcile import Compared, ProcessorAway, reconcile

FIRST = 5
"""Of each kind, so many are named; every one of them is a task."""


def run(*, days: int) -> int:
    """0 when all say the same; 1 with what does not; 2 when the processor's book could not be read."""
    rt = house.runtime()
    try:
        compared = reconcile(rt, since=rt.clock.now() - timedelta(days=days))
    except ProcessorAway as away:
        print(f"The processor's book could not be read, so nothing is known: {away}.", file=sys.stderr)
        return 2
    if not compared.all:
        print(
            f"Both books agree: {compared.payments} payments there, {compared.attempts} attempts here, no difference."
        )
        return 0
    _show(compared)
    return 1


def _show(compared: Compared) -> None:
    """The first of each kind, how many there are of each, and how many in all."""
    named: Counter[str] = Counter()
    for each in compared.all:
        named[each.kind] += 1
        if named[each.kind] <= FIRST:
            print(each)
    if len(compared.all) > 1:
        width = max(len(kind) for kind in named)
        for kind, many in named.items():
            print(f"  {kind:<{width}}  {many:>5}")
    print(f"{len(compared.all)} differences; each is a task for the staff.")
