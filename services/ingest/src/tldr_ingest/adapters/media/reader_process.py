"""Reads picture and sound in a process of its own."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass, replace

from tldr_ingest.adapters.reading.messages import Item, Task
from tldr_ingest.adapters.reading.places import Places, ReadablePlace, failing_for
from tldr_ingest.adapters.reading.processes import ReadingProcesses
from tldr_ingest.application.stream_record import FilePlace
from tldr_ingest.domain.live.cursor import LiveCursor
from tldr_ingest.domain.media.source import CutSegment, ResumeCursor, SourceEvent


@dataclass(frozen=True, slots=True)
class ProcessMediaReader:
    """See `MediaReader`. `work` runs in the process: it is given the place, the cursor and the height."""

    processes: ReadingProcesses
    places: Places
    open_limit_s: float
    work: Callable[[ReadablePlace, ResumeCursor | LiveCursor | None, int], Iterator[Item]]
    max_height: int

    async def read(
        self, place: FilePlace, after: ResumeCursor | LiveCursor | None
    ) -> AsyncGenerator[SourceEvent, None]:
        """See `MediaReader.read`; a source that says nothing of itself in time fails."""
        found = await self.places.recording(place)
        task = Task(self.work, (found, after, self.max_height))
        with failing_for(found):
            async with aclosing(self.processes.run(task, first_within_s=self.open_limit_s)) as items:
                async for item in items:
                    yield _event(item)


def _event(item: Item) -> SourceEvent:
    event: SourceEvent = item.value
    if isinstance(event, CutSegment):
        return replace(event, data=item.data or b"")
    return event
