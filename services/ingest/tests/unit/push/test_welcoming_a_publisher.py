"""A stream that is waited for is read as soon as its encoder publishes."""

from dataclasses import replace
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_ingest.application.push.welcome_publisher import WelcomePublisher
from tldr_ingest.application.stream_record import LiveSettings, LiveState, Push, Request, StreamRecord
from tldr_streams.state import StreamState

STREAM = StreamId("str_1")
PUSHED = StreamRecord(STREAM, request=Request(0, Push("ab"), LiveSettings()))


def waiting(state: LiveState) -> StreamRecord:
    media = PUSHED.media
    return replace(PUSHED, media=replace(media, live=replace(media.live, state=state)))


@pytest.mark.parametrize(
    ("record", "asked"),
    [
        (waiting(LiveState.WAITING), ["media 1"]),
        (waiting(LiveState.LIVE), []),
        (waiting(LiveState.INTERRUPTED), []),
        (replace(waiting(LiveState.WAITING), state=StreamState.CANCELLED), []),
        (replace(waiting(LiveState.WAITING), media=replace(waiting(LiveState.WAITING).media, ended_attempt=1)), []),
    ],
    ids=["waited for", "live", "interrupted", "cancelled", "ended"],
)
async def test_only_one_that_is_waited_for_is_asked_for(work_on: Any, record: StreamRecord, asked: list[str]) -> None:
    work = work_on(record)
    await WelcomePublisher(work)(STREAM)
    assert work.asked == asked
