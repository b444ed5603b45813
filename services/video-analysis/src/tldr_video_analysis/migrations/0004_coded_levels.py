"""Where the coding of the pictures changes, activity goes on at the level it had."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """What was analysed or announced before stays as it is."""
    op.execute("ALTER TABLE windows ADD COLUMN level_change double precision NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE streams ADD COLUMN activity_level double precision NOT NULL DEFAULT 1")
