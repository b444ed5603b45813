"""Which tracks of the pieces are read, and when they are others, or coded otherwise, than those before."""

from __future__ import annotations

from collections.abc import Collection

from tldr_ingest.adapters.live.piece_pyav import DemuxedPiece
from tldr_ingest.adapters.live.run_pyav import Template
from tldr_ingest.domain.media.source import Modality

# A track of which the pieces have nothing for so long is away.
_AWAY_MS = 4_000


class TrackWatch:
    """Remembers how long a track has not been in the pieces."""

    def __init__(self) -> None:
        self._away_ms = dict.fromkeys((Modality.VIDEO, Modality.AUDIO), 0)

    def changed(self, piece: DemuxedPiece, duration_ms: int, before: Template | None, of: Collection[Modality]) -> bool:
        """Whether segments of this piece cannot be written like those before; lets go of tracks that are empty, or not meant
        (`of`: what the stream has, all where that is not known yet).
        """
        has = {
            Modality.VIDEO: piece.has(piece.tracks.video) and (not of or Modality.VIDEO in of),
            Modality.AUDIO: piece.has(piece.tracks.audio) and (not of or Modality.AUDIO in of),
        }
        piece.keep(video=has[Modality.VIDEO], audio=has[Modality.AUDIO])
        if before is None:
            return True
        had = {Modality.VIDEO: before.tracks.video is not None, Modality.AUDIO: before.tracks.audio is not None}
        changed = before.coding.differs(piece.coding)
        for modality, there in has.items():
            self._away_ms[modality] = 0 if there else self._away_ms[modality] + duration_ms
            went = had[modality] and self._away_ms[modality] >= _AWAY_MS
            changed = changed or went or (there and not had[modality])
        return changed and any(has.values())
