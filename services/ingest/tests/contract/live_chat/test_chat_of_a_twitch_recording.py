"""The chat of a recording on Twitch is read from its page, whole or with a failure that says what to do."""

import gc
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tldr.chat.v1 import chat_pb2
from tldr_ingest.adapters.chat.page_reader import PageChatReader
from tldr_ingest.adapters.chat.reader_process import ProcessChatReader
from tldr_ingest.adapters.chat.twitch_video import TwitchVideoChat
from tldr_ingest.adapters.reading.places import Places
from tldr_ingest.adapters.reading.processes import ReadingProcesses
from tldr_ingest.application.packed_window import PackedWindow
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.application.stream_record import Address, ChatRequest
from tldr_ingest.domain.chat.message import ChatFormat
from tldr_outbound import AddressPolicy, ReadingLimits, guarded_async_client
from tldr_secrets import Sealer
from tldr_testing import twitch_video_chat as double
from tldr_testing.hosting import SEALING_KEY

SAYS = [(number // 3, f"viewer {number % 7}", f"message {number} LUL") for number in range(400)]


@pytest_asyncio.fixture
async def video() -> AsyncIterator[double.TwitchVideoChat]:
    async with double.twitch_video_chat(says=SAYS) as made:
        yield made


def chat_of(video: double.TwitchVideoChat, policy: AddressPolicy | None = None, **changes: Any) -> TwitchVideoChat:
    settings: dict[str, Any] = {"limit_bytes": 1 << 24, "delay_s": lambda failures: 0.01, **changes}
    client = guarded_async_client(policy or AddressPolicy(allow_loopback=True))
    return TwitchVideoChat(video.url, client, **settings)


async def fetched(video: double.TwitchVideoChat, name: str = "123456", **changes: Any) -> list[Any]:
    file = io.BytesIO()
    await chat_of(video, **changes).fetch(name, file)
    comments: list[Any] = json.loads(file.getvalue())["comments"]
    return comments


@pytest.mark.parametrize("integrity", [False, True])
async def test_all_pages_are_read_each_comment_once(video: double.TwitchVideoChat, integrity: bool) -> None:
    video.integrity, video.failing = integrity, 2
    comments = await fetched(video)
    assert [comment["message"]["body"] for comment in comments] == [text for _, _, text in SAYS]
    assert [comment["content_offset_seconds"] for comment in comments] == [at for at, _, _ in SAYS]
    assert ("cursor" in video.questions[-1]) is not integrity


@pytest.mark.parametrize(
    ("switches", "changes", "code", "passing"),
    [
        ({"video": "another"}, {}, "chat_not_found", False),
        ({"changed": True}, {}, "chat_page_not_read", False),
        ({"stuck": True}, {}, "chat_page_not_read", False),
        ({"failing": 100}, {}, "source_unavailable", True),
        ({}, {"limit_bytes": 1000}, "chat_too_large", False),
        ({}, {"policy": AddressPolicy()}, "address_refused", False),
        # By time a page that is one single moment leads nowhere.
        ({"integrity": True, "says": [(5, "a", f"{n}") for n in range(200)]}, {}, "chat_page_not_read", False),
    ],
)
async def test_what_cannot_be_read_whole_is_a_failure(
    video: double.TwitchVideoChat, switches: dict[str, Any], changes: dict[str, Any], code: str, passing: bool
) -> None:
    for name, value in switches.items():
        setattr(video, name, value)
    with pytest.raises(ReadingFailed) as failed:
        await fetched(video, **changes)
    assert (failed.value.failure.code, failed.value.passing) == (code, passing)


async def test_a_page_of_twitch_is_a_replay_and_a_channel_is_none(video: double.TwitchVideoChat) -> None:
    processes = ReadingProcesses(gc.enable, 1)  # a process of its own loads nothing before
    policy = AddressPolicy(allow_loopback=True)
    places = Places(None, policy, ReadingLimits(), Sealer(SEALING_KEY), None)  # type: ignore[arg-type]
    reader = PageChatReader(ProcessChatReader(processes, places, 10, 10, 1 << 24), chat_of(video))
    request = ChatRequest(Address("https://www.twitch.tv/videos/123456"))
    try:
        *windows, ended = [one async for one in reader.read(request, 0, 140_000)]
        messages = [
            message
            for window in windows
            if isinstance(window, PackedWindow) and isinstance(window.content, bytes)
            for message in chat_pb2.ChatMessages.FromString(window.content).messages
        ]
        assert [message.text for message in messages] == [text for _, _, text in SAYS]
        assert (messages[3].at_ms, messages[3].author, list(messages[3].emotes)) == (1000, "viewer 3", ["LUL"])
        report = ended.report  # type: ignore[union-attr]
        assert (len(windows), report.format, report.counts.messages) == (14, ChatFormat.TWITCH_DOWNLOADER, 400)
        for url in ("https://www.twitch.tv/somebody", "https://youtu.be/abcdefghijk"):
            with pytest.raises(ReadingFailed, match="chat_page_not_read"):
                await anext(reader.read(ChatRequest(Address(url)), 0, 140_000))
    finally:
        await processes.close()
