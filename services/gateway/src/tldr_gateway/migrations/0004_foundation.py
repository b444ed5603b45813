"""What the libraries' tables gained after this service's first version."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
