"""`assistant switch`: stops texts, mail or offers at once, and lets them go on."""

import argparse

from assistant.cli import house
from assistant.domain.sending import Switch
from assistant.services import switches


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant switch list|throw|lift`."""
    acts = commands.add_parser("switch", help="stop texts, mail or offers at once").add_subparsers(
        required=True, metavar="ACT"
    )
    of_spa = argparse.ArgumentParser(add_help=False)
    of_spa.add_argument("--spa", type=int, default=1, help="the spa's number (default 1)")
    of_spa.add_argument("--everywhere", action="store_true", help="at every spa of this installation")
    of_spa.add_argument("--by", default="staff:owner", help="whose hand it is (default staff:owner)")
    acts.add_parser("list", parents=[of_spa], help="what is stopped").set_defaults(run=_list)
    for name in ("throw", "lift"):
        act = acts.add_parser(name, parents=[of_spa], help="stop it" if name == "throw" else "let it go on")
        act.add_argument("what", type=Switch, choices=list(Switch))
        act.set_defaults(run=_act, act=name)
    acts.choices["throw"].add_argument("--why", required=True, help="told to everyone who asks why nothing is sent")


def _list(chosen: argparse.Namespace) -> int:
    with house.runtime().unit_of_work() as uow:
        for each in switches.thrown(uow, chosen.spa):
            where = "everywhere" if each.spa_id == switches.EVERYWHERE else f"spa {each.spa_id}"
            print(f"{each.what:7} {where:10} since {each.thrown_at:%Y-%m-%d %H:%M} by {each.thrown_by}: {each.why}")
    return 0


def _act(chosen: argparse.Namespace) -> int:
    spa_id = switches.EVERYWHERE if chosen.everywhere else chosen.spa
    with house.runtime().unit_of_work() as uow:
        if chosen.act == "throw":
            done = switches.throw(uow, spa_id, chosen.what, why=chosen.why, actor=chosen.by)
        else:
            done = switches.lift(uow, spa_id, chosen.what, actor=chosen.by)
    print("done" if done else "it was so already")
    return 0
