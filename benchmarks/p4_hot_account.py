"""P4: everyone posts against one account of one spa: >= 0.9 of our own rate when each has a spa of its own."""

from functools import partial

from benchmarks.harness import Goal, Report, Side, in_turn, settle
from benchmarks.ledgers import check_equal, count_statements, ledgers
from benchmarks.servers import Postgres

GOALS = (Goal("ours hot", "ours", least=0.9),)


def measure(server: Postgres, *, rounds: int, seconds: float) -> Report:
    report = Report(__doc__, "entries")
    with ledgers(server, report, workers=8, prefix="p4") as crews:
        check_equal(crews, report, posts=100)
        count_statements(crews, report)
        sides = []
        for name, each in crews.items():
            sides += [Side(name, partial(each.run, alone=True)), Side(f"{name} hot", each.run)]
        in_turn(report, sides, rounds=rounds, seconds=seconds)
    settle(report, GOALS)
    return report
