"""Sessions of staff that were signed out of, until their cookies would have ended by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_signed_out",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_staff_signed_out")),
    )
    op.create_index("ix_staff_signed_out_until", "staff_signed_out", ["until"])


def downgrade() -> None:
    op.drop_table("staff_signed_out")
