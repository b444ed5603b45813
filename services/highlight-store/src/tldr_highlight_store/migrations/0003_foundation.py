"""What the libraries' tables gained after this service's first version."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
