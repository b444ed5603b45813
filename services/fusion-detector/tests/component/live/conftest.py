"""A live stream as the neighbours tell of it, and what the service has said of it by now."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from google.protobuf.message import Message

from tldr.common.v1 import common_pb2
from tldr.detections.v1 import detections_pb2
from tldr.inputs.v1 import inputs_pb2

FINAL = detections_pb2.DETECTION_STATE_FINAL
ZERO_MS = 1_795_435_200_000


@dataclass
class Told:
    """What was published of a stream: its highlights as they stand, and what was said of each."""

    facts: list[Any]
    states: dict[str, str] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.facts:
            name = getattr(fact, "highlight_id", "")
            if not name:
                continue
            assert self.states.get(name) != "final", "what is final was told again"
            retracted = fact.DESCRIPTOR.name == "HighlightRetracted"
            self.states[name] = "retracted" if retracted else "final" if fact.state == FINAL else "provisional"
            self.last[name] = fact

    def of(self, state: str) -> list[Any]:
        found = [self.last[name] for name, known in self.states.items() if known == state]
        return sorted(found, key=lambda one: one.range.start_ms)


@dataclass
class Live:
    """A live stream of the service."""

    service: Any
    broadcast: Any

    @property
    def stream(self) -> str:
        return str(self.broadcast.stream)

    async def begin(self, *, external: bool = False, chat: bool = True, wall_zero_ms: int = ZERO_MS) -> None:
        requested, opened = self.broadcast.requested(live=True, chat=chat), self.broadcast.opened()
        if external:
            requested.requested.modalities.append(common_pb2.MODALITY_EXTERNAL)
        opened.started.wall_zero_ms = wall_zero_ms
        await self.service.tell(requested, opened)

    async def told(self) -> Told:
        return Told(list(await self.service.published(self.stream)))

    async def tell_and_look(self, *messages: Message) -> Told:
        await self.service.tell(*messages)
        await self.service.advance(self.stream)
        return await self.told()

    async def silent_for(self, seconds: float, modality: str) -> None:
        """As if a modality had come no further for so long."""
        await self.service.fetch(
            "UPDATE coverages SET moved_at = now() - make_interval(secs => $3) WHERE stream_id = $1 AND modality = $2"
            " RETURNING 1",
            self.stream,
            modality,
            seconds,
        )

    def mixed(self, seed: int) -> Iterator[Message]:
        """All of picture, sound and chat, with the ends; one is now ahead and now behind."""
        rng, broadcast = random.Random(seed), self.broadcast
        lines = [
            [*broadcast.video(every=10), broadcast.source_ended(), broadcast.video_ended()],
            [*broadcast.chat(every=10), broadcast.chat_ended()],
        ]
        while any(lines):
            line = rng.choice([line for line in lines if line])
            for _ in range(min(rng.randint(1, 4), len(line))):
                yield line.pop(0)

    def pushed(self, *samples: tuple[str, int, float], wall: bool = False) -> inputs_pb2.InputEvent:
        """Telemetry: signal, second, figure."""
        message = inputs_pb2.SignalsPushed(stream_id=self.stream)
        for signal, second, value in samples:
            sample = message.samples.add(signal=signal, value=value)
            if wall:
                sample.wall_ms = ZERO_MS + 1000 * second + 400
            else:
                sample.stream_ms = 1000 * second + 400
        return inputs_pb2.InputEvent(signals_pushed=message)


@pytest.fixture
def live(service: Any, stream: str, broadcast_of: Any) -> Callable[..., Live]:
    """`live(name="", **broadcast)` -> a live stream."""
    return lambda name="", **more: Live(service, broadcast_of(f"{stream}{name}", **more))
