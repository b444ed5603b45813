"""Receivers of one organization that are slow or dead do not keep those of the others waiting."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Shares:
    """Attempts under way in this process: of `at_once` an organization has half at most."""

    def __init__(self, at_once: int) -> None:
        self._of_organization = max(1, at_once // 2)
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def taken(self, organization: str) -> Iterator[bool]:
        """Whether the organization has a share left; if so, it is taken until the block ends."""
        if self._under_way[organization] >= self._of_organization:
            yield False
            return
        self._under_way[organization] += 1
        try:
            yield True
        finally:
            self._under_way[organization] -= 1
            if not self._under_way[organization]:
                del self._under_way[organization]
