"""Our ledger: `services.ledger.post`, a single entry in `single_statement` and a batch in a unit of work."""

from datetime import UTC, datetime

import psycopg

from assistant.clock import WallClock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.domain.ledger import USD, Account, Entry, Leg
from assistant.runtime import Runtime
from assistant.services import ledger
from benchmarks.servers import sqlalchemy
from benchmarks.worker import ACCOUNTS, SPAS, Transfer

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SPA = (
    "INSERT INTO spa (spa_id, name, zone, locale, number, help_phone, help_email, carrier_confirms_stop)"
    " VALUES (%s, 'Glow', 'America/Los_Angeles', 'en', %s, '+14155550199', 'help@example.com', false)"
)

MEMBERS = """
    WITH person AS (
        INSERT INTO client (spa_id, id, first_name, last_name, locale, created_at) OVERRIDING SYSTEM VALUE
        SELECT spa_id, n, 'Member' || n, 'Example', 'en', now()
        FROM spa, generate_series(1, %(members)s::bigint) n WHERE spa_id > 0 RETURNING spa_id, id
    )
    INSERT INTO ledger_account (spa_id, client_id, account, unit, balance)
    SELECT spa_id, id, %(account)s, %(unit)s, 0 FROM person"""


def prepare(database: str) -> None:
    """Our migrations, and as many spas as there are workers; the same accounts in each, with nothing in them."""
    upgrade(sqlalchemy(database))
    with psycopg.connect(database, autocommit=True) as connection:
        for spa in SPAS:
            connection.execute(SPA, (_spa_id(spa), f"+1415555{1000 - spa}"))
        connection.execute(MEMBERS, {"members": ACCOUNTS, "account": Account.DEFERRED.value, "unit": USD})
        connection.execute("VACUUM ANALYZE spa, client, ledger_account")


class OurPoster:
    """Nothing is prepared or remembered between postings but what the product itself keeps."""

    once = True

    def __init__(self, database: str) -> None:
        unreached = Unreached()
        self.rt = Runtime(WallClock(), Database(sqlalchemy(database)), unreached, unreached)  # type: ignore[arg-type]

    def post(self, transfer: Transfer) -> None:
        with self.rt.single_statement() as uow:
            ledger.post(uow, _spa_id(transfer.credit), [entry(transfer)])

    def post_many(self, transfers: list[Transfer]) -> None:
        with self.rt.unit_of_work() as uow:
            ledger.post(uow, _spa_id(transfers[0].credit), [entry(transfer) for transfer in transfers])

    def balances(self) -> dict[int, int]:
        with self.rt.unit_of_work() as uow:
            wrong = uow.sql(
                "SELECT count(*) FROM ledger_account a WHERE client_id <> 0 AND balance <> coalesce((SELECT sum(amount)"
                " FROM ledger_posting p WHERE (p.spa_id, p.client_id, p.account, p.unit)"
                " = (a.spa_id, a.client_id, a.account, a.unit)), 0)"
            ).fetchone()
            assert wrong == (0,), "a stored balance of ours is not the sum of its postings"
            rows = uow.sql(
                "SELECT CASE client_id WHEN 0 THEN 1 - spa_id ELSE client_id END, sum(amount)::bigint"
                " FROM ledger_posting GROUP BY 1 HAVING sum(amount) <> 0"
            )
            return dict(rows.fetchall())

    def entries(self) -> int:
        with self.rt.unit_of_work() as uow:
            row = uow.sql("SELECT count(*) FROM ledger_entry").fetchone()
            assert row
            return int(row[0])


class Unreached:
    """A queue and texts that posting has no business with."""


def entry(transfer: Transfer) -> Entry:
    """A member's stored balance goes up against the spa's own account."""
    return Entry.transfer(
        transfer.key,
        "benchmark",
        AT,
        debit=Leg(Account.DEFERRED, USD, transfer.cents, transfer.debit),
        credit=Leg(Account.REVENUE, USD, -transfer.cents),
    )


def _spa_id(account: int) -> int:
    """The spas' accounts are 0, -1, -2 and so on."""
    return 1 - account


open_poster = OurPoster
