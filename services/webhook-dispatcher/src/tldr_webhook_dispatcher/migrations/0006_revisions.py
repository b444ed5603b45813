"""A message knows which revision of a highlight it tells of: an older one, or the same again, is not told."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A column, filled from what was sent before."""
    op.execute("ALTER TABLE messages ADD COLUMN revision integer NOT NULL DEFAULT 0")
    op.execute("""
        UPDATE messages SET revision = coalesce((convert_from(body, 'UTF8')::json #>> '{data,revision}')::integer, 0)
        WHERE highlight_id IS NOT NULL""")
