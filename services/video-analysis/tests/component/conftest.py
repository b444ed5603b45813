"""The service's own database with its handlers and use cases on it, and what neighbours say of a made-up recording."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from google.protobuf import json_format
from google.protobuf.message import Message

from tldr.common.v1 import common_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.streams.v1 import streams_pb2
from tldr.video_signals.v1 import video_signals_pb2
from tldr_bus import PostgresOutbox, Subscription, lock_subjects
from tldr_contracts.ids import StreamId
from tldr_database import Database, driver
from tldr_jobs import PostgresJobs
from tldr_streams.transactions import Transactions
from tldr_testing import LANE, ServiceDesk, migrated, received
from tldr_video_analysis.adapters.streams.work_postgres import PostgresWork, WorkFactory
from tldr_video_analysis.application.analyse_window import AnalyseWindow
from tldr_video_analysis.application.examine_segments import ExamineSegments
from tldr_video_analysis.application.give_up_window import GiveUpWindow
from tldr_video_analysis.bootstrap import DEFINITION
from tldr_video_analysis.domain.analysis.analyser import AnalyserCrashed, PartUnavailable
from tldr_video_analysis.domain.analysis.settings import AnalysisSettings
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.figures.figures import DecodeGap, Figures, Modality, Span
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.segments.segment import Segment, Window
from tldr_video_analysis.domain.streams.analysed_stream import WindowLengths
from tldr_video_analysis.entrypoints.events import Events

VIDEO, AUDIO = common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO
LENGTHS = WindowLengths(recording_s=8, live_s=2)


@dataclass
class ScriptedAnalyser:
    """Motion is the second's number, activity a hundred, every tenth of a second is a cut. Some segments kill it, some cannot
    be fetched; in the windows of `level_changes` the coding changes.
    """

    fatal: set[int] = field(default_factory=set)
    unavailable: set[int] = field(default_factory=set)
    undecodable: set[int] = field(default_factory=set)
    level_changes: dict[int, float] = field(default_factory=dict)
    calls: list[tuple[tuple[int, ...], int, int, bool]] = field(default_factory=list)
    fatal_pictures: set[int] = field(default_factory=set)
    fatal_sound: set[int] = field(default_factory=set)
    slow: Modality | None = None

    async def __call__(
        self, parts: Sequence[SegmentPart], first_second: int, end_second: int, settings: AnalysisSettings
    ) -> Figures:
        indices = tuple(part.index for part in parts)
        self.calls.append((indices, first_second, end_second, settings.thorough))
        fatal_parts = [
            part
            for part in parts
            if part.index in self.fatal
            or (part.has_video and part.index in self.fatal_pictures)
            or (part.has_audio and part.index in self.fatal_sound)
        ]
        if fatal_parts:
            raise AnalyserCrashed("it died")
        if self.slow and any(part.has_video if self.slow is Modality.VIDEO else part.has_audio for part in parts):
            await asyncio.Event().wait()
        for index in sorted(self.unavailable & set(indices)):
            raise PartUnavailable(index, "HTTP Error 404")
        seconds = np.arange(first_second, end_second, dtype=np.float32)
        covered = np.zeros(len(seconds), dtype=np.bool_)
        for part in parts:
            covered |= (seconds * 1000 >= part.start_ms) & (seconds * 1000 < part.end_ms)
        motion = np.where(covered, seconds, np.nan).astype(np.float32)
        bad = [part for part in parts if part.index in self.undecodable]
        seen = {signal_names.MOTION: motion, signal_names.ACTIVITY: np.full_like(motion, 100.0)}
        has_video, has_audio = any(part.has_video for part in parts), any(part.has_audio for part in parts)
        return Figures(
            first_second,
            end_second,
            {**(seen if has_video else {}), **({signal_names.LOUDNESS: -motion} if has_audio else {})},
            cuts_ms=(first_second * 1000 + 500,) if has_video else (),
            pauses=(Span(first_second * 1000, end_second * 1000),) if has_audio else (),
            gaps=tuple(DecodeGap(Modality.VIDEO, p.start_ms, p.end_ms, "decode_failed", "Broken.") for p in bad),
            level_change=self.level_changes.get(first_second, 1.0),
        )


class NamedSources:
    """Addresses that say what they are of."""

    def address(self, segment: Segment) -> str:
        return f"https://store/{segment.bucket}/{segment.key}"


@dataclass(frozen=True)
class Recording:
    """What the gateway and ingest say of a recording with segments of four seconds, or of as many as are wanted."""

    stream: str
    attempt: int = 1
    length_ms: int = 4000

    def requested(self, *, live: bool = False, thorough: bool = False) -> streams_pb2.StreamEvent:
        kind = streams_pb2.SOURCE_KIND_LIVE if live else streams_pb2.SOURCE_KIND_RECORDING
        profile = streams_pb2.DetectionProfile(processing=streams_pb2.Processing(thorough=thorough))
        source = streams_pb2.Source(url="https://example.com/a.mp4", kind=kind)
        message = streams_pb2.StreamRequested(
            stream_id=self.stream, lane=LANE, priority=7, attempt=1, source=source, profile=profile
        )
        return streams_pb2.StreamEvent(requested=message)

    def decided(self, kind: str) -> streams_pb2.StreamEvent:
        """`retried`, `failed`, `cancelled`, `deleted` or `completed`."""
        event = json_format.ParseDict({kind: {"stream_id": self.stream}}, streams_pb2.StreamEvent())
        if kind in ("retried", "failed"):
            getattr(event, kind).attempt = self.attempt
        return event

    def opened(self, *modalities: common_pb2.Modality) -> ingestions_pb2.IngestionEvent:
        message = ingestions_pb2.IngestionStarted(
            stream_id=self.stream, attempt=self.attempt, modalities=modalities or (VIDEO, AUDIO)
        )
        return ingestions_pb2.IngestionEvent(started=message)

    def segment(self, index: int, *, end_ms: int = 0, shift_ms: int = 0) -> ingestions_pb2.IngestionEvent:
        message = ingestions_pb2.SegmentStored(
            stream_id=self.stream,
            index=index,
            range=common_pb2.TimeRange(
                start_ms=self.length_ms * index + shift_ms, end_ms=end_ms or self.length_ms * (index + 1) + shift_ms
            ),
            object=common_pb2.ObjectReference(bucket="org", key=f"{index}.mp4"),
            container="mp4",
            decode_from=index,
            has_video=True,
            has_audio=True,
        )
        return ingestions_pb2.IngestionEvent(segment_stored=message)

    def segments(self, *indices: int) -> Iterator[ingestions_pb2.IngestionEvent]:
        return map(self.segment, indices)

    def gap(self, start_ms: int, end_ms: int, modality: common_pb2.Modality = VIDEO) -> ingestions_pb2.IngestionEvent:
        span = common_pb2.TimeRange(start_ms=start_ms, end_ms=end_ms)
        gap = common_pb2.Gap(modality=modality, range=span, code="timestamp_jump", reason="The timestamps jump.")
        return ingestions_pb2.IngestionEvent(gap_found=ingestions_pb2.IngestionGapFound(stream_id=self.stream, gap=gap))

    def ended(self, duration_ms: int, failure: str = "") -> ingestions_pb2.IngestionEvent:
        message = ingestions_pb2.IngestionEnded(stream_id=self.stream, attempt=self.attempt, duration_ms=duration_ms)
        if failure:
            message.failure.code, message.failure.reason = failure, "A sentence."
        return ingestions_pb2.IngestionEvent(ended=message)


@dataclass
class Desk(ServiceDesk[PostgresWork]):
    """The service without a broker: handlers are called as the bus calls them, jobs as the workers do."""

    work: WorkFactory = field(default_factory=lambda: WorkFactory(PostgresJobs(), PostgresOutbox("video-analysis")))
    analyser: ScriptedAnalyser = field(default_factory=ScriptedAnalyser)

    async def tell_together(self, *messages: Message) -> None:
        """Handle events of ingest in one go."""
        events = [received(message, self.organization) for message in messages]
        subscription: Any = next(one for one in self.subscriptions() if one.topic.name == events[0].topic)
        async with self.database.tenant(self.organization) as transaction:
            await lock_subjects(transaction, *(event.subject for event in events))
            await subscription.handle_together(transaction, events)

    async def waiting(self, stream: str, *, only: str | None = None, priority: int = 7) -> list[Window]:
        """The windows that jobs wait to analyse, or those of which one modality is left."""
        rows = await self.fetch("SELECT payload, priority FROM jobs WHERE subject = $1 ORDER BY id", stream)
        found = [json.loads(row["payload"]) if isinstance(row["payload"], str) else row["payload"] for row in rows]
        assert {row["priority"] for row in rows} <= {priority}
        return [Window(one["first_second"], one["end_second"]) for one in found if one.get("only") == only]

    async def analyse(
        self, stream: str, *windows: Window, attempt: int = 1, last: bool = False, only: Modality | None = None
    ) -> None:
        """Run what the jobs of these windows run; of all that wait, where none is named."""
        use_case = AnalyseWindow(ExamineSegments(self.analyser), NamedSources(), examined_share=0.1, patience_s=0.05)
        for window in windows or await self.waiting(stream):
            await use_case(
                StreamId(stream),
                window,
                Transactions(self.open, self.open, partial(self._finish, stream, window, only)),
                attempt=attempt,
                last=last,
                only=only,
            )
            async with self._finish(stream, window, only):
                pass  # a job that returns is done

    async def give_up(self, stream: str, window: Window) -> None:
        """Run what an exhausted job runs."""
        async with self._finish(stream, window, None) as work:
            await GiveUpWindow(work)(StreamId(stream), window)

    @asynccontextmanager
    async def _finish(self, stream: str, window: Window, only: Modality | None) -> AsyncIterator[PostgresWork]:
        async with self.database.tenant(self.organization) as transaction:
            statement = (
                "DELETE FROM jobs WHERE subject = $1 AND payload ->> 'first_second' = $2"
                " AND payload ->> 'only' IS NOT DISTINCT FROM $3"
            )
            own = (stream, str(window.first_second), only)
            await (await driver(transaction)).execute(statement, *own)
            yield self.work(transaction, self.organization, LANE)

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        return Events(self.work, LENGTHS).subscriptions()


@dataclass(frozen=True)
class Heard:
    """What a reader makes of everything published about a stream."""

    facts: list[Any]

    def of(self, kind: type[Message]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def measured_seconds(self) -> dict[int, float]:
        """Motion by second; a second that is measured twice fails."""
        return self.seconds_of(signal_names.MOTION)

    def seconds_of(self, signal: str) -> dict[int, float]:
        """A signal by second; a second that is measured twice fails."""
        values: dict[int, float] = {}
        for fact in self.of(video_signals_pb2.VideoSignalsMeasured):
            for series in fact.series:
                if series.name == signal:
                    new = {s: v for s, v in enumerate(series.values, series.start_s) if not np.isnan(v)}
                    assert not new.keys() & values.keys()
                    values |= new
        return values

    @property
    def gaps(self) -> Counter[tuple[str, int, int, str]]:
        found = [fact.gap for fact in self.of(video_signals_pb2.VideoGapFound)]
        names = {VIDEO: "video", AUDIO: "audio"}
        return Counter((names[gap.modality], gap.range.start_ms, gap.range.end_ms, gap.code) for gap in found)

    @property
    def watermarks(self) -> list[int]:
        """How far it is complete by each message but the end; never less than before."""
        until = [f.complete_until_ms for f in self.facts if not isinstance(f, video_signals_pb2.VideoSignalsEnded)]
        assert until == sorted(until)
        return until

    @property
    def end(self) -> Any:
        """The end, which must be the last word."""
        assert isinstance(self.facts[-1], video_signals_pb2.VideoSignalsEnded)
        return self.facts[-1]


@pytest_asyncio.fixture(scope="session")
async def analysis_database(postgres_admin: str) -> AsyncIterator[Database]:
    """One database for all tests; they keep apart by their organizations."""
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest.fixture
def desk(analysis_database: Database, organization: str) -> Desk:
    return Desk(analysis_database, organization)


@pytest.fixture
def recording_of() -> type[Recording]:
    return Recording


@pytest.fixture
def recording(stream: str) -> Recording:
    return Recording(stream)


@pytest.fixture
def heard_of() -> type[Heard]:
    return Heard


@pytest.fixture
def listen(desk: Desk, recording: Recording) -> Callable[[], Awaitable[Heard]]:
    """What was said of the recording so far."""

    async def hear() -> Heard:
        return Heard(await desk.published(recording.stream))

    return hear
