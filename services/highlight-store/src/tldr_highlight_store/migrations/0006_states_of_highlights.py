"""The state of a highlight is named as in the published language."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Rename the column."""
    op.execute("ALTER TABLE highlights RENAME COLUMN standing TO state")
