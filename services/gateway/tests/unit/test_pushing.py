"""What customers send into a stream: taken where it belongs, one figure a second, at a bounded rate."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from tldr_gateway.application.streams.errors import (
    ChatNotPushed,
    SignalsNotDeclared,
    StreamNotFound,
    StreamOver,
    TooFast,
)
from tldr_gateway.application.streams.push_inputs import PushInputs
from tldr_gateway.application.streams.push_rate import PushRate
from tldr_gateway.domain.streams.pushed import Moment, PushedMessage, PushedSample
from tldr_gateway.domain.streams.source import LiveChat, LiveChatKind
from tldr_gateway.domain.streams.stream import State
from tldr_gateway.entrypoints.http.streams.pushes import ChatPushRequest, SignalPushRequest

PUSH = LiveChat(LiveChatKind.PUSH)
MESSAGE = PushedMessage("m1", Moment(stream_ms=1000), "ann", "wow")


@dataclass
class Taken:
    """Keeps what is sent on."""

    calls: list[Any] = field(default_factory=list)

    async def chat(self, stream: Any, messages: Any, *, received_ms: int) -> None:
        self.calls.append(list(messages))

    async def signals(self, stream: Any, samples: Any, *, received_ms: int) -> None:
        self.calls.append(list(samples))


async def pushing(memory: Any, **changes: Any) -> tuple[PushInputs, Any, Taken]:
    stream, taken = memory.stream(**changes), Taken()
    await memory.streams.add(stream)
    return PushInputs(memory.streams, taken, memory.clock), stream.id, taken


async def test_chat_is_taken_by_a_stream_whose_chat_is_pushed(memory: Any) -> None:
    push, stream, taken = await pushing(memory, chat=PUSH)
    await push.chat(stream, [MESSAGE])
    assert taken.calls == [[MESSAGE]]
    other, elsewhere, _ = await pushing(memory, chat=LiveChat(LiveChatKind.TWITCH, "a"))
    with pytest.raises(ChatNotPushed):
        await other.chat(elsewhere, [MESSAGE])
    with pytest.raises(StreamNotFound):
        await push.chat("str_none", [MESSAGE])  # type: ignore[arg-type]


@pytest.mark.parametrize("state", [State.COMPLETED, State.FAILED, State.CANCELLED])
async def test_nothing_is_sent_into_a_stream_that_is_over(memory: Any, state: State) -> None:
    push, stream, taken = await pushing(memory, chat=PUSH, signals=("external.kills",), state=state)
    with pytest.raises(StreamOver):
        await push.chat(stream, [MESSAGE])
    with pytest.raises(StreamOver):
        await push.signals(stream, [PushedSample("external.kills", Moment(stream_ms=0), 1.0)])
    assert not taken.calls


async def test_of_a_second_the_last_figure_of_each_signal_is_taken(memory: Any) -> None:
    push, stream, taken = await pushing(memory, signals=("external.kills", "external.gold"))
    figures = [("kills", 1000, 1.0), ("gold", 1500, 2.0), ("kills", 1999, 3.0), ("kills", 2000, 4.0)]
    samples = [PushedSample(f"external.{name}", Moment(stream_ms=at), value) for name, at, value in figures]
    assert await push.signals(stream, samples) == 3
    assert [(one.signal, one.value) for one in taken.calls[0]] == [
        ("external.kills", 3.0),
        ("external.gold", 2.0),
        ("external.kills", 4.0),
    ]
    wall = [PushedSample("external.kills", Moment(wall_ms=1000), 1.0), samples[0]]
    assert await push.signals(stream, wall) == 2, "two clocks are two seconds"


async def test_a_signal_that_was_not_declared_is_refused_with_those_that_were(memory: Any) -> None:
    push, stream, taken = await pushing(memory, signals=("external.kills",))
    with pytest.raises(SignalsNotDeclared, match=r"external\.kills"):
        await push.signals(stream, [PushedSample("external.gold", Moment(stream_ms=0), 1.0)])
    assert not taken.calls


def test_a_stream_takes_a_burst_and_then_its_rate() -> None:
    now = [100.0]
    rate = PushRate(10, 50, now=lambda: now[0])
    rate.take("a", 50)
    with pytest.raises(TooFast) as refused:
        rate.take("a", 25)
    assert (refused.value.headers or {})["retry-after"] == "3"
    rate.take("b", 50)  # another stream's
    now[0] += 2.5
    rate.take("a", 25)
    with pytest.raises(TooFast):
        rate.take("a", 1)


@pytest.mark.parametrize(
    "message",
    [
        {"id": "1", "text": "hi"},
        {"id": "1", "text": "hi", "at": "2026-01-31T20:15:00Z", "offset_ms": 1},
        {"id": "1", "text": " ", "offset_ms": 1},
        {"id": "", "text": "hi", "offset_ms": 1},
        {"id": "1", "text": "hi", "offset_ms": -1},
        {"id": "1", "text": "hi", "offset_ms": 1.5},
        {"id": "1", "text": "hi", "at": "2026-01-31T20:15:00"},
        {"id": "1", "text": "hi", "at": "1999-12-31T23:59:59Z"},
        {"id": "1", "text": "hi", "at": 1_769_889_600},
        {"id": "1", "text": "x" * 2001, "offset_ms": 1},
        {"id": "1", "text": "hi", "offset_ms": 1, "badges": []},
        {"id": "1", "deleted": True, "at": "2026-01-31T20:15:00Z", "offset_ms": 1},
    ],
)
def test_a_message_that_is_not_whole_is_refused(message: Any) -> None:
    with pytest.raises(ValidationError):
        ChatPushRequest.model_validate({"messages": [message]})


def test_a_message_is_read_as_it_was_sent() -> None:
    sent = {"id": "1", "at": "2026-01-31T20:15:00.250Z", "author": "ann", "text": "Pog wow", "emotes": ["Pog"]}
    (message,) = ChatPushRequest.model_validate({"messages": [sent]}).messages
    moment = Moment(wall_ms=1_769_890_500_250)
    assert message.message() == PushedMessage("1", moment, "ann", "Pog wow", ("Pog",))
    gone = ChatPushRequest.model_validate({"messages": [{"id": "1", "deleted": True}]}).messages[0]
    assert gone.message() == PushedMessage("1", Moment(), deleted=True)


@pytest.mark.parametrize(
    "sample",
    [
        {"name": "kills", "value": 1},
        {"name": "Kills", "offset_ms": 0, "value": 1},
        {"name": "chat.rate", "offset_ms": 0, "value": 1},
        {"name": "kills", "offset_ms": 0, "value": "1"},
        {"name": "kills", "offset_ms": 0, "value": float("nan")},
        {"name": "kills", "offset_ms": 0, "value": float("inf")},
        {"name": "kills", "offset_ms": 0, "value": 1e13},
        {"name": "kills", "offset_ms": 0, "value": True},
    ],
)
def test_a_figure_is_a_finite_number_of_a_named_second(sample: Any) -> None:
    with pytest.raises(ValidationError):
        SignalPushRequest.model_validate({"samples": [sample]})


def test_a_signal_is_named_with_or_without_its_prefix() -> None:
    named = [{"name": name, "offset_ms": 0, "value": 1} for name in ("kills", "external.kills")]
    samples = SignalPushRequest.model_validate({"samples": named}).samples
    assert {one.sample().signal for one in samples} == {"external.kills"}
