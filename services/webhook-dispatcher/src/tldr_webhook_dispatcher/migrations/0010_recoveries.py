"""What was not delivered to an endpoint is due again when a customer asks for it: until when, and how far that is."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """A row for each endpoint that has a recovery under way."""
    op.execute("""
        CREATE TABLE recoveries (
            endpoint_id text PRIMARY KEY REFERENCES endpoints ON DELETE CASCADE,
            organization_id text NOT NULL,
            since timestamptz NOT NULL,
            asked_at timestamptz NOT NULL,
            after text NOT NULL DEFAULT ''
        )""")
    tenant_table(op.execute, "webhook-dispatcher", "recoveries")
