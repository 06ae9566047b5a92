"""Copies, separate attachments and digitised paper, from the request to the bag"""

import sqlalchemy as sa
from alembic import op

revision = "0006_stamps"
down_revision = "0005_outgoing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    from pipeline.database.tables import Instant

    op.create_table(
        "stamps",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("row_name", sa.String(32)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("parent_id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("released_by", sa.String(100)),
        sa.Column("released_at", Instant()),
        sa.Column("stamped_sha256", sa.String(64)),
        sa.Column("level", sa.String(8)),
        sa.Column("wanted", sa.String(8)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stamps")),
        sa.UniqueConstraint("row_name", name=op.f("uq_stamps_row_name")),
    )
    op.create_index(op.f("ix_stamps_state"), "stamps", ["state"])
    op.create_index(op.f("ix_stamps_parent_id"), "stamps", ["parent_id"])


def downgrade() -> None:
    op.drop_table("stamps")
