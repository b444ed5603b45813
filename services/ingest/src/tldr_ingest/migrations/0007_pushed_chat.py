"""Chat that customers push, until it is in a window."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0007"
down_revision = "0006"

_SERVICE = "ingest"


def upgrade() -> None:
    """Messages go with their window; which ids were heard of is remembered a while longer."""
    op.execute("""
        CREATE TABLE pushed_messages (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            id text NOT NULL,
            number bigint GENERATED ALWAYS AS IDENTITY,
            wall_ms bigint,
            stream_ms bigint,
            author text NOT NULL,
            text text NOT NULL,
            emotes text[] NOT NULL,
            heard_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (organization_id, stream_id, id)
        )""")
    op.execute("""
        CREATE TABLE pushed_ids (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            id text NOT NULL,
            heard_at timestamptz NOT NULL DEFAULT now(),
            PRIMARY KEY (organization_id, stream_id, id)
        )""")
    op.execute("CREATE INDEX pushed_ids_by_time ON pushed_ids (stream_id, heard_at)")
    for table in ("pushed_messages", "pushed_ids"):
        tenant_table(op.execute, _SERVICE, table)
