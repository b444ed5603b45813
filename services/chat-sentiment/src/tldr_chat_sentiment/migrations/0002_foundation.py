"""What the libraries' tables gained after this service's first version."""

from alembic import op

from tldr_database.schema import let_the_owner_migrate
from tldr_jobs import schema as jobs

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Jobs are leased fairly between organizations, and data migrations see the rows they change."""
    jobs.lease_fairly(op.execute)
    let_the_owner_migrate(op.execute, "chat-sentiment")
