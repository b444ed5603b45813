"""What video-analysis and chat-sentiment say of a stream."""

from collections.abc import Mapping
from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.begin_attempt import BeginAttempt
from tldr_fusion_detector.application.ports import Coverages, Gaps, Signals, Streams, Wakeups
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap, never_came, parted
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_streams.values import Failure


@dataclass(frozen=True, slots=True)
class RecordSignals:
    """Append what came and ask that the stream is advanced. Nothing is computed here.

    Each topic is in order. Of a live stream, what is said of seconds that were complete before changes nothing: they may
    have settled.
    """

    streams: Streams
    signals: Signals
    coverages: Coverages
    gaps: Gaps
    wakeups: Wakeups
    begin: BeginAttempt

    async def measured(self, stream: StreamId, measurement: Measurement) -> None:
        """Series of some seconds."""
        record = await self.streams.ensure(stream)
        if record.dropped:
            return
        start_ms = measurement.start_ms if measurement.pieces else 0
        known_ms = await self._extend(record, measurement.modalities, start_ms, measurement.complete_until_ms)
        if record.live:
            await self.signals.add(stream, measurement.beyond(known_ms))
        else:
            await self.signals.add(stream, measurement)
            # What begins before the seconds that are known may be what was missed.
            if record.attempt > 1 or any(start_ms < before for before in known_ms.values()):
                await self.gaps.fill(stream, measurement, attempt=record.attempt)
        await self.wakeups.wake(record, soon=False, until_ms=measurement.complete_until_ms)

    async def gap_found(
        self, stream: StreamId, gaps: tuple[ReportedGap, ...], modalities: tuple[Modality, ...], until_ms: int
    ) -> None:
        """Some seconds are missing for good; `modalities` are complete, or known to be missing, up to `until_ms`."""
        record = await self.streams.ensure(stream)
        if record.dropped:
            return
        start_ms = min((gap.start_ms for gap in gaps), default=0)
        known_ms = await self._extend(record, modalities, start_ms, until_ms)
        for gap in gaps:
            for part in parted(gap, known_ms.get(gap.modality, 0)) if record.live else (gap,):
                await self.gaps.add(stream, part, attempt=record.attempt)
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
        record = await self.begin(stream, attempt)
        if record is None:
            return
        await self.streams.put(record)
        for modality in modalities:
            await self.coverages.end(stream, modality, attempt=attempt, duration_ms=duration_ms, failure=failure)
        await self.wakeups.wake(record, soon=True)

    async def _extend(
        self, record: StreamRecord, modalities: tuple[Modality, ...], start_ms: int, until_ms: int
    ) -> Mapping[Modality, int]:
        """Each topic is in order, so what begins beyond the seconds that are known shows that an event never came.

        Up to where each modality was complete before.
        """
        before = await self.coverages.extend(record.id, modalities, until_ms)
        for modality, known_ms in before.items():
            for gap in never_came(modality, known_ms, min(start_ms, until_ms)):
                await self.gaps.add(record.id, gap, attempt=record.attempt)
        return before
