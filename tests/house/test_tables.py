"""What the database itself promises: a spa in every key, books that are only added to, moves that are allowed."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from psycopg import errors
from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, MetaData, Table, UniqueConstraint

from assistant.db.connections import Database, Kept
from assistant.db.tables import METADATA
from assistant.domain.billing import INVOICE_MOVES, AttemptStatus, InvoiceStatus
from assistant.domain.calendar import cycle_date
from assistant.domain.consent import MessageClass
from assistant.domain.delivery import Status
from assistant.domain.membership import ALLOWED, Standing

APPEND_ONLY = (
    "ledger_entry",
    "ledger_posting",
    "allocation",
    "consent_change",
    "audit",
    "plan_version",
    "dunning_policy",
    "membership_move",
)
NEVER_GONE = (
    "credit_lot",
    "invoice",
    "charge_attempt",
    "ticket",
    "refund",
    "dispute",
    "cancellation",
    "plan_change",
    "pause",
)
VERBS = {
    "UPDATE": "UPDATE {} SET spa_id = spa_id",
    "DELETE": "DELETE FROM {}",
    "TRUNCATE": "TRUNCATE {} CASCADE",
}
FINDS_ITS_SPA = {
    "uq_spa_number",
    "uq_spa_stripe_account",
    "uq_spa_mail_address",
    "uq_spa_link_domain",
    "uq_short_link_code",
}
"""The keys that lead to a spa instead of from it."""
OF_NO_SPA = {"staff_user", "staff_key", "staff_try", "staff_signed_out"}
"""A person who signs in is of no spa; what they may do is their post's, which is a spa's."""
POST_TO_PERSON = "staff_post: fk_staff_post_user_id"


@pytest.fixture
def connection(database: Database) -> Iterator[Kept]:
    """Each statement is its own transaction."""
    connection = database.take()
    yield connection
    database.give(connection)


# --- a spa in every key -----------------------------------------------------------------------------------------------


def keys_without_a_spa(metadata: MetaData) -> list[str]:
    """The keys, and the references from one row to another, in which the spa does not come first."""
    wrong = []
    for table in metadata.sorted_tables:
        unique = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
        keys = [table.primary_key, *unique, *(index for index in table.indexes if index.unique)]
        names = [(str(key.name), [column.name for column in key.columns]) for key in keys]
        wrong += [f"{table.name}: {name}" for name, columns in names if columns[:1] != ["spa_id"]]
        references = [each for each in table.constraints if isinstance(each, ForeignKeyConstraint)]
        wrong += [f"{table.name}: {each.name}" for each in references if each.column_keys[0] != "spa_id"]
    wrong = [each for each in wrong if each.split(": ")[0] not in OF_NO_SPA and each != POST_TO_PERSON]
    return [each for each in wrong if each.split(": ")[1] not in FINDS_ITS_SPA]


def test_the_spa_leads_every_key() -> None:
    assert keys_without_a_spa(METADATA) == []
    assert len(METADATA.sorted_tables) > 15


def test_a_key_without_a_spa_is_seen() -> None:
    metadata = MetaData(naming_convention=METADATA.naming_convention)
    Table("tip", metadata, Column("id", BigInteger, primary_key=True), Column("spa_id", BigInteger))
    Table("jar", metadata, Column("spa_id", BigInteger, primary_key=True), Column("code", BigInteger, unique=True))
    assert keys_without_a_spa(metadata) == ["jar: uq_jar_code", "tip: pk_tip"]


LIVE_KEYS = """
    SELECT c.relname || ': ' || i.indexrelid::regclass
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
    WHERE n.nspname = 'public' AND i.indisunique AND a.attname <> 'spa_id' AND c.relname <> 'alembic_version'
    UNION ALL
    SELECT c.relname || ': no key' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
      AND NOT EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
    ORDER BY 1"""


def live_keys_without_a_spa(connection: Kept) -> list[str]:
    found = [row[0] for row in connection.execute(LIVE_KEYS)]
    found = [each for each in found if each.split(": ")[0] not in OF_NO_SPA]
    return [each for each in found if each.split(": ")[1] not in FINDS_ITS_SPA]


def test_the_spa_leads_every_key_in_the_database(connection: Kept) -> None:
    assert live_keys_without_a_spa(connection) == []
    connection.execute("CREATE TABLE tip (id bigint PRIMARY KEY, spa_id bigint)")
    connection.execute("CREATE TABLE jar (spa_id bigint)")
    assert live_keys_without_a_spa(connection) == ["jar: no key", "tip: tip_pkey"]


def test_the_database_has_the_tables_of_this_code_and_no_others(connection: Kept) -> None:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert {name for (name,) in rows} == {*METADATA.tables, "alembic_version"}


# --- only ever added to -----------------------------------------------------------------------------------------------


def is_refused(connection: Kept, statement: str, parameters: tuple[object, ...] = ()) -> bool:
    try:
        connection.execute(statement, parameters)
    except errors.RestrictViolation:
        return True
    return False


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", VERBS)
def test_what_is_written_stays_as_it_was(table: str, verb: str, connection: Kept) -> None:
    assert is_refused(connection, VERBS[verb].format(table))


@pytest.mark.parametrize("table", NEVER_GONE)
@pytest.mark.parametrize("verb", ["DELETE", "TRUNCATE"])
def test_what_money_hangs_on_never_disappears(table: str, verb: str, connection: Kept) -> None:
    assert is_refused(connection, VERBS[verb].format(table))


@pytest.mark.parametrize("verb", VERBS)
def test_a_table_that_may_change_is_seen_to_change(verb: str, connection: Kept) -> None:
    assert not is_refused(connection, VERBS[verb].format("question"))


def test_a_guard_that_is_taken_away_is_missed(connection: Kept) -> None:
    connection.execute("DROP TRIGGER append_only ON audit")
    assert not any(is_refused(connection, statement.format("audit")) for statement in VERBS.values())


GUARDED = """
    SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE p.proname = 'refuse_change' AND t.tgenabled = 'O'"""


def test_the_guarded_tables_are_these(connection: Kept) -> None:
    assert {name for (name,) in connection.execute(GUARDED)} == {*APPEND_ONLY, *NEVER_GONE}


@pytest.fixture
def version(connection: Kept) -> int:
    """A version of a plan, of the spa that stands for none."""
    plan = one(connection, "INSERT INTO plan (spa_id, code, name) VALUES (0, 'glow', 'Glow') RETURNING id")
    return one(
        connection,
        "INSERT INTO plan_version (spa_id, plan_id, number, dues_cents, grants, sold_from)"
        " VALUES (0, %s, 1, 14900, '[]', now()) RETURNING id",
        (plan,),
    )


def one(connection: Kept, statement: str, parameters: tuple[object, ...] = ()) -> int:
    [[value]] = connection.execute(statement, parameters).fetchall()
    return int(value)


def test_the_terms_of_a_sold_plan_never_change(connection: Kept, version: int) -> None:
    assert is_refused(connection, "UPDATE plan_version SET dues_cents = 9900 WHERE id = %s", (version,))
    assert is_refused(connection, "DELETE FROM plan_version WHERE id = %s", (version,))
    assert one(connection, "SELECT dues_cents FROM plan_version") == 14_900


# --- moves ------------------------------------------------------------------------------------------------------------


def test_the_database_ranks_the_statuses_as_the_domain_does(connection: Kept) -> None:
    ranks = {status: one(connection, "SELECT status_rank(%s)", (status.value,)) for status in Status}
    assert ranks == {status: status.rank for status in Status}


def status_moves(connection: Kept) -> set[tuple[Status, Status]]:
    """Every move that a message's status can make, tried."""
    made = set()
    for here, there in product(Status, Status):
        message = one(
            connection,
            "INSERT INTO outbound_message (spa_id, key, channel, recipient, message, message_class, locale, body,"
            " segments, status, created_at, due_at, expires_at)"
            " VALUES (0, %s, 'sms', '+15055550110', 'help', %s, 'en', '', 1, %s, now(), now(), now()) RETURNING id",
            (f"{here}>{there}", MessageClass.TRANSACTIONAL.value, here.value),
        )
        if not is_refused(connection, "UPDATE outbound_message SET status = %s WHERE id = %s", (there.value, message)):
            made.add((here, there))
    return made


def test_a_status_goes_forward_or_stays(connection: Kept) -> None:
    forward = {(here, there) for here, there in product(Status, Status) if here.rank <= there.rank}
    assert status_moves(connection) == forward


def standing_moves(connection: Kept, version: int) -> set[tuple[Standing, Standing]]:
    """Every move that a membership can make from one standing to another, tried."""
    made = set()
    for here, there in product(Standing, Standing):
        client = one(
            connection,
            "INSERT INTO client (spa_id, first_name, last_name, locale, created_at)"
            " VALUES (0, 'Ana', 'Example', 'en', now()) RETURNING id",
        )
        membership = one(
            connection,
            "INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, ended_on, created_at)"
            " VALUES (0, %s, %s, %s, '2026-08-15', CASE WHEN %s THEN date '2026-11-02' END, now()) RETURNING id",
            (client, version, here.value, here is Standing.ENDED),
        )
        move = "UPDATE membership SET standing = %s, ended_on = CASE WHEN %s THEN date '2026-11-02' END WHERE id = %s"
        if not is_refused(connection, move, (there.value, there is Standing.ENDED, membership)):
            made.add((here, there))
    return made


def test_a_standing_moves_as_the_domain_allows(connection: Kept, version: int) -> None:
    assert standing_moves(connection, version) == ALLOWED | {(each, each) for each in Standing}


@pytest.fixture
def membership(connection: Kept, version: int) -> tuple[int, int]:
    """A client and their membership, of the spa that stands for none."""
    client = one(
        connection,
        "INSERT INTO client (spa_id, first_name, last_name, locale, created_at)"
        " VALUES (0, 'Ana', 'Example', 'en', now()) RETURNING id",
    )
    made = one(
        connection,
        "INSERT INTO membership (spa_id, client_id, plan_version_id, standing, anchor_on, created_at)"
        " VALUES (0, %s, %s, 'active', '2026-08-15', now()) RETURNING id",
        (client, version),
    )
    return client, made


def invoice(connection: Kept, membership: tuple[int, int], version: int, cycle: int, status: InvoiceStatus) -> int:
    client, member = membership
    paid, settled = status is InvoiceStatus.PAID, status is not InvoiceStatus.OPEN
    return one(
        connection,
        "INSERT INTO invoice (spa_id, membership_id, client_id, plan_version_id, cycle, due_on, dues_cents, status,"
        " reason, opened_at, settled_at, paid_at, paid_by) VALUES (0, %s, %s, %s, %s, '2026-08-15', 14900, %s,"
        " 'missed', now(), CASE WHEN %s THEN now() END, CASE WHEN %s THEN now() END, CASE WHEN %s THEN 'card' END)"
        " RETURNING id",
        (member, client, version, cycle, status.value, settled, paid, paid),
    )


def test_an_invoice_moves_as_the_domain_allows(connection: Kept, membership: tuple[int, int], version: int) -> None:
    made = set()
    for cycle, (here, there) in enumerate(product(InvoiceStatus, InvoiceStatus)):
        each = invoice(connection, membership, version, cycle, here)
        paid, settled = there is InvoiceStatus.PAID, there is not InvoiceStatus.OPEN
        move = (
            "UPDATE invoice SET status = %s, settled_at = CASE WHEN %s THEN now() END, paid_at = CASE WHEN %s THEN"
            " now() END, paid_by = CASE WHEN %s THEN 'card' END WHERE id = %s"
        )
        if not is_refused(connection, move, (there.value, settled, paid, paid, each)):
            made.add((here, there))
    assert made == INVOICE_MOVES | {(each, each) for each in InvoiceStatus}


def test_only_a_cycle_that_we_missed_may_be_taken_up_again(
    connection: Kept, membership: tuple[int, int], version: int
) -> None:
    skipped = invoice(connection, membership, version, 1, InvoiceStatus.SKIPPED)
    connection.execute("UPDATE invoice SET reason = 'member' WHERE id = %s", (skipped,))
    assert is_refused(connection, "UPDATE invoice SET status = 'open', settled_at = NULL WHERE id = %s", (skipped,))


ATTEMPT = """
    INSERT INTO charge_attempt (spa_id, invoice_id, number, key, cause, customer_id, amount_cents, status, created_at,
                                asked_at, look_at)
    VALUES (0, %s, %s, %s, 'cycle', 'cus_1', 14900, %s, now(), now(), now()) RETURNING id"""


def test_an_attempt_is_known_ever_better(connection: Kept, membership: tuple[int, int], version: int) -> None:
    ranks = {status: one(connection, "SELECT attempt_rank(%s)", (status.value,)) for status in AttemptStatus}
    assert ranks == {status: status.rank for status in AttemptStatus}
    made = set()
    for cycle, (here, there) in enumerate(product(AttemptStatus, AttemptStatus)):
        owed = invoice(connection, membership, version, cycle, InvoiceStatus.OPEN)
        each = one(connection, ATTEMPT, (owed, 1, f"{here}>{there}", here.value))
        if not is_refused(connection, "UPDATE charge_attempt SET status = %s WHERE id = %s", (there.value, each)):
            made.add((here, there))
    forward = {(here, there) for here, there in product(AttemptStatus, AttemptStatus) if here.rank <= there.rank}
    assert made == forward


def test_nobody_is_asked_for_what_is_settled(connection: Kept, membership: tuple[int, int], version: int) -> None:
    settled = invoice(connection, membership, version, 1, InvoiceStatus.WAIVED)
    assert is_refused(connection, ATTEMPT, (settled, 1, "needless", "asked"))


def test_nothing_is_settled_while_a_charge_is_in_doubt(
    connection: Kept, membership: tuple[int, int], version: int
) -> None:
    owed = invoice(connection, membership, version, 1, InvoiceStatus.OPEN)
    attempt = one(connection, ATTEMPT, (owed, 1, "doubt", "unanswered"))
    waive = "UPDATE invoice SET status = 'waived', settled_at = now() WHERE id = %s"
    assert is_refused(connection, waive, (owed,))
    connection.execute("UPDATE charge_attempt SET status = 'lapsed' WHERE id = %s", (attempt,))
    assert not is_refused(connection, waive, (owed,))


def test_two_charges_of_one_invoice_are_never_open_at_once(
    connection: Kept, membership: tuple[int, int], version: int
) -> None:
    owed = invoice(connection, membership, version, 1, InvoiceStatus.OPEN)
    one(connection, ATTEMPT, (owed, 1, "first", "asked"))
    with pytest.raises(errors.UniqueViolation):
        connection.execute(ATTEMPT, (owed, 2, "second", "asked"))


def test_the_database_counts_cycles_as_the_domain_does(connection: Kept) -> None:
    anchors = [date(2024, 1, 31), date(2024, 2, 29), date(2025, 8, 15), date(2026, 12, 30)]
    for anchor, months, cycle in product(anchors, (1, 12), range(-3, 40)):
        [[there]] = connection.execute("SELECT cycle_date(%s, %s, %s)", (anchor, cycle, months)).fetchall()
        assert there == cycle_date(anchor, cycle * months)
        for off in (-1, 0, 1):
            day = there + timedelta(days=off)
            [[back]] = connection.execute("SELECT cycle_on(%s, %s, %s)", (anchor, months, day)).fetchall()
            assert back == (cycle - 1 if off < 0 else cycle), (anchor, months, day)


def test_a_guard_of_moves_that_is_taken_away_is_missed(connection: Kept, version: int) -> None:
    connection.execute("DROP TRIGGER standing_allowed ON membership")
    connection.execute("DROP TRIGGER status_goes_forward ON outbound_message")
    assert (Standing.ENDED, Standing.ACTIVE) in standing_moves(connection, version)
    assert (Status.DELIVERED, Status.SENT) in status_moves(connection)
