"""Fingerprints of what a run was made from."""

from alembic import op

from tldr_database.address import Roles
from tldr_database.schema import tenant_table

revision = "0003"
down_revision = "0002"

_SERVICE = "fusion-detector"


def upgrade() -> None:
    """Make the table. Its rows go with their stream and never change: the service may not update them."""
    op.execute("""
        CREATE TABLE evidence (
            organization_id text NOT NULL,
            run_id text PRIMARY KEY,
            stream_id text NOT NULL,
            signals jsonb NOT NULL,
            highlights jsonb NOT NULL
        )""")
    tenant_table(op.execute, _SERVICE, "evidence")
    roles = Roles.of(_SERVICE)
    op.execute(f'REVOKE UPDATE ON evidence FROM "{roles.service}", "{roles.system}"')
    op.execute("CREATE INDEX evidence_by_stream ON evidence (stream_id)")
