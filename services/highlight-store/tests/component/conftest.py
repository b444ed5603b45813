"""The service on embedded servers, and a stream whose segments lie in the object store."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tldr.common.v1 import common_pb2
from tldr.detections.v1 import detections_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import new_id
from tldr_contracts.topics import HIGHLIGHTS
from tldr_embedded import Servers
from tldr_highlight_store.bootstrap import DEFINITION
from tldr_storage import bucket_of
from tldr_testing import Hosted, Recorder, eventually
from tldr_testing.hosting import Hosting

LANE = 11


@pytest_asyncio.fixture(scope="session")
async def store(servers: Servers) -> AsyncIterator[Hosted]:
    """The one highlight store of these tests: two would share a consumer group."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TLDR_HIGHLIGHT_STORE_SWEEP_INTERVAL_S", "0.2")
        async with AsyncExitStack() as parts:
            yield await Hosting(servers, parts)(DEFINITION)


@dataclass
class Mesh:
    """What the other services publish about one stream of eight seconds."""

    store: Hosted
    recorder: Recorder
    segments: list[Any]
    organization: str
    stream: str
    run: str = field(default_factory=lambda: new_id("run"))
    rescore: bool = False

    async def tell(self, event: Any) -> None:
        await self.store.publish(event, organization=self.organization, subject=self.stream, lane=LANE)

    async def store_segments(self) -> None:
        """Put the segments into the bucket and say so."""
        for part in self.segments:
            key = f"streams/{self.stream}/segments/{part.index:06}.mp4"
            stored = await self.store.objects.put(bucket_of(self.organization), key, part.source, "video/mp4")
            fact = ingestions_pb2.SegmentStored(
                stream_id=self.stream,
                index=part.index,
                range=common_pb2.TimeRange(start_ms=part.start_ms, end_ms=part.end_ms),
                object=common_pb2.ObjectReference(bucket=stored.bucket, key=key, size_bytes=stored.size_bytes),
                container=part.container,
                offset_ms=part.offset_ms,
                decode_from=part.decode_from,
                has_video=True,
                has_audio=True,
            )
            await self.tell(ingestions_pb2.IngestionEvent(segment_stored=fact))
        await self.end_source(self.segments[-1].end_ms)

    async def end_source(self, duration_ms: int) -> None:
        fact = ingestions_pb2.IngestionEnded(stream_id=self.stream, attempt=1, duration_ms=duration_ms)
        await self.tell(ingestions_pb2.IngestionEvent(ended=fact))

    def rescored(self) -> "Mesh":
        """The same stream in a further run."""
        return replace(self, run=new_id("run"), rescore=True)

    async def detect(self, start_ms: int, end_ms: int, *, final: bool = True) -> str:
        """A highlight; its id."""
        fact = detections_pb2.HighlightDetected(
            stream_id=self.stream,
            run_id=self.run,
            highlight_id=new_id("hl"),
            revision=1,
            state=detections_pb2.DETECTION_STATE_FINAL if final else detections_pb2.DETECTION_STATE_PROVISIONAL,
            range=common_pb2.TimeRange(start_ms=start_ms, end_ms=end_ms),
            peak_ms=(start_ms + end_ms) // 2,
            types=["epic_moment"],
            score=0.75,
            title="Action picks up",
            rescore=self.rescore,
        )
        await self.tell(detections_pb2.DetectionEvent(detected=fact))
        return fact.highlight_id

    async def complete(self, *highlights: str) -> None:
        fact = detections_pb2.DetectionCompleted(
            stream_id=self.stream,
            run_id=self.run,
            attempt=1,
            highlight_ids=highlights,
            duration_ms=8000,
            rescore=self.rescore,
        )
        await self.tell(detections_pb2.DetectionEvent(completed=fact))

    async def decide(self, decision: str) -> None:
        """What the gateway decides: cancelled, deleted, …"""
        event = streams_pb2.StreamEvent()
        fact = getattr(event, decision)
        fact.stream_id = self.stream
        if decision == "retried":
            fact.attempt = 2
        await self.tell(event)

    async def fail(self) -> None:
        """Detection ends badly."""
        fact = detections_pb2.DetectionFailed(stream_id=self.stream, run_id=self.run, attempt=1, rescore=self.rescore)
        fact.failure.code, fact.failure.reason = "signals_gone", "The signals are not kept any longer."
        await self.tell(detections_pb2.DetectionEvent(failed=fact))

    async def settled(self) -> Any:
        """How the run ended, once."""

        async def look() -> Any:
            known = (await self.recorder.of(self.stream)).of_kind("settled")
            return [fact for fact in known if fact.run_id == self.run] or None

        (fact,) = await eventually(look)
        return fact

    async def rows(self, query: str) -> list[Any]:
        async with self.store.database.tenant(self.organization) as transaction:
            return list(await transaction.exec_driver_sql(query))

    async def ended_before(self, age: str) -> None:
        """Once the stream has ended, let that be so long ago."""
        back = f"UPDATE streams SET ended_at = ended_at - interval '{age}' WHERE ended_at IS NOT NULL RETURNING 1"

        async def older() -> bool:
            return bool(await self.rows(back))

        await eventually(older)

    def asking(self) -> httpx.AsyncClient:
        return self.store.asking(self.organization)


@pytest.fixture
async def new_mesh(store: Hosted, studio: Any, recording: Path) -> Callable[[], Any]:
    segments = studio.segments(recording)

    async def make() -> Mesh:
        return Mesh(store, await store.recorder(HIGHLIGHTS), segments, new_id("org"), new_id("str"))

    return make


@pytest.fixture
async def mesh(new_mesh: Callable[[], Any]) -> Mesh:
    made: Mesh = await new_mesh()
    return made
