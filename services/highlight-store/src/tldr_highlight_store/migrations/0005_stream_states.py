"""The state of a stream in the words that all services use."""

from alembic import op

from tldr_streams.schema import check_states

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """A stream that was dropped had been cancelled or deleted; of one that was closed it is not known whether it may be
    tried again, so that it may: as a failed one.
    """
    op.execute("ALTER TABLE streams ADD COLUMN state text NOT NULL DEFAULT 'active'")
    op.execute("UPDATE streams SET state = 'failed' WHERE closed_at IS NOT NULL")
    op.execute("UPDATE streams SET state = 'cancelled' WHERE dropped")
    check_states(op.execute)
    op.execute("ALTER TABLE streams DROP COLUMN dropped")
    op.execute("ALTER TABLE streams RENAME COLUMN closed_at TO ended_at")
    op.execute("ALTER INDEX streams_closed RENAME TO streams_ended")
