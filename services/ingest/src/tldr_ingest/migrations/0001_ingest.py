"""Streams as far as they were read, the manifests of their segments, and their gaps."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import schema as jobs

revision = "0001"
down_revision = None

_SERVICE = "ingest"


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
            attempt integer NOT NULL,
            standing text NOT NULL,
            request jsonb,
            opened_attempt integer NOT NULL,
            info jsonb,
            segments bigint NOT NULL,
            media_until_ms bigint NOT NULL,
            size_bytes bigint NOT NULL,
            media_ended_attempt integer NOT NULL,
            media_complete boolean NOT NULL,
            media_failure jsonb,
            chat_windows bigint NOT NULL,
            chat_until_ms bigint NOT NULL,
            chat_complete boolean NOT NULL,
            chat_stored boolean NOT NULL,
            chat_ended_attempt integer NOT NULL,
            chat_failure jsonb,
            created_at timestamptz NOT NULL DEFAULT now(),
            ended_at timestamptz
        )""")
    op.execute("CREATE INDEX streams_by_end ON streams (ended_at)")
    op.execute("CREATE INDEX streams_without_end ON streams (created_at) WHERE ended_at IS NULL")
    op.execute("""
        CREATE TABLE segments (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            index bigint NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            bucket text NOT NULL,
            key text NOT NULL,
            size_bytes bigint NOT NULL,
            sha256 bytea NOT NULL,
            content_type text NOT NULL,
            container text NOT NULL,
            offset_ms bigint NOT NULL,
            decode_from bigint NOT NULL,
            has_video boolean NOT NULL,
            has_audio boolean NOT NULL,
            keyframes_ms bigint[] NOT NULL,
            video_packets integer NOT NULL,
            cursor jsonb NOT NULL,
            PRIMARY KEY (stream_id, index)
        )""")
    op.execute("""
        CREATE TABLE gaps (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            number bigint GENERATED ALWAYS AS IDENTITY,
            modality text NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            code text NOT NULL,
            reason text NOT NULL,
            PRIMARY KEY (stream_id, number)
        )""")
    for table in ("streams", "segments", "gaps"):
        tenant_table(op.execute, _SERVICE, table)
