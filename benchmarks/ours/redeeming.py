"""Our use of credit, `services.credits.spend` in `single_statement`, and a spa's lots for whoever uses them."""

from datetime import UTC, datetime

import psycopg

from assistant.clock import WallClock
from assistant.db.connections import Database
from assistant.db.migrate import upgrade
from assistant.runtime import Runtime
from assistant.services import credits
from assistant.services.credits import Spent
from benchmarks.ours.posting import SPA, Unreached
from benchmarks.servers import sqlalchemy
from benchmarks.worker import SPAS, Transfer

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEMBERS = 500
"""Of each spa; the work is for 20,000, and falls on these in turn."""
LOTS = 3
"""Of each member: as many as a use has to look through."""
THERE = 10**9
"""Left of each lot: more than a run uses."""
UNIT = "visit"
ZONE = "America/Los_Angeles"
FILL = """
WITH person AS (
    INSERT INTO client (spa_id, id, first_name, last_name, locale, created_at) OVERRIDING SYSTEM VALUE
    SELECT spa_id, n, 'Member' || n, 'Example', 'en', now()
    FROM spa, generate_series(1, %(members)s::bigint) n WHERE spa_id > 0 RETURNING spa_id, id
), account AS (
    INSERT INTO ledger_account (spa_id, client_id, account, unit, balance)
    SELECT spa_id, id, 'credits', %(unit)s, -%(there)s::bigint * %(lots)s FROM person
), entry AS (
    INSERT INTO ledger_entry (spa_id, key, kind, occurred_at, recorded_at)
    SELECT spa_id, 'given:' || id || ':' || n, 'credits_granted', %(at)s, %(at)s
    FROM person, generate_series(1, %(lots)s::int) n RETURNING spa_id, id, key
), posting AS (
    INSERT INTO ledger_posting (spa_id, entry_id, leg, client_id, account, unit, amount)
    SELECT spa_id, id, leg, CASE leg WHEN 1 THEN 0 ELSE split_part(key, ':', 2)::bigint END,
           CASE leg WHEN 1 THEN 'issued' ELSE 'credits' END, %(unit)s, (3 - 2 * leg) * %(there)s::bigint
    FROM entry, generate_series(1, 2) leg
), lot AS (
    INSERT INTO credit_lot (spa_id, client_id, unit, lot_class, granted, remaining, granted_on, entry_id)
    SELECT spa_id, split_part(key, ':', 2)::bigint, %(unit)s, 'paid', %(there)s, %(there)s,
           %(at)s::date - split_part(key, ':', 3)::int, id FROM entry RETURNING spa_id, id, entry_id)
INSERT INTO allocation (spa_id, entry_id, leg, lot_id, amount) SELECT spa_id, entry_id, 2, id, -%(there)s FROM lot
"""
TOUCHED = "spa, client, ledger_account, ledger_entry, ledger_posting, credit_lot, allocation"


def prepare(database: str) -> None:
    """Our migrations, as many spas as there are workers, and the same members in each, with credit in several lots."""
    upgrade(sqlalchemy(database))
    with psycopg.connect(database, autocommit=True) as connection:
        for spa in SPAS:
            connection.execute(SPA, (1 - spa, f"+1415555{1000 - spa}"))
        given = {"members": MEMBERS, "unit": UNIT, "there": THERE, "lots": LOTS, "at": AT}
        with connection.transaction():
            connection.execute("SET CONSTRAINTS ALL DEFERRED")
            connection.execute(FILL, given)
        connection.execute(f"VACUUM ANALYZE {TOUCHED}")


def member(transfer: Transfer) -> tuple[int, int]:
    """Whose credit it is: the spa, and the member."""
    return 1 - transfer.credit, 1 + transfer.debit % MEMBERS


class OurRedeemer:
    """The way of a till."""

    once = True

    def __init__(self, database: str) -> None:
        unreached = Unreached()
        self.rt = Runtime(WallClock(), Database(sqlalchemy(database)), unreached, unreached)  # type: ignore[arg-type]
        self.looking = psycopg.connect(database, autocommit=True)

    def post(self, transfer: Transfer) -> None:
        spa_id, client_id = member(transfer)
        with self.rt.single_statement() as uow:
            said = credits.spend(
                uow, spa_id, client_id=client_id, unit=UNIT, amount=transfer.cents, key=transfer.key, zone=ZONE
            )
        assert isinstance(said, Spent)

    def post_many(self, transfers: list[Transfer]) -> None:
        for transfer in transfers:
            self.post(transfer)

    def balances(self) -> dict[int, int]:
        return used(self.looking)

    def entries(self) -> int:
        return uses(self.looking)


def used(looking: psycopg.Connection) -> dict[int, int]:
    """What was used by each member of all spas together; what is left of their lots says the same."""
    wrong = looking.execute(
        """SELECT count(*) FROM (SELECT spa_id, client_id, sum(remaining) AS left FROM credit_lot GROUP BY 1, 2) l
           JOIN ledger_account a USING (spa_id, client_id) WHERE -a.balance <> l.left"""
    ).fetchone()
    assert wrong == (0,), "what is left of lots is not the balance"
    rows = looking.execute(
        "SELECT client_id, sum(granted - remaining)::bigint FROM credit_lot GROUP BY 1"
        " HAVING sum(granted - remaining) > 0"
    )
    return dict(rows.fetchall())


def uses(looking: psycopg.Connection) -> int:
    row = looking.execute("SELECT count(*) FROM ledger_entry WHERE kind = 'credits_spent'").fetchone()
    assert row
    return int(row[0])


open_poster = OurRedeemer
