"""What the libraries' tables gained after this service's first version."""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nothing yet."""
