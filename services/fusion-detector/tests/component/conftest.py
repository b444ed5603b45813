"""Who asks the service, and messages of a made-up broadcast."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from google.protobuf import json_format
from google.protobuf.message import Message
from numpy.typing import NDArray

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr.common.v1 import common_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.streams.v1 import streams_pb2
from tldr.video_signals.v1 import video_signals_pb2
from tldr_database import Database, driver
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.moments.explainer_thread import ThreadExplainer
from tldr_fusion_detector.adapters.work_postgres import PostgresWork
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.moments.explain_highlight import ExplainHighlight
from tldr_fusion_detector.application.moments.try_profile import TryProfile
from tldr_fusion_detector.bootstrap import DEFINITION
from tldr_fusion_detector.entrypoints.http_dry_runs import dry_runs_router
from tldr_fusion_detector.entrypoints.http_highlights import highlights_router
from tldr_fusion_detector.entrypoints.http_scorers import scorers_router
from tldr_testing import LANE
from tldr_web import InternalAccess, InternalTokens, problems

Floats = NDArray[np.float64]
REPOSITORY = Path(__file__).parents[4]
MEDIA = (common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO)


@pytest.fixture
def asking(service: Any) -> Callable[[str], httpx.AsyncClient]:
    """`asking(organization)` -> a client that asks the service's routes about highlights and scorers."""
    tokens = InternalTokens("a secret of thirty-two characters")

    @asynccontextmanager
    async def open_work(organization: str) -> AsyncIterator[PostgresWork]:
        async with service.database.tenant(organization) as transaction:
            yield service.work(transaction, organization, LANE)

    app = FastAPI()
    problems.install(app)
    access = InternalAccess(tokens, DEFINITION.name)
    app.include_router(highlights_router(open_work, ExplainHighlight(open_work, ThreadExplainer()), access))
    app.include_router(scorers_router(open_work, access))
    app.include_router(dry_runs_router(TryProfile(open_work, DetectRun(ThreadDetector())), access))

    def client(organization: str) -> httpx.AsyncClient:
        token = tokens.sign("test", DEFINITION.name, organization)
        transport = httpx.ASGITransport(app)
        headers = {"authorization": f"Bearer {token}"}
        return httpx.AsyncClient(transport=transport, base_url="http://detector", headers=headers)

    return client


@dataclass(frozen=True)
class Broadcast:
    """What the neighbours say of three minutes with three moments; chat answers twelve seconds late."""

    stream: str
    seconds: int = 180
    moments: tuple[int, ...] = (40, 90, 140)
    attempt: int = 1

    def requested(self, *, chat: bool = True, live: bool = False) -> streams_pb2.StreamEvent:
        kind = streams_pb2.SOURCE_KIND_LIVE if live else streams_pb2.SOURCE_KIND_RECORDING
        message = streams_pb2.StreamRequested(
            stream_id=self.stream,
            lane=LANE,
            priority=7,
            attempt=1,
            source=streams_pb2.Source(url="https://example.com/a.mp4", kind=kind),
            modalities=[*MEDIA, *([common_pb2.MODALITY_CHAT] if chat else [])],
            profile=_gaming(),
            title="A final",
        )
        if chat:
            message.chat.url = "https://example.com/a.json"
        return streams_pb2.StreamEvent(requested=message)

    def retried(self) -> streams_pb2.StreamEvent:
        return streams_pb2.StreamEvent(retried=streams_pb2.StreamRetried(stream_id=self.stream, attempt=self.attempt))

    def decided(self, kind: str) -> streams_pb2.StreamEvent:
        """`cancelled`, `deleted`, `completed` or `failed`."""
        return json_format.ParseDict({kind: {"stream_id": self.stream}}, streams_pb2.StreamEvent())

    def opened(self) -> ingestions_pb2.IngestionEvent:
        message = ingestions_pb2.IngestionStarted(
            stream_id=self.stream, attempt=self.attempt, modalities=MEDIA, claimed_duration_ms=1000 * self.seconds
        )
        return ingestions_pb2.IngestionEvent(started=message)

    def source_ended(self, failure: common_pb2.Failure | None = None, ms: int = 0) -> ingestions_pb2.IngestionEvent:
        duration = 0 if failure else 1000 * self.seconds
        message = ingestions_pb2.IngestionEnded(
            stream_id=self.stream, attempt=self.attempt, duration_ms=ms or duration, failure=failure
        )
        return ingestions_pb2.IngestionEvent(ended=message)

    def source_gap(self, start: int, end: int) -> ingestions_pb2.IngestionEvent:
        gap = common_pb2.Gap(
            modality=common_pb2.MODALITY_VIDEO,
            range=common_pb2.TimeRange(start_ms=1000 * start, end_ms=1000 * end),
            code="source_hole",
            reason="The picture is not there.",
        )
        message = ingestions_pb2.IngestionGapFound(stream_id=self.stream, gap=gap)
        return ingestions_pb2.IngestionEvent(gap_found=message)

    def video(self, start: int = 0, end: int | None = None, every: int = 12) -> Iterator[Message]:
        """Windows of picture and sound."""
        series = _series(self.seconds, self.moments)
        for first in range(start, self.seconds if end is None else end, every):
            last = min(first + every, self.seconds if end is None else end)
            message = video_signals_pb2.VideoSignalsMeasured(
                stream_id=self.stream,
                series=_cut(series, ("video", "audio"), first, last),
                cuts_ms=[first * 1000 + 300],
                pauses=[common_pb2.TimeRange(start_ms=first * 1000 + 2000, end_ms=first * 1000 + 2500)],
                complete_until_ms=1000 * last,
            )
            yield video_signals_pb2.VideoSignalEvent(measured=message)

    def chat(self, start: int = 0, end: int | None = None, every: int = 10) -> Iterator[Message]:
        """Windows of chat."""
        series = _series(self.seconds, self.moments)
        for first in range(start, self.seconds if end is None else end, every):
            message = chat_signals_pb2.ChatSignalsMeasured(
                stream_id=self.stream,
                series=_cut(series, ("chat",), first, first + every),
                complete_until_ms=1000 * (first + every),
            )
            yield chat_signals_pb2.ChatSignalEvent(measured=message)

    def video_gap(self, start: int, end: int) -> video_signals_pb2.VideoSignalEvent:
        gap = common_pb2.Gap(
            modality=common_pb2.MODALITY_VIDEO,
            range=common_pb2.TimeRange(start_ms=1000 * start, end_ms=1000 * end),
            code="decode_failed",
            reason="The picture could not be decoded.",
        )
        message = video_signals_pb2.VideoGapFound(stream_id=self.stream, gap=gap, complete_until_ms=1000 * end)
        return video_signals_pb2.VideoSignalEvent(gap_found=message)

    def chat_gap(self, start: int, end: int) -> chat_signals_pb2.ChatSignalEvent:
        gap = common_pb2.Gap(
            modality=common_pb2.MODALITY_CHAT,
            range=common_pb2.TimeRange(start_ms=1000 * start, end_ms=1000 * end),
            code="chat_empty",
            reason="The chat has no message inside the recording.",
        )
        message = chat_signals_pb2.ChatSignalGapFound(stream_id=self.stream, gap=gap, complete_until_ms=1000 * end)
        return chat_signals_pb2.ChatSignalEvent(gap_found=message)

    def video_ended(self, failure: common_pb2.Failure | None = None) -> video_signals_pb2.VideoSignalEvent:
        message = video_signals_pb2.VideoSignalsEnded(
            stream_id=self.stream,
            attempt=self.attempt,
            modalities=MEDIA,
            duration_ms=0 if failure else 1000 * self.seconds,
            failure=failure,
        )
        return video_signals_pb2.VideoSignalEvent(ended=message)

    def chat_ended(self, failure: common_pb2.Failure | None = None) -> chat_signals_pb2.ChatSignalEvent:
        message = chat_signals_pb2.ChatSignalsEnded(
            stream_id=self.stream,
            attempt=self.attempt,
            duration_ms=0 if failure else 1000 * self.seconds,
            failure=failure,
        )
        return chat_signals_pb2.ChatSignalEvent(ended=message)

    def whole(self) -> list[Message]:
        """Everything, topic by topic."""
        return [
            self.requested(),
            self.opened(),
            *self.video(),
            self.source_ended(),
            self.video_ended(),
            *self.chat(),
            self.chat_ended(),
        ]


@pytest.fixture
def broadcast_of() -> type[Broadcast]:
    return Broadcast


@pytest.fixture
def over_confident() -> Callable[[Database, str], Awaitable[None]]:
    """Gives an organization 80 verdicts of long ago: far fewer moments were accepted than their confidence said."""
    rng = np.random.default_rng(5)
    truth = rng.normal(0, 1.2, 80)
    confidences = 1 / (1 + np.exp(-2.5 * truth - 2))
    accepted = rng.random(80) < 1 / (1 + np.exp(-truth))

    async def give(database: Database, organization: str) -> None:
        rows = [
            (organization, f"hl_{organization}_{i}", "accepted" if accepted[i] else "rejected", float(confidences[i]))
            for i in range(80)
        ]
        async with database.tenant(organization) as transaction:
            await (await driver(transaction)).executemany(
                "INSERT INTO verdicts VALUES ($1, $2, 'str_old', $3, NULL, NULL, 0.5, $4, $4, 'gaming')", rows
            )

    return give


def _series(seconds: int, moments: tuple[int, ...]) -> dict[str, Floats]:
    rng = np.random.default_rng(4)
    action, reaction = np.zeros(seconds), np.zeros(seconds)
    for at in moments:
        action[at : at + 10] = 1.0
        reaction[at + 12 : at + 22] = 1.0
    rate = rng.poisson(1.5 + 6 * reaction).astype(np.float64)
    hype = np.clip(0.06 + 0.6 * reaction + 0.05 * rng.normal(size=seconds), 0, 1)
    return {
        "video.motion": np.clip(4 + rng.normal(size=seconds) + 12 * action, 0, 255),
        "video.activity": 2500 + 200 * rng.normal(size=seconds) + 1800 * action,
        "audio.crowd": -48 + 1.2 * rng.normal(size=seconds) + 12 * action,
        "audio.loudness": -28 + 1.2 * rng.normal(size=seconds) + 7 * action,
        "chat.rate": rate,
        "chat.voices": rate,
        "chat.hype": np.where(rate > 0, hype, np.nan),
        "chat.emotes": np.where(rate > 0, np.clip(0.1 + 0.35 * reaction, 0, 1), np.nan),
    }


def _cut(series: dict[str, Floats], modalities: tuple[str, ...], start: int, end: int) -> list[common_pb2.Series]:
    return [
        common_pb2.Series(name=name, start_s=start, values=values[start:end].tolist())
        for name, values in series.items()
        if name.startswith(modalities)
    ]


def _gaming() -> streams_pb2.DetectionProfile:
    """The gateway's preset, as it publishes it."""
    preset = json.loads((REPOSITORY / "services/gateway/src/tldr_gateway/presets/gaming.json").read_text())
    for dimension in preset["dimensions"]:
        dimension["mode"] = f"SCORING_MODE_{dimension['mode'].upper()}"
    preset["processing"]["fusion"] = f"FUSION_MODE_{preset['processing']['fusion'].upper()}"
    return json_format.ParseDict(preset, streams_pb2.DetectionProfile())
