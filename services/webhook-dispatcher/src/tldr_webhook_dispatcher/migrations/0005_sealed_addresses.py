"""An endpoint's address is sealed, since it may hold a token; `url` is what may be shown of it.

The service seals what is there: a migration is not given the keys. Until then such a row has no `sealed_url`.
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """A column for the sealed address; sealed secrets are text, as seals are."""
    op.execute("ALTER TABLE endpoints ADD COLUMN sealed_url text")
    op.execute("ALTER TABLE endpoints ALTER COLUMN sealed_secret TYPE text USING convert_from(sealed_secret, 'UTF8')")
