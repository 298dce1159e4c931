"""Sales that wait at the till while somebody else is served."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_sale",
        sa.Column("spa_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_by", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["spa_id", "client_id"],
            ["client.spa_id", "client.id"],
            name=op.f("fk_held_sale_spa_id_client_id"),
        ),
        sa.PrimaryKeyConstraint("spa_id", "client_id", name=op.f("pk_held_sale")),
    )


def downgrade() -> None:
    op.drop_table("held_sale")
