"""`assistant member`: pause, resume, cancel and undo, each as it was quoted; change and join are in `joining`."""

import argparse
from collections.abc import Callable
from datetime import date

from assistant.cli import joining
from assistant.domain.pausing import Hardship


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant member ACT --member CLIENT`: says what it would be, and with --yes does it."""
    acts = commands.add_parser("member", help="what becomes of a membership").add_subparsers(
        required=True, metavar="ACT"
    )
    who = argparse.ArgumentParser(add_help=False)
    who.add_argument("--member", type=int, required=True, metavar="CLIENT", help="the client's number")
    who.add_argument("--membership", type=int, metavar="ID", help="which, where they have several")
    who.add_argument("--by", default="staff:desk", help="whose hand it is (default staff:desk)")
    who.add_argument("--yes", action="store_true", help="do it; without this it is only said")
    who.add_argument("--json", action="store_true", help="a JSON object")
    why = argparse.ArgumentParser(add_help=False)
    why.add_argument("--hardship", type=Hardship, choices=[*Hardship], help="frees from fees, waiting and terms")
    why.add_argument("--reason", help="in a few words, for the record")

    pause = acts.add_parser("pause", parents=[who, why], help="rest from the next billing date")
    length = pause.add_mutually_exclusive_group(required=True)
    length.add_argument("--months", type=int, help="for so many months")
    length.add_argument("--until", type=date.fromisoformat, help="until a day, as 2027-02-20")
    pause.set_defaults(run=_run("pause"))
    resume = acts.add_parser("resume", parents=[who], help="back before its end, or call off a pause")
    resume.set_defaults(run=_run("resume"))
    cancel = acts.add_parser("cancel", parents=[who, why], help="end the membership, from the request on")
    cancel.add_argument("--channel", default="desk", help="how they asked: desk, phone, voicemail, email, letter")
    cancel.add_argument("--asked", type=date.fromisoformat, help="the day they asked, where it is heard later")
    cancel.set_defaults(run=_run("cancel"))
    undo = acts.add_parser("undo", parents=[who], help="undo a cancellation, until its day")
    undo.set_defaults(run=_run("undo"))
    joining.add(acts)


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    """Imported when it is run: `assistant segments` need not wait for it."""

    def run(chosen: argparse.Namespace) -> int:
        from assistant.cli import member_acts  # noqa: PLC0415

        act: Callable[[argparse.Namespace], int] = getattr(member_acts, name)
        return act(chosen)

    return run
