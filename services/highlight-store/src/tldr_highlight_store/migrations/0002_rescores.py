"""Runs and highlights of streams that were finished before."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Tell them from those of the runs that finished their streams."""
    for table in ("runs", "highlights"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN rescore boolean NOT NULL DEFAULT false")
