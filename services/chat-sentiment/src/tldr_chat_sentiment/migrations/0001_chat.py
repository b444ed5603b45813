"""Streams, and what came of their chat until it is measured."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import schema as jobs

revision = "0001"
down_revision = None

_SERVICE = "chat-sentiment"


def upgrade() -> None:
    """Make the tables."""
    open_schema(op.execute, _SERVICE)
    bus.create(op.execute, _SERVICE)
    jobs.create(op.execute, _SERVICE)
    op.execute("""
        CREATE TABLE streams (
            organization_id text NOT NULL,
            stream_id text PRIMARY KEY,
            lane integer NOT NULL,
            priority integer NOT NULL,
            standing text NOT NULL CHECK (standing IN ('open', 'paused', 'over')),
            attempt integer NOT NULL,
            ended_attempt integer NOT NULL,
            last_index bigint NOT NULL,
            arrivals bigint NOT NULL,
            seen_until_ms bigint NOT NULL,
            complete_until_ms bigint NOT NULL,
            memory bytea NOT NULL DEFAULT '',
            touched_at timestamptz NOT NULL DEFAULT now()
        )""")
    op.execute("CREATE INDEX streams_by_age ON streams (touched_at)")
    op.execute("""
        CREATE TABLE arrivals (
            organization_id text NOT NULL,
            stream_id text NOT NULL REFERENCES streams ON DELETE CASCADE,
            number bigint NOT NULL,
            kind text NOT NULL CHECK (kind IN ('window', 'gap', 'end')),
            index bigint,
            start_ms bigint,
            end_ms bigint NOT NULL,
            complete_until_ms bigint,
            content bytea,
            bucket text,
            key text,
            sha256 bytea,
            attempt integer,
            code text,
            reason text,
            PRIMARY KEY (stream_id, number)
        )""")
    for table in ("streams", "arrivals"):
        tenant_table(op.execute, _SERVICE, table)
