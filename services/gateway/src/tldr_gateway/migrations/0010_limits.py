"""What contracts say otherwise than the plan."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """A limit by its name, for those that differ."""
    op.execute("ALTER TABLE organizations ADD COLUMN agreed_limits jsonb NOT NULL DEFAULT '{}'")
