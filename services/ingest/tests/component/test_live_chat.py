"""A live stream whose chat is written meanwhile: both meet on the wall clock."""

from typing import Any

import pytest

from tldr.inputs.v1 import inputs_pb2
from tldr.streams.v1 import streams_pb2
from tldr_secrets import Sealer
from tldr_standins.hls_origin import HlsOrigin
from tldr_standins.irc_server import IrcServer
from tldr_testing import eventually
from tldr_testing.hosting import SEALING_KEY


async def begun(submitted: Any, url: str, chat: streams_pb2.LiveChat) -> int:
    """The stream is submitted and is read; its zero."""
    requested = streams_pb2.StreamRequested(stream_id=submitted.stream, lane=5, attempt=1)
    requested.source.kind = streams_pb2.SOURCE_KIND_LIVE
    requested.source.address.sealed = Sealer(SEALING_KEY).seal(url)
    requested.chat.live.MergeFrom(chat)
    await submitted.say(requested=requested)
    recorded = await submitted.ingestions.until(submitted.stream, "segment_stored")
    return int(recorded.of_kind("started")[0].wall_zero_ms)


async def written(submitted: Any, text: str) -> Any:
    """The message of that text, once its window is published."""

    async def look() -> Any:
        windows = (await submitted.chats.of(submitted.stream)).of_kind("window_read")
        said = [message for window in windows for message in window.messages.messages]
        return next((message for message in said if message.text == text), None)

    return await eventually(look)


async def stopped(submitted: Any) -> tuple[int, Any]:
    """Where picture and sound ended, and what was said of chat."""
    await submitted.say(stopped=streams_pb2.StreamStopped(stream_id=submitted.stream))
    (ended,) = (await submitted.ended()).of_kind("ended")
    return ended.duration_ms, await submitted.chat_ended()


def whole(recorded: Any, duration_ms: int) -> None:
    """Chat is one row of windows and gaps, from 0 to where the stream ends at least."""
    facts = [event.fact for event in recorded.events if event.kind != "ended"]
    spans = [
        fact.range if event.kind == "window_read" else fact.gap.range
        for event, fact in zip(recorded.events, facts, strict=False)
    ]
    assert [span.start_ms for span in spans] == [0, *(span.end_ms for span in spans[:-1])]
    assert spans[-1].end_ms >= duration_ms


async def test_twitch_chat_meets_a_playlist_on_the_wall_clock(submitted: Any, twitch_chat: IrcServer) -> None:
    with HlsOrigin(segment_s=0.5, ahead=6) as origin:
        chat = streams_pb2.LiveChat(kind=streams_pb2.LIVE_CHAT_KIND_TWITCH, channel="component")
        zero = await begun(submitted, origin.url, chat)

        async def joined() -> bool:
            return bool(twitch_chat.joined("component"))

        await eventually(joined)
        at = twitch_chat.now_ms() + 1000  # the second in which it was joined is a gap
        twitch_chat.say("component", "what a save", "Ada", at_ms=at)
        message = await written(submitted, "what a save")
        assert (message.at_ms, message.author) == (at - zero, "Ada")
        duration, recorded = await stopped(submitted)
    whole(recorded, duration)
    assert not recorded.of_kind("ended")[0].HasField("failure")
    gaps = {fact.gap.code for fact in recorded.of_kind("gap_found")}
    assert gaps <= {"chat_joined_late"}


@pytest.mark.long
async def test_pushed_chat_meets_a_playlist_on_the_wall_clock(submitted: Any) -> None:
    with HlsOrigin(segment_s=0.5, ahead=6) as origin:
        zero = await begun(submitted, origin.url, streams_pb2.LiveChat(kind=streams_pb2.LIVE_CHAT_KIND_PUSH))
        at = zero + (await submitted.ask("progress"))["read_until_ms"] + 2000
        pushed = inputs_pb2.ChatPushed(stream_id=submitted.stream, received_ms=at)
        pushed.messages.add(id="1", wall_ms=at, author="Ada", text="what a save")
        for _ in range(2):
            event = inputs_pb2.InputEvent(chat_pushed=pushed)
            await submitted.service.publish(
                event, organization=submitted.organization, subject=submitted.stream, lane=5
            )
        assert (await written(submitted, "what a save")).at_ms == at - zero
        duration, recorded = await stopped(submitted)
    whole(recorded, duration)
    rows = recorded.of_kind("ended")[0].rows
    assert (rows.messages, rows.late, recorded.of_kind("gap_found")) == (1, 0, [])
