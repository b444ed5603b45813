"""Whose chat a stream has, where its request leaves that to the source."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.live_chat.channels import SourceChannels
from tldr_ingest.application.live.resolving import ResolvedSource
from tldr_ingest.application.packed_window import ReplayEnded
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.read_chat import ReadChat
from tldr_ingest.application.reading import Reading
from tldr_ingest.application.stream_record import (
    Address,
    ChatRequest,
    LiveChatKind,
    LiveChatRequest,
    LiveSettings,
    MediaProgress,
    Request,
    StreamRecord,
    Upload,
)
from tldr_secrets import Sealer
from tldr_streams.transactions import Transactions
from tldr_testing.hosting import SEALING_KEY

TWITCH = LiveChatRequest(LiveChatKind.TWITCH)
YOUTUBE = LiveChatRequest(LiveChatKind.YOUTUBE)
SEALER = Sealer(SEALING_KEY)


@dataclass
class Pages:
    """Knows whose chat every page has."""

    chat: str = ""

    async def resolve(self, url: str, *, max_height: int) -> ResolvedSource:
        return ResolvedSource(url, True, chat=self.chat)


def live(place: Any, chat: LiveChatRequest) -> Request:
    return Request(0, place, LiveSettings(), chat)


@pytest.mark.parametrize(
    ("url", "chat", "page", "channel"),
    [
        ("https://www.twitch.tv/someone", replace(TWITCH, channel="another"), "", "another"),
        ("https://www.twitch.tv/someone", TWITCH, "", "someone"),
        ("https://www.youtube.com/@someone/live", YOUTUBE, "", "@someone"),
        ("https://example.com/player", YOUTUBE, "abcdefghijk", "abcdefghijk"),
        ("https://example.com/player", replace(TWITCH, kind=LiveChatKind.PUSH), "", ""),
    ],
)
async def test_the_request_says_it_or_the_address_or_the_page(
    url: str, chat: LiveChatRequest, page: str, channel: str
) -> None:
    place = Address(SEALER.seal(url), sealed=True)
    assert await SourceChannels(SEALER, Pages(page)).channel_of(live(place, chat)) == channel


async def test_a_video_of_one_site_is_no_channel_of_the_other() -> None:
    place = Address("https://www.youtube.com/watch?v=abcdefghijk")
    with pytest.raises(ReadingFailed, match="chat_channel_unknown"):
        await SourceChannels(SEALER, Pages("abcdefghijk")).channel_of(live(place, TWITCH))


@pytest.mark.parametrize(
    "place",
    [
        Address("https://example.com/player"),
        Address("https://www.youtube.com/watch?v=abcdefghijk"),
        Address("no token", sealed=True),
        Upload("bucket", "key"),
    ],
)
async def test_where_nobody_says_it_the_chat_fails_with_what_to_do(place: Any) -> None:
    with pytest.raises(ReadingFailed, match="chat_channel_unknown"):
        await SourceChannels(SEALER, Pages()).channel_of(live(place, TWITCH))


@dataclass
class Asked:
    """A reader of replays that notes what it is asked for."""

    requests: list[ChatRequest]

    async def read(self, request: ChatRequest, first_index: int, end_ms: int) -> AsyncGenerator[Any, None]:
        self.requests.append(request)
        yield ReplayEnded()


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        (LiveChatKind.TWITCH, True, "chat ended 1 at 1000"),
        (LiveChatKind.YOUTUBE, False, "chat ended 1 at 0 chat_not_live"),
        (LiveChatKind.PUSH, False, "chat ended 1 at 0 chat_not_live"),
    ],
)
async def test_a_recording_has_no_live_chat_but_that_of_its_own_page(
    work_on: Any, kind: LiveChatKind, asked: bool, said: str
) -> None:
    place = Address("https://www.twitch.tv/videos/1")
    media = MediaProgress(opened_attempt=1, segments=1, read_until_ms=1000, ended_attempt=1, complete=True)
    record = StreamRecord(StreamId("str_1"), request=Request(0, place, None, LiveChatRequest(kind)), media=media)
    work, reader = work_on(record), Asked([])

    @asynccontextmanager
    async def opened() -> AsyncGenerator[Any, None]:
        yield work

    transactions: Transactions[Any] = Transactions(opened, opened, opened)
    await ReadChat(reader, None)(Reading(record.id, 1, "1-1", False), transactions)  # type: ignore[arg-type]
    assert reader.requests == ([ChatRequest(place)] if asked else [])
    assert work.said[-1] == said
