"""`assistant credits`: what a member holds and why, and what the desk may give, take, prolong and hand on."""

import argparse
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.domain.ledger import USD


def amount(words: str) -> Decimal:
    """`1`, `0.5` or `10.00`: credits, or dollars, as the unit says."""
    try:
        found = Decimal(words)
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"{words} is not an amount, such as 1, 0.5 or 10.00") from None
    if not found.is_finite() or found <= 0 or found > 10**6 or found != round(found, 3):
        raise argparse.ArgumentTypeError(f"{words} is not an amount above zero, of at most three places")
    return found


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    """Imported when it is run: `assistant segments` need not wait for it."""

    def run(chosen: argparse.Namespace) -> int:
        from assistant.cli import credit_acts  # noqa: PLC0415

        act: Callable[[argparse.Namespace], int] = getattr(credit_acts, name)
        return act(chosen)

    return run


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant credits show|give|take|extend|transfer|take-back`."""
    by = argparse.ArgumentParser(add_help=False)
    by.add_argument("--reason", required=True, help="why, in a few words: it is kept")
    by.add_argument("--by", default="staff:desk", help="whose hand it is (default staff:desk)")
    manager = argparse.ArgumentParser(add_help=False, parents=[by])
    manager.add_argument("--approved-by", help="the manager who says yes to more than one hand may do")
    what = argparse.ArgumentParser(add_help=False)
    what.add_argument("--unit", required=True, help=f"which credit, such as visit; {USD} for dollars")
    what.add_argument("--amount", type=amount, required=True, help="how many, such as 1 or 0.5; dollars as 10.00")
    what.add_argument("--key", help="a name for it, so that the same command twice does it once")

    parser = commands.add_parser("credits", help="what a member holds, and what the desk may do about it")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    show = acts.add_parser("show", help="every lot, what paid for it, and the moves that explain the balance")
    show.add_argument("--member", type=int, required=True, metavar="CLIENT")
    show.add_argument("--all", action="store_true", help="lots that are used up too, and every move")
    show.add_argument("--json", action="store_true", help="a JSON object a line")
    show.set_defaults(run=_run("show"))
    give = acts.add_parser("give", parents=[what, manager], help="promotional credit, with an end of its own")
    give.add_argument("--member", type=int, required=True, metavar="CLIENT")
    give.add_argument("--until", type=date.fromisoformat, help="its last day, as 2026-12-31 (default: no end)")
    give.set_defaults(run=_run("give"))
    take = acts.add_parser("take", parents=[what, manager], help="promotional credit, back to the spa")
    take.add_argument("--member", type=int, required=True, metavar="CLIENT")
    take.set_defaults(run=_run("take"))
    extend = acts.add_parser(
        "extend", parents=[manager], help="let a lot last longer, and give anew what ran out of it"
    )
    extend.add_argument("--lot", type=int, required=True)
    extend.add_argument("--to", type=date.fromisoformat, required=True, help="its new last day, as 2026-12-31")
    extend.set_defaults(run=_run("extend"))
    transfer = acts.add_parser("transfer", parents=[what, by], help="hand credit on, as it is, to anybody of the spa")
    transfer.add_argument("--from", dest="giver", type=int, required=True, metavar="CLIENT")
    transfer.add_argument("--to", dest="taker", type=int, required=True, metavar="CLIENT")
    transfer.set_defaults(run=_run("transfer"))
    back = acts.add_parser("take-back", parents=[by], help="undo a gift, while nothing of it is used")
    back.add_argument("--gift", required=True, metavar="KEY", help="the key that the transfer was told with")
    back.add_argument("--from", dest="giver", type=int, required=True, metavar="CLIENT", help="whose gift it was")
    back.set_defaults(run=_run("take_back"))
