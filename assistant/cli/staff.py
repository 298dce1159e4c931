"""`assistant staff`: who may sign in to the console."""

import argparse
import sys

from assistant.cli import house
from assistant.db import staff as table
from assistant.domain.permissions import Role
from assistant.runtime import Runtime
from assistant.services import staff


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant staff invite|list|revoke`."""
    acts = commands.add_parser("staff", help="who may sign in to the console").add_subparsers(
        required=True, metavar="ACT"
    )
    of_spa = argparse.ArgumentParser(add_help=False)
    of_spa.add_argument("--spa", type=int, default=1, help="the spa's number (default 1)")
    of_spa.add_argument("--by", default="staff:admin", help="whose hand it is (default staff:admin)")
    invite = acts.add_parser("invite", parents=[of_spa], help="give somebody a post, and mail them a link")
    invite.add_argument("email")
    invite.add_argument("--name", required=True)
    invite.add_argument("--role", type=Role, choices=list(Role), required=True)
    invite.set_defaults(run=_invite)
    acts.add_parser("list", parents=[of_spa], help="all of them").set_defaults(run=_list)
    revoke = acts.add_parser("revoke", parents=[of_spa], help="take the post away and end every session")
    revoke.add_argument("email")
    revoke.set_defaults(run=_revoke)


def _invite(chosen: argparse.Namespace) -> int:
    rt = house.runtime()
    made = rt.transact(
        lambda uow: staff.invite(
            uow, chosen.spa, email=chosen.email, name=chosen.name, role=chosen.role, actor=chosen.by
        )
    )
    if made.new:
        _send_link(rt, chosen.spa, made, chosen.name)
    print(f"{chosen.email} is {chosen.role} of spa {chosen.spa}{', and is mailed a link' if made.new else ''}.")
    return 0


def _send_link(rt: Runtime, spa_id: int, made: staff.Invited, name: str) -> None:
    from assistant.app import create_app  # noqa: PLC0415 - a second, for this alone
    from assistant.web.console import invitations  # noqa: PLC0415

    with create_app(rt, house.settings()).test_request_context(base_url=rt.public_base_url):
        invitations.send_link(rt, spa_id, made, name)


def _list(chosen: argparse.Namespace) -> int:
    with house.runtime().unit_of_work() as uow:
        for each in table.listed(uow, chosen.spa):
            seen = f"{each.signed_in_at:%Y-%m-%d %H:%M}" if each.signed_in_at else "never"
            gone = ", taken away" if each.revoked_at else ""
            factor = "second factor" if each.second_factor else "password only"
            print(f"{each.role:8} {each.email:32} {each.name:24} signed in {seen}, {factor}{gone}")
    return 0


def _revoke(chosen: argparse.Namespace) -> int:
    with house.runtime().unit_of_work() as uow:
        found = [each for each in table.listed(uow, chosen.spa) if each.email == chosen.email.strip().lower()]
        done = [each for each in found if staff.revoke(uow, chosen.spa, each.user_id, actor=chosen.by)]
    if not done:
        print(f"{chosen.email} has no post at spa {chosen.spa}.", file=sys.stderr)
    return 0 if done else 1
