"""What is due to an endpoint is found without reading all that was sent to it."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """An index over the messages that still wait."""
    op.execute(
        "CREATE INDEX messages_due ON messages (endpoint_id, next_attempt_at, message_id) WHERE state = 'pending'"
    )
