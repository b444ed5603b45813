"""What is kept of live streams."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """The wall clock at stream time 0."""
    op.execute("ALTER TABLE streams ADD COLUMN wall_zero_ms bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE streams ADD COLUMN wall_uncertainty_ms bigint NOT NULL DEFAULT 0")
