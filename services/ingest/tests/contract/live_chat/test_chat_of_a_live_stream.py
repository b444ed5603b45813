"""The chat of a live stream on the service's own database: read by a job, up to where picture and sound end."""

from typing import Any

from tldr_ingest.application.end_reading import EndReading
from tldr_ingest.application.follow_stream import FollowStream
from tldr_standins.irc_server import IrcServer, irc_server
from tldr_streams.values import Failure
from tldr_testing import eventually


async def joined(server: IrcServer, count: int = 1) -> None:
    async def there() -> bool:
        return len(server.joined("room")) >= count

    await eventually(there, every_s=0.01)


async def left(server: IrcServer) -> None:
    async def gone() -> bool:
        return not server.clients

    await eventually(gone, every_s=0.01)


async def heard(server: IrcServer) -> None:
    """What was said has arrived: the reader asks only when nothing more comes."""
    before = server.pings

    async def asked() -> bool:
        return server.pings >= before + 2

    await eventually(asked, every_s=0.01)


async def begun(live: Any) -> int:
    """The stream began when its chat was read already; its zero."""
    await live.begin()
    await live.run()
    await joined(live.server)
    await heard(live.server)
    zero: int = live.now_ms() + 10
    live.pass_by(20)
    await live.change(wall_zero_ms=zero)
    return zero


async def test_chat_is_published_window_by_window_to_where_the_stream_ends(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        await live.begin()
        await live.run()
        await joined(server)
        server.say("room", "too early")
        await heard(server)
        live.pass_by(100)
        zero = live.now_ms()
        for number in range(3):
            server.say("room", f"{number}", "Ada", at_ms=zero + number)
        server.notice("room", "sub")
        await heard(server)
        live.pass_by(2100)
        await live.change(wall_zero_ms=zero)
        await live.until_ms(2000)
        await live.end_media(5300)
        live.pass_by(1200)
        server.say("room", "last")
        await heard(server)
        live.pass_by(2700)
        ended = await live.ended()
        await live.whole()
        assert (await live.texts(), await live.gaps()) == (["0", "1", "2", "last"], [])
        assert (ended.duration_ms, ended.attempt, ended.HasField("failure")) == (6000, 1, False)
        assert (ended.rows.messages, ended.rows.before_start, ended.rows.other) == (4, 1, 1)
        record = await live.record()
        assert (record.chat.complete, record.chat_ended) == (True, True)
        await left(server)


async def test_a_late_message_and_one_that_was_taken_back_are_counted(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        live.grace_ms = 500
        zero = await begun(live)
        server.delete("room", server.say("room", "sorry"))
        await heard(server)
        live.pass_by(1500)
        await live.until_ms(1000)
        server.say("room", "late", at_ms=zero + 1)
        await heard(server)
        await live.end_media(2000)
        live.pass_by(1500)
        rows = (await live.ended()).rows
        assert (await live.texts(), rows.taken_back, rows.late, rows.messages) == ([], 1, 1, 0)


async def test_a_quiet_chat_moves_on(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        await begun(live)
        for passed in (2000, 4000, 20_000):
            live.pass_by(passed - (await live.record()).chat.read_until_ms)
            await live.until_ms(passed)
        await live.whole()
        assert (await live.texts(), await live.gaps()) == ([], [])


async def test_a_reader_that_is_started_again_goes_on_behind_one_gap(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        zero = await begun(live)
        server.say("room", "before")
        await heard(server)
        live.pass_by(2000)
        await live.until_ms(2000)
        await live.stop()
        await left(server)
        back = (await live.record()).chat.read_until_ms
        live.pass_by(5000)
        await live.run()
        await joined(server)
        await heard(server)
        until = -(-(live.now_ms() - zero) // 1000) * 1000
        live.pass_by(1000)
        server.say("room", "after")
        await heard(server)
        await live.end_media(until + 1000)
        live.pass_by(2000)
        await live.ended()
        await live.whole()
        assert await live.texts() == ["before", "after"]
        (gap,) = await live.gaps()
        assert (gap.code, gap.range.start_ms, gap.range.end_ms) == ("chat_reader_restarted", back, until)


async def test_a_stop_ends_chat_where_picture_and_sound_end(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        await begun(live)
        await live.change(segments=1, read_until_ms=2000)
        async with live.open() as work:
            await FollowStream(work).stopped(live.id)
        await live.end_media(2000)  # what was seen is read first
        live.pass_by(2000)
        assert (await live.ended()).duration_ms == 2000
        assert (await live.gaps(), server.connections) == ([], 1)  # the connection there was went on


async def test_a_cancelled_stream_is_read_no_more(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        await begun(live)
        async with live.open() as work:
            await FollowStream(work).cancelled(live.id)
        await left(server)


async def test_a_channel_that_is_not_there_ends_chat_and_not_the_stream(on_twitch: Any) -> None:
    async with irc_server() as server:
        server.missing.add("room")
        live = on_twitch(server)
        await live.begin(zero_ms=live.now_ms())
        await live.run()
        ended = await live.ended()
        assert (ended.failure.code, ended.duration_ms) == ("chat_channel_not_found", 0)
        assert not (await live.record()).media_ended


async def test_trouble_with_the_store_costs_no_message(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        live.shelf.trouble = [OSError("away")]
        await begun(live)
        server.say("room", "kept")
        await heard(server)
        live.pass_by(2000)
        await live.until_ms(2000)
        assert (live.shelf.trouble, server.connections, await live.texts()) == ([], 1, ["kept"])


async def test_a_retry_reads_the_chat_of_what_it_reads_more(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        await begun(live)
        async with live.open() as work:
            record = await work.streams.lock(live.id)
            await EndReading(work).media(record, Failure("source_unavailable", "Gone."), duration_ms=1000)
        live.pass_by(1000)
        assert (await live.ended()).attempt == 1
        async with live.open() as work:
            await FollowStream(work).failed(live.id, 1)
            await FollowStream(work).retried(live.id, 2)
        record = await live.record()
        assert (record.attempt, record.chat.complete, record.chat_ended) == (2, False, False)


async def test_chat_of_a_stream_that_was_never_opened_ends_with_it(on_twitch: Any) -> None:
    async with irc_server() as server:
        live = on_twitch(server)
        await live.begin()
        await live.run()
        await joined(server)
        async with live.open() as work:
            await EndReading(work).media(await work.streams.lock(live.id), Failure("not_live", "Not live."))
        assert (await live.ended()).failure.code == "not_live"
        await left(server)
