"""What organizations configure, in versions."""

from alembic import op

from tldr_database.schema import tenant_table

revision = "0012"
down_revision = "0011"

_SERVICE = "gateway"


def upgrade() -> None:
    """Make the tables. A version is written once; it goes with what it is a version of."""
    op.execute("""
        CREATE TABLE configurations (
            configuration_id text PRIMARY KEY,
            organization_id text NOT NULL REFERENCES organizations,
            kind text NOT NULL,
            name text NOT NULL,
            version integer NOT NULL,
            created_at timestamptz NOT NULL,
            UNIQUE (organization_id, kind, name)
        )""")
    op.execute(
        "CREATE INDEX configurations_of_organization ON configurations (organization_id, kind, configuration_id DESC)"
    )
    op.execute("""
        CREATE TABLE configuration_versions (
            configuration_id text NOT NULL REFERENCES configurations ON DELETE CASCADE,
            version integer NOT NULL,
            organization_id text NOT NULL,
            name text NOT NULL,
            document jsonb NOT NULL,
            changed_at timestamptz NOT NULL,
            changed_by text NOT NULL,
            PRIMARY KEY (configuration_id, version)
        )""")
    for table in ("configurations", "configuration_versions"):
        tenant_table(op.execute, _SERVICE, table)
    # The cascade runs as the owner.
    op.execute("REVOKE UPDATE, DELETE ON configuration_versions FROM gateway_service, gateway_system")
