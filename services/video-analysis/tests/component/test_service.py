"""The service as it runs: segments in from Kafka and S3, signals out to Kafka, questions over HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from statistics import median
from time import monotonic
from typing import Any

import numpy as np
import psutil
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from tldr_contracts.topics import VIDEO_SIGNALS
from tldr_embedded import Servers
from tldr_storage import bucket_of
from tldr_testing import Hosted, Hosting, Recorder, eventually, workers
from tldr_video_analysis.bootstrap import DEFINITION
from tldr_video_analysis.domain.figures import signal_names
from tldr_video_analysis.domain.segments.part import SegmentPart
from tldr_video_analysis.domain.streams.analysed_stream import LIVE_EDGE_MS

LANE = 5
SECONDS = 16


@pytest_asyncio.fixture(scope="module")
async def service(servers: Servers) -> AsyncIterator[Hosted]:
    """One for all tests here: joining its groups takes the embedded broker five seconds."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TLDR_VIDEO_ANALYSIS_WINDOW_S", "4")
        environment.setenv("TLDR_VIDEO_ANALYSIS_PROCESSES", "1")
        async with AsyncExitStack() as parts:
            yield await Hosting(servers, parts)(DEFINITION)


@pytest_asyncio.fixture(scope="module")
async def signals(service: Hosted) -> Recorder:
    return await service.recorder(VIDEO_SIGNALS)


@pytest.fixture(scope="module")
def parts(clip: Any, parts_of: Callable[..., list[SegmentPart]], scene: Callable[..., Any]) -> list[SegmentPart]:
    """A cut at eight seconds; sound that is loud in the second half."""

    def sound(at: NDArray[np.float64]) -> NDArray[np.float64]:
        tone = np.where(at < SECONDS / 2, 0.02, 0.3) * np.sin(2 * np.pi * 997 * at)
        return np.vstack([tone, tone])

    return parts_of(clip(seconds=SECONDS, picture=lambda at: scene(1 + (at >= SECONDS / 2), 40 * at), sound=sound))


async def stored(
    service: Hosted, organization: str, recording: Any, part: SegmentPart, data: bytes | None = None
) -> Any:
    """The segment in the object store, and the message that says so."""
    assert isinstance(part.source, bytes)
    key = f"streams/{recording.stream}/segments/{part.index:06d}.mp4"
    put = await service.objects.put(bucket_of(organization), key, data or part.source, "video/mp4")
    message = recording.segment(part.index, end_ms=part.end_ms)
    said = message.segment_stored
    said.range.start_ms, said.object.bucket, said.object.key = part.start_ms, put.bucket, put.key
    return message


async def say(service: Hosted, organization: str, recording: Any, *messages: Any) -> None:
    for message in messages:
        await service.publish(message, organization=organization, subject=recording.stream, lane=LANE)


async def test_segments_become_signals_and_progress_can_be_asked_for(
    service: Hosted, signals: Recorder, organization: str, recording: Any, parts: list[SegmentPart], heard_of: Any
) -> None:
    messages = [await stored(service, organization, recording, part) for part in parts]
    await say(service, organization, recording, recording.opened(), *messages, recording.requested(thorough=True))
    await say(service, organization, recording, recording.ended(1000 * SECONDS))
    recorded = await signals.until(recording.stream, "ended")
    heard = heard_of([event.fact for event in recorded.events])
    assert sorted(heard.measured_seconds) == list(range(SECONDS))
    assert heard.gaps == {}
    assert heard.end.duration_ms == 1000 * SECONDS
    assert heard.watermarks[-1] == 1000 * SECONDS
    assert {(event.lane, event.organization) for event in recorded.events} == {(LANE, organization)}

    measured = recorded.of_kind("measured")
    assert [cut for one in measured for cut in one.cuts_ms] == [pytest.approx(8000, abs=40)]
    loudness: dict[int, float] = {}
    for one in measured:
        (series,) = (series for series in one.series if series.name == signal_names.LOUDNESS)
        loudness |= dict(enumerate(series.values, series.start_s))
    assert loudness[12] - loudness[4] == pytest.approx(20 * np.log10(15), abs=0.5)

    async with service.asking(organization) as client:
        answer = await client.get(f"/internal/streams/{recording.stream}/progress")
    segments = len(parts)
    assert answer.json() == {
        "complete_until_ms": 1000 * SECONDS,
        "ended": True,
        "segments": segments,
        "analysed": segments,
    }
    async with service.asking("org_of_somebody_else") as client:
        answer = await client.get(f"/internal/streams/{recording.stream}/progress")
    assert answer.json() == {"complete_until_ms": 0, "ended": False, "segments": 0, "analysed": 0}


async def test_nobody_asks_without_a_token(service: Hosted, recording: Any) -> None:
    async with service.asking("org_1") as client:
        headers = {"authorization": "Bearer no"}
        answer = await client.get(f"/internal/streams/{recording.stream}/progress", headers=headers)
    assert answer.status_code == 401


async def test_a_segment_that_is_no_media_file_is_a_gap_and_the_rest_is_measured(
    service: Hosted, signals: Recorder, organization: str, recording: Any, parts: list[SegmentPart], heard_of: Any
) -> None:
    messages = [
        await stored(service, organization, recording, part, b"not a media file" if part.index == 3 else None)
        for part in parts
    ]
    await say(service, organization, recording, recording.requested(), recording.opened(), *messages)
    await say(service, organization, recording, recording.ended(1000 * SECONDS))
    heard = heard_of([event.fact for event in (await signals.until(recording.stream, "ended")).events])
    bad = parts[3]
    found = {(name, bad.start_ms, bad.end_ms, "not_media") for name in ("video", "audio")}
    assert found <= set(heard.gaps)
    lost = set(range(SECONDS)) - set(heard.measured_seconds)
    assert lost
    assert lost <= set(range(bad.start_ms // 1000 - 1, bad.end_ms // 1000 + 1))
    assert heard.watermarks[-1] == 1000 * SECONDS


async def test_a_worker_that_is_killed_costs_no_signal(
    service: Hosted, signals: Recorder, organization: str, recording: Any, parts: list[SegmentPart], heard_of: Any
) -> None:
    messages = [await stored(service, organization, recording, part) for part in parts]
    await say(service, organization, recording, recording.requested(), recording.opened(), *messages)

    async def running() -> list[psutil.Process] | None:
        return workers() or None

    for worker in await eventually(running, every_s=0.01):
        worker.kill()
    await say(service, organization, recording, recording.ended(1000 * SECONDS))
    heard = heard_of([event.fact for event in (await signals.until(recording.stream, "ended")).events])
    assert sorted(heard.measured_seconds) == list(range(SECONDS))
    assert heard.gaps == {}


async def test_a_cancelled_stream_is_dropped_and_others_go_on(
    service: Hosted, signals: Recorder, organization: str, recording: Any, recording_of: Any, parts: list[SegmentPart]
) -> None:
    other = recording_of(f"{recording.stream}b")
    await say(service, organization, recording, recording.decided("cancelled"))
    for one in (recording, other):
        messages = [await stored(service, organization, one, part) for part in parts[:4]]
        await say(service, organization, one, one.requested(), one.opened(), *messages, one.ended(parts[3].end_ms))
    await signals.until(other.stream, "ended")
    assert (await signals.of(recording.stream)).events == []


async def test_a_service_that_is_stopped_in_the_middle_goes_on_where_it_was(
    service: Hosted, signals: Recorder, organization: str, recording: Any, parts: list[SegmentPart], heard_of: Any
) -> None:
    messages = [await stored(service, organization, recording, part) for part in parts]
    await say(service, organization, recording, recording.requested(), recording.opened(), *messages)
    await say(service, organization, recording, recording.ended(1000 * SECONDS))
    await signals.until(recording.stream, "measured")
    await service.stop()
    await service.start()
    heard = heard_of([event.fact for event in (await signals.until(recording.stream, "ended")).events])
    assert sorted(heard.measured_seconds) == list(range(SECONDS))
    assert heard.gaps == {}


async def test_the_figures_of_a_live_segment_are_out_a_second_after_it_is_stored(
    service: Hosted, signals: Recorder, organization: str, recording: Any, parts: list[SegmentPart], heard_of: Any
) -> None:
    some = parts[:4]
    messages = [await stored(service, organization, recording, part) for part in some]
    await say(service, organization, recording, recording.requested(live=True), recording.opened())
    delays = []
    for part, message in zip(some, messages, strict=True):
        at = monotonic()
        await say(service, organization, recording, message)
        wanted = (part.end_ms - LIVE_EDGE_MS) // 1000 * 1000

        async def out(wanted: int = wanted) -> bool:
            measured = (await signals.of(recording.stream)).of_kind("measured")
            return bool(measured) and measured[-1].complete_until_ms >= wanted

        await eventually(out, every_s=0.01, limit_s=50)
        delays.append(monotonic() - at)
    await say(service, organization, recording, recording.ended(some[-1].end_ms))
    heard = heard_of([event.fact for event in (await signals.until(recording.stream, "ended")).events])
    assert sorted(heard.measured_seconds) == list(range(some[-1].end_ms // 1000))
    assert heard.gaps == {}
    # The first one starts a process.
    print(f"segment to figures: median {1000 * median(delays[1:]):.0f} ms, slowest {1000 * max(delays[1:]):.0f} ms")
    assert median(delays[1:]) < 1.5
