"""Each of the gateway's golden decisions becomes one call of the follower, and one that nobody knows is counted."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tldr.streams.v1.streams_pb2 import StreamEvent
from tldr_bus.events.unknown import unknown_facts
from tldr_streams.decisions import Decisions
from tldr_testing import golden, received

TOPIC = "tldr.streams.v1"
CALLS: dict[str, list[tuple[Any, ...]]] = {
    "requested": [("requested", 1, 10)],
    "retried": [("retried", 2)],
    "stopped": [("stopped",)],
    "failed": [("failed", 1)],
    "completed": [("completed",)],
    "cancelled": [("cancelled",)],
    "deleted": [("deleted",)],
    "key_rotated": [("key_rotated", "6ca7b555a2b20c443d1cf32bbdf3efec33caa9d8c19b576c777d68cfce730221")],
    "started": [],
    "rescore_requested": [("rescore_requested", "run_0199c2d4a0b17e4c8d5e6f708192a3b4", True)],
    "live": [],
    "interrupted": [],
    "resumed": [],
    "input_ended": [],
}


@dataclass
class Follower:
    """Notes what it is told, each time about which stream."""

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    streams: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        async def note(stream: str, *rest: Any, **named: Any) -> None:
            self.streams.add(stream)
            self.calls.append((name, *rest, *named.values()))

        return note


@pytest.mark.parametrize("fact", CALLS)
async def test_a_golden_decision_is_one_call_of_the_follower(fact: str) -> None:
    follower: Any = Follower()
    event, before = received(golden(TOPIC, fact), "org_1"), dict(unknown_facts([TOPIC]))
    await Decisions(lambda *_: follower, lambda asked: asked.priority)(None, event)  # type: ignore[arg-type]
    assert follower.calls == CALLS[fact]
    assert follower.streams <= {event.subject}
    assert dict(unknown_facts([TOPIC])) == before


def test_each_decision_there_is_has_its_call() -> None:
    assert set(CALLS) == {field.name for field in StreamEvent.DESCRIPTOR.oneofs_by_name["event"].fields}


async def test_a_decision_of_a_newer_gateway_is_counted_and_tells_the_follower_nothing() -> None:
    follower: Any = Follower()
    newer = replace(received(golden(TOPIC, "started"), "org_1"), type=f"{TOPIC}.StreamBlessed", message=StreamEvent())
    await Decisions(lambda *_: follower, lambda asked: asked)(None, newer)  # type: ignore[arg-type]
    assert unknown_facts([TOPIC])[f"{TOPIC}.StreamBlessed"] == 1
    assert follower.calls == []
