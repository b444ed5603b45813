"""Streams with their signals and gaps, runs and the highlights they found."""

from alembic import op

from tldr_bus import schema as bus
from tldr_database.schema import open_schema, tenant_table
from tldr_jobs import schema as jobs

revision = "0001"
down_revision = None

_SERVICE = "fusion-detector"

_TABLES = {
    "streams": """
        organization_id text NOT NULL,
        stream_id text PRIMARY KEY,
        lane integer NOT NULL,
        attempt integer NOT NULL DEFAULT 1,
        standing text NOT NULL DEFAULT 'active',
        priority integer,
        mode text,
        chat boolean,
        profile jsonb,
        opened_attempt integer NOT NULL DEFAULT 0,
        modalities text[] NOT NULL DEFAULT '{}',
        claimed_ms bigint NOT NULL DEFAULT 0,
        read_attempt integer NOT NULL DEFAULT 0,
        read_ms bigint NOT NULL DEFAULT 0,
        failure_code text,
        failure_reason text,
        run_id text,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
    """,
    "coverages": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        modality text NOT NULL,
        complete_until_ms bigint NOT NULL DEFAULT 0,
        ended_attempt integer NOT NULL DEFAULT 0,
        duration_ms bigint NOT NULL DEFAULT 0,
        failure_code text,
        failure_reason text,
        PRIMARY KEY (stream_id, modality)
    """,
    # `samples`: single-precision floats, little-endian, one a second.
    "signals": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        name text NOT NULL,
        start_s bigint NOT NULL,
        samples bytea NOT NULL,
        PRIMARY KEY (stream_id, name, start_s)
    """,
    # Stream times at which a clip may begin or end: a cut is a point, a pause a range.
    "marks": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('cut', 'pause')),
        start_ms bigint NOT NULL,
        end_ms bigint NOT NULL,
        PRIMARY KEY (stream_id, kind, start_ms, end_ms)
    """,
    "gaps": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        modality text NOT NULL,
        start_ms bigint NOT NULL,
        end_ms bigint NOT NULL,
        code text NOT NULL,
        reason text NOT NULL,
        attempt integer NOT NULL,
        PRIMARY KEY (stream_id, modality, start_ms, end_ms, code)
    """,
    # `scores`: as `signals.samples`, from second 0.
    "runs": """
        organization_id text NOT NULL,
        run_id text PRIMARY KEY,
        stream_id text NOT NULL,
        attempt integer NOT NULL,
        mode text NOT NULL,
        profile jsonb NOT NULL,
        calibration_version integer NOT NULL,
        standing text NOT NULL,
        watermark_ms bigint NOT NULL,
        duration_ms bigint NOT NULL,
        lag_s double precision,
        lag_sigma double precision,
        lag_evidence double precision,
        failure_code text,
        failure_reason text,
        scores bytea
    """,
    "highlights": """
        organization_id text NOT NULL,
        highlight_id text PRIMARY KEY,
        run_id text NOT NULL,
        stream_id text NOT NULL,
        revision integer NOT NULL,
        state text NOT NULL,
        figures jsonb NOT NULL
    """,
}

_INDEXES = (
    "CREATE INDEX runs_by_stream ON runs (stream_id)",
    "CREATE INDEX highlights_by_run ON highlights (run_id)",
    "CREATE INDEX highlights_by_stream ON highlights (stream_id)",
    "CREATE INDEX streams_ended ON streams (ended_at) WHERE ended_at IS NOT NULL",
)


def upgrade() -> None:
    """Make the tables."""
    open_schema(op.execute, _SERVICE)
    bus.create(op.execute, _SERVICE)
    jobs.create(op.execute, _SERVICE)
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        tenant_table(op.execute, _SERVICE, table)
    for index in _INDEXES:
        op.execute(index)
