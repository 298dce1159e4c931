"""`assistant member change` and `assistant member join`: said first, and with --yes done exactly so."""

import argparse
from collections.abc import Callable

from assistant.domain.billing import PaidBy

AT_THE_DESK = (PaidBy.CASH, PaidBy.CHEQUE, PaidBy.TERMINAL)


def add(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Into `assistant member`."""
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument("--member", type=int, required=True, metavar="CLIENT", help="the client's number")
    who.add_argument("--by", default="staff:desk", help="whose hand it is (default staff:desk)")
    who.add_argument("--yes", action="store_true", help="do it; without this it is only said")
    who.add_argument("--json", action="store_true", help="a JSON object")

    change = acts.add_parser("change", parents=[who], help="go over to another plan, or stay on this one after all")
    change.add_argument("--membership", type=int, metavar="ID", help="which, where they have several")
    plan = change.add_mutually_exclusive_group(required=True)
    plan.add_argument("--to", metavar="PLAN", help="the plan's code, as `assistant plans` has it")
    plan.add_argument("--stay", action="store_true", help="call off a change that is to come")
    change.set_defaults(run=_run("change"))

    join = acts.add_parser("join", parents=[who], help="become a member: on the card on file, by link, or at the desk")
    join.add_argument("plan", metavar="PLAN", help="the plan's code, as `assistant plans` has it")
    way = join.add_mutually_exclusive_group()
    way.add_argument("--link", action="store_true", help="text them the link to the terms and the card page")
    way.add_argument("--paid-by", type=PaidBy, choices=AT_THE_DESK, help="they pay at the desk, now and later")
    join.add_argument("--es", action="store_true", help="the terms in Spanish")
    join.set_defaults(run=_run("join"))


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    """Imported when it is run: `assistant segments` need not wait for it."""

    def run(chosen: argparse.Namespace) -> int:
        from assistant.cli import joining_acts  # noqa: PLC0415

        act: Callable[[argparse.Namespace], int] = getattr(joining_acts, name)
        return act(chosen)

    return run
