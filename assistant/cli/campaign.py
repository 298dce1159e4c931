"""`assistant campaign`: written, looked at from all sides, sent with its number typed, paused, and read."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from assistant.cli import campaign_told as told
from assistant.cli import house
from assistant.db import campaigns as table
from assistant.db import spas
from assistant.domain.audience import Audience
from assistant.domain.campaigns import Purpose
from assistant.domain.sending import SendingPolicy
from assistant.runtime import Runtime, UnitOfWork
from assistant.services import campaign_results, campaign_trials, campaigns
from assistant.services.campaigns import Draft, Refused
from assistant.services.preflight import preflight

Act = Callable[[UnitOfWork, argparse.Namespace], str]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """`assistant campaign draft|list|preview|test|send|pause|resume|undo|stop|status`."""
    acts = commands.add_parser("campaign", help="offers to existing clients").add_subparsers(
        required=True, metavar="ACT"
    )
    of_spa = argparse.ArgumentParser(add_help=False)
    of_spa.add_argument("--spa", type=int, default=1, help="the spa's number (default 1)")
    of_spa.add_argument("--by", default="staff:owner", help="whose hand it is (default staff:owner)")
    _draft(acts, of_spa)
    acts.add_parser("list", parents=[of_spa], help="every campaign and how far it is").set_defaults(run=_run(_listed))
    one = argparse.ArgumentParser(add_help=False, parents=[of_spa])
    one.add_argument("id", type=int, help="the campaign's number")
    for name, about, act in (
        ("preview", "to whom, in which words, at what cost, until when: sends nothing", _preview),
        ("pause", "what is not on the wire yet waits", _pause),
        ("resume", "go on with it", _resume),
        ("undo", "back to a draft, in the minute before it begins", _undo),
        ("stop", "end it for good", _stop),
        ("status", "what it has brought so far, and its lift over those held out", _status),
    ):
        parser = acts.add_parser(name, parents=[one], help=about)
        parser.add_argument("--json", action="store_true", help="a JSON object")
        parser.set_defaults(run=_run(act))
    test = acts.add_parser("test", parents=[one], help="text its words to a number of your own")
    test.add_argument("number", help="a number of your own, as +15055550199")
    test.set_defaults(run=_run(_test))
    send = acts.add_parser("send", parents=[one], help="send it, in a minute or at an hour")
    send.add_argument("--people", type=int, required=True, help="how many people `preview` told: typed, so read")
    send.add_argument("--at", type=datetime.fromisoformat, help="not before this instant, as 2026-12-01T17:00+00:00")
    send.set_defaults(run=_run(_send))


def _draft(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", of_spa: argparse.ArgumentParser) -> None:
    draft = acts.add_parser("draft", parents=[of_spa], help="write one down; sends nothing")
    draft.add_argument("name")
    draft.add_argument("--text", action="append", required=True, help="its words, with ((first name)); twice for A/B")
    draft.add_argument("--text-es", action="append", default=[], help="the same in Spanish, in the same order")
    draft.add_argument("--plan", help="the plan that is offered: members are left out")
    draft.add_argument("--email", action="store_true", help="by mail instead of by text")
    draft.add_argument("--hold-out", type=int, default=10, metavar="PERCENT", help="who is sent nothing (default 10)")
    draft.add_argument("--audience", type=Path, help="a JSON file of who is chosen (docs/campaigns.md); else all")
    draft.set_defaults(run=_run(_drafted))


def _run(act: Act) -> Callable[[argparse.Namespace], int]:
    def run(chosen: argparse.Namespace) -> int:
        return _done(house.runtime(), act, chosen)

    return run


def _done(rt: Runtime, act: Act, chosen: argparse.Namespace) -> int:
    """0, or 1 with the reason where it cannot be done."""
    try:
        with rt.unit_of_work() as uow:
            print(act(uow, chosen))
    except (Refused, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _drafted(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    spanish = [*chosen.text_es, *[None] * len(chosen.text)]
    wanted = Draft(
        name=chosen.name,
        purpose=Purpose.JOIN if chosen.plan else Purpose.OFFER,
        plan_code=chosen.plan,
        channel="email" if chosen.email else "sms",
        texts=tuple(
            {"en": english} | ({"es": spanish[place]} if spanish[place] else {})
            for place, english in enumerate(chosen.text)
        ),
        holdout_percent=chosen.hold_out,
        audience=Audience.from_json(json.loads(chosen.audience.read_text())) if chosen.audience else Audience(),
    )
    return f"campaign {campaigns.draft(uow, chosen.spa, wanted, actor=chosen.by)} is drafted; nothing is sent"


def _listed(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    rows = uow.sql(
        "SELECT id, status, purpose, channel, name FROM campaign WHERE spa_id = %s ORDER BY id", (chosen.spa,)
    ).fetchall()
    return "\n".join("  ".join(str(each).ljust(10) for each in row).rstrip() for row in rows) or "no campaigns yet"


def _preview(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    found, zone = preflight(uow, chosen.spa, chosen.id), spas.house(uow, chosen.spa).zone
    return json.dumps(found.to_json()) if chosen.json else told.preview(found, zone)


def _test(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    words = campaign_trials.send(
        uow, chosen.spa, chosen.id, chosen.number, key=str(uow.now.timestamp()), actor=chosen.by
    )
    return f"on its way to {chosen.number}: {words}"


def _send(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    found = preflight(uow, chosen.spa, chosen.id)
    starts_at = campaigns.confirm(
        uow, chosen.spa, chosen.id, typed=chosen.people, foretold=found.to_json(), at=chosen.at, actor=chosen.by
    )
    return f"it begins at {starts_at:%Y-%m-%d %H:%M:%S} UTC; `assistant campaign undo {chosen.id}` takes it back before"


def _pause(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    campaigns.hold(uow, chosen.spa, chosen.id, why="person", actor=chosen.by)
    return "paused"


def _resume(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    campaigns.resume(uow, chosen.spa, chosen.id, actor=chosen.by)
    return "it goes on"


def _undo(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    campaigns.undo(uow, chosen.spa, chosen.id, actor=chosen.by)
    return "a draft again; nothing was sent"


def _stop(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    return f"stopped; {campaigns.stop(uow, chosen.spa, chosen.id, actor=chosen.by)} people were not told"


def _status(uow: UnitOfWork, chosen: argparse.Namespace) -> str:
    campaign = table.live(uow, chosen.spa, chosen.id)
    if campaign is None:
        raise Refused(f"there is no campaign {chosen.id}")
    policy: SendingPolicy = campaign.policy
    found = campaign_results.results(uow, chosen.spa, chosen.id, segment_millicents=policy.segment_millicents)
    return json.dumps(told.as_json(found)) if chosen.json else told.status(campaign, found)
