"""Streams, their segments, the windows that are analysed and what the source reported as missing."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import schema as jobs

revision = "0001"
down_revision = None

_SERVICE = "video-analysis"


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
            standing text NOT NULL CHECK (standing IN ('open', 'paused', 'over')),
            attempt integer NOT NULL,
            priority integer,
            thorough boolean,
            live boolean,
            opened_attempt integer NOT NULL,
            modalities text[] NOT NULL,
            read_until_ms bigint NOT NULL,
            ended_attempt integer NOT NULL,
            duration_ms bigint NOT NULL,
            failure_code text,
            failure_reason text,
            planned_until_s bigint NOT NULL,
            released_until_s bigint NOT NULL,
            complete_until_ms bigint NOT NULL,
            announced_attempt integer NOT NULL,
            touched_at timestamptz NOT NULL DEFAULT now()
        )""")
    op.execute("CREATE INDEX streams_by_age ON streams (touched_at)")
    op.execute("""
        CREATE TABLE segments (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            index bigint NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            bucket text NOT NULL,
            key text NOT NULL,
            offset_ms bigint NOT NULL,
            decode_from bigint NOT NULL,
            has_video boolean NOT NULL,
            has_audio boolean NOT NULL,
            PRIMARY KEY (stream_id, index)
        )""")
    op.execute("CREATE INDEX segments_by_time ON segments (stream_id, end_ms)")
    # The series of a window are float32, little endian, one after the other in the order of their names.
    op.execute("""
        CREATE TABLE windows (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            first_second bigint NOT NULL,
            end_second bigint NOT NULL CHECK (end_second > first_second),
            analysed boolean NOT NULL DEFAULT false,
            names text[] NOT NULL DEFAULT '{}',
            figures bytea NOT NULL DEFAULT '',
            cuts_ms bigint[] NOT NULL DEFAULT '{}',
            pauses_ms bigint[] NOT NULL DEFAULT '{}',
            gaps jsonb NOT NULL DEFAULT '[]',
            PRIMARY KEY (stream_id, first_second)
        )""")
    op.execute("""
        CREATE TABLE gaps (
            organization_id text NOT NULL,
            stream_id text NOT NULL,
            modality text NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            code text NOT NULL,
            reason text NOT NULL,
            told boolean NOT NULL DEFAULT false,
            PRIMARY KEY (stream_id, modality, start_ms, end_ms)
        )""")
    for table in ("streams", "segments", "windows", "gaps"):
        tenant_table(op.execute, _SERVICE, table)
