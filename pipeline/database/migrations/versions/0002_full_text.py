"""Full text: SQLite's FTS5 over the folded columns, PostgreSQL's tsvector with GIN, both fed with the same words"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A phrase must not run from the title into the text behind it: a filler word stands between.
_TSVECTOR = """
ALTER TABLE texts ADD COLUMN texts_search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple'::regconfig, title_folded || ' zzhetzz'), 'A')
    || setweight(to_tsvector('simple'::regconfig, body_folded || ' zzhetzz'), 'D')
    || setweight(to_tsvector('simple'::regconfig, words_folded), 'C')
) STORED
"""

_NEW = "new.k, new.title_folded, new.body_folded, new.words_folded"
_OLD = "'delete', old.k, old.title_folded, old.body_folded, old.words_folded"
_COLUMNS = "rowid, title_folded, body_folded, words_folded"
_INSERT = f"INSERT INTO texts_search({_COLUMNS}) VALUES ({_NEW});"
_DELETE = f"INSERT INTO texts_search(texts_search, {_COLUMNS}) VALUES ({_OLD});"


def upgrade() -> None:
    op.add_column("documents", sa.Column("sort_key", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_documents_sort_key", "documents", ["sort_key"])
    op.add_column("texts", sa.Column("words_folded", sa.Text(), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_TSVECTOR)
        op.execute("CREATE INDEX ix_texts_search ON texts USING gin (texts_search)")
        op.execute("CREATE INDEX ix_documents_code_folded_prefix ON documents (code_folded text_pattern_ops)")
        return
    op.execute(
        "CREATE VIRTUAL TABLE texts_search USING fts5(title_folded, body_folded, words_folded,"
        " content='texts', content_rowid='k', tokenize='unicode61 remove_diacritics 0')"
    )
    op.execute(f"CREATE TRIGGER texts_search_ai AFTER INSERT ON texts BEGIN {_INSERT} END")
    op.execute(f"CREATE TRIGGER texts_search_ad AFTER DELETE ON texts BEGIN {_DELETE} END")
    op.execute(f"CREATE TRIGGER texts_search_au AFTER UPDATE ON texts BEGIN {_DELETE} {_INSERT} END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX ix_documents_code_folded_prefix")
        op.execute("ALTER TABLE texts DROP COLUMN texts_search")
    else:
        for trigger in ("ai", "ad", "au"):
            op.execute(f"DROP TRIGGER texts_search_{trigger}")
        op.execute("DROP TABLE texts_search")
    with op.batch_alter_table("texts") as batch:
        batch.drop_column("words_folded")
    op.drop_index("ix_documents_sort_key", "documents")
    with op.batch_alter_table("documents") as batch:
        batch.drop_column("sort_key")
