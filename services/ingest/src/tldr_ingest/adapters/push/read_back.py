"""Where a pushed stream is read when another server than ours takes it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from tldr_contracts.ids import StreamId


@dataclass(frozen=True, slots=True)
class ReadBack:
    """`template`: an address with `{stream}`, of a server of ours; empty where the spool is read. It may hold a password."""

    template: str = field(repr=False)

    def playlist(self, stream: StreamId) -> str | None:
        """The HLS playlist of a stream, None where its spool is read instead."""
        return self.template.replace("{stream}", quote(stream, safe="")) if self.template else None
