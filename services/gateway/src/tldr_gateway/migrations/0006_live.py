"""Live sources, external signals and feeds."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0006"
down_revision = "0005"

_SERVICE = "gateway"


def upgrade() -> None:
    """Streams know their live source; a feed's events can be read again."""
    op.execute("""
        ALTER TABLE streams
            ADD COLUMN signals text[] NOT NULL DEFAULT '{}',
            ADD COLUMN live jsonb,
            ADD COLUMN quiet_until timestamptz,
            ADD COLUMN feed_number bigint NOT NULL DEFAULT 0""")
    op.execute("""
        CREATE TABLE feed_events (
            stream_id text NOT NULL REFERENCES streams ON DELETE CASCADE,
            number bigint NOT NULL,
            organization_id text NOT NULL,
            at timestamptz NOT NULL,
            kind text NOT NULL,
            data jsonb NOT NULL,
            PRIMARY KEY (stream_id, number)
        )""")
    op.execute("CREATE INDEX feed_events_by_age ON feed_events (at)")
    tenant_table(op.execute, _SERVICE, "feed_events")
