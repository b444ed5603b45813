"""Jobs of streams that go on at once are leased by age."""

from alembic import op

from tldr_jobs import schema as jobs

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """What waits keeps its place until it is asked for again."""
    jobs.lease_by_age(op.execute)
