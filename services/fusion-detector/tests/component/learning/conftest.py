"""Streams of chat from which an organization's scorer can be trained, and the training as its job runs it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import pytest
import pytest_asyncio

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr.common.v1 import common_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.streams.v1 import streams_pb2
from tldr_contracts.ids import ScorerId, new_id
from tldr_fusion_detector.adapters.learning.training_jobs import labels_of
from tldr_fusion_detector.adapters.learning.training_process import ProcessTraining
from tldr_fusion_detector.application.learning.train_scorer import TrainScorer
from tldr_fusion_detector.application.scoring.scorer_record import Labels
from tldr_service import SystemClock

LAG_S = 16
STARTS = (30, 100, 170, 240, 310)


@dataclass(frozen=True)
class Talk:
    """A stream of chat alone, as ever, but that `now` is said more often `LAG_S` after its moments."""

    stream: str
    seed: int
    seconds: int = 420

    @property
    def starts(self) -> list[int]:
        rng = np.random.default_rng(self.seed)
        return [start + int(rng.integers(0, 30)) for start in STARTS]

    @property
    def moments(self) -> list[dict[str, Any]]:
        return [{"stream_id": self.stream, "start_ms": 1000 * at, "end_ms": 1000 * (at + 10)} for at in self.starts]

    def told(self, profile: streams_pb2.DetectionProfile) -> list[Any]:
        """Everything that the neighbours say of it, until it is complete."""
        requested = streams_pb2.StreamRequested(stream_id=self.stream, lane=5, priority=1, attempt=1, profile=profile)
        requested.chat.url = "https://example.com/a.json"
        requested.source.kind = streams_pb2.SOURCE_KIND_RECORDING
        opened = ingestions_pb2.IngestionStarted(
            stream_id=self.stream, attempt=1, claimed_duration_ms=1000 * self.seconds
        )
        ended = chat_signals_pb2.ChatSignalsEnded(stream_id=self.stream, attempt=1, duration_ms=1000 * self.seconds)
        read = ingestions_pb2.IngestionEnded(stream_id=self.stream, attempt=1, duration_ms=1000 * self.seconds)
        return [
            streams_pb2.StreamEvent(requested=requested),
            ingestions_pb2.IngestionEvent(started=opened),
            chat_signals_pb2.ChatSignalEvent(measured=self._measured()),
            ingestions_pb2.IngestionEvent(ended=read),
            chat_signals_pb2.ChatSignalEvent(ended=ended),
        ]

    def _measured(self) -> chat_signals_pb2.ChatSignalsMeasured:
        rng = np.random.default_rng(self.seed)
        reaction = np.zeros(self.seconds)
        for at in self.starts:
            reaction[at + LAG_S : at + LAG_S + 10] = 1.0
        rate = rng.poisson(4.0, self.seconds)
        said = np.array([rng.binomial(rate, share) for share in (0.05 + 0.6 * reaction, 0.2)])
        seconds, words = np.nonzero(said.T)
        series = {"chat.rate": rate, "chat.voices": rate, "chat.hype": rng.uniform(0.0, 0.2, self.seconds)}
        return chat_signals_pb2.ChatSignalsMeasured(
            stream_id=self.stream,
            series=[common_pb2.Series(name=name, start_s=0, values=values) for name, values in series.items()],
            complete_until_ms=1000 * self.seconds,
            words=chat_signals_pb2.WordCounts(
                start_s=0,
                words=["now", "so"],
                seconds=seconds.tolist(),
                word_indexes=words.tolist(),
                counts=said.T[seconds, words].tolist(),
            ),
        )


@dataclass(frozen=True)
class Scorers:
    """Asks for scorers as a client does, and trains them as their jobs do."""

    service: Any
    training: ProcessTraining
    broadcast_of: Any

    def talk(self, seed: int) -> Talk:
        return Talk(new_id("str"), seed)

    async def complete(self, talk: Talk) -> None:
        broadcast = self.broadcast_of(talk.stream)
        await self.service.tell(*talk.told(broadcast.requested().requested.profile))
        await self.service.advance(talk.stream)
        await self.service.tell(broadcast.decided("completed"))

    def wanted(self, talks: list[Talk], name: str = "ours") -> dict[str, Any]:
        streams = [talk.stream for talk in talks]
        return {"name": name, "streams": streams, "moments": [moment for talk in talks for moment in talk.moments]}

    async def asked(self, client: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
        answer = await client.post("/internal/scorers", json=request)
        assert answer.status_code == 202, answer.text
        return dict(answer.json())

    async def trained(self, client: httpx.AsyncClient, request: dict[str, Any]) -> dict[str, Any]:
        """A scorer once its job has run."""
        scorer = await self.asked(client, request)
        labels = await self.labels(scorer["id"])
        train = TrainScorer(self.training, SystemClock().now)
        await train(ScorerId(scorer["id"]), labels, self.service.transactions)
        return dict((await client.get(f"/internal/scorers/{scorer['id']}")).json())

    async def labels(self, scorer: str) -> Labels | None:
        """Those of its job."""
        (job,) = await self.service.fetch("SELECT payload FROM jobs WHERE subject = $1", scorer)
        return labels_of(job["payload"])

    async def pins(self, stream: str) -> list[str | None]:
        """The scorer of each of a stream's runs."""
        rows = await self.service.fetch(
            "SELECT scorer->>'id' AS id FROM runs WHERE stream_id = $1 ORDER BY run_id", stream
        )
        return [row["id"] for row in rows]


@pytest_asyncio.fixture(scope="session")
async def training() -> AsyncIterator[ProcessTraining]:
    """One process for all tests."""
    process = ProcessTraining(120, idle_s=60)
    yield process
    await process.close()


@pytest.fixture
def scorers(service: Any, training: ProcessTraining, broadcast_of: Any) -> Scorers:
    return Scorers(service, training, broadcast_of)


@pytest.fixture
async def talks(scorers: Scorers) -> list[Talk]:
    """Five completed streams of the organization."""
    found = [scorers.talk(seed) for seed in range(5)]
    for talk in found:
        await scorers.complete(talk)
    return found
