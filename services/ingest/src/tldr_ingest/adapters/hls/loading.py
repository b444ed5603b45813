"""Loads the playlist that is followed: the address's own, or the rendition chosen of those it names."""

from __future__ import annotations

from dataclasses import dataclass, field

from tldr_ingest.adapters.hls.getting import Getter
from tldr_ingest.domain.errors import NoTracks, PlaylistUnreadable
from tldr_ingest.domain.hls.parsing import LONGEST_BYTES, parse_playlist
from tldr_ingest.domain.hls.playlist import MediaPlaylist, MultivariantPlaylist
from tldr_ingest.domain.hls.rendition import Rendition, choose, same_rendition

_TOTAL_S = 20.0


@dataclass(slots=True)
class Playlists:
    """For one thread at a time. `rendition` is what was chosen, None where the address leads to segments at once."""

    url: str = field(repr=False)
    max_height: int
    rendition: Rendition | None = None
    _media_url: str = ""

    @property
    def begins_elsewhere(self) -> bool:
        """Whether the address leads to renditions."""
        return self.rendition is not None

    def forget(self) -> None:
        """Choose again with the next load: the same rendition, where it is still there."""
        self._media_url = ""

    def load(self, getter: Getter) -> MediaPlaylist:
        """Raises an OutboundError, PlaylistUnreadable, NoTracks."""
        if self._media_url:
            return self._media(getter, self._media_url)
        found = _parsed(getter, self.url)
        if isinstance(found, MediaPlaylist):
            self._media_url = self.url
            return found
        again = None if self.rendition is None else same_rendition(found, self.rendition.variant)
        self.rendition = again or choose(found, self.max_height)
        playlist = self._media(getter, self.rendition.variant.uri)
        self._media_url = self.rendition.variant.uri
        return playlist

    def _media(self, getter: Getter, url: str) -> MediaPlaylist:
        found = _parsed(getter, url)
        if isinstance(found, MultivariantPlaylist):
            raise PlaylistUnreadable("The playlist names renditions where segments were expected.")
        return found


def _parsed(getter: Getter, url: str) -> MediaPlaylist | MultivariantPlaylist:
    got = getter.get(url, LONGEST_BYTES, total_s=_TOTAL_S)
    return parse_playlist(got.body.decode("utf-8", "replace"), got.url)


def refuse_sound_apart(rendition: Rendition | None) -> None:
    """Raises NoTracks where the picture's sound lies in a playlist of its own."""
    if rendition is not None and rendition.audio is not None:
        raise NoTracks("The sound of the stream lies in a playlist of its own, which is not read yet.")
