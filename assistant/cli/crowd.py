"""`assistant crowd`: in the demo, invented clients answer a campaign as people do: join, ask, say stop, or say nothing.

They do it from the outside only: they text the sandbox's phones, open the link in our text, tick the terms and type a
test card on the processor's page.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass

import requests

from assistant.cli import house
from assistant.runtime import Runtime

CARD = "4242424242424242"
ASKS = ("how much is it?", "what do i get", "are you open saturday", "cuanto cuesta", "BALANCE", "is there a contract?")
STOPS = ("STOP", "please stop texting me", "no more texts", "ALTO")
JOINS = ("JOIN", "sign me up!", "ok i want to join", "Join pls")
TOKEN = re.compile(r"\bJ\d{1,3}\b")
LINK = re.compile(r"https?://\S+/join/[\w-]+")
HIDDEN = re.compile(r'name="(terms|locale)" value="([^"]*)"')
PATIENCE_SECONDS = 20


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser("crowd", help="in the demo: invented clients answer a campaign")
    parser.add_argument("campaign", type=int, help="the campaign's number")
    parser.add_argument("--spa", type=int, default=1, help="the spa's number (default 1)")
    parser.add_argument("--join", type=int, default=12, metavar="PERCENT", help="how many join (default 12)")
    parser.add_argument("--stop", type=int, default=2, metavar="PERCENT", help="how many opt out (default 2)")
    parser.add_argument("--ask", type=int, default=10, metavar="PERCENT", help="how many ask something (default 10)")
    parser.add_argument("--seed", type=int, default=7)
    parser.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> int:
    """0 when all have answered; 2 with no demo running."""
    if not house.DEMO.exists():
        print("Start the demo first: make demo.", file=sys.stderr)
        return 2
    crowd = Crowd(house.runtime(), house.facts()["sandbox"])
    done = crowd.answer(chosen)
    print(", ".join(f"{many} {what}" for what, many in sorted(done.items())) or "nobody was told anything yet")
    return 0


@dataclass(frozen=True, slots=True)
class Crowd:
    """The clients of a running demo."""

    rt: Runtime
    sandbox: str

    def answer(self, chosen: argparse.Namespace) -> Counter[str]:
        """Everyone who was told and has not answered does one thing, always the same for the same seed."""
        chance, done = random.Random(chosen.seed), Counter[str]()  # noqa: S311 - invented people need no secrets
        for phone in self._told(chosen.spa, chosen.campaign):
            roll = chance.randrange(100)
            if roll < chosen.join:
                done["joined" if self._join(phone, chance.choice(JOINS)) else "gave up on joining"] += 1
            elif roll < chosen.join + chosen.stop:
                self._say(phone, chance.choice(STOPS))
                done["said stop"] += 1
            elif roll < chosen.join + chosen.stop + chosen.ask:
                self._say(phone, chance.choice(ASKS))
                done["asked something"] += 1
            else:
                done["said nothing"] += 1
        return done

    def _told(self, spa_id: int, campaign_id: int) -> list[str]:
        with self.rt.unit_of_work() as uow:
            rows = uow.sql(
                """SELECT m.recipient FROM outbound_message m
                   WHERE m.spa_id = %s AND m.campaign_id = %s AND m.status = 'delivered' AND NOT EXISTS (
                       SELECT 1 FROM inbound_event e WHERE (e.spa_id, e.sender) = (m.spa_id, m.recipient)
                       AND e.received_at > m.asked_at) ORDER BY m.id""",
                (spa_id, campaign_id),
            ).fetchall()
        return [phone for (phone,) in rows]

    def _join(self, phone: str, words: str) -> bool:
        """JOIN, the token, the link in the next text, a yes to the terms, and a card."""
        offered = self._say(phone, words)
        token = TOKEN.search(offered)
        if token is None:
            return False
        link = LINK.search(self._say(phone, token[0]))
        return link is not None and self._agree(link[0], phone)

    def _agree(self, link: str, phone: str) -> bool:
        with requests.Session() as browser:
            page = browser.get(link, timeout=10)
            form = dict(HIDDEN.findall(page.text)) | {"digits": phone[-4:], "agree": "yes"}
            on = browser.post(link, data=form, timeout=10, allow_redirects=False)
            if on.status_code != requests.codes.see_other:
                return False
            card = {"number": CARD, "expiry": "12/34"}
            paid = browser.post(on.headers["Location"], data=card, timeout=10, allow_redirects=False)
            return bool(paid.status_code == requests.codes.see_other)

    def _say(self, phone: str, words: str) -> str:
        """Text the spa and wait for what comes back."""
        before = len(self._heard(phone))
        requests.post(f"{self.sandbox}/sandbox/texts", json={"from": phone, "body": words}, timeout=10)
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            heard = self._heard(phone)
            if len(heard) > before:
                return heard[-1]
            time.sleep(0.1)
        return ""

    def _heard(self, phone: str) -> list[str]:
        told = requests.get(f"{self.sandbox}/sandbox/phones/{phone}/texts", timeout=10).json()
        return [each["body"] for each in told["texts"] if each["direction"] == "to_phone"]
