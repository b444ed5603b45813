"""Trained scorers of organizations."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table, and let runs say by which scorer they were made."""
    # `hidden`: deleted by the customer, and kept for as long as a run refers to it.
    op.execute("""
        CREATE TABLE scorers (
            organization_id text NOT NULL,
            scorer_id text PRIMARY KEY,
            name text NOT NULL,
            version integer NOT NULL,
            state text NOT NULL CHECK (state IN ('training', 'ready', 'refused', 'failed')),
            active boolean NOT NULL DEFAULT false CHECK (NOT active OR (state = 'ready' AND NOT hidden)),
            hidden boolean NOT NULL DEFAULT false,
            failure_code text,
            failure_reason text,
            provenance jsonb,
            digest text,
            document bytea,
            created_at timestamptz NOT NULL DEFAULT now(),
            UNIQUE (organization_id, name, version)
        )""")
    tenant_table(op.execute, "fusion-detector", "scorers")
    op.execute("CREATE UNIQUE INDEX scorers_one_active ON scorers (organization_id) WHERE active")
    op.execute("CREATE INDEX scorers_hidden ON scorers (scorer_id) WHERE hidden")
    op.execute("ALTER TABLE runs ADD COLUMN scorer jsonb")
    op.execute("CREATE INDEX runs_by_scorer ON runs ((scorer ->> 'id')) WHERE scorer IS NOT NULL")
