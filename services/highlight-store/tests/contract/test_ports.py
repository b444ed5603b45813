"""What the use cases rely on, the same over PostgreSQL and over the memory that unit tests use."""

from dataclasses import replace
from typing import Any

from tldr_contracts.ids import HighlightId, RunId, StreamId, new_id
from tldr_highlight_store.domain.highlights.highlight import ClipState, HighlightState
from tldr_highlight_store.domain.highlights.run import Gap, Run
from tldr_highlight_store.domain.streams.stream import Stream
from tldr_streams.state import StreamState
from tldr_streams.values import Failure, StoredObject


async def test_a_stream_nobody_wrote_of_is_as_new(ports: Any) -> None:
    assert await ports.streams.get(ports.stream) == Stream(ports.stream)
    assert await ports.streams.lock(ports.stream) == Stream(ports.stream)


async def test_a_stream_comes_back_as_it_was_put(ports: Any) -> None:
    stream = Stream(ports.stream, StreamState.CANCELLED, 2, 20, 4000, 1, ports.run, segments_deleted=True)
    for stored in (stream, replace(stream, default_run=None), Stream(ports.stream)):
        await ports.streams.put(stored)
        assert await ports.streams.get(ports.stream) == stored


async def test_what_was_read_never_goes_back(ports: Any) -> None:
    await ports.read(8000, ended_attempt=1)
    await ports.read(4000)
    found = await ports.streams.get(ports.stream)
    assert (found.read_until_ms, found.ended_attempt) == (8000, 1)
    assert found.read_to(99_000)
    await ports.follow.retried(ports.stream, 2)
    found = await ports.streams.get(ports.stream)
    assert found.read_to(8000)
    assert not found.read_to(8001)


async def test_a_highlight_comes_back_as_it_was_put(ports: Any) -> None:
    whole = ports.highlight(
        details={
            "score": 0.1,
            "title": "☃",
            "dimensions": [{"dimension": "action", "score": 0.75}],
            "missing": ["chat"],
        },
        cut=ClipState.READY,
        clip=StoredObject("bucket", "clip.mp4", 9, b"\x00\xff", "video/mp4"),
        thumbnail=StoredObject("bucket", "picture.jpg", 9, b"", "image/jpeg"),
        rescore=True,
    )
    for stored in (whole, replace(whole, revision=2, clip=None, failure=Failure("no", "No."), cut=ClipState.FAILED)):
        await ports.highlights.put(stored)
        assert await ports.highlights.get(whole.id) == stored
    assert await ports.highlights.get(HighlightId("hl_none")) is None


async def test_highlights_of_a_run_are_in_order_of_time(ports: Any) -> None:
    late, early = ports.highlight(start_ms=9000), ports.highlight(start_ms=1000)
    other = ports.highlight(run=RunId(new_id("run")))
    for one in (late, other, early):
        await ports.highlights.put(one)
    assert list(await ports.highlights.of_run(ports.run)) == [early, late]


async def test_a_page_shows_the_latest_run_until_one_has_settled(ports: Any) -> None:
    stream = Stream(ports.stream)
    await ports.streams.put(stream)
    first = [ports.highlight(start_ms=start) for start in (1000, 1000, 2000)]
    first.sort(key=lambda one: (one.start_ms, one.id))
    for one in first:
        await ports.highlights.put(one)
    page = await ports.highlights.page(ports.stream, after=None, limit=2)
    rest = await ports.highlights.page(ports.stream, after=(page[-1].start_ms, page[-1].id), limit=2)
    assert [*page, *rest] == first
    later = ports.highlight(run=RunId(new_id("run")))
    taken_back = ports.highlight(run=later.run, state=HighlightState.RETRACTED)
    for one in (later, taken_back):
        await ports.highlights.put(one)
    assert list(await ports.highlights.page(ports.stream, after=None, limit=9)) == [later]
    await ports.streams.put(stream.showing(ports.run))
    assert list(await ports.highlights.page(ports.stream, after=None, limit=9)) == first
    assert list(await ports.highlights.page(ports.stream, after=None, limit=9, run=later.run)) == [later]
    await ports.streams.put(stream.showing(later.run).showing(ports.run))
    assert list(await ports.highlights.page(ports.stream, after=None, limit=9)) == [later]
    assert list(await ports.highlights.page(ports.stream, after=None, limit=9, run=ports.run)) == first
    assert list(await ports.highlights.page(ports.stream, after=None, limit=9, run=RunId("run_none"))) == []
    assert list(await ports.highlights.page(StreamId("str_none"), after=None, limit=9)) == []


async def test_a_run_comes_back_as_it_was_put(ports: Any) -> None:
    gap = Gap("chat", 0, 4000, "late", "It was late.")
    run = Run(ports.run, ports.stream, 2, (HighlightId("hl_1"), HighlightId("hl_2")), 180_000, (gap,))
    for stored in (run, replace(run, settled=True, rescore=True, failure=Failure("no", "No."))):
        await ports.runs.put(stored)
        assert await ports.runs.get(run.id) == stored
    assert await ports.runs.get(RunId("run_none")) is None


async def test_segments_around_a_range_reach_back_to_where_decoding_must_start(ports: Any) -> None:
    for index in (*range(300), 3):
        await ports.segments.add(ports.stream, ports.segment(index, decode_from=index - index % 200))
    found = [one.index for one in await ports.segments.around(ports.stream, 204_500, 206_000)]
    assert found == list(range(52)), "three and a half minutes without a keyframe"
    found = [one.index for one in await ports.segments.around(ports.stream, 820_500, 822_000)]
    assert found == list(range(200, 206))
    assert list(await ports.segments.around(StreamId("str_none"), 0, 4000)) == []


async def test_highlights_wait_for_their_segments_until_those_are_read(ports: Any) -> None:
    early, late = ports.highlight(), ports.highlight(start_ms=20_000, end_ms=22_000)
    done = ports.highlight(cut=ClipState.READY)
    for one in (early, late, done):
        await ports.highlights.put(one)
    assert await ports.highlights.waiting(ports.stream, 8_000, 12_000) == [early]
    assert await ports.highlights.waiting(ports.stream, 12_000, 20_000) == []
    assert await ports.highlights.waiting(ports.stream, 12_000, None) == [late]
