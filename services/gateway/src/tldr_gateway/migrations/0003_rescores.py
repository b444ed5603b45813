"""Runs of streams under other dimension sets."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0003"
down_revision = "0002"

_SERVICE = "gateway"


def upgrade() -> None:
    """Make the table of runs."""
    op.execute("""
        CREATE TABLE runs (
            stream_id text NOT NULL REFERENCES streams ON DELETE CASCADE,
            run_id text NOT NULL,
            organization_id text NOT NULL REFERENCES organizations,
            state text NOT NULL,
            profile jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            completed_at timestamptz,
            highlights integer,
            failure_code text,
            failure_reason text,
            PRIMARY KEY (stream_id, run_id)
        )""")
    op.execute(
        "CREATE INDEX runs_at_work ON runs (organization_id, created_at) WHERE state IN ('pending', 'processing')"
    )
    tenant_table(op.execute, _SERVICE, "runs")
