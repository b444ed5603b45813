"""Rescores that are only a look."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Each run of before became the default one."""
    op.execute("ALTER TABLE runs ADD COLUMN make_default boolean NOT NULL DEFAULT true")
