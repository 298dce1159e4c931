"""`assistant checkout` and `assistant ticket`: what a visit comes to and why, taking it, and taking it back."""

import argparse
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from assistant.domain.checkout import CartLine

TENDERS = ("card", "cash", "cheque", "terminal")
LINES = "CODE, CODE*2, CODE:no-discount=REASON or CODE:no-credit"
LINE = re.compile(r"(?P<code>[^*:]+)(?:\*(?P<many>\d+))?(?::(?P<option>no-credit|no-discount=.+))?")
MONEY = "{} is not an amount of money, such as 10.00"


def cents(words: str) -> int:
    """`10`, `10.5` or `10.00` in cents."""
    try:
        amount = Decimal(words) * 100
    except InvalidOperation:
        raise argparse.ArgumentTypeError(MONEY.format(words)) from None
    if amount != amount.to_integral_value() or not 0 <= amount < 10**9:
        raise argparse.ArgumentTypeError(MONEY.format(words))
    return int(amount)


def line(words: str) -> CartLine:
    """`signature`, `units*20`, `peel:no-discount=reason` or `signature:no-credit`."""
    found = LINE.fullmatch(words)
    if found is None:
        raise argparse.ArgumentTypeError(f"{words} is no line: {LINES}")
    option = found["option"] or ""
    return CartLine(
        code=found["code"],
        quantity=int(found["many"] or 1),
        take_off=option.partition("=")[2] or None,
        no_credit=option == "no-credit",
    )


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    """Imported when it is run: `assistant segments` need not wait for it."""

    def run(chosen: argparse.Namespace) -> int:
        from assistant.cli import till  # noqa: PLC0415

        act: Callable[[argparse.Namespace], int] = getattr(till, name)
        return act(chosen)

    return run


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant checkout` and `assistant ticket`."""
    desk = argparse.ArgumentParser(add_help=False)
    desk.add_argument("--by", default="staff:desk", help="whose hand it is (default staff:desk)")

    parser = commands.add_parser("checkout", parents=[desk], help="what a visit comes to and why; --yes takes it")
    parser.add_argument("--member", type=int, required=True, metavar="CLIENT")
    parser.add_argument("lines", nargs="+", type=line, metavar="LINE", help=LINES)
    parser.add_argument("--tip", type=cents, default=0, metavar="10.00")
    parser.add_argument("--tender", choices=TENDERS, default="card", help="(default card: on file)")
    parser.add_argument("--yes", action="store_true", help="take it")
    parser.add_argument("--key", help="the till's own name for the sale: the same one twice is one sale")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DAY", help="the day of a visit written down late")
    parser.add_argument("--because", metavar="REASON", help="why it is written down late")
    parser.add_argument("--booking", metavar="REF", help="the booking whose held credit is used: booking:7F3K")
    parser.add_argument("--booked", type=date.fromisoformat, metavar="DAY", help="when the visit was booked")
    parser.set_defaults(run=_run("sell"))

    acts = commands.add_parser("ticket", help="sales").add_subparsers(required=True, metavar="ACT")
    for name, words in (
        ("show", "what was sold, and what has become of it"),
        ("void", "take back a paid one: money, sale and credit"),
        ("pay", "pay an open one otherwise, or ask the card again"),
        ("abandon", "let an open one go"),
    ):
        act = acts.add_parser(name, parents=[desk], help=words)
        act.add_argument("ticket", type=int, metavar="TICKET")
        act.set_defaults(run=_run(name))
        if name == "pay":
            act.add_argument("--tender", choices=TENDERS, required=True)
        if name == "void":
            act.add_argument("--reason", required=True)
            act.add_argument("--approved-by", metavar="MANAGER")
