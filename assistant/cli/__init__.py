"""`assistant COMMAND`: what a person may ask of the machine."""

import argparse
import io
import sys
from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the answer is its exit code."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    return run(chosen)


def _parser() -> argparse.ArgumentParser:
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

    ledger = commands.add_parser("ledger", help="the books").add_subparsers(required=True, metavar="ACT")
    verify = ledger.add_parser("verify", help="recompute everything from the postings, and name what differs")
    verify.set_defaults(run=_ledger_verify)
    return parser


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


def _ledger_verify(_chosen: argparse.Namespace) -> int:
    from assistant.cli import ledger  # noqa: PLC0415

    return ledger.verify()
