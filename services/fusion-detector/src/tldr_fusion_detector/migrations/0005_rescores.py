"""Several runs of a stream."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Tell the runs of finished streams from the runs that finished them."""
    op.execute("ALTER TABLE runs ADD COLUMN rescore boolean NOT NULL DEFAULT false")
