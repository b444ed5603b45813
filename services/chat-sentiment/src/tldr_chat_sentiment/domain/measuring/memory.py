"""What one window of chat must know of those before it."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

REMEMBERED_MS: Final = 30_000
REMEMBERED_MESSAGES: Final = 3_600  # 18 bytes each: below 64 kB; 30 s of chat up to 120 messages per second
UNKNOWN_VOICE: Final = 0
_FORMAT: Final = b"C1"
_ROW: Final = struct.Struct("<qII??")


class Heard(NamedTuple):
    """One message as it is remembered. key: of the text. fresh: not a copy by its own voice. counted: see RecentChat."""

    at_ms: int
    voice: int
    key: int
    fresh: bool
    counted: bool


@dataclass(frozen=True, slots=True)
class ChatMemory:
    """The last messages in order of time, as bytes; the texts and names themselves are not kept."""

    rows: bytes = b""

    @classmethod
    def of(cls, heard: Iterable[Heard]) -> "ChatMemory":
        """Messages in order of time."""
        return cls(b"".join([_ROW.pack(*message) for message in heard]))

    @classmethod
    def from_bytes(cls, data: bytes) -> "ChatMemory":
        """The reverse of to_bytes; empty bytes are an empty memory. ValueError for anything else."""
        if not data:
            return cls()
        if data[:2] != _FORMAT or (len(data) - 2) % _ROW.size:
            raise ValueError("these bytes are no memory of chat")
        return cls(data[2:])

    def to_bytes(self) -> bytes:
        """At most 64 kB."""
        return _FORMAT + self.rows

    def __iter__(self) -> Iterator[Heard]:
        return (Heard(*row) for row in _ROW.iter_unpack(self.rows))
