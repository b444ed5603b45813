"""Reads live sources, each in a process of its own."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.live.feeds import LivePlace, OpenFeed, PlaylistPlace, SpoolPlace
from tldr_ingest.adapters.live.task import read_live
from tldr_ingest.adapters.reading.messages import Item, Task
from tldr_ingest.adapters.reading.places import OWN_SERVERS, GuardedAddress, failing_for
from tldr_ingest.adapters.reading.processes import ReadingProcesses
from tldr_ingest.application.live.ports import LiveSource, PageSource
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import LiveSettings
from tldr_ingest.domain.live.cursor import Going
from tldr_ingest.domain.live.events import LiveEvent
from tldr_ingest.domain.media.source import CutSegment
from tldr_outbound import AddressPolicy, ReadingLimits

SILENCE_S = 90.0
"""A feed says something every few seconds, if only that there is nothing; a process that says nothing for so long hangs."""
_RENEWED_MS = 600_000
"""An address is found out anew so long before it expires."""


@dataclass(frozen=True, slots=True)
class ProcessLiveReader:
    """See `LiveMediaReader`. `spool_of`: see `OutsideSources`."""

    processes: ReadingProcesses
    open_feed: OpenFeed
    policy: AddressPolicy
    limits: ReadingLimits
    spool_of: Callable[[StreamId], Path]
    push_grace_ms: int
    max_height: int
    now_ms: Callable[[], int]

    async def read(self, source: LiveSource, settings: LiveSettings, going: Going) -> AsyncGenerator[LiveEvent, None]:
        """See `LiveMediaReader.read`."""
        place = self._place(source, settings)
        task = Task(read_live, (self.open_feed, place, going, self._renew_at_ms(source)))
        url = place.url if isinstance(place, PlaylistPlace) else ""
        try:
            with failing_for(GuardedAddress(url, self.policy, self.limits)):
                async with aclosing(self.processes.run(task, first_within_s=SILENCE_S)) as items:
                    async for item in items:
                        yield _event(item)
        except ReadingFailed as error:
            # What does not answer now may answer later.
            raise ReadingFailed(
                error.failure, passing=error.passing or error.failure.code == "deadline_exceeded"
            ) from error

    def _place(self, source: LiveSource, settings: LiveSettings) -> LivePlace:
        if isinstance(source, PageSource):
            found = source.source
            return PlaylistPlace(found.url, found.headers, self.policy, self.limits, settings, self.max_height)
        if source.playlist:
            return PlaylistPlace(source.playlist, (), OWN_SERVERS, self.limits, settings, self.max_height)
        return SpoolPlace(self.spool_of(source.stream), settings, self.push_grace_ms)

    def _renew_at_ms(self, source: LiveSource) -> int:
        """When to go on at another address; 0 where this one does not expire, or so soon that it is read to its end."""
        expires_ms = source.source.expires_at_s * 1000 if isinstance(source, PageSource) else 0
        return expires_ms - _RENEWED_MS if expires_ms - _RENEWED_MS > self.now_ms() else 0


def _event(item: Item) -> LiveEvent:
    event: LiveEvent = item.value
    return replace(event, data=item.data or b"") if isinstance(event, CutSegment) else event
