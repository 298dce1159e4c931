"""P3: a single posting, eight connections, each with a spa of its own: >= 0.60 of the plpgsql floor, >= 5x hordak."""

from functools import partial

from benchmarks.harness import Goal, Report, Side, in_turn, settle
from benchmarks.ledgers import check_equal, count_statements, ledgers
from benchmarks.servers import Postgres

GOALS = (Goal("ours", "floor", least=0.60), Goal("ours", "hordak", least=5.0))


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "entries")
    with ledgers(server, report, workers=8, prefix="p3") as crews:
        check_equal(crews, report, posts=100)
        count_statements(crews, report)
        in_turn(
            report,
            [Side(name, partial(each.run, alone=True)) for name, each in crews.items()],
            rounds=rounds,
            seconds=seconds,
        )
    settle(report, GOALS)
    return report
