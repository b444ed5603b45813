"""Where live sources are: addresses opened and followed to their playlists, pushed streams by their folder in the spool."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.push.read_back import ReadBack
from tldr_ingest.adapters.reading.places import GuardedAddress, Places
from tldr_ingest.application.live.ports import LiveSource, PageSource, PushedSource
from tldr_ingest.application.live.resolving import NotLive, SourceResolver
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import LiveSettings, Place, Push
from tldr_streams.values import Failure

_NOBODY = Failure(
    "publisher_not_connected", "No encoder has connected yet. Start it with the stream's address and key."
)
_RECORDING = Failure("source_is_recording", "The page shows a recording. Submit it as one.")
_NO_PLACE = Failure("no_source", "The stream names no live source. Submit it again with an address.")


@dataclass(frozen=True, slots=True)
class OutsideSources:
    """See `LiveSources`. `spool_of` names the folder of a pushed stream: it is there when somebody has published."""

    places: Places
    resolver: SourceResolver
    spool_of: Callable[[StreamId], Path]
    read_back: ReadBack
    max_height: int

    async def find(self, stream: StreamId, place: Place, settings: LiveSettings) -> LiveSource:
        """See `LiveSources.find`."""
        if isinstance(place, Push):
            if playlist := self.read_back.playlist(stream):
                return PushedSource(stream, playlist)
            if not await asyncio.to_thread(self.spool_of(stream).is_dir):
                raise NotLive(_NOBODY)
            return PushedSource(stream)
        found = await self.places.readable(place)
        if not isinstance(found, GuardedAddress):
            raise ReadingFailed(_NO_PLACE)
        source = await self.resolver.resolve(found.url, max_height=settings.max_height or self.max_height)
        page = source.url != found.url
        if page and not source.live:
            raise ReadingFailed(_RECORDING)
        return PageSource(source, page)
