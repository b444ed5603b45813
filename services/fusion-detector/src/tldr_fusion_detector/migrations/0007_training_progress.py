"""How far the training of a scorer is, and what it left out."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add both to scorers. Of those that were trained before, it is not known what was left out."""
    op.execute("ALTER TABLE scorers ADD COLUMN progress jsonb, ADD COLUMN left_out jsonb")
