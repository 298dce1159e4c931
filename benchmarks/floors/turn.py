"""The turn's floor: one worker that calls one function a text."""

import time
from itertools import islice
from pathlib import Path

import psycopg

from benchmarks.floors import posting, webhook
from benchmarks.harness import Sample
from benchmarks.texts import MEMBERS, PER_SECOND, texts

SCHEMA = Path(__file__).with_name("turn.sql").read_text()


def prepare(database: str) -> None:
    """Members, and an account for each."""
    webhook.prepare(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(posting.SCHEMA + SCHEMA)
        connection.execute("INSERT INTO floor_account SELECT n, 1000 FROM generate_series(0, %s) n", (MEMBERS,))
        connection.execute("VACUUM ANALYZE floor_account")


class FloorTurns:
    """Turns taken one after the other, each its own commit."""

    def __init__(self, database: str) -> None:
        self.connection = psycopg.connect(database, autocommit=True, prepare_threshold=0)
        self.taken = 0

    def run(self, seconds: float, tag: str) -> Sample:
        wanted, done = list(islice(texts(tag), int(seconds * PER_SECOND * 2))), 0
        cursor, began, processor = self.connection.cursor(), time.monotonic(), time.process_time()
        for text in wanted:
            cursor.execute("SELECT turn(%s, %s, %s)", (text.sid, text.sender, text.body))
            cursor.fetchone()
            done += 1
            if time.monotonic() - began > seconds:
                break
        spent, self.taken = time.monotonic() - began, self.taken + done
        return Sample(rate=done / spent, done=done, client_cpu_us=(time.process_time() - processor) / done * 1e6)

    def answered(self) -> int:
        """Replies left to be sent."""
        row = self.connection.execute("SELECT count(*) FROM outbound").fetchone()
        assert row
        return int(row[0])
