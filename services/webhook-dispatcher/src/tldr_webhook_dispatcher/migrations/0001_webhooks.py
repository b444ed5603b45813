"""Endpoints, messages, delivery attempts."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import schema as jobs

revision = "0001"
down_revision = None

_SERVICE = "webhook-dispatcher"


def upgrade() -> None:
    """Make the tables."""
    open_schema(op.execute, _SERVICE)
    bus.create(op.execute, _SERVICE)
    jobs.create(op.execute, _SERVICE)
    op.execute("""
        CREATE TABLE endpoints (
            endpoint_id text PRIMARY KEY,
            organization_id text NOT NULL,
            url text NOT NULL,
            description text NOT NULL,
            types text[] NOT NULL,
            enabled boolean NOT NULL,
            sealed_secret bytea NOT NULL,
            created_at timestamptz NOT NULL,
            failing_since timestamptz
        )""")
    op.execute("CREATE INDEX endpoints_of_organization ON endpoints (organization_id)")
    op.execute("""
        CREATE TABLE messages (
            message_id text PRIMARY KEY,
            organization_id text NOT NULL,
            endpoint_id text NOT NULL REFERENCES endpoints ON DELETE CASCADE,
            type text NOT NULL,
            stream_id text NOT NULL,
            lane integer NOT NULL,
            body bytea NOT NULL,
            created_at timestamptz NOT NULL,
            state text NOT NULL,
            attempts integer NOT NULL,
            next_attempt_at timestamptz
        )""")
    op.execute("CREATE INDEX messages_of_endpoint ON messages (endpoint_id, message_id DESC)")
    op.execute("CREATE INDEX messages_by_age ON messages (created_at)")
    op.execute("""
        CREATE TABLE attempts (
            message_id text NOT NULL REFERENCES messages ON DELETE CASCADE,
            number bigint GENERATED ALWAYS AS IDENTITY,
            organization_id text NOT NULL,
            at timestamptz NOT NULL,
            status integer,
            error text,
            duration_ms integer NOT NULL,
            PRIMARY KEY (message_id, number)
        )""")
    op.execute("""
        CREATE TABLE stream_ends (
            stream_id text PRIMARY KEY,
            organization_id text NOT NULL,
            settled boolean NOT NULL DEFAULT false,
            highlights integer,
            duration_ms bigint,
            told boolean NOT NULL DEFAULT false,
            dropped boolean NOT NULL DEFAULT false,
            at timestamptz NOT NULL DEFAULT now()
        )""")
    op.execute("CREATE INDEX stream_ends_by_age ON stream_ends (at)")
    for table in ("endpoints", "messages", "attempts", "stream_ends"):
        tenant_table(op.execute, _SERVICE, table)
