"""Members' own pages: links to them, what they are signed in with, and how they like to be called."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PURPOSES = "purpose IN ('card', 'authenticate', 'join'{})"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_secure_link_purpose"), "secure_link")
    op.create_check_constraint(op.f("ck_secure_link_purpose"), "secure_link", PURPOSES.format(", 'membership'"))
    op.add_column("client", sa.Column("called", sa.Text(), nullable=True))
    op.create_table(
        "member_session",
        sa.Column("spa_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("client_id", sa.BigInteger(), nullable=False),
        sa.Column("link_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["spa_id", "client_id"], ["client.spa_id", "client.id"], name=op.f("fk_member_session_spa_id_client_id")
        ),
        sa.ForeignKeyConstraint(
            ["spa_id", "link_id"],
            ["secure_link.spa_id", "secure_link.id"],
            name=op.f("fk_member_session_spa_id_link_id"),
        ),
        sa.ForeignKeyConstraint(["spa_id"], ["spa.spa_id"], name=op.f("fk_member_session_spa_id")),
        sa.PrimaryKeyConstraint("spa_id", "id", name=op.f("pk_member_session")),
        sa.UniqueConstraint("spa_id", "hash", name=op.f("uq_member_session_spa_id_hash")),
    )
    op.create_index("ix_member_session_hash", "member_session", ["hash"], unique=False)
    op.create_index("ix_member_session_client", "member_session", ["spa_id", "client_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_member_session_client", table_name="member_session")
    op.drop_index("ix_member_session_hash", table_name="member_session")
    op.drop_table("member_session")
    op.drop_column("client", "called")
    op.drop_constraint(op.f("ck_secure_link_purpose"), "secure_link")
    op.execute("DELETE FROM secure_link WHERE purpose = 'membership'")
    op.create_check_constraint(op.f("ck_secure_link_purpose"), "secure_link", PURPOSES.format(""))
