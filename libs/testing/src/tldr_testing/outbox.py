"""An outbox for tests of what is published."""

from typing import Any

from tldr_bus import Publication


class KeepingOutbox:
    """An outbox that keeps what it is given."""

    def __init__(self) -> None:
        self.publications: list[Publication] = []
        self.closed: list[str] = []

    async def append(self, transaction: Any, *publications: Publication) -> None:
        """Keep what is published."""
        self.publications += publications

    async def close(self, transaction: Any, subject: str) -> None:
        """Keep which subject is over."""
        self.closed.append(subject)
