"""`assistant inbox`: the threads that wait for a person, taken, spoken in and handed back."""

import argparse

from assistant.cli import house
from assistant.db import spas
from assistant.db.handovers import waiting
from assistant.runtime import Runtime
from assistant.services import handovers


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant inbox list|take|say|back`."""
    acts = commands.add_parser("inbox", help="threads that a person has, or is asked to take").add_subparsers(
        required=True, metavar="ACT"
    )
    acts.add_parser("list", help="every one that is not handed back").set_defaults(run=_list)
    thread = argparse.ArgumentParser(add_help=False)
    thread.add_argument("--spa", type=int, default=1, help="the spa's number (default 1)")
    thread.add_argument("--by", default="staff:desk", help="whose hand it is (default staff:desk)")
    thread.add_argument("id", type=int, help="the thread's number")
    acts.add_parser("take", parents=[thread], help="the assistant is silent from now on").set_defaults(run=_act)
    say = acts.add_parser("say", parents=[thread], help="in your own words")
    say.add_argument("words")
    say.set_defaults(run=_act)
    acts.add_parser("back", parents=[thread], help="the assistant answers again").set_defaults(run=_act)
    for name, act in acts.choices.items():
        act.set_defaults(act=name)


def _list(_chosen: argparse.Namespace) -> int:
    return _listed(house.runtime())


def _listed(rt: Runtime) -> int:
    with rt.unit_of_work() as uow:
        for spa in spas.open_houses(uow):
            for each in waiting(uow, spa.spa_id):
                summary = each.summary.replace("\n", " / ")
                whose = each.taken_by or "waits"
                print(f"{spa.spa_id}  {each.id}  {each.topic:15} {whose:12} {each.address}  {summary}")
    return 0


def _act(chosen: argparse.Namespace) -> int:
    return _acted(house.runtime(), chosen)


def _acted(rt: Runtime, chosen: argparse.Namespace) -> int:
    spa_id, thread, by = chosen.spa, chosen.id, chosen.by
    with rt.unit_of_work() as uow:
        match chosen.act:
            case "take":
                done = handovers.take(uow, spa_id, thread, by=by) is not None
            case "say":
                done = handovers.say(uow, spa_id, thread, chosen.words, by=by)
            case _:
                done = handovers.hand_back(uow, spa_id, thread, by=by)
    print("done" if done else "that thread is another's, or handed back already")
    return 0 if done else 1
