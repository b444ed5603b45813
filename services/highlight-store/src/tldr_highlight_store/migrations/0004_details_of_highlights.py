"""What detection says of a highlight is one document: a new field of a highlight needs no column."""

from alembic import op

revision = "0004"
down_revision = "0003"

_COLUMNS = ("types", "score", "confidence", "title", "reason", "dimensions", "contributions", "missing")


def upgrade() -> None:
    """Put the columns into the document."""
    op.execute("ALTER TABLE highlights ADD COLUMN details jsonb NOT NULL DEFAULT '{}'")
    # The owner has no policy: under FORCE it would change no row.
    op.execute("ALTER TABLE highlights NO FORCE ROW LEVEL SECURITY")
    op.execute("""
        UPDATE highlights SET details = jsonb_build_object(
            'types', types, 'score', score, 'confidence', confidence, 'title', title, 'reason', reason,
            'dimensions', dimensions, 'contributions', contributions, 'missing', missing
        )""")
    op.execute("ALTER TABLE highlights FORCE ROW LEVEL SECURITY")
    for column in _COLUMNS:
        op.execute(f"ALTER TABLE highlights DROP COLUMN {column}")
