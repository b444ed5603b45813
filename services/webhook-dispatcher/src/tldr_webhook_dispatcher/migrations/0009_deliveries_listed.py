"""Messages to an endpoint are listed by what became of them and by type."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """An index for each of the two filters."""
    for column in ("state", "type"):
        op.execute(
            f"CREATE INDEX messages_of_endpoint_by_{column} ON messages (endpoint_id, {column}, message_id DESC)"
        )
