"""The id that another service is to give what it makes for a request, known before it is asked."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Null where the thing is made here."""
    op.execute("ALTER TABLE idempotency ADD COLUMN proposed_id text")
