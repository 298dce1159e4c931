"""`assistant spa`: the spas of this installation."""

import argparse
import sys

from assistant.cli import house
from assistant.services import openings
from assistant.services.spa_settings import Place


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant spa open|list`."""
    acts = commands.add_parser("spa", help="the spas of this installation").add_subparsers(required=True, metavar="ACT")
    begin = acts.add_parser("open", help="write a new one down")
    begin.add_argument("name", help="as members know it")
    begin.add_argument("--zone", required=True, help="as America/Denver: it decides the days")
    begin.add_argument("--help-phone", required=True, help="a person answers it")
    begin.add_argument("--help-email", required=True)
    begin.add_argument("--number", help="the number that texts and is texted; without it nothing is texted")
    begin.add_argument("--locale", choices=["en", "es"], default="en")
    begin.add_argument("--emergency-phone", help="who is called after a visit that worries somebody (the help phone)")
    begin.add_argument("--postal-address", help="the law wants it on every offer by mail")
    begin.add_argument(
        "--carrier-confirms-stop",
        action="store_true",
        help="the number is a plain one of Twilio's, outside a messaging service: Twilio itself confirms opt-outs",
    )
    begin.add_argument("--by", default="staff:admin", help="whose hand it is (default staff:admin)")
    begin.set_defaults(run=_open)
    acts.add_parser("list", help="all of them").set_defaults(run=_list)


def _open(chosen: argparse.Namespace) -> int:
    place = Place(
        name=chosen.name,
        zone=chosen.zone,
        locale=chosen.locale,
        help_phone=chosen.help_phone,
        help_email=chosen.help_email,
        emergency_phone=chosen.emergency_phone,
        postal_address=chosen.postal_address,
    )
    try:
        spa_id = house.runtime().transact(
            lambda uow: openings.open_spa(
                uow,
                place,
                number=chosen.number,
                carrier_confirms_stop=chosen.carrier_confirms_stop,
                actor=chosen.by,
            )
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{chosen.name} is spa {spa_id}. Its owner is invited by:")
    print(f"assistant staff invite --spa {spa_id} --role owner --name NAME EMAIL")
    return 0


def _list(_: argparse.Namespace) -> int:
    with house.runtime().unit_of_work() as uow:
        rows = uow.sql("SELECT spa_id, name, zone, coalesce(number, 'no number') FROM spa WHERE spa_id <> 0 ORDER BY 1")
        for spa_id, name, zone, number in rows.fetchall():
            print(f"{spa_id:5} {name:32} {zone:24} {number}")
    return 0
