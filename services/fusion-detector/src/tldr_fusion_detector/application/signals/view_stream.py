"""All that is known of a stream at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tldr_contracts.ids import StreamId
from tldr_fusion_detector.application.ports import Coverages, Gaps, Signals, Streams
from tldr_fusion_detector.application.signals.coverage import Coverage, ModalityState, coverage
from tldr_fusion_detector.application.signals.reported_gap import ReportedGap, explained, merged
from tldr_fusion_detector.application.stream_record import StreamRecord
from tldr_fusion_detector.domain.signals.signals import Modality
from tldr_fusion_detector.domain.signals.timeline import Timeline

# A claim of more is a broken timestamp; series of two days at 1 Hz are still small.
LONGEST_S = 48 * 3600


class Reading(Protocol):
    """The repositories that tell how far a stream is."""

    @property
    def streams(self) -> Streams:
        """The organization's streams."""

    @property
    def coverages(self) -> Coverages:
        """How far their modalities are."""

    @property
    def gaps(self) -> Gaps:
        """What is missing."""

    @property
    def signals(self) -> Signals:
        """What was measured."""


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream with what its modalities said. `coverage` is None while the modalities are not known.

    `gaps`: for people. `masks`: those within which nothing that was measured is used.
    """

    record: StreamRecord
    states: dict[Modality, ModalityState]
    coverage: Coverage | None
    gaps: tuple[ReportedGap, ...]
    masks: tuple[ReportedGap, ...]

    @property
    def length_s(self) -> int:
        """Whole seconds that can be looked at; at the end the begun one too."""
        if self.coverage is None:
            return 0
        until_ms = self.coverage.watermark_ms + (999 if self.coverage.ended else 0)
        return min(max(until_ms, 0) // 1000, LONGEST_S)

    async def timeline(self, signals: Signals) -> Timeline:
        """The signals so far."""
        return await signals.timeline(self.record.id, self.length_s, self.masks)


async def view_stream(work: Reading, stream: StreamId) -> StreamView:
    """Look at a stream. How far it is is read before what was measured: a later measurement does no harm."""
    record = await work.streams.get(stream)
    states = dict(await work.coverages.of(stream))
    known = coverage(record, states)
    reported = await work.gaps.of(stream)
    gaps = merged(explained([*reported, *(known.missing if known else ())]))
    return StreamView(record, states, known, gaps, masking(reported, known) if record.live else gaps)


def masking(reported: Iterable[ReportedGap], known: Coverage | None) -> tuple[ReportedGap, ...]:
    """Of a live stream: each as it came, since those that follow must not change it."""
    return (*(gap for gap in reported if gap.masks), *(known.missing if known else ()))
