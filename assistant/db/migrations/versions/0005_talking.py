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


def downgrade() -> None:
    op.drop_column("secure_link", "reminded_at")
    op.drop_column("secure_link", "asked")
    op.drop_column("client_phone", "added_at")
    op.drop_column("phone", "shaken_for")
    op.drop_column("phone", "shaken_at")
    op.drop_column("phone", "billing_at")
