"""Chat that a customer pushes: each message once, in the window of its time, and nobody else's."""

from typing import Any

import pytest_asyncio

from tldr.inputs.v1 import inputs_pb2
from tldr_contracts.topics import INPUTS
from tldr_database import driver
from tldr_ingest.adapters.streams.pushed_postgres import PushedRetention
from tldr_ingest.application.live_chat.ports import PushedMessage
from tldr_ingest.application.live_chat.take_in_chat import TakeInChat
from tldr_ingest.application.stream_record import LiveChatKind
from tldr_ingest.entrypoints.background import PushedChatRetention
from tldr_ingest.entrypoints.events import Events
from tldr_testing import LANE, FixedClock, golden, hand_over, received

Message = inputs_pb2.PushedMessage


class Pushing:
    """A live stream with pushed chat; time passes when it is told to."""

    def __init__(self, live: Any) -> None:
        self.live = live
        self.zero = live.now_ms()

    async def begin(self, *, opened: bool = True) -> None:
        await self.live.begin(LiveChatKind.PUSH, zero_ms=self.zero if opened else 0)

    async def push(self, *messages: Message, organization: str = "", dead: bool = False) -> None:
        pushed = inputs_pb2.ChatPushed(stream_id=self.live.stream, messages=messages, received_ms=self.live.now_ms())
        event = received(inputs_pb2.InputEvent(chat_pushed=pushed), organization or self.live.organization, lane=LANE)
        async with self.live.database.tenant(event.organization) as transaction:
            await hand_over(transaction, Events(self.live.work).subscriptions(), event, dead=dead)

    def at(self, ms: int, text: str = "", id: str = "", **more: Any) -> Message:
        """Written at a time of the wall clock, here in stream time."""
        return Message(id=id or f"at {ms}", wall_ms=self.zero + ms, text=text or f"{ms}", **more)

    async def pass_until(self, ms: int) -> None:
        self.live.pass_by(self.zero + ms - self.live.now_ms())
        await self.live.until_ms(ms)

    async def end(self, ms: int) -> Any:
        await self.live.end_media(ms)
        self.live.pass_by(max(self.zero + -(-ms // 1000) * 1000 - self.live.now_ms(), 0))
        return await self.live.ended()

    async def counts(self) -> Any:
        report = (await self.live.record()).chat.report
        return report and report.counts

    async def kept(self) -> int:
        async with self.live.open() as work:
            return int(await work.pushed.waiting(self.live.id, 1000))


@pytest_asyncio.fixture
async def pushing(live: Any) -> Pushing:
    return Pushing(live)


async def test_messages_are_in_the_window_of_their_time_each_once(pushing: Pushing) -> None:
    await pushing.begin()
    await pushing.push(
        pushing.at(500, author="Ada", emotes=["GG"]), Message(id="s", stream_ms=1500, text="by stream time")
    )
    await pushing.push(pushing.at(500), pushing.at(499, "twice", id="s"))
    await pushing.live.run()
    await pushing.pass_until(2000)
    await pushing.push(pushing.at(2100, id="s"), pushing.at(2200))
    ended = await pushing.end(3000)
    await pushing.live.whole()
    assert await pushing.live.texts() == ["500", "by stream time", "2200"]
    first = (await pushing.live.windows())[0].messages.messages[0]
    assert (first.author, first.at_ms, list(first.emotes)) == ("Ada", 500, ["GG"])
    assert (ended.rows.messages, ended.rows.late, await pushing.kept()) == (3, 0, 0)


async def test_a_quiet_chat_is_quiet_and_a_restart_loses_nothing(pushing: Pushing) -> None:
    await pushing.begin()
    await pushing.live.run()
    await pushing.pass_until(2000)
    await pushing.live.stop()
    await pushing.push(pushing.at(2500), pushing.at(40_000))
    pushing.live.pass_by(60_000)
    await pushing.live.run()
    await pushing.end(62_000)
    await pushing.live.whole()
    assert (await pushing.live.texts(), await pushing.live.gaps()) == (["2500", "40000"], [])


async def test_what_was_written_before_the_stream_was_opened_waits_for_that(pushing: Pushing) -> None:
    await pushing.begin(opened=False)
    await pushing.push(pushing.at(-500), pushing.at(500))
    await pushing.live.run()
    await pushing.live.change(wall_zero_ms=pushing.zero)
    ended = await pushing.end(1000)
    assert (await pushing.live.texts(), ended.rows.before_start) == (["500"], 1)


async def test_a_message_is_taken_back_while_its_window_is_not_published(pushing: Pushing) -> None:
    await pushing.begin()
    await pushing.push(pushing.at(100, id="a"), pushing.at(200, id="b"), Message(id="b", deleted=True))
    await pushing.push(Message(id="a", deleted=True), Message(id="never seen", deleted=True))
    await pushing.push(pushing.at(300, id="never seen"), pushing.at(400, id="a"), pushing.at(600, id="c"))
    await pushing.live.run()
    await pushing.pass_until(1000)
    await pushing.push(Message(id="c", deleted=True))
    ended = await pushing.end(2000)
    assert (await pushing.live.texts(), ended.rows.taken_back, ended.rows.messages) == (["600"], 2, 1)


async def test_what_comes_too_late_or_cannot_be_is_counted_and_left_out(pushing: Pushing) -> None:
    await pushing.begin()
    await pushing.live.run()
    await pushing.pass_until(3000)
    await pushing.push(
        pushing.at(1000),
        pushing.at(-5000),
        pushing.at(3_600_000),
        Message(id="no time", text="x"),
        Message(id="no text", wall_ms=pushing.zero + 3500, text="  "),
        Message(wall_ms=pushing.zero + 3500, text="no id"),
        pushing.at(3500),
    )
    counts = await pushing.counts()
    assert (counts.late, counts.before_start, counts.impossible, counts.unreadable, counts.other) == (1, 1, 1, 1, 1)
    await pushing.end(4000)
    assert await pushing.live.texts() == ["3500"]


async def test_messages_that_cannot_be_taken_in_are_counted(pushing: Pushing) -> None:
    await pushing.begin()
    await pushing.push(pushing.at(100), pushing.at(200), dead=True)
    assert (await pushing.kept(), (await pushing.counts()).unreadable) == (0, 2)


async def test_messages_of_a_stream_are_bounded(pushing: Pushing) -> None:
    await pushing.begin()
    for first in (0, 8):
        messages = [PushedMessage(f"m{n}", pushing.zero + n, None, "", "x") for n in range(first, first + 8)]
        async with pushing.live.open() as work:
            await TakeInChat(work, most=10)(pushing.live.id, messages, (), pushing.live.now_ms())
    assert (await pushing.kept(), (await pushing.counts()).crowded) == (10, 6)


async def test_another_organizations_pushes_never_reach_a_stream(pushing: Pushing) -> None:
    await pushing.begin()
    await pushing.push(pushing.at(100, id="a", text="intruder"), organization="org_another")
    await pushing.push(Message(id="a", deleted=True), organization="org_another")
    await pushing.push(pushing.at(200, id="a", text="own"))
    await pushing.push(Message(id="a", deleted=True), organization="org_another")
    await pushing.live.run()
    await pushing.end(1000)
    assert await pushing.live.texts() == ["own"]


async def test_pushes_into_a_stream_that_takes_none_are_dropped(live: Any) -> None:
    pushing = Pushing(live)
    await live.begin(LiveChatKind.TWITCH, zero_ms=pushing.zero)
    await pushing.push(pushing.at(100))
    assert await pushing.kept() == 0


async def test_pushes_that_come_before_the_request_are_kept_for_it_and_not_for_ever(pushing: Pushing) -> None:
    await pushing.push(pushing.at(100))
    assert await pushing.kept() == 1
    retention, clock = PushedRetention(pushing.live.database), FixedClock()
    clock.time = clock.time.fromtimestamp(pushing.live.now_ms() / 1000, clock.time.tzinfo)
    await PushedChatRetention(retention, clock)()
    assert await pushing.kept() == 1
    clock.pass_by(hours=49)
    await PushedChatRetention(retention, clock)()
    assert await pushing.kept() == 0


async def test_an_id_is_known_for_an_hour(pushing: Pushing) -> None:
    retention, clock = PushedRetention(pushing.live.database), FixedClock()
    clock.time = clock.time.fromtimestamp(pushing.live.now_ms() / 1000, clock.time.tzinfo)
    await pushing.push(pushing.at(100, id="a"))
    for passed_minutes, known in ((59, 1), (2, 0)):
        clock.pass_by(minutes=passed_minutes)
        await PushedChatRetention(retention, clock)()
        async with pushing.live.database.system() as transaction:
            query = "SELECT count(*) FROM pushed_ids WHERE stream_id = $1"
            assert await (await driver(transaction)).fetchval(query, pushing.live.stream) == known


async def test_the_golden_push_is_accepted(pushing: Pushing) -> None:
    await pushing.begin(opened=False)
    pushed = golden(INPUTS.name, "chat_pushed").chat_pushed
    pushing.live.ahead_ms = pushed.received_ms - pushing.live.now_ms()
    await pushing.push(*pushed.messages)
    assert await pushing.kept() == 2
