"""A load driver: publishes what ingest, video-analysis and chat-sentiment publish of many live streams, second by second."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid_utils
from aiokafka import AIOKafkaProducer
from google.protobuf.message import Message

from tldr.chat_signals.v1 import chat_signals_pb2
from tldr.common.v1 import common_pb2
from tldr.ingestions.v1 import ingestions_pb2
from tldr.video_signals.v1 import video_signals_pb2
from tldr_bus.events.envelope import fact_name, headers
from tldr_contracts.topics import CHAT_SIGNALS, INGESTIONS, VIDEO_SIGNALS, Topic

STEP_S = 2
MOMENT_S, CALM_S = 10, 60
CHAT_LAG_S = 8
_WORDS = ("gg", "nice", "pog", "wow", "lol", "team", "shot", "again")


@dataclass(frozen=True, slots=True)
class Driven:
    """A stream to be driven. `moments`: when each begins, in seconds of stream time."""

    organization: str
    id: str
    lane: int
    seed: int
    moments: tuple[int, ...]


def driven(organization: str, stream: str, lane: int, seed: int, seconds: int, *, calm_s: int) -> Driven:
    """A stream whose moments come about once a minute after a calm start; each stream has its own times."""
    dice = random.Random(seed)
    at, moments = calm_s + dice.randrange(CALM_S), []
    while at < seconds - MOMENT_S - CHAT_LAG_S:
        moments.append(at)
        at += CALM_S + dice.randrange(CALM_S)
    return Driven(organization, stream, lane, seed, tuple(moments))


class Driver:
    """Publishes to the broker of a mesh, with the envelope that the bus gives."""

    def __init__(self, bootstrap: str) -> None:
        self._producer = AIOKafkaProducer(bootstrap_servers=bootstrap, linger_ms=20, enable_idempotence=False)
        self.events = 0

    async def __aenter__(self) -> "Driver":
        """Connect."""
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""
        await self._producer.stop()

    async def begin(self, stream: Driven, wall_zero_ms: int) -> None:
        """The source was opened."""
        media = [common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO]
        started = ingestions_pb2.IngestionStarted(
            stream_id=stream.id, attempt=1, modalities=media, live=True, wall_zero_ms=wall_zero_ms
        )
        await self._send(INGESTIONS, ingestions_pb2.IngestionEvent(started=started), stream)

    async def step(self, stream: Driven, second: int) -> None:
        """What was measured of [second, second + STEP_S)."""
        seconds = range(second, second + STEP_S)
        until_ms = 1000 * (second + STEP_S)
        dice = random.Random(f"{stream.seed} {second}")
        await self._send(VIDEO_SIGNALS, _video(stream, seconds, until_ms, dice), stream)
        await self._send(CHAT_SIGNALS, _chat(stream, seconds, until_ms, dice), stream)

    async def end(self, stream: Driven, seconds: int) -> None:
        """Nothing more comes."""
        media = [common_pb2.MODALITY_VIDEO, common_pb2.MODALITY_AUDIO]
        over = ingestions_pb2.IngestionEnded(stream_id=stream.id, attempt=1, duration_ms=1000 * seconds)
        await self._send(INGESTIONS, ingestions_pb2.IngestionEvent(ended=over), stream)
        video = video_signals_pb2.VideoSignalsEnded(
            stream_id=stream.id, attempt=1, modalities=media, duration_ms=1000 * seconds
        )
        await self._send(VIDEO_SIGNALS, video_signals_pb2.VideoSignalEvent(ended=video), stream)
        chat = chat_signals_pb2.ChatSignalsEnded(stream_id=stream.id, attempt=1, duration_ms=1000 * seconds)
        await self._send(CHAT_SIGNALS, chat_signals_pb2.ChatSignalEvent(ended=chat), stream)

    async def _send(self, topic: Topic, event: Message, stream: Driven) -> None:
        kind = event.WhichOneof("event")
        assert kind
        told = headers(
            id=UUID(bytes=uuid_utils.uuid7().bytes),
            type=fact_name(event, kind),
            source=f"/tldr/{topic.writer}",
            time=datetime.now(UTC),
            subject=stream.id,
            lane=stream.lane,
            traceparent=None,
        )
        await self._producer.send(
            topic.name,
            event.SerializeToString(),
            key=stream.organization.encode(),
            partition=topic.partition(stream.lane),
            headers=told,
        )
        self.events += 1


async def drive(
    driver: Driver, streams: Sequence[Driven], seconds: int, stepped: Callable[[int], None] = lambda _: None
) -> dict[str, float]:
    """Every stream in real time, spread over each step; when each began, on the wall clock in seconds since 1970."""
    begun: dict[str, float] = {}

    async def one(stream: Driven, wait_s: float) -> None:
        await asyncio.sleep(wait_s)
        begun[stream.id] = time.time()
        await driver.begin(stream, round(1000 * begun[stream.id]))
        start = time.monotonic()
        for second in range(0, seconds, STEP_S):
            await asyncio.sleep(max(0.0, start + second + STEP_S - time.monotonic()))
            await driver.step(stream, second)
            stepped(second)

    async with asyncio.TaskGroup() as group:
        for index, stream in enumerate(streams):
            group.create_task(one(stream, STEP_S * index / len(streams)))
    return begun


def _excited(stream: Driven, second: int, lag_s: int) -> float:
    """0 in the calm, up to 1 in the middle of a moment that is noticed `lag_s` late."""
    for start in stream.moments:
        place = (second - lag_s - start) / MOMENT_S
        if 0 <= place < 1:
            return min(1.0, 4 * min(place + 0.1, 1 - place))
    return 0.0


def _series(name: str, first: int, values: Sequence[float]) -> common_pb2.Series:
    return common_pb2.Series(name=name, start_s=first, values=values)


def _video(stream: Driven, seconds: range, until_ms: int, dice: random.Random) -> video_signals_pb2.VideoSignalEvent:
    heat = [_excited(stream, second, 0) for second in seconds]
    figures = {
        "video.motion": [4 + dice.gauss(0, 0.5) + 9 * hot for hot in heat],
        "video.activity": [900 + dice.gauss(0, 60) + 900 * hot for hot in heat],
        "video.cuts": [float(dice.random() < 0.1) for _ in heat],
        "video.flashes": [0.0 for _ in heat],
        "audio.loudness": [-26 + dice.gauss(0, 0.8) + 12 * hot for hot in heat],
        "audio.onsets": [2 + dice.gauss(0, 0.3) + 3 * hot for hot in heat],
        "audio.crowd": [-40 + dice.gauss(0, 1.0) + 18 * hot for hot in heat],
        "audio.speech": [min(1.0, max(0.0, 0.6 + dice.gauss(0, 0.2))) for _ in heat],
    }
    measured = video_signals_pb2.VideoSignalsMeasured(
        stream_id=stream.id,
        series=[_series(name, seconds.start, values) for name, values in figures.items()],
        complete_until_ms=until_ms,
    )
    return video_signals_pb2.VideoSignalEvent(measured=measured)


def _chat(stream: Driven, seconds: range, until_ms: int, dice: random.Random) -> chat_signals_pb2.ChatSignalEvent:
    heat = [_excited(stream, second, CHAT_LAG_S) for second in seconds]
    rate = [max(0, round(2 + dice.gauss(0, 1) + 14 * hot)) for hot in heat]
    figures: dict[str, list[float]] = {
        "chat.rate": [float(count) for count in rate],
        "chat.voices": [0.8 * count for count in rate],
        "chat.sentiment": [dice.gauss(0.05, 0.1) + 0.4 * hot for hot in heat],
        "chat.hype": [min(1.0, max(0.0, 0.05 + 0.6 * hot)) for hot in heat],
        "chat.emotes": [min(1.0, max(0.0, 0.1 + 0.4 * hot)) for hot in heat],
        "chat.brevity": [min(1.0, max(0.0, 0.2 + 0.5 * hot)) for hot in heat],
        "chat.tokens": [max(1.0, 6 - 3 * hot) for hot in heat],
    }
    measured = chat_signals_pb2.ChatSignalsMeasured(
        stream_id=stream.id,
        series=[_series(name, seconds.start, values) for name, values in figures.items()],
        complete_until_ms=until_ms,
    )
    said: list[Any] = [
        (second - seconds.start, word, 1)
        for second in seconds
        for word in sorted(dice.sample(range(len(_WORDS)), 3), key=lambda place: sorted(_WORDS).index(_WORDS[place]))
    ]
    measured.words.start_s = seconds.start
    measured.words.words.extend(sorted(_WORDS))
    order = {word: index for index, word in enumerate(sorted(_WORDS))}
    for offset, word, count in sorted((at, order[_WORDS[place]], n) for at, place, n in said):
        measured.words.seconds.append(offset)
        measured.words.word_indexes.append(word)
        measured.words.counts.append(count)
    return chat_signals_pb2.ChatSignalEvent(measured=measured)
