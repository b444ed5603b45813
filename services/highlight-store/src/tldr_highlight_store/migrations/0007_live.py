"""Live streams: a rolling window of segments, clips of provisional highlights, and what players need of a segment."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Streams of before are treated as recordings; a plan that says nothing of a window has the usual one."""
    op.execute("ALTER TABLE streams ADD COLUMN live boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE streams ADD COLUMN trimmed_until_ms bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE organizations ADD COLUMN dvr_minutes integer NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE highlights ADD COLUMN clip_wanted boolean NOT NULL DEFAULT false")
    op.execute("CREATE INDEX highlights_uncut ON highlights (stream_id, end_ms) WHERE cut = 'waiting'")
    # `run`: how many breaks of the segments' clock came before. `init_bytes`: how long the file's header is, once known.
    op.execute("ALTER TABLE segments ADD COLUMN run bigint NOT NULL DEFAULT 0, ADD COLUMN init_bytes integer")
