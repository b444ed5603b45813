"""What the libraries' tables gained after this service's first version."""

from alembic import op

from tldr_jobs import schema as jobs

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Jobs are leased fairly between organizations."""
    jobs.lease_fairly(op.execute)
