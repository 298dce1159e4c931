"""Mutated texts through Twilio's door and the router: thanked for, kept once, no card number anywhere, a STOP kept.

`INTERPRET_FUZZ=5000 pytest -n0 tests/web/test_fuzz_http.py` is the long run.
"""

import os
import random
from datetime import date, timedelta

from assistant.app import create_app
from tests.conversation.mutations import CARDS, rows, shows, spoilt
from tests.web.test_twilio import INBOUND, SETTINGS, TEXT, Call
from tests.world import World

ROUNDS = min(5000, int(os.environ.get("INTERPRET_FUZZ", "300")))
PHONES = tuple(f"+1505555012{n}" for n in range(6))
TABLES = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY 1"


def peopled(world: World) -> None:
    """Four members in both languages; two numbers are nobody's."""
    for at, name in enumerate(("Ana", "Luz", "Bo", "Leo")):
        client = world.client(name, PHONES[at], locale="es" if at % 2 else "en")
        world.enrol(client, anchor_on=date(2026, 8, 15))
        world.grant(client)


def sendable(text: str) -> str:
    """As it comes over the wire: half a letter cannot be sent, and Twilio brings 1,600 letters at most."""
    return text[:1600].encode("utf-8", "replace").decode()


def barred(world: World, phone: str) -> bool:
    asked = "SELECT 1 FROM phone WHERE number = %s AND suppressed_at IS NOT NULL"
    return bool(world.rows(asked, (phone,)))


def leaked(world: World) -> list[str]:
    """Each row of the whole database that holds a card number, in any spelling."""
    found = []
    for (table,) in world.rows(TABLES):
        for (row,) in world.rows(f'SELECT t::text FROM "{table}" t'):
            if any(shows(card, str(row)) for card in CARDS):
                found.append(f"{table}: {row}")
    return found


def test_whatever_is_texted(world: World) -> None:
    chance, kept = random.Random(11), rows()  # noqa: S311
    client = create_app(world.rt, SETTINGS).test_client()
    peopled(world)
    stops = 0
    for number in range(ROUNDS):
        phone = chance.choice(PHONES)
        was, before = barred(world, phone), len(world.received(phone))
        text = "START" if was and chance.random() < 0.5 else sendable(spoilt(chance, kept).text)
        values = {"Body": text, "From": phone, "MessageSid": f"SM{number:032x}"}
        call = Call(INBOUND, [(name, values.get(name, value)) for name, value in TEXT])
        for _ in range(1 + (chance.random() < 0.2)):
            assert call.made(client).status_code == 200, text
        world.settle()
        sent = world.received(phone)[before:]
        if barred(world, phone):
            stops += not was
            assert len(sent) <= (not was), (text, sent)
        world.clock.advance(timedelta(seconds=chance.choice((1, 40, 200, 4000))))
    assert world.rows("SELECT count(*), count(DISTINCT external_id) FROM inbound_event") == [(ROUNDS, ROUNDS)]
    assert world.rows("SELECT count(*) FROM inbound_event WHERE status = 'kept'") == [(0,)]
    assert leaked(world) == []
    assert stops > 3, "nobody opted out: the fuzz guards nothing"
