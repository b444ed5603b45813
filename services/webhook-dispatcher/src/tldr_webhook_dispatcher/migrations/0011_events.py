"""All that webhooks tell of an organization, in one order, whether or not there is an endpoint."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """A counter for each organization, which gives an event its place, and the events."""
    op.execute("""
        CREATE TABLE feeds (
            organization_id text PRIMARY KEY,
            last_number bigint NOT NULL DEFAULT 0,
            closed boolean NOT NULL DEFAULT false
        )""")
    op.execute("""
        CREATE TABLE events (
            event_id text PRIMARY KEY,
            organization_id text NOT NULL,
            number bigint NOT NULL,
            type text NOT NULL,
            highlight_id text,
            revision integer NOT NULL,
            body bytea NOT NULL,
            created_at timestamptz NOT NULL,
            UNIQUE (organization_id, number)
        )""")
    op.execute("CREATE INDEX events_by_age ON events (created_at)")
    op.execute(
        "CREATE INDEX events_of_highlight ON events (highlight_id, organization_id, revision DESC)"
        " WHERE highlight_id IS NOT NULL"
    )
    for table in ("feeds", "events"):
        tenant_table(op.execute, "webhook-dispatcher", table)
