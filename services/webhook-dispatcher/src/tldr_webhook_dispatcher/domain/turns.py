"""Whose turn it is: receivers that are slow or dead do not keep the others waiting."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tldr_webhook_dispatcher.domain.endpoint import Endpoint


class Turns:
    """Attempts under way in this process: of `at_once` an organization has half at most, an endpoint a quarter.

    An endpoint that has been failing has one: the attempt that finds out whether it still does.
    """

    def __init__(self, at_once: int) -> None:
        self._of_organization = max(1, at_once // 2)
        self._of_endpoint = max(1, at_once // 4)
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def taken(self, endpoint: Endpoint) -> Iterator[bool]:
        """Whether it is the endpoint's turn; if so, it is under way until the block ends."""
        of_endpoint = 1 if endpoint.failing_since else self._of_endpoint
        free = (
            self._under_way[endpoint.id] < of_endpoint
            and self._under_way[endpoint.organization] < self._of_organization
        )
        if not free:
            yield False
            return
        names = (endpoint.id, endpoint.organization)
        self._under_way.update(names)
        try:
            yield True
        finally:
            self._under_way.subtract(names)
            for name in names:
                if not self._under_way[name]:
                    del self._under_way[name]
