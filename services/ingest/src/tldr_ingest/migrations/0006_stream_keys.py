"""The keys of pushed streams."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A key is kept as its SHA-256, while it opens its stream."""
    op.execute("""
        CREATE TABLE stream_keys (
            organization_id text NOT NULL,
            stream_id text PRIMARY KEY,
            digest bytea NOT NULL UNIQUE CHECK (length(digest) = 32)
        )""")
    tenant_table(op.execute, "ingest", "stream_keys")
