"""P5: dues in batches of 1,000, one connection: >= 0.80 of the floor's one statement, >= 2.5x hordak's bulk."""

from functools import partial

from benchmarks.harness import Goal, Report, Side, in_turn, settle
from benchmarks.ledgers import check_equal, count_statements, ledgers
from benchmarks.servers import Postgres

BATCH = 1_000
GOALS = (Goal("ours", "floor", least=0.80), Goal("ours", "hordak", least=2.5))


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "entries")
    with ledgers(server, report, workers=1, prefix="p5") as crews:
        check_equal(crews, report, posts=2 * BATCH, size=BATCH)
        count_statements(crews, report, size=BATCH)
        sides = [Side(name, partial(each.run, size=BATCH)) for name, each in crews.items()]
        in_turn(report, sides, rounds=rounds, seconds=seconds)
    settle(report, GOALS)
    return report
