"""What video-analysis and chat-sentiment say of a stream."""

from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.meet_attempt import MeetAttempt
from tldr_fusion_detector.application.ports import Coverages, Gaps, Signals, Streams, Wakeups
from tldr_fusion_detector.application.signals.known_gap import KnownGap
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.stream_record import Failure
from tldr_fusion_detector.domain.signals.signals import Modality


@dataclass(frozen=True, slots=True)
class RecordSignals:
    """Append what came and ask that the stream is advanced. Nothing is computed here."""

    streams: Streams
    signals: Signals
    coverages: Coverages
    gaps: Gaps
    wakeups: Wakeups
    meet: MeetAttempt

    async def measured(self, stream: StreamId, measurement: Measurement) -> None:
        """Series of some seconds."""
        record = await self.streams.get(stream)
        if record.dropped:
            return
        await self.streams.touch(stream)
        await self.signals.add(stream, measurement)
        if record.attempt > 1:
            await self.gaps.fill(stream, measurement, attempt=record.attempt)
        await self.coverages.extend(stream, measurement.modalities, measurement.complete_until_ms)
        await self.wakeups.wake(record, soon=False, until_ms=measurement.complete_until_ms)

    async def gap_found(
        self, stream: StreamId, gaps: tuple[KnownGap, ...], modalities: tuple[Modality, ...], until_ms: int
    ) -> None:
        """Some seconds are missing for good; `modalities` are complete, or known to be missing, up to `until_ms`."""
        record = await self.streams.get(stream)
        if record.dropped:
            return
        await self.streams.touch(stream)
        for gap in gaps:
            await self.gaps.add(stream, gap, attempt=record.attempt)
        await self.coverages.extend(stream, modalities, until_ms)
        await self.wakeups.wake(record, soon=False, until_ms=until_ms)

    async def ended(
        self,
        stream: StreamId,
        attempt: int,
        modalities: tuple[Modality, ...],
        *,
        duration_ms: int,
        failure: Failure | None,
    ) -> None:
        """Nothing more of these modalities will come in this attempt."""
        record = await self.meet(stream, attempt)
        if record is None:
            return
        await self.streams.put(record)
        for modality in modalities:
            await self.coverages.end(stream, modality, attempt=attempt, duration_ms=duration_ms, failure=failure)
        await self.wakeups.wake(record, soon=True)
