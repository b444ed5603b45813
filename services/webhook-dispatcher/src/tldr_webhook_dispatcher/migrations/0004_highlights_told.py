"""A message knows the highlight it is about: who was told of one hears when it is withdrawn, and in order."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A column, filled from what was sent before, and its index."""
    op.execute("ALTER TABLE messages ADD COLUMN highlight_id text")
    op.execute("""
        UPDATE messages SET highlight_id = convert_from(body, 'UTF8')::json #>> '{data,id}'
        WHERE type LIKE 'highlight.%'""")
    op.execute(
        "CREATE INDEX messages_of_highlight ON messages (highlight_id, endpoint_id, message_id)"
        " WHERE highlight_id IS NOT NULL"
    )
