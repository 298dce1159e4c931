"""`assistant told`: what a client was told, when, why, what became of it, and what it cost."""

import argparse

from assistant.cli import house
from assistant.db import spas
from assistant.domain.calendar import local_day
from assistant.services import told


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("told", help="what a client was told: when, why, what became of it, what it cost")
    parser.add_argument("client", type=int, help="the client's number")
    parser.add_argument("--spa", type=int, default=1, help="the spa's number (default 1)")
    parser.add_argument("--most", type=int, default=20, help="the last so many (default 20)")
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    with house.runtime().unit_of_work() as uow:
        zone = spas.house(uow, chosen.spa).zone
        for each in told.told(uow, chosen.spa, chosen.client, many=chosen.most):
            what = each.status if each.reason is None else f"{each.status} ({each.reason})"
            cost = f"{each.cost_millicents / 1000:.1f} cents"
            print(f"{local_day(each.at, zone)} {each.at:%H:%M} UTC  {each.channel}  {each.message}  {what}  {cost}")
            print(f"    {each.key}: {' '.join(each.words.split())}")
    return 0
