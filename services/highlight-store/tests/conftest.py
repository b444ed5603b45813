"""Recordings whose every frame says its number and whose every second clicks and flashes, cut into segments.

And the ports over memory, for use cases that need no recording.
"""

import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_contracts.ids import HighlightId, RunId, StreamId, new_id
from tldr_highlight_store.application.highlights.settle_run import SettleRun
from tldr_highlight_store.application.streams.follow_source import FollowSource
from tldr_highlight_store.application.streams.follow_stream import FollowStream
from tldr_highlight_store.domain.clips.cutting import SegmentPart
from tldr_highlight_store.domain.highlights.highlight import ClipState, Highlight, HighlightState
from tldr_highlight_store.domain.highlights.run import Run
from tldr_highlight_store.domain.streams.segment import Segment
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_streams.transactions import Transactions
from tldr_testing.studio import Studio

# Timestamps in a fragment are those of the source, for both tracks alike, only with frag_discont.
SEGMENT_OPTIONS = {
    "mp4": {
        "movflags": "frag_custom+empty_moov+default_base_moof+frag_discont",
        "use_editlist": "0",
        "avoid_negative_ts": "disabled",
    },
    "matroska": {"avoid_negative_ts": "disabled"},
}


class CuttingStudio(Studio):
    """Cuts its recordings into segments as well."""

    def segments(self, path: Path, container: str = "mp4", every_s: float = 2.0, gop: bool = True) -> list[SegmentPart]:
        """Parts of about `every_s`, at keyframes, or without `gop` anywhere, decoding from the first part."""
        source: Any = av.open(str(path))
        streams = [*source.streams.video, *source.streams.audio]
        cuts: list[tuple[int, list[Any]]] = []
        for packet in source.demux(streams):
            if packet.size:
                at = round(packet.pts * packet.time_base * 1000)
                starts = packet.is_keyframe if source.streams.video and gop else True
                leads = packet.stream is streams[0]
                if not cuts or (leads and starts and at - cuts[-1][0] >= every_s * 1000):
                    cuts.append((at, []))
                cuts[-1][1].append(packet)
        ends = [at for at, _ in cuts[1:]] + [round((source.duration or 0) / 1000) + 1_000]
        return [
            SegmentPart(i, _file(container, streams, packets), 0, at, ends[i], container, i if gop else 0)
            for i, (at, packets) in enumerate(cuts)
        ]


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> CuttingStudio:
    return CuttingStudio(tmp_path_factory.mktemp("studio"))


@pytest.fixture(scope="session")
def recording(studio: CuttingStudio) -> Path:
    """Eight seconds of H.264 with B-frames, a keyframe every two seconds, and AAC."""
    return studio.record()


def _file(container: str, streams: list[Any], packets: list[Any]) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container, container_options=dict(SEGMENT_OPTIONS[container])) as movie:
        outputs = {stream.index: movie.add_stream_from_template(stream, opaque=True) for stream in streams}
        for packet in packets:
            packet.stream = outputs[packet.stream.index]
            movie.mux(packet)
    return file.getvalue()


class MemoryStreams:
    """Streams in a dictionary; nobody else is there to lock out."""

    def __init__(self) -> None:
        self.rows: dict[StreamId, Stream] = {}

    async def get(self, stream: StreamId) -> Stream:
        return self.rows.get(stream, Stream(stream))

    lock = get

    async def put(self, stream: Stream) -> None:
        self.rows[stream.id] = stream

    async def forget(self, stream: StreamId) -> None:
        """What hangs on it is kept elsewhere."""


class MemoryHighlights:
    """Highlights in a dictionary; `streams` says which run is shown."""

    def __init__(self, streams: MemoryStreams) -> None:
        self.rows: dict[str, Highlight] = {}
        self.streams = streams

    async def get(self, highlight: HighlightId) -> Highlight | None:
        return self.rows.get(highlight)

    async def put(self, highlight: Highlight) -> None:
        self.rows[highlight.id] = highlight

    async def of_run(self, run: RunId) -> Sequence[Highlight]:
        return self._ordered(lambda one: one.run == run)

    async def waiting(self, stream: StreamId, after_ms: int, until_ms: int | None) -> Sequence[Highlight]:
        return self._ordered(
            lambda one: (
                one.stream == stream
                and one.cut is ClipState.WAITING
                and after_ms < one.end_ms <= (one.end_ms if until_ms is None else until_ms)
            )
        )

    async def page(
        self, stream: StreamId, *, after: tuple[int, str] | None, limit: int, run: RunId | None = None
    ) -> Sequence[Highlight]:
        runs = [one.run for one in self.rows.values() if one.stream == stream]
        shown = run or (await self.streams.get(stream)).default_run or max(runs, default=RunId(""))
        return self._ordered(
            lambda one: (
                one.stream == stream
                and one.run == shown
                and one.state is not HighlightState.RETRACTED
                and (after is None or (one.start_ms, one.id) > after)
            )
        )[:limit]

    def _ordered(self, wanted: Callable[[Highlight], bool]) -> list[Highlight]:
        return sorted(filter(wanted, self.rows.values()), key=lambda one: (one.start_ms, one.id))


class MemoryRuns:
    """Runs in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[str, Run] = {}

    async def get(self, run: RunId) -> Run | None:
        return self.rows.get(run)

    async def put(self, run: Run) -> None:
        self.rows[run.id] = run

    async def newest_settled(self, stream: StreamId, *, besides: Sequence[RunId]) -> RunId | None:
        good = [r.id for r in self.rows.values() if r.stream == stream and r.settled and not r.failure]
        return max((run for run in good if run not in besides), default=None)


class MemorySegments:
    """Segments in dictionaries."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Segment] = {}

    async def add(self, stream: StreamId, segment: Segment) -> None:
        self.rows[stream, segment.index] = segment

    async def around(self, stream: StreamId, start_ms: int, end_ms: int) -> Sequence[Segment]:
        ordered = sorted((one for (of, _), one in self.rows.items() if of == stream), key=lambda one: one.index)
        touched = [one for one in ordered if one.end_ms > start_ms - 1000 and one.start_ms < end_ms + 1000]
        first = min((min(one.index, one.decode_from) for one in touched), default=0)
        return [one for one in ordered if first <= one.index and one.start_ms < end_ms + 1000]


class Queue:
    """Keeps what is asked for."""

    def __init__(self) -> None:
        self.cuts: list[tuple[str, int, int]] = []
        self.purged: list[str] = []
        self.discarded: list[str] = []
        self.replaced_clips: list[Any] = []

    async def cut(self, highlight: Highlight, *, priority: int) -> None:
        self.cuts.append((highlight.id, highlight.revision, priority))

    async def discard(self, highlight: Highlight) -> None:
        self.discarded.append(highlight.id)

    async def replaced(self, highlight: Highlight) -> None:
        self.replaced_clips.append(highlight.clip)

    async def purge(self, stream: StreamId) -> None:
        self.purged.append(stream)

    async def cancel(self, stream: StreamId) -> None:
        self.cuts.clear()


class Said:
    """Keeps what is announced."""

    def __init__(self) -> None:
        self.facts: list[tuple[str, Any]] = []

    def __getattr__(self, fact: str) -> Any:
        async def announce(subject: Any) -> None:
            self.facts.append((fact, subject))

        return announce

    @property
    def told(self) -> list[tuple[str, int]]:
        """What was said of highlights, each fact with its revision."""
        return [(fact, subject.revision) for fact, subject in self.facts if isinstance(subject, Highlight)]

    def of_kind(self, kind: str) -> list[Any]:
        return [subject for fact, subject in self.facts if fact == kind]


@dataclass
class Ports:
    """The ports of one organization, over one technology, and figures that differ in what a test is about."""

    streams: Any = field(default_factory=MemoryStreams)
    segments: Any = field(default_factory=MemorySegments)
    runs: Any = field(default_factory=MemoryRuns)
    highlights: Any = None
    clips: Queue = field(default_factory=Queue)
    announcements: Said = field(default_factory=Said)
    stream: StreamId = field(default_factory=lambda: StreamId(new_id("str")))
    run: RunId = field(default_factory=lambda: RunId(new_id("run")))

    def __post_init__(self) -> None:
        self.highlights = self.highlights or MemoryHighlights(self.streams)

    @property
    def settle(self) -> SettleRun:
        return SettleRun(self.streams, self.highlights, self.runs, self.announcements)

    @property
    def transactions(self) -> Transactions["Ports"]:
        return Transactions(self._open, self._open, self._open)

    @asynccontextmanager
    async def _open(self) -> AsyncIterator["Ports"]:
        yield self

    def highlight(self, **changes: Any) -> Highlight:
        """A final one of the second at ten seconds."""
        made = Highlight(
            id=HighlightId(new_id("hl")),
            stream=self.stream,
            run=self.run,
            revision=1,
            state=HighlightState.FINAL,
            start_ms=10_000,
            end_ms=11_000,
            peak_ms=10_500,
            details={
                "types": ["epic_moment"],
                "score": 0.75,
                "confidence": 0.5,
                "title": "Action picks up",
                "reason": "Action four times as fast.",
                "dimensions": [{"dimension": "action", "score": 0.75, "weight": 1.0}],
                "contributions": [],
                "missing": ["chat"],
            },
        )
        return replace(made, **changes)

    @property
    def follow(self) -> FollowStream:
        return FollowStream(self)

    @property
    def source(self) -> FollowSource:
        return FollowSource(self)

    async def read(self, until_ms: int, *, ended_attempt: int = 0) -> None:
        """The source is stored up to here, or to the end of an attempt."""
        known = await self.streams.lock(self.stream)
        await self.streams.put(known.having_read(until_ms, ended_attempt=ended_attempt))

    def segment(self, index: int, length_ms: int = 4000, decode_from: int | None = None) -> Segment:
        """One of a row of equal segments."""
        start, first = index * length_ms, index if decode_from is None else decode_from
        return Segment(index, start, start + length_ms, "bucket", f"segments/{index}.mp4", 9, "mp4", start, first)


@pytest.fixture
def memory() -> Ports:
    return Ports()
