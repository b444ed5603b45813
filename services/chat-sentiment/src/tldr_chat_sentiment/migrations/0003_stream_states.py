"""The state of a stream in the words that all services use."""

from alembic import op

from tldr_streams.schema import end_instead_of_touch, name_states
from tldr_streams.state import StreamState

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """A stream that was over had been completed, cancelled or deleted; which of them made no difference here."""
    former = {"open": StreamState.ACTIVE, "paused": StreamState.FAILED, "over": StreamState.COMPLETED}
    name_states(op.execute, former)
    end_instead_of_touch(op.execute)
