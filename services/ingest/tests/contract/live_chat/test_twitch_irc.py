"""Twitch's chat is read whole over all that its servers do to a connection; what cannot be had is a gap."""

import asyncio
from typing import Any

import pytest

from tldr_ingest.adapters.live_chat.join_limiter import JoinLimiter
from tldr_ingest.adapters.live_chat.twitch_connection import TwitchServer
from tldr_ingest.adapters.live_chat.twitch_irc import TwitchIrcReader
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.live_chat.coverage import MissingChat
from tldr_ingest.domain.live_chat.events import Broken, Heard, Listening, LiveMessage, TakenBack, Uncounted
from tldr_outbound import AddressPolicy
from tldr_standins.irc_server import IrcServer, irc_server
from tldr_testing import eventually


async def _joined(server: IrcServer, count: int = 1) -> None:
    async def there() -> bool:
        return len(server.joined("room")) >= count

    await eventually(there, every_s=0.01)


async def test_what_is_written_comes_as_it_was_written(twitch: Any) -> None:
    async with irc_server() as server, twitch(server) as chat:
        await chat.until(Listening)
        server.say("room", "hello 🎉 Kappa", "Ada Lövelace", at_ms=server.now_ms(), emotes="25:8-12", id="m1")
        server.say("room", "x" * 500, "b", tags={"reply-parent-msg-body": "y; z" * 1900})
        server.say("room", "waves", "c", action=True)
        server.notice("room", "raid")
        server.delete("room", "m1")
        server.clear("room", "b")
        first, second, third = await chat.until(LiveMessage, 3)
        assert (first.id, first.author, first.text, first.emotes) == (
            "m1",
            "Ada Lövelace",
            "hello 🎉 Kappa",
            ("Kappa",),
        )
        assert (second.text, third.text) == ("x" * 500, "waves")
        assert await chat.until(TakenBack, 2) == [TakenBack(id="m1"), TakenBack(user=second.user)]
        assert chat.of(Uncounted) == [Uncounted()]
        assert chat.texts() == ["waves"]


async def test_nothing_is_lost_or_double_over_a_reconnect_and_a_drop(twitch: Any) -> None:
    async with irc_server() as server, twitch(server) as chat:
        await chat.until(Listening)
        for number in range(900):
            server.say("room", f"{number}", at_ms=chat.zero_ms + 1000 + number)
            if number == 300:
                server.reconnect()
            if number == 600:
                await _joined(server, 2)
                server.drop(server.clients[:1])
            if number % 50 == 0:
                await asyncio.sleep(0.002)

        async def last() -> bool:
            return "899" in chat.texts()[-1:]

        await eventually(last, every_s=0.01)
        assert chat.texts() == [f"{number}" for number in range(900)]
        assert (chat.of(Broken), len(chat.of(Listening))) == ([], 1)


async def test_the_old_connection_is_hung_up_when_the_new_one_has_taken_over(twitch: Any) -> None:
    async with irc_server() as server, twitch(server) as chat:
        await chat.until(Listening)
        server.reconnect()
        await _joined(server, 2)

        async def alone() -> bool:
            return len(server.clients) == 1

        await eventually(alone)
        assert chat.of(Broken) == []


async def test_a_connection_that_breaks_leaves_a_gap_of_its_length(twitch: Any) -> None:
    async with irc_server() as server, twitch(server) as chat:
        await chat.until(Listening)
        chat.windows.coverage.missing.clear()
        server.say("room", "before")
        await chat.until(LiveMessage)
        server.closed = True
        server.drop()
        await chat.until(Broken)
        server.say("room", "nobody hears this")
        server.closed = False
        _, back = await chat.until(Listening, 2)
        assert chat.windows.coverage.missing == [lost(chat, back)]
        assert back.since_ms - lost(chat, back).start_ms > 150  # the first attempt found nobody
        server.say("room", "after")
        await chat.until(LiveMessage, 2)
        assert chat.texts()[-1] == "after"


async def test_a_connection_that_falls_silent_is_asked_and_given_up_in_time(twitch: Any) -> None:
    async with irc_server() as server, twitch(server, silence_s=0.2, answer_s=0.3) as chat:
        await chat.until(Listening)
        chat.windows.coverage.missing.clear()
        server.say("room", "before")
        await chat.until(LiveMessage)
        server.freeze()
        _, back = await chat.until(Listening, 2)
        assert chat.windows.coverage.missing == [lost(chat, back)]
        assert back.since_ms - lost(chat, back).start_ms >= 500  # nothing of the silence counts as quiet


def lost(chat: Any, back: Listening) -> MissingChat:
    """What is missing between what was heard last and the new connection."""
    before = chat.events[: chat.events.index(chat.of(Broken)[0])]
    since = [one.until_ms for one in before if isinstance(one, Heard)][-1]
    return MissingChat(since, back.since_ms, chat.of(Broken)[0].code, chat.of(Broken)[0].reason)


async def test_a_quiet_chat_is_known_to_be_quiet(twitch: Any) -> None:
    async with irc_server() as server, twitch(server, silence_s=0.1) as chat:
        await chat.until(Listening)
        heard = len(chat.of(Heard))
        await chat.until(Heard, heard + 3)
        assert (chat.of(Broken), server.connections) == ([], 1)


async def test_the_server_is_answered_when_it_asks(twitch: Any) -> None:
    async with irc_server() as server, twitch(server) as chat:
        server.ping_answer_s = 0.2
        await chat.until(Listening)
        server.ping()

        async def answered() -> bool:
            return bool(server.clients) and server.clients[0].pinged_at is None

        await eventually(answered, every_s=0.01)
        assert server.connections == 1


@pytest.mark.parametrize("silent", [False, True])
async def test_a_channel_that_does_not_exist_is_a_failure(twitch: Any, silent: bool) -> None:
    async with irc_server() as server:
        (server.unanswered if silent else server.missing).add("room")
        async with twitch(server, answer_s=0.1) as chat:
            with pytest.raises(ReadingFailed) as failed:
                async with asyncio.timeout(10):
                    await chat.task
    assert (failed.value.failure.code, failed.value.passing) == ("chat_channel_not_found", False)


async def test_a_server_that_does_not_greet_is_tried_again(twitch: Any) -> None:
    async with irc_server() as server:
        server.deaf = True
        async with twitch(server, answer_s=0.1) as chat:

            async def tried() -> bool:
                return server.connections >= 2

            await eventually(tried)
            server.deaf = False
            await chat.until(Listening)


async def test_a_clock_that_is_off_does_not_make_messages_late(twitch: Any) -> None:
    async with irc_server(skew_ms=-20_000) as server, twitch(server) as chat:
        await chat.until(Listening)
        server.say("room", "one")
        (message,) = await chat.until(LiveMessage)
        heard = chat.of(Heard)[-1].until_ms
        assert abs(heard - message.at_ms) < 1000


async def test_an_address_that_is_not_public_is_refused() -> None:
    async with irc_server() as server:
        import ssl

        reader = TwitchIrcReader(
            TwitchServer(server.url, AddressPolicy(), ssl.create_default_context()), server.now_ms, JoinLimiter()
        )
        with pytest.raises(ReadingFailed, match="address_refused"):
            await anext(reader.follow("room"))
        assert server.connections == 0


async def test_joins_keep_to_the_limit() -> None:
    now, waits = [0.0], list[float]()
    limiter = JoinLimiter(3, 10.0, clock=lambda: now[0])

    async def passing(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    for _ in range(7):
        limiter.sleep = passing
        await limiter.turn()
        now[0] += 1.0
    assert waits == [7.0, 7.0]
