"""Loads the playlist that is followed: the address's own, or the rendition chosen of those it names."""

from __future__ import annotations

from dataclasses import dataclass, field

from tldr_ingest.adapters.hls.getting import Getter
from tldr_ingest.domain.errors import PlaylistUnreadable
from tldr_ingest.domain.hls.parsing import LONGEST_BYTES, parse_playlist
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MultivariantPlaylist
from tldr_ingest.domain.hls.rendition import Rendition, choose, same_rendition

_TOTAL_S = 20.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """The playlist that is followed, and the one of its sound where that lies apart."""

    media: MediaPlaylist
    audio: MediaPlaylist | None = None


@dataclass(slots=True)
class Playlists:
    """For one thread at a time. `rendition` is what was chosen, None where the address leads to segments at once."""

    url: str = field(repr=False)
    max_height: int
    rendition: Rendition | None = None
    _media_url: str = ""

    def forget(self) -> None:
        """Choose again with the next load: the same rendition, where it is still there."""
        self._media_url = ""

    def load(self, getter: Getter) -> Loaded:
        """Raises an OutboundError, PlaylistUnreadable, NoTracks."""
        if not self._media_url:
            found = _parsed(getter, self.url)
            if isinstance(found, MediaPlaylist):
                self._media_url = self.url
                return Loaded(found)
            again = None if self.rendition is None else same_rendition(found, self.rendition.variant)
            self.rendition = again or choose(found, self.max_height)
        url = self._media_url or self.rendition.variant.uri if self.rendition else self._media_url
        media = self._media(getter, url)
        apart = self.rendition.audio if self.rendition else None
        audio = None if apart is None else self._media(getter, apart.uri)
        self._media_url = url
        return Loaded(media, audio)

    def _media(self, getter: Getter, url: str) -> MediaPlaylist:
        found = _parsed(getter, url)
        if isinstance(found, MultivariantPlaylist):
            raise PlaylistUnreadable("The playlist names renditions where segments were expected.")
        return found


def _parsed(getter: Getter, url: str) -> MediaPlaylist | MultivariantPlaylist:
    got = getter.get(url, LONGEST_BYTES, total_s=_TOTAL_S)
    return parse_playlist(got.body.decode("utf-8", "replace"), got.url)
