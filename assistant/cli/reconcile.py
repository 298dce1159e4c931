"""`assistant reconcile`: our books against the card processor's own."""

import sys
from datetime import timedelta

from assistant.cli import house
from assistant.services.reconcile import ProcessorAway, reconcile


def run(*, days: int) -> int:
    """0 when both books say the same; 1 with each difference when not; 2 when the processor's could not be read."""
    rt = house.runtime()
    try:
        compared = reconcile(rt, since=rt.clock.now() - timedelta(days=days))
    except ProcessorAway as away:
        print(f"The processor's book could not be read, so nothing is known: {away}.", file=sys.stderr)
        return 2
    for difference in compared.differences:
        print(difference)
    if compared.differences:
        print(f"{len(compared.differences)} differences; each is a task for the staff.")
        return 1
    print(f"Both books agree: {compared.payments} payments there, {compared.attempts} attempts here, no difference.")
    return 0
