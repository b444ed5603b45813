"""What the libraries' tables gained after this service's first version."""

from alembic import op

from tldr_database.schema import let_the_owner_migrate

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Data migrations see the rows they change."""
    let_the_owner_migrate(op.execute, "gateway")
