"""YouTube's live chat is read whole, over all that its answers and pages do; what cannot be had is a gap."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from tldr_ingest.adapters.live_chat.youtube_api import YoutubeApi
from tldr_ingest.adapters.live_chat.youtube_innertube import YoutubeChatReader
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.live_chat.events import Broken, Heard, Listening, LiveMessage, TakenBack, Uncounted
from tldr_outbound import AddressPolicy, guarded_async_client
from tldr_testing import eventually
from tldr_testing.youtube_chat import YoutubeChat, youtube_chat

VIDEO = "abcdefghijk"
LOOPBACK = AddressPolicy(allow_loopback=True)


@pytest_asyncio.fixture
async def video() -> AsyncIterator[YoutubeChat]:
    async with youtube_chat(video=VIDEO) as made:
        yield made


@pytest.fixture
def watch(video: YoutubeChat, follow: Callable[..., Any], clock: Any) -> Callable[..., Any]:
    """`watch(channel)`: follows the video's chat; `clock` moves our clock and YouTube's."""

    def made(channel: str = VIDEO, *, policy: AddressPolicy = LOOPBACK) -> Any:
        def now_ms() -> int:
            video.skew_ms = clock.ahead_ms
            return int(clock.now_ms())

        api = YoutubeApi(video.url, guarded_async_client(policy))
        return follow(YoutubeChatReader(api, now_ms, (10, 50), lambda failures: 0.02, no_chat_s=0.05).follow(channel))

    return made


async def test_what_is_written_comes_as_it_was_written(video: YoutubeChat, watch: Any) -> None:
    async with watch() as chat:
        await chat.until(Heard)
        deleted = video.say("not for long")
        video.say("what a goal", "Ada", emoji="wow", id="m1")
        video.say("take my money", "Bob", paid=True)
        video.say("", "Bob", paid=True)
        video.join("Cleo")
        buried = video.say("spam", "Dan")
        video.say("more spam", "Dan")
        video.delete(deleted)
        video.bury(buried)
        video.ban("Dan")
        await chat.until(TakenBack, 3)
        found = {message.id: message for message in chat.of(LiveMessage)}["m1"]
        assert (found.author, found.text, found.emotes, found.user) == ("Ada", "what a goal :wow:", (":wow:",), "UCAda")
        assert chat.texts() == ["what a goal :wow:", "take my money"]
        assert chat.of(Uncounted) == [Uncounted(), Uncounted()]


async def test_all_messages_are_read_and_not_a_choice_of_them_each_once(video: YoutubeChat, watch: Any) -> None:
    video.history = 100
    async with watch() as chat:
        await chat.until(Heard)

        async def read(upto: int) -> None:
            async def is_read() -> bool:
                return f"{upto}" in chat.texts()[-1:]

            await eventually(is_read, every_s=0.01)

        for number in range(300):
            video.say(f"{number}")
            if number in (100, 200):
                video.expire()  # the page has to be read again, and its history overlaps
            if number % 50 == 49:
                await read(number)
        assert chat.texts() == [f"{number}" for number in range(300)]
        assert (chat.of(Broken), video.pages) == ([], 3)


async def test_what_was_written_before_is_read_from_the_history(video: YoutubeChat, watch: Any) -> None:
    for number in range(30):
        video.say(f"{number}", at_ms=video.now_ms() - 1000 * (60 - number))
    async with watch() as chat:
        (listening,) = await chat.until(Listening)
        messages = chat.of(LiveMessage)
        assert [message.text for message in messages] == [f"{number}" for number in range(10, 30)]
        assert listening.since_ms == messages[0].at_ms


async def test_an_outage_beyond_what_the_history_holds_is_a_gap(video: YoutubeChat, watch: Any, clock: Any) -> None:
    async with watch() as chat:
        await chat.until(Heard)
        chat.windows.coverage.missing.clear()
        video.away = True
        clock.pass_by(30_000)
        await chat.until(Broken)
        for number in range(100):
            video.say(f"{number}", at_ms=video.now_ms() - 1000 + number)
        video.away = False
        _, back = await chat.until(Listening, 2)
        gap = chat.windows.coverage.missing[-1]
        heard = [one.until_ms for one in chat.events[: chat.events.index(back)] if isinstance(one, Heard)][-1]
        assert (gap.start_ms, gap.end_ms) == (heard, back.since_ms)
        assert 20_000 < gap.end_ms - gap.start_ms < 40_000
        assert back.since_ms == min(message.at_ms for message in chat.of(LiveMessage))


async def test_an_outage_that_the_history_holds_is_none(video: YoutubeChat, watch: Any, clock: Any) -> None:
    video.say("before", at_ms=video.now_ms() - 60_000)
    async with watch() as chat:
        await chat.until(Heard)
        chat.windows.coverage.missing.clear()
        video.away = True
        clock.pass_by(30_000)
        await chat.until(Broken)
        video.say("meanwhile")
        video.away = False
        await chat.until(Listening, 2)
        assert [message.text for message in chat.of(LiveMessage)][-1] == "meanwhile"
        assert chat.windows.coverage.missing == []


async def test_an_end_is_believed_when_the_page_says_so_too(video: YoutubeChat, watch: Any) -> None:
    async with watch() as chat:
        await chat.until(Heard)
        video.forgetful = True

        async def read_again() -> bool:
            return video.pages >= 3

        await eventually(read_again)
        video.forgetful = False
        video.say("still here")
        await chat.until(LiveMessage)
        video.over = True
        async with asyncio.timeout(10):
            await chat.task
        assert chat.texts() == ["still here"]


async def test_a_chat_that_has_not_begun_is_waited_for(video: YoutubeChat, watch: Any) -> None:
    video.begun = False
    async with watch("@someone") as chat:

        async def asked() -> bool:
            return video.pages >= 2

        await eventually(asked)
        video.begun = True
        await chat.until(Listening)


async def test_a_video_that_is_not_there_is_a_failure(video: YoutubeChat, watch: Any) -> None:
    video.missing = True
    async with watch() as chat:
        with pytest.raises(ReadingFailed) as failed:
            async with asyncio.timeout(10):
                await chat.task
    assert (failed.value.failure.code, failed.value.passing) == ("chat_channel_not_found", False)


async def test_an_address_that_is_not_public_is_refused(video: YoutubeChat, watch: Any) -> None:
    async with watch(policy=AddressPolicy()) as chat:
        with pytest.raises(ReadingFailed, match="address_refused"):
            async with asyncio.timeout(10):
                await chat.task
    assert video.pages == 0
