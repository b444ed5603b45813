"""The state of a stream in the word that all services use."""

from alembic import op

from tldr_streams.schema import name_states

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """The words were the same, the column's name was not."""
    name_states(op.execute, {})
