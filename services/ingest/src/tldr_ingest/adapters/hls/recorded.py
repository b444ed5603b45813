"""A playlist that has ended, as a recording: its time is that of its segments, whatever its dates say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tldr_ingest.adapters.hls.loading import Loaded
from tldr_ingest.domain.errors import PlaylistWithoutEnd
from tldr_ingest.domain.hls.playlist import MediaPlaylist, PlaylistKind


@dataclass(slots=True)
class Recording:
    """Notes how long the playlist says it is."""

    duration_ms: int = 0

    def wall_s(self) -> float:
        """A clock on which the first segment begins at 0."""
        return self.duration_ms / 1000

    def of(self, loaded: Loaded) -> Loaded:
        """Raises PlaylistWithoutEnd."""
        media = loaded.media
        if not media.ended and media.kind is not PlaylistKind.VOD:
            raise PlaylistWithoutEnd(
                "The playlist has no end (EXT-X-ENDLIST): it is that of a live stream. Submit it as a live source, or when the"
                " stream is over."
            )
        self.duration_ms = media.duration_ms
        return Loaded(_undated(media), None if loaded.audio is None else _undated(loaded.audio))


def _undated(playlist: MediaPlaylist) -> MediaPlaylist:
    segments = tuple(replace(segment, date_ms=None) for segment in playlist.segments)
    return replace(playlist, segments=segments, ended=True)
