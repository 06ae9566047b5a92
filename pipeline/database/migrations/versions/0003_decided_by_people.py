"""What people decided: names they confirmed, and files that were split into several documents"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.add_column(sa.Column("batch", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("pages", sa.String(40), nullable=True))
        batch.add_column(sa.Column("part_of", sa.String(32), nullable=True))
        batch.create_index("ix_documents_part_of", ["part_of"])
    op.create_table(
        "confirmed",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name="fk_confirmed_document_id"),
        sa.PrimaryKeyConstraint("document_id", "field", "place", name="pk_confirmed"),
    )
    op.create_index("ix_confirmed_kind_value", "confirmed", ["kind", "value"])


def downgrade() -> None:
    op.drop_table("confirmed")
    with op.batch_alter_table("documents") as batch:
        batch.drop_index("ix_documents_part_of")
        batch.drop_column("part_of")
        batch.drop_column("pages")
        batch.drop_column("batch")
