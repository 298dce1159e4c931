"""The ledger's floor: one prepared plpgsql call on an autocommit connection; a batch is one call too."""

from pathlib import Path

import psycopg

from benchmarks.worker import ACCOUNTS, SPAS, Transfer

SCHEMA = Path(__file__).with_name("posting.sql").read_text()


def prepare(database: str) -> None:
    """Tables, functions, and accounts with nothing in them."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(SCHEMA)
        connection.execute(
            "INSERT INTO floor_account SELECT n FROM generate_series(%s::bigint, %s) n", (min(SPAS), ACCOUNTS)
        )
        connection.execute("VACUUM ANALYZE floor_account")


class FloorPoster:
    """Posts with as little Python as psycopg allows."""

    once = True

    def __init__(self, database: str) -> None:
        self.cursor = psycopg.connect(database, autocommit=True, prepare_threshold=0).cursor()

    def post(self, transfer: Transfer) -> None:
        self.cursor.execute("SELECT floor_post(%s, %s, %s, %s)", transfer)
        self.cursor.fetchone()

    def post_many(self, transfers: list[Transfer]) -> None:
        self.cursor.execute(
            "SELECT floor_post_many(%s, %s, %s, %s)", [list(each) for each in zip(*transfers, strict=True)]
        )
        self.cursor.fetchone()

    def balances(self) -> dict[int, int]:
        wrong = self.cursor.execute(
            "SELECT count(*) FROM floor_account a WHERE id > 0 AND balance <>"
            " coalesce((SELECT sum(amount) FROM floor_posting p WHERE p.account_id = a.id), 0)"
        ).fetchone()
        assert wrong == (0,), "a stored balance of the floor is not the sum of its postings"
        self.cursor.execute(
            "SELECT account_id, sum(amount)::bigint FROM floor_posting GROUP BY 1 HAVING sum(amount) <> 0"
        )
        return dict(self.cursor.fetchall())

    def entries(self) -> int:
        row = self.cursor.execute("SELECT count(*) FROM floor_entry").fetchone()
        assert row
        return int(row[0])


open_poster = FloorPoster
