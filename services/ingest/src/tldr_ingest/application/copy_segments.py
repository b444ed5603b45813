"""Stores segments side by side as they are cut, and commits them in order, several at a time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from tldr_ingest.application.announce_media import ReadFact
from tldr_ingest.application.stored_segment import StoredSegment
from tldr_ingest.domain.live.events import LiveOpened
from tldr_ingest.domain.media.source import CutSegment, ReadGap, SourceEnded, SourceInfo

CopiedEvent = CutSegment | ReadFact | SourceEnded
"""What a reading gives that is to be stored and committed."""
_Waiting = ReadFact | SourceEnded | Exception | asyncio.Task[StoredSegment]


@dataclass(frozen=True, slots=True)
class Pace:
    """`uploads`: segments in memory, being stored at a time. A commit holds at most `batch` segments and waits for at most
    `every_s` after its first: a transaction costs as much as cutting three segments.
    """

    uploads: int = 4
    batch: int = 16
    every_s: float = 0.25


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left to be said at the end: gaps behind the last segment, and where the source ends."""

    gaps: tuple[ReadGap, ...]
    duration_ms: int


@dataclass(frozen=True, slots=True)
class CopySegments:
    """`store` stores one segment; `commit` is given facts in order. A gap is committed with the segment it begins in, so
    that a reading that goes on behind the last segment finds each gap once; so is the opening of a live source, which is
    opened anew where it has no segment yet.
    """

    store: Callable[[CutSegment], Coroutine[Any, Any, StoredSegment]]
    commit: Callable[[Sequence[ReadFact]], Awaitable[None]]
    pace: Pace

    async def __call__(self, events: AsyncGenerator[CopiedEvent, None]) -> Rest:
        """Copy all of it. What the events raise is raised once everything before it was committed."""
        waiting: asyncio.Queue[_Waiting] = asyncio.Queue()
        uploads: set[asyncio.Task[StoredSegment]] = set()
        taking = asyncio.create_task(self._take(events, waiting, uploads))
        try:
            return await self._commit_in_order(waiting)
        finally:
            taking.cancel()
            for upload in uploads:
                upload.cancel()
            await asyncio.gather(taking, *uploads, return_exceptions=True)

    async def _take(
        self,
        events: AsyncGenerator[CopiedEvent, None],
        waiting: asyncio.Queue[_Waiting],
        uploads: set[asyncio.Task[StoredSegment]],
    ) -> None:
        # Bounds what is in memory: the next segment is not even asked for while all slots are taken.
        slots = asyncio.Semaphore(self.pace.uploads)

        def stored(upload: asyncio.Task[StoredSegment]) -> None:
            uploads.discard(upload)
            slots.release()

        try:
            async with aclosing(events):
                await slots.acquire()
                async for event in events:
                    if isinstance(event, CutSegment):
                        upload = asyncio.create_task(self.store(event))
                        uploads.add(upload)
                        upload.add_done_callback(stored)
                        waiting.put_nowait(upload)
                        del event
                        await slots.acquire()
                    else:
                        waiting.put_nowait(event)
        except Exception as error:
            waiting.put_nowait(error)

    async def _commit_in_order(self, waiting: asyncio.Queue[_Waiting]) -> Rest:
        held: list[ReadGap | LiveOpened] = []
        while True:
            batch, end = await self._batch(waiting, held)
            if batch:
                await self.commit(batch)
            if isinstance(end, Exception):
                raise end
            if end is not None:
                return Rest(tuple(gap for gap in held if isinstance(gap, ReadGap)), end.duration_ms)

    async def _batch(
        self, waiting: asyncio.Queue[_Waiting], held: list[ReadGap | LiveOpened]
    ) -> tuple[Sequence[ReadFact], SourceEnded | Exception | None]:
        """What is to be committed together, and the end where it was met; `held` keeps what goes with the next segment."""
        batch: list[ReadFact] = []
        due: float | None = None
        while len(batch) < self.pace.batch:
            found = await _next(waiting, due)
            if found is None:
                break
            if isinstance(found, SourceEnded | Exception):
                return batch, found
            if isinstance(found, ReadGap | LiveOpened):
                held.append(found)
                continue
            due = due or asyncio.get_running_loop().time() + self.pace.every_s
            batch += [*held, found]
            held.clear()
            if isinstance(found, SourceInfo):
                break
        return batch, None


async def _next(waiting: asyncio.Queue[_Waiting], until: float | None) -> ReadFact | SourceEnded | Exception | None:
    """The next fact once its upload is done; None when nothing came in time."""
    try:
        async with asyncio.timeout_at(until):
            found = await waiting.get()
    except TimeoutError:
        return None
    return await found if isinstance(found, asyncio.Task) else found
