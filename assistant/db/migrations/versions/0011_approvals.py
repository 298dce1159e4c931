"""A second person's yes, households, one client for two, and the tickets of a day by an index."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.create_table(
        "approval",
        sa.Column("spa_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(collation="C"), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("mark", sa.Text(collation="C"), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(collation="C"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(collation="C"), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.Text(collation="C"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'approved', 'declined', 'lapsed', 'withdrawn')", name=op.f("ck_approval_status")
        ),
        sa.CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name=op.f("ck_approval_decided")),
        sa.CheckConstraint("status <> 'approved' OR decided_by <> asked_by", name=op.f("ck_approval_two_hands")),
        sa.ForeignKeyConstraint(["spa_id"], ["spa.spa_id"], name=op.f("fk_approval_spa_id")),
        sa.ForeignKeyConstraint(
            ["spa_id", "client_id"], ["client.spa_id", "client.id"], name=op.f("fk_approval_spa_id_client_id")
        ),
        sa.PrimaryKeyConstraint("spa_id", "id", name=op.f("pk_approval")),
        sa.UniqueConstraint("spa_id", "token", name=op.f("uq_approval_spa_id_token")),
    )
    op.create_index("ix_approval_waiting", "approval", ["spa_id", "id"], postgresql_where=sa.text("status = 'waiting'"))
    op.create_index("ix_approval_client", "approval", ["spa_id", "client_id", "id"])
    op.create_table(
        "household",
        sa.Column("spa_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["spa_id"], ["spa.spa_id"], name=op.f("fk_household_spa_id")),
        sa.PrimaryKeyConstraint("spa_id", "id", name=op.f("pk_household")),
    )
    op.create_table(
        "household_member",
        sa.Column("spa_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("household_id", sa.BigInteger(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["spa_id", "client_id"],
            ["client.spa_id", "client.id"],
            name=op.f("fk_household_member_spa_id_client_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["spa_id", "household_id"],
            ["household.spa_id", "household.id"],
            name=op.f("fk_household_member_spa_id_household_id"),
        ),
        sa.PrimaryKeyConstraint("spa_id", "client_id", name=op.f("pk_household_member")),
    )
    op.create_index(
        "ix_household_member_household", "household_member", ["spa_id", "household_id", "client_id"], unique=False
    )
    op.add_column("client", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.add_column("client", sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_client_spa_id_merged_into"), "client", "client", ["spa_id", "merged_into"], ["spa_id", "id"]
    )
    op.create_check_constraint(
        op.f("ck_client_merged"), "client", "(merged_into IS NULL) = (merged_at IS NULL) AND merged_into <> id"
    )
    op.create_index("ix_ticket_opened", "ticket", ["spa_id", "opened_at"])
    op.create_index("ix_refund_ticket", "refund", ["spa_id", "ticket_id"])
    op.create_index(
        "ix_client_merged", "client", ["spa_id", "merged_into"], postgresql_where=sa.text("merged_into IS NOT NULL")
    )
    op.execute((SQL / "merges.sql").read_text())


def downgrade() -> None:
    op.execute((SQL / "merges_down.sql").read_text())
    op.drop_index("ix_client_merged", table_name="client", postgresql_where=sa.text("merged_into IS NOT NULL"))
    op.drop_index("ix_refund_ticket", table_name="refund")
    op.drop_index("ix_ticket_opened", table_name="ticket")
    op.drop_constraint(op.f("ck_client_merged"), "client", type_="check")
    op.drop_constraint(op.f("fk_client_spa_id_merged_into"), "client", type_="foreignkey")
    op.drop_column("client", "merged_at")
    op.drop_column("client", "merged_into")
    op.drop_index("ix_household_member_household", table_name="household_member")
    op.drop_table("household_member")
    op.drop_table("household")
    op.drop_index("ix_approval_client", table_name="approval")
    op.drop_index("ix_approval_waiting", table_name="approval", postgresql_where=sa.text("status = 'waiting'"))
    op.drop_table("approval")
