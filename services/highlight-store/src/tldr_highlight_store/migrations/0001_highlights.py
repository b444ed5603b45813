"""Highlights, their runs and the segments they are cut from."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import schema as jobs

revision = "0001"
down_revision = None

_SERVICE = "highlight-store"


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
            priority integer NOT NULL DEFAULT 0,
            attempt integer NOT NULL DEFAULT 1,
            dropped boolean NOT NULL DEFAULT false,
            read_until_ms bigint NOT NULL DEFAULT 0,
            ended_attempt integer NOT NULL DEFAULT 0,
            default_run text,
            closed_at timestamptz,
            segments_deleted boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL DEFAULT now()
        )""")
    op.execute("CREATE INDEX streams_closed ON streams (closed_at)")
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
            container text NOT NULL,
            offset_ms bigint NOT NULL,
            decode_from bigint NOT NULL,
            PRIMARY KEY (stream_id, index)
        )""")
    op.execute("CREATE INDEX segments_by_time ON segments (stream_id, end_ms)")
    op.execute("""
        CREATE TABLE runs (
            organization_id text NOT NULL,
            run_id text PRIMARY KEY,
            stream_id text NOT NULL,
            attempt integer NOT NULL,
            highlights text[] NOT NULL,
            duration_ms bigint NOT NULL,
            gaps jsonb NOT NULL,
            failure_code text,
            failure_reason text,
            settled boolean NOT NULL DEFAULT false
        )""")
    op.execute("CREATE INDEX runs_by_stream ON runs (stream_id)")
    op.execute("""
        CREATE TABLE highlights (
            organization_id text NOT NULL,
            highlight_id text PRIMARY KEY,
            stream_id text NOT NULL,
            run_id text NOT NULL,
            revision integer NOT NULL,
            standing text NOT NULL,
            start_ms bigint NOT NULL,
            end_ms bigint NOT NULL,
            peak_ms bigint NOT NULL,
            types text[] NOT NULL,
            score double precision NOT NULL,
            confidence double precision NOT NULL,
            title text NOT NULL,
            reason text NOT NULL,
            dimensions jsonb NOT NULL,
            contributions jsonb NOT NULL,
            missing text[] NOT NULL,
            cut text NOT NULL,
            clip jsonb,
            thumbnail jsonb,
            failure_code text,
            failure_reason text,
            created_at timestamptz NOT NULL DEFAULT now()
        )""")
    op.execute("CREATE INDEX highlights_by_stream ON highlights (stream_id, start_ms, highlight_id)")
    op.execute("CREATE INDEX highlights_by_run ON highlights (run_id)")
    op.execute("""
        CREATE TABLE organizations (
            organization_id text PRIMARY KEY,
            version bigint NOT NULL,
            segment_retention_days integer NOT NULL,
            highlight_retention_days integer NOT NULL
        )""")
    for table in ("streams", "segments", "runs", "highlights", "organizations"):
        tenant_table(op.execute, _SERVICE, table)
