"""Leaving documents, from their draft to their issue"""

import sqlalchemy as sa
from alembic import op

revision = "0005_outgoing"
down_revision = "0004_signatures_judged"
branch_labels = None
depends_on = None


def upgrade() -> None:
    from pipeline.database.tables import Instant

    op.create_table(
        "outgoing",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("prepared_sha256", sa.String(64), nullable=False),
        sa.Column("prepared_size", sa.BigInteger(), nullable=False),
        sa.Column("proposal", sa.JSON()),
        sa.Column("signed_sha256", sa.String(64)),
        sa.Column("competence", sa.String(20)),
        sa.Column("year", sa.Integer()),
        sa.Column("number", sa.Integer()),
        sa.Column("issued_date", sa.Date()),
        sa.Column("released_by", sa.String(100)),
        sa.Column("released_at", Instant()),
        sa.Column("sealed_sha256", sa.String(64)),
        sa.Column("level", sa.String(8)),
        sa.Column("wanted", sa.String(8)),
        sa.Column("document_id", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("prepared_sha256", name=op.f("uq_outgoing_prepared_sha256")),
        sa.UniqueConstraint("signed_sha256", name=op.f("uq_outgoing_signed_sha256")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_outgoing_year_number")),
    )
    op.create_index(op.f("ix_outgoing_state"), "outgoing", ["state"])
    op.create_index(op.f("ix_outgoing_document_id"), "outgoing", ["document_id"])


def downgrade() -> None:
    op.drop_table("outgoing")
