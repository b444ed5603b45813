"""What a follower does with the gateway's decisions, in which order, and what it leaves alone."""

from dataclasses import dataclass, field

from tldr_contracts.ids import StreamId
from tldr_streams.following import StreamFollower
from tldr_streams.state import FollowedStream, StreamState

STREAM = StreamId("str_1")


@dataclass
class Rows:
    """One stream in memory; `done` in order."""

    stream: FollowedStream = field(default_factory=lambda: FollowedStream(STREAM))
    done: list[str] = field(default_factory=list)

    async def get(self, stream: StreamId, /) -> FollowedStream:
        return self.stream

    async def lock(self, stream: StreamId, /) -> FollowedStream:
        self.done.append("lock")
        return self.stream

    async def put(self, stream: FollowedStream, /) -> None:
        self.done.append(f"put {stream.state} {stream.attempt}")
        self.stream = stream

    async def forget(self, stream: StreamId, /) -> None:
        self.done.append("forget")


@dataclass
class Follower(StreamFollower[FollowedStream, None]):
    """A service that keeps nothing else of a stream."""

    rows: Rows = field(default_factory=Rows)

    @property
    def streams(self) -> Rows:
        return self.rows

    async def requested(self, stream: StreamId, attempt: int, request: None) -> None:
        await self.rows.put(self.rows.stream.at_attempt(attempt))

    async def resume(self, before: FollowedStream, now: FollowedStream) -> None:
        await self.rows.put(now)

    async def take_back(self, stream: StreamId) -> None:
        self.rows.done.append("take back")

    async def on_end(self, ended: FollowedStream) -> None:
        self.rows.done.append(f"on end {ended.state}")

    async def close(self, stream: StreamId) -> None:
        self.rows.done.append("close")

    def handled(self) -> list[str]:
        """What was done since the last time."""
        done, self.rows.done = self.rows.done, []
        return done


async def test_an_end_takes_work_back_before_it_locks_and_closes_the_outbox_last() -> None:
    follower = Follower()
    await follower.completed(STREAM)
    assert follower.handled() == ["take back", "lock", "put completed 1", "on end completed", "close"]


async def test_a_decision_that_comes_again_or_is_outdone_changes_nothing() -> None:
    follower = Follower()
    await follower.cancelled(STREAM)
    follower.handled()
    await follower.cancelled(STREAM)
    await follower.completed(STREAM)
    await follower.failed(STREAM, 1)
    await follower.retried(STREAM, 2)
    assert follower.handled() == []


async def test_a_retry_takes_work_back_and_goes_on_in_its_attempt_once() -> None:
    follower = Follower()
    await follower.failed(STREAM, 1)
    assert follower.handled() == ["take back", "lock", "put failed 1", "on end failed", "close"]
    await follower.retried(STREAM, 2)
    assert follower.handled() == ["take back", "lock", "put active 2"]
    await follower.retried(STREAM, 2)
    await follower.failed(STREAM, 1)
    assert follower.handled() == []
    assert follower.rows.stream.active


async def test_a_deleted_stream_loses_what_came_after_it_as_well() -> None:
    follower = Follower()
    await follower.deleted(STREAM)
    assert follower.handled()[-2:] == ["close", "forget"]
    await follower.deleted(STREAM)
    assert follower.handled() == ["forget"]
    assert follower.rows.stream.state is StreamState.DELETED


async def test_the_end_of_the_input_is_nothing_to_who_reads_no_source() -> None:
    follower = Follower()
    await follower.stopped(STREAM)
    assert follower.handled() == []
