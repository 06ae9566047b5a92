"""What a document's signatures are worth, and whether a person took it in nevertheless"""

import sqlalchemy as sa
from alembic import op

revision = "0004_signatures_judged"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.add_column(sa.Column("signature", sa.String(16), nullable=False, server_default=""))
        batch.add_column(sa.Column("signature_accepted", sa.Boolean(), nullable=False, server_default="0"))  # a word, no expression: SQLite would make the table anew and lose what refers to it
        batch.create_index("ix_documents_signature", ["signature"])


def downgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.drop_index("ix_documents_signature")
        batch.drop_column("signature_accepted")
        batch.drop_column("signature")
