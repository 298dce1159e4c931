"""What talking still lacked: texts about payments after a STOP, links left unfinished, numbers that are in doubt."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phone", sa.Column("billing_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("phone", sa.Column("shaken_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("phone", sa.Column("shaken_for", sa.Text(collation="C"), nullable=True))
    op.add_column("client_phone", sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("secure_link", sa.Column("asked", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("secure_link", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_card_page_left", "card_page", ["created_at"], postgresql_where=sa.text("status <> 'complete'"))
    op.create_index("ix_card_page_link", "card_page", ["spa_id", "link_id"])


def downgrade() -> None:
    op.drop_index("ix_card_page_link", table_name="card_page")
    op.drop_index("ix_card_page_left", table_name="card_page", postgresql_where=sa.text("status <> 'complete'"))
    op.drop_column("secure_link", "reminded_at")
    op.drop_column("secure_link", "asked")
    op.drop_column("client_phone", "added_at")
    op.drop_column("phone", "shaken_for")
    op.drop_column("phone", "shaken_at")
    op.drop_column("phone", "billing_at")
