"""A run may have ended: detection is done, or a clip is."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import RunId
from tldr_highlight_store.application.ports import Announcements, Highlights, Runs, Streams
from tldr_highlight_store.domain.highlights.run import Run, settle


@dataclass(frozen=True, slots=True)
class SettleRun:
    """Say that a run is settled, once, when each of its highlights is ready or failed. The caller holds the stream."""

    streams: Streams
    highlights: Highlights
    runs: Runs
    announcements: Announcements

    async def __call__(self, run: RunId) -> None:
        """Look whether the run is settled now."""
        known = await self.runs.get(run)
        if known is None:
            return
        settlement = settle(known, await self.highlights.of_run(run))
        if settlement is None:
            return
        await self.runs.put(replace(known, settled=True))
        if known.failure is None:
            stream = await self.streams.lock(known.stream)
            await self.streams.put(stream.showing(run))
        await self.announcements.settled(settlement)


@dataclass(frozen=True, slots=True)
class EndRun:
    """Keep what detection said at its end, and settle the run if nothing is waiting."""

    streams: Streams
    runs: Runs
    settle: SettleRun

    async def __call__(self, run: Run) -> None:
        """Record the end of a run, the first time; of a dropped stream, never."""
        stream = await self.streams.lock(run.stream)
        if not stream.dropped and await self.runs.get(run.id) is None:
            await self.streams.put(stream)  # its row may be made by this
            await self.runs.put(run)
            await self.settle(run.id)
