"""What customers said of highlights, and the confidence learned from it."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0004"
down_revision = "0003"

_SERVICE = "fusion-detector"

_TABLES = {
    # `published`: the confidence the customer saw; `confidence`: the one before any recalibration.
    "verdicts": """
        organization_id text NOT NULL,
        highlight_id text PRIMARY KEY,
        stream_id text NOT NULL,
        verdict text NOT NULL CHECK (verdict IN ('accepted', 'rejected')),
        start_ms bigint,
        end_ms bigint,
        score double precision NOT NULL,
        published double precision NOT NULL,
        confidence double precision NOT NULL,
        dimension_set text NOT NULL,
        decided_at timestamptz NOT NULL DEFAULT now()
    """,
    # A row that is not in force keeps the count of versions.
    "recalibrations": """
        organization_id text NOT NULL,
        dimension_set text NOT NULL,
        version integer NOT NULL,
        in_force boolean NOT NULL,
        slope double precision NOT NULL,
        intercept double precision NOT NULL,
        verdicts integer NOT NULL,
        gain double precision NOT NULL,
        PRIMARY KEY (organization_id, dimension_set)
    """,
}


def upgrade() -> None:
    """Make the tables."""
    for table, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {table} ({columns})")
        tenant_table(op.execute, _SERVICE, table)
    op.execute("CREATE INDEX verdicts_by_age ON verdicts (organization_id, decided_at, highlight_id)")
    op.execute("CREATE INDEX verdicts_by_stream ON verdicts (stream_id)")
    op.execute("ALTER TABLE runs ADD COLUMN recalibration jsonb")
