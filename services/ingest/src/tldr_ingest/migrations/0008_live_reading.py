"""How a live source stands."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One small document of each live stream."""
    op.execute("ALTER TABLE streams ADD COLUMN live jsonb")
