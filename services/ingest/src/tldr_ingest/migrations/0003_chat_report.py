"""What became of the rows of a stream's chat."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Streams of before have no report."""
    op.execute("ALTER TABLE streams ADD COLUMN chat_report jsonb")
