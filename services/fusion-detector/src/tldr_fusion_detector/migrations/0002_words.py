"""Words of chat as they were counted, and the vocabularies learned from them."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0002"
down_revision = "0001"

_SERVICE = "fusion-detector"

_TABLES = {
    # `payload`: a message `WordCounts`, compressed by zlib.
    "word_counts": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        start_s bigint NOT NULL,
        payload bytea NOT NULL,
        PRIMARY KEY (stream_id, start_s)
    """,
    "vocabularies": """
        organization_id text NOT NULL,
        channel text NOT NULL,
        version integer NOT NULL,
        learned jsonb NOT NULL,
        seconds_learned bigint NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (organization_id, channel)
    """,
}


def upgrade() -> None:
    """Make the tables, and let streams say their channel and runs what they used."""
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        tenant_table(op.execute, _SERVICE, table)
    op.execute("CREATE INDEX vocabularies_unused ON vocabularies (updated_at)")
    op.execute("ALTER TABLE streams ADD COLUMN channel text NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE runs ADD COLUMN vocabulary jsonb")
