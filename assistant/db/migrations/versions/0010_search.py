"""The desk's search goes by a last and a first name in one index."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FOLDED = "translate(lower({}), 'áàâäãéèêëíìîïóòôöõúùûüñç', 'aaaaaeeeeiiiiooooouuuunc')"


def upgrade() -> None:
    op.drop_index("ix_client_last", table_name="client")
    op.create_index(
        "ix_client_last",
        "client",
        [
            "spa_id",
            sa.literal_column(FOLDED.format("last_name")).label("folded"),
            sa.literal_column(FOLDED.format("first_name")).label("then"),
        ],
        unique=False,
        postgresql_ops={"folded": "text_pattern_ops", "then": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_client_last", table_name="client")
    op.create_index(
        "ix_client_last",
        "client",
        ["spa_id", sa.literal_column(FOLDED.format("last_name")).label("folded")],
        unique=False,
        postgresql_ops={"folded": "text_pattern_ops"},
    )
