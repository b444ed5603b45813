"""What detection says of a highlight is one document: a new field of a highlight needs no column."""

from alembic import op

revision = "0004"
down_revision = "0003"

_COLUMNS = ("types", "score", "confidence", "title", "reason", "dimensions", "contributions", "missing")


def upgrade() -> None:
    """Put the columns into the document."""
    op.execute("ALTER TABLE highlights ADD COLUMN details jsonb NOT NULL DEFAULT '{}'")
    op.execute("""
        UPDATE highlights SET details = jsonb_build_object(
            'types', types, 'score', score, 'confidence', confidence, 'title', title, 'reason', reason,
            'dimensions', dimensions, 'contributions', contributions, 'missing', missing
        )""")
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE highlights DROP COLUMN {column}")
