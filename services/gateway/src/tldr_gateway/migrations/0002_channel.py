"""The channel a stream belongs to."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Streams submitted before belong to none."""
    op.execute("ALTER TABLE streams ADD COLUMN channel text NOT NULL DEFAULT ''")
