"""What ingest says of a stream's source."""

from dataclasses import dataclass, replace

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.begin_attempt import BeginAttempt
from tldr_fusion_detector.application.ports import Coverages, Gaps, Streams, Wakeups
from tldr_fusion_detector.application.signals.coverage import declared
from tldr_fusion_detector.application.signals.push_signals import PushSignals
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class FollowSource:
    """Keep what the source declares, lacks and ends with."""

    streams: Streams
    gaps: Gaps
    coverages: Coverages
    push: PushSignals
    wakeups: Wakeups
    begin: BeginAttempt

    async def opened(
        self,
        stream: StreamId,
        attempt: int,
        modalities: tuple[Modality, ...],
        *,
        claimed_ms: int,
        wall_zero_ms: int = 0,
    ) -> None:
        """The source was opened: these modalities will each end. From now on each is waited for."""
        record = await self.begin(stream, attempt)
        if record is None:
            return
        source = replace(
            record.source,
            opened_attempt=attempt,
            modalities=modalities,
            claimed_ms=claimed_ms,
            failure=None,
            wall_zero_ms=wall_zero_ms or record.source.wall_zero_ms,
        )
        opened = replace(record, source=source)
        await self.streams.put(opened)
        await self.coverages.extend(stream, declared(opened) or modalities, 0)
        await self.push.clock_known(opened)
        await self.wakeups.wake(opened, soon=False)

    async def gap_found(self, stream: StreamId, gap: ReportedGap) -> None:
        """A part could not be read. The watermark passes it by the word of the service behind."""
        record = await self.streams.get(stream)
        if not record.dropped:
            # Live, the order between topics would decide which seconds it still meets.
            told = replace(gap, masks=False) if record.live else gap
            await self.gaps.add(stream, told, attempt=record.attempt)

    async def ended(self, stream: StreamId, attempt: int, *, duration_ms: int, failure: Failure | None) -> None:
        """Nothing more will be read in this attempt."""
        record = await self.begin(stream, attempt)
        if record is None:
            return
        source = replace(record.source, ended_attempt=attempt, duration_ms=duration_ms, failure=failure)
        ended = replace(record, source=source)
        await self.streams.put(ended)
        await self.wakeups.wake(ended, soon=True)
