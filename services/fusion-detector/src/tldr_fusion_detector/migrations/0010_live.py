"""What is kept of a live run between two looks, and what customers push into a stream."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0010"
down_revision = "0009"

_SERVICE = "fusion-detector"

_TABLES = {
    # `closed_s`: seconds before it take in no telemetry any more. `state`, `cells` and `excitement` are the detector's own;
    # `tail` holds scores from `settled_s` on, as `signals.samples`.
    "live_runs": """
        organization_id text NOT NULL,
        run_id text PRIMARY KEY,
        stream_id text NOT NULL,
        closed_s bigint NOT NULL DEFAULT 0,
        settled_s bigint NOT NULL DEFAULT 0,
        front_s bigint NOT NULL DEFAULT 0,
        state bytea,
        cells bytea,
        excitement bytea,
        tail bytea
    """,
    # Settled scores, as `signals.samples`: of the seconds [start_s, start_s + 600), as far as they have settled.
    "live_scores": """
        organization_id text NOT NULL,
        run_id text NOT NULL,
        stream_id text NOT NULL,
        start_s bigint NOT NULL,
        samples bytea NOT NULL,
        PRIMARY KEY (run_id, start_s)
    """,
    # Telemetry by the wall clock that came before the stream's own was known.
    "held_samples": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        name text NOT NULL,
        wall_ms bigint NOT NULL,
        value double precision NOT NULL,
        PRIMARY KEY (stream_id, name, wall_ms)
    """,
    # How many samples were left out, by reason.
    "dropped_samples": """
        organization_id text NOT NULL,
        stream_id text NOT NULL,
        reason text NOT NULL,
        samples bigint NOT NULL,
        PRIMARY KEY (stream_id, reason)
    """,
}


def upgrade() -> None:
    """Make the tables. A part of a stream is read by time, whatever its signals are; what is provisional is few."""
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        tenant_table(op.execute, _SERVICE, table)
    op.execute("CREATE INDEX live_runs_by_stream ON live_runs (stream_id)")
    op.execute("CREATE INDEX live_scores_by_stream ON live_scores (stream_id)")
    op.execute("CREATE INDEX signals_by_time ON signals (stream_id, start_s)")
    op.execute("CREATE INDEX gaps_by_end ON gaps (stream_id, end_ms)")
    op.execute("CREATE INDEX highlights_provisional ON highlights (run_id) WHERE state = 'provisional'")
    op.execute("ALTER TABLE coverages ADD COLUMN moved_at timestamptz NOT NULL DEFAULT now()")
    # `masks`: figures within it are not used; else people are told of it alone.
    op.execute("ALTER TABLE gaps ADD COLUMN masks boolean NOT NULL DEFAULT true")
    op.execute("ALTER TABLE streams ADD COLUMN external boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE streams ADD COLUMN wall_zero_ms bigint NOT NULL DEFAULT 0")
