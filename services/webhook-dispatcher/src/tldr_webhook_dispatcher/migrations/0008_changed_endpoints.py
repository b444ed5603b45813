"""Endpoints that are paused, send headers of the customer's own, and have a secret of before for a while."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Columns whose defaults mean what was before; a process of before goes on beside this one."""
    op.execute("""
        ALTER TABLE endpoints
            ADD COLUMN paused boolean NOT NULL DEFAULT false,
            ADD COLUMN sealed_headers text NOT NULL DEFAULT '',
            ADD COLUMN header_names text[] NOT NULL DEFAULT '{}',
            ADD COLUMN sealed_secret_before text,
            ADD COLUMN secret_before_until timestamptz""")
