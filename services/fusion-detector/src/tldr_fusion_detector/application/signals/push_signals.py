"""Telemetry that customers push: figures of whole seconds, kept where their second is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.moments.live_ports import LiveRuns
from tldr_fusion_detector.application.ports import Coverages, Signals, Streams, Wakeups
from tldr_fusion_detector.application.signals.measurement import Measurement
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Piece

MOST_SIGNALS = 32
MOST_HELD = 20_000
FARTHEST_AHEAD_S = 600
"""Ahead of what is known of the stream. What comes by then would make the seconds between count as pushed."""


class Dropped(StrEnum):
    """Why a sample is left out. early: too far ahead. unplaced: by the wall clock, which nobody can place in this stream."""

    LATE = "late"
    EARLY = "early"
    UNPLACED = "unplaced"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Sample:
    """A figure of a signal at a time: in milliseconds of stream time, or since 1970 where `wall` says so."""

    signal: str
    at_ms: int
    value: float
    wall: bool


class Telemetry(Protocol):
    """What is kept of telemetry besides the figures."""

    async def hold(self, stream: StreamId, samples: Sequence[Sample], at_most: int) -> int:
        """Keep them until the stream's wall clock is known; how many there was no room for."""

    async def take(self, stream: StreamId) -> Sequence[Sample]:
        """Those that were held, which are held no longer; in order of time."""

    async def names(self, stream: StreamId) -> set[str]:
        """The signals of which there is a figure."""

    async def drop(self, stream: StreamId, samples: Mapping[Dropped, int]) -> None:
        """Count what was left out."""

    async def dropped(self, stream: StreamId) -> Mapping[Dropped, int]:
        """How many were left out."""


@dataclass(frozen=True, slots=True)
class PushSignals:
    """Take telemetry in. The last figure of a second stands while that second is open.

    A second is open until the run has closed it; where telemetry is waited for, until a later one was pushed.
    """

    streams: Streams
    signals: Signals
    coverages: Coverages
    live: LiveRuns
    telemetry: Telemetry
    wakeups: Wakeups

    async def __call__(self, stream: StreamId, samples: Sequence[Sample]) -> None:
        """In the order in which they were pushed."""
        record = await self.streams.ensure(stream)
        if record.dropped:
            return
        by_wall = [sample for sample in samples if sample.wall]
        if not by_wall or record.source.wall_zero_ms:
            await self._place(record, samples)
        elif record.source.opened_attempt:
            await self.telemetry.drop(stream, {Dropped.UNPLACED: len(by_wall)})
            await self._place(record, [sample for sample in samples if not sample.wall])
        else:
            left = await self.telemetry.hold(stream, by_wall, MOST_HELD)
            await self.telemetry.drop(stream, {Dropped.TOO_MANY: left})
            await self._place(record, [sample for sample in samples if not sample.wall])

    async def clock_known(self, record: StreamRecord) -> None:
        """The source was opened: what was held can be placed, or never will be."""
        held = await self.telemetry.take(record.id)
        if record.source.wall_zero_ms:
            await self._place(record, held)
        else:
            await self.telemetry.drop(record.id, {Dropped.UNPLACED: len(held)})

    async def _place(self, record: StreamRecord, samples: Sequence[Sample]) -> None:
        if not samples:
            return
        stream, awaited = record.id, record.request is not None and record.request.external
        # From here on the run closes no second until this is committed.
        least_s = await self.live.closed_s(record.run) if record.run else 0
        states = await self.coverages.of(stream)
        if awaited and Modality.EXTERNAL in states:
            least_s = max(least_s, states[Modality.EXTERNAL].complete_until_ms // 1000)
        lead_ms = max((state.complete_until_ms for state in states.values()), default=0)
        names = await self.telemetry.names(stream)
        kept: dict[tuple[str, int], float] = {}
        dropped: dict[Dropped, int] = {}
        for sample in samples:
            second = _second(sample, record.source.wall_zero_ms)
            reason = _reason(second, least_s, lead_ms // 1000)
            if reason is None and len(names | {sample.signal}) > MOST_SIGNALS:
                reason = Dropped.TOO_MANY
            if reason is not None or not record.active:
                reason = reason or Dropped.LATE
                dropped[reason] = dropped.get(reason, 0) + 1
                continue
            names.add(sample.signal)
            kept[sample.signal, second] = sample.value
        await self.telemetry.drop(stream, dropped)
        if kept:
            await self._keep(record, kept, awaited=awaited)

    async def _keep(self, record: StreamRecord, kept: Mapping[tuple[str, int], float], *, awaited: bool) -> None:
        pieces = tuple(Piece(signal, second, np.array([value])) for (signal, second), value in kept.items())
        # The last second is open still: a later figure may replace it.
        until_ms = 1000 * max(second for _, second in kept)
        await self.signals.add(record.id, Measurement((Modality.EXTERNAL,), until_ms, pieces))
        if awaited:
            await self.coverages.extend(record.id, (Modality.EXTERNAL,), until_ms)
        await self.wakeups.wake(record, soon=False, until_ms=until_ms)


def _second(sample: Sample, zero_ms: int) -> int:
    return (sample.at_ms - (zero_ms if sample.wall else 0)) // 1000


def _reason(second: int, least_s: int, lead_s: int) -> Dropped | None:
    if second < max(least_s, 0):
        return Dropped.LATE
    return Dropped.EARLY if second > lead_s + FARTHEST_AHEAD_S else None
