"""Live streams: picture and sound are released one by one, and gaps move time on."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """What was analysed or released before, was so of both; a stream was read as far as its segments reach."""
    op.execute("ALTER TABLE windows ADD COLUMN measured text[] NOT NULL DEFAULT '{}'")
    op.execute("UPDATE windows SET measured = '{audio,video}' WHERE analysed")
    op.execute("ALTER TABLE streams ADD COLUMN media_until_ms bigint NOT NULL DEFAULT 0")
    for column in ("video_until_s", "audio_until_s"):
        op.execute(f"ALTER TABLE streams ADD COLUMN {column} bigint NOT NULL DEFAULT 0")
    op.execute(
        "UPDATE streams SET media_until_ms = read_until_ms, video_until_s = released_until_s, audio_until_s = released_until_s"
    )
    op.execute("ALTER TABLE streams DROP COLUMN released_until_s")
    # Of a stream of twelve hours with many gaps, only those near the edge are looked at.
    op.execute("CREATE INDEX gaps_by_time ON gaps (stream_id, end_ms)")
    op.execute("CREATE INDEX gaps_to_tell ON gaps (stream_id) WHERE NOT told")
