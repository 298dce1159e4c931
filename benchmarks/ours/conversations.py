"""Whole conversations with our worker's own function, in this process: texts kept as the webhook does, and answered."""

import re
import time

import psycopg

from assistant.clock import WallClock
from assistant.conversation import router
from assistant.db.connections import Database
from assistant.runtime import Runtime
from assistant.services import inbound
from benchmarks.harness import Sample
from benchmarks.ours import spa
from benchmarks.servers import Postgres, sqlalchemy
from benchmarks.texts import MEMBERS, SAME, SPA_NUMBER, phone

SAID = ("how many credits do i have left", "can i pause for 2 months", "{token}", "perfect thank you")
TOKEN = re.compile(r"\bReply ([A-Z]\d+)\b")
LAST = "SELECT body FROM outbound_message WHERE recipient = %s ORDER BY id DESC LIMIT 1"


class Talks:
    """Each is another member's: a balance, a pause asked for, quoted, confirmed by its token, and thanks."""

    told = "a balance, a pause quoted and confirmed, thanks: four texts"

    def __init__(self, server: Postgres) -> None:
        database = server.database("p12_conversations")
        spa.prepare(database)
        self.rt = Runtime(WallClock(), Database(sqlalchemy(database)), spa.Silence(), spa.Silence())  # type: ignore[arg-type]
        self.bare = psycopg.connect(database, autocommit=True)
        self.member = 0

    def run(self, seconds: float, _tag: str) -> Sample:
        began, done = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            self._talk(phone(self.member % MEMBERS))
            self.member, done = self.member + 1, done + 1
        return Sample(done / (time.perf_counter() - began), done)

    def close(self) -> None:
        self.bare.close()
        self.rt.database.close()

    def _talk(self, sender: str) -> None:
        answer = ""
        for place, words in enumerate(SAID):
            if "{token}" in words:
                found = TOKEN.search(answer)
                assert found, f"no token in {answer!r}"
                words = found[1]  # noqa: PLW2901
            sid = f"SM{self.member:020x}{place:012x}"
            assert inbound.keep(self.rt, inbound.Incoming(sid, sender, SPA_NUMBER, words, SAME)) is not None
            assert router.answer_next(self.rt)
            answer = self._answer(sender, answer)

    def _answer(self, sender: str, before: str) -> str:
        """Every text is answered, and by something new."""
        row = self.bare.execute(LAST, (sender,)).fetchone()
        assert row
        assert row[0] != before, before
        return str(row[0])
