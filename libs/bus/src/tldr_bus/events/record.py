"""A record as it lies on a topic, before anybody has made sense of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True)
class Record:
    """One record. Nothing about its bytes is promised."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    def content_id(self) -> UUID:
        """An id made from the bytes, for a record whose own id cannot be believed: the same bytes, the same id."""
        digest = hashlib.sha256(self.topic.encode())
        for part in (
            self.key,
            self.value,
            *(piece for name, value in self.headers for piece in (name.encode(), value)),
        ):
            digest.update(b"-" if part is None else len(part).to_bytes(8, "big") + part)
        return UUID(bytes=digest.digest()[:16], version=5)

    def columns(self) -> tuple[Any, ...]:
        """What the tables `parked` and `dead_letters` keep of it, in the order of `COLUMNS`."""
        names = [name.encode() for name, _ in self.headers]
        values = [value for _, value in self.headers]
        return (self.topic, self.partition, self.offset, self.key, self.value, names, values)

    @classmethod
    def from_row(cls, row: Any) -> "Record":
        """The record in a row with the columns of `COLUMNS`."""
        names = (bytes(name).decode() for name in row["header_names"])
        return cls(
            topic=row["topic"],
            partition=row["partition"],
            offset=row["position"],
            key=row["key"],
            value=row["value"],
            headers=tuple(zip(names, row["header_values"], strict=True)),
        )


COLUMNS = "topic, partition, position, key, value, header_names, header_values"
