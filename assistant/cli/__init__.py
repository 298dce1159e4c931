"""`assistant COMMAND`: what a person may ask of the machine."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

PURE = ("interpret", "segments")
"""Commands that need nothing of the house, and so do not wait for it to be imported."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is its exit code."""
    said = sys.argv[1:] if arguments is None else list(arguments)
    chosen = _parser(pure=said[:1] in [[word] for word in PURE]).parse_args(said)
    run: Callable[[argparse.Namespace], int] = chosen.run
    return run(chosen)


def _parser(*, pure: bool = False) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="assistant", description="The membership assistant of a medical spa.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="a whole invented spa on this machine, with no account and no key")
    demo.add_argument("--fresh", action="store_true", help="begin again from nothing")
    demo.add_argument("--port", type=int, default=8000, help="of the web server (default 8000)")
    demo.add_argument("--sandbox-port", type=int, default=8025, help="of the phone page (default 8025)")
    demo.set_defaults(run=_demo)

    serve = commands.add_parser("serve", help="the same processes on real keys, for a spa with one machine")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    serve.set_defaults(run=_serve)

    segments = commands.add_parser("segments", help="what texts cost: JSON lines in, JSON lines out")
    segments.add_argument("--fold", action="store_true", help="fold to the cheaper alphabet first, as sending does")
    segments.set_defaults(run=_segments)

    _interpret_parser(commands)
    ledger = commands.add_parser("ledger", help="the books").add_subparsers(required=True, metavar="ACT")
    verify = ledger.add_parser("verify", help="recompute everything from the postings, and name what differs")
    verify.add_argument("--replay", action="store_true", help="replay the journal from its first entry too")
    verify.set_defaults(run=_ledger_verify)
    plans = commands.add_parser("plans", help="what is on offer, and its dues against the list price")
    plans.set_defaults(run=_plans)
    _billing(commands)
    books = commands.add_parser("reconcile", help="our charges and books against the card processor's own")
    books.add_argument("--days", type=int, default=35, help="how far back (default 35)")
    books.set_defaults(run=_reconcile)
    _simulate_parser(commands)
    forward = commands.add_parser("forward", help="move the demo's clock on, a day at a time, while the machine works")
    forward.add_argument("--days", type=int, default=1, help="how many (default 1)")
    forward.set_defaults(run=_forward)
    if not pure:
        _of_the_house(commands)
    return parser


def _of_the_house(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    from assistant.cli import campaign, checkout, credits, crowd, inbox, member, refunds, report, spa, staff, switch  # noqa: PLC0415, I001
    from assistant.cli import told  # noqa: PLC0415

    campaign.add(commands)
    checkout.add(commands)
    credits.add(commands)
    crowd.add(commands)
    inbox.add(commands)
    member.add(commands)
    refunds.add(commands)
    report.add(commands)
    spa.add(commands)
    staff.add(commands)
    switch.add(commands)
    told.add(commands)


def _billing(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    billing = commands.add_parser("billing", help="dues").add_subparsers(required=True, metavar="ACT")
    plan = billing.add_parser("plan", help="who would be charged what on a day and why, and who not and why")
    plan.add_argument("--as-of", type=date.fromisoformat, help="the day, as 2026-12-31 (default: today at each spa)")
    plan.add_argument("--member", type=int, metavar="CLIENT", help="one client's memberships only")
    plan.add_argument("--json", action="store_true", help="a JSON object a line")
    plan.set_defaults(run=_billing_plan)
    run = billing.add_parser("run", help="open the day's invoices and charge them; goes on where it stopped")
    run.add_argument("--as-of", type=date.fromisoformat, help="the day (default: today at each spa)")
    run.add_argument("--dry-run", action="store_true", help="show the plan and do nothing")
    run.set_defaults(run=_billing_run)


def _interpret_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    interpret = commands.add_parser("interpret", help="what messages mean: JSON lines in, JSON lines out")
    interpret.add_argument("--evaluate", type=Path, metavar="PATH", help="measure on labelled messages instead")
    interpret.add_argument("--train", action="store_true", help="train the classifier from intents/*.txt instead")
    interpret.add_argument("--json", dest="style", action="store_const", const="json", default="text")
    interpret.add_argument("--markdown", dest="style", action="store_const", const="markdown")
    interpret.add_argument("--misses", action="store_true", help="print what was misunderstood too")
    interpret.set_defaults(run=_interpret)


def _simulate_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    simulate = commands.add_parser("simulate", help="live through months of dues with everything going wrong")
    simulate.add_argument("--members", type=int, default=50)
    simulate.add_argument("--months", type=int, default=6)
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--json", action="store_true", help="the log as JSON lines")
    simulate.set_defaults(run=_simulate)


# Each imports what it runs: `assistant segments` need not wait for Twilio's SDK.


def _demo(chosen: argparse.Namespace) -> int:
    from assistant.cli import demo  # noqa: PLC0415

    return demo.run(fresh=chosen.fresh, port=chosen.port, sandbox_port=chosen.sandbox_port)


def _serve(chosen: argparse.Namespace) -> int:
    from assistant.cli import serve  # noqa: PLC0415

    return serve.run(host=chosen.host)


def _segments(chosen: argparse.Namespace) -> int:
    from assistant.cli import segments  # noqa: PLC0415

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # bytes that are no text cost a line, not the run
    for line in segments.run(sys.stdin, fold=chosen.fold):
        print(line)
    return 0


def _interpret(chosen: argparse.Namespace) -> int:
    if chosen.train:
        from assistant.cli import train  # noqa: PLC0415

        return train.run()
    if chosen.evaluate:
        from assistant.cli import evaluate  # noqa: PLC0415

        return evaluate.run(chosen.evaluate, style=chosen.style, show_misses=chosen.misses)
    from assistant.cli import interpret  # noqa: PLC0415

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in interpret.run(sys.stdin):
        print(line, flush=True)
    return 0


def _ledger_verify(chosen: argparse.Namespace) -> int:
    from assistant.cli import ledger  # noqa: PLC0415

    return ledger.verify(replayed=chosen.replay)


def _billing_plan(chosen: argparse.Namespace) -> int:
    from assistant.cli import billing  # noqa: PLC0415

    return billing.plan(as_of=chosen.as_of, member=chosen.member, as_json=chosen.json)


def _billing_run(chosen: argparse.Namespace) -> int:
    from assistant.cli import billing  # noqa: PLC0415

    return billing.run(as_of=chosen.as_of, dry_run=chosen.dry_run)


def _reconcile(chosen: argparse.Namespace) -> int:
    from assistant.cli import reconcile  # noqa: PLC0415

    return reconcile.run(days=chosen.days)


def _simulate(chosen: argparse.Namespace) -> int:
    from assistant.cli import simulate  # noqa: PLC0415

    return simulate.run(members=chosen.members, months=chosen.months, seed=chosen.seed, as_json=chosen.json)


def _forward(chosen: argparse.Namespace) -> int:
    from assistant.cli import forward  # noqa: PLC0415

    return forward.run(days=chosen.days)


def _plans(_chosen: argparse.Namespace) -> int:
    from assistant.cli import plans  # noqa: PLC0415

    return plans.show()
