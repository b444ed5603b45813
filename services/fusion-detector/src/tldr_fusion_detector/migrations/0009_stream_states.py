"""States of streams and of runs in the words that all services use."""

from alembic import op

from tldr_streams.schema import name_states

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """The words stay, the columns are named after what they hold."""
    name_states(op.execute, {})
    op.execute("ALTER TABLE runs RENAME COLUMN standing TO state")
