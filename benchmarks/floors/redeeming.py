"""The floor of a use of credit: the one prepared function, called by psycopg with as little Python as it allows."""

import psycopg

from benchmarks.ours import redeeming
from benchmarks.ours.redeeming import UNIT
from benchmarks.worker import Transfer

CALL = """SELECT entry_id FROM credit_spend(
    %s::bigint, '2026-11-22 12:00Z'::timestamptz, '2026-11-22'::date, %s::bigint, %s::text, %s::bigint, %s::text)"""


class FloorRedeemer:
    """An autocommit connection and a cursor."""

    once = True

    def __init__(self, database: str) -> None:
        self.connection = psycopg.connect(database, autocommit=True, prepare_threshold=0)
        self.cursor = self.connection.cursor()

    def post(self, transfer: Transfer) -> None:
        spa_id, client_id = redeeming.member(transfer)
        self.cursor.execute(CALL, (spa_id, client_id, UNIT, transfer.cents, transfer.key))
        self.cursor.fetchone()

    def post_many(self, transfers: list[Transfer]) -> None:
        for transfer in transfers:
            self.post(transfer)

    def balances(self) -> dict[int, int]:
        return redeeming.used(self.connection)

    def entries(self) -> int:
        return redeeming.uses(self.connection)


open_poster = FloorRedeemer
