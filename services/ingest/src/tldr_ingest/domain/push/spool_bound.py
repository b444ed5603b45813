"""How much of a pushed stream is kept for its reader: some minutes, and some bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tldr_ingest.domain.push.spool_names import Listing, session_of


@dataclass(frozen=True, slots=True)
class SpoolBound:
    """What is older, or more, is deleted, the oldest first; who reads too slowly finds it gone and says so."""

    age_ms: int = 300_000
    bytes: int = 256 << 20

    def outlived(self, sizes: Mapping[str, int], now_ms: int) -> list[str]:
        """The names of files that are not kept any more. Of sessions without pieces only the last one is remembered."""
        listing = Listing.of(sizes)
        total = sum(sizes[piece.name] for piece in listing.pieces)
        gone: list[str] = []
        kept: set[str] = {listing.latest.name} if listing.latest else set()
        for piece in listing.pieces:
            if total > self.bytes or piece.end_ms < now_ms - self.age_ms:
                total -= sizes[piece.name]
                gone.append(piece.name)
            else:
                kept.add(piece.session)
        left = set(gone)
        return gone + [name for name in sizes if name not in left and (of := session_of(name)) and of not in kept]
