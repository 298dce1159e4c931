"""`assistant refund` and `assistant disputes`: what can go back and why, giving it back, and what banks ask about."""

import argparse
from collections.abc import Callable

from assistant.cli.checkout import cents


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    """Imported when it is run: `assistant segments` need not wait for it."""

    def run(chosen: argparse.Namespace) -> int:
        from assistant.cli import refund_acts  # noqa: PLC0415

        act: Callable[[argparse.Namespace], int] = getattr(refund_acts, name)
        return act(chosen)

    return run


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant refund` and `assistant disputes list|pack`."""
    refund = commands.add_parser("refund", help="what of a payment can go back; --yes gives it back")
    what = refund.add_mutually_exclusive_group(required=True)
    what.add_argument("--invoice", type=int, help="a paid cycle, or a change of plan")
    what.add_argument("--member", type=int, metavar="CLIENT", help="their last paid cycle")
    what.add_argument("--ticket", type=int, help="a sale")
    what.add_argument("--mistake", type=int, metavar="ATTEMPT", help="a payment that nobody owed")
    much = refund.add_mutually_exclusive_group()
    much.add_argument("--cents", type=int, help="how much, in cents (default: all that can go back)")
    much.add_argument("--amount", dest="cents", type=cents, metavar="50.00", help="how much, in dollars")
    refund.add_argument("--forced", action="store_true", help="for used credit too, which is claimed back")
    refund.add_argument("--approved-by", metavar="MANAGER", help="who says yes to more than one hand may give")
    refund.add_argument("--reason", default="", help="why, in a few words: it is kept")
    refund.add_argument("--by", default="staff:desk", help="whose hand it is (default staff:desk)")
    refund.add_argument("--yes", action="store_true", help="give it back")
    refund.set_defaults(run=_run("refund"))

    disputes = commands.add_parser("disputes", help="what banks took back, or ask about").add_subparsers(
        required=True, metavar="ACT"
    )
    disputes.add_parser("list", help="every dispute, the open ones first").set_defaults(run=_run("disputes"))
    pack = disputes.add_parser("pack", help="the evidence as it stood when it was opened, as JSON")
    pack.add_argument("dispute", type=int, metavar="ID")
    pack.set_defaults(run=_run("pack"))
