"""What contracts say otherwise than the plan."""

from alembic import op

revision = "0011"
down_revision = "0007"


def upgrade() -> None:
    """A limit by its name, for those that differ."""
    op.execute("ALTER TABLE organizations ADD COLUMN agreed_limits jsonb NOT NULL DEFAULT '{}'")
