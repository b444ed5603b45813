"""The port: what services ask of an object store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


class ObjectMissing(Exception):
    """There is no object of that key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object that is there. `sha256` is empty, and `stored_at_s` known, where this process did not write it."""

    bucket: str
    key: str
    size_bytes: int
    sha256: bytes
    content_type: str
    stored_at_s: int = 0


def bucket_of(organization: str) -> str:
    """The bucket of an organization: its id with the characters that bucket names allow."""
    return "tldr-" + organization.replace("_", "-").lower()


class ObjectStore(Protocol):
    """Bytes by bucket and key.

    A put object is whole or not there; the last of two puts on one key wins, so writers put their fencing token into the key.
    Every call has a time-out and raises OSError when the store cannot be reached; a missing object is ObjectMissing.
    """

    async def ensure_bucket(self, bucket: str) -> None:
        """Make the bucket where it is missing."""

    async def put(self, bucket: str, key: str, data: bytes, content_type: str) -> Stored:
        """Store bytes."""

    async def get(self, bucket: str, key: str, *, limit_bytes: int) -> bytes:
        """Read a whole object; ValueError when it is larger than `limit_bytes`."""

    async def head(self, bucket: str, key: str, size_bytes: int) -> bytes:
        """The first bytes of an object, as many as there are up to `size_bytes`."""

    async def stat(self, bucket: str, key: str) -> Stored:
        """What is known of an object without reading it."""

    async def delete(self, bucket: str, prefix: str) -> int:
        """Delete every object whose key begins with `prefix`; returns how many."""

    async def delete_all(self, bucket: str, keys: Sequence[str]) -> None:
        """Delete these objects; one that is not there is as good as deleted."""

    def internal_url(self, bucket: str, key: str, lifetime: timedelta) -> str:
        """A signed address at which services read the object over HTTP, ranges included."""

    def download_url(self, bucket: str, key: str, lifetime: timedelta, *, filename: str | None = None) -> str:
        """A signed address, at the store's public one, for customers."""

    def upload_url(self, bucket: str, key: str, lifetime: timedelta, *, size_bytes: int) -> str:
        """A signed address, at the store's public one, to which a customer PUTs an object of this size and no other."""
