"""A recording's page is read as the recording it shows."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tldr_testing.contents import everything_in
from tldr_testing.twitch_web import Channel, TwitchWeb, Video


@pytest.fixture(scope="module")
def hls(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds in six parts; their folder."""
    folder = tmp_path_factory.mktemp("hls")
    record = recorder_in(folder)
    options = {"hls_time": "2", "hls_list_size": "0"}
    record("index.m3u8", record.Picture(frames=360), record.Sound(seconds=12), format="hls", options=options)
    return folder


async def test_the_page_of_a_recording_is_read_to_its_end(
    submitted: Any,
    twitch: TwitchWeb,
    hls: Path,
    frame_times: Callable[[Path], list[int]],
    stored_frames: Callable[[Sequence[Any]], Awaitable[list[int]]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    parts = [(hls / f"index{number}.ts").read_bytes() for number in range(6)]
    twitch.add(Video("4711", segments=parts))
    await submitted.request("https://www.twitch.tv/videos/4711")
    told = await submitted.ended()
    (ended,) = told.of_kind("ended")
    assert (ended.failure.code, round(ended.duration_ms, -2)) == ("", 12_000)
    assert not told.of_kind("gap_found")
    whole = frame_times(hls / "index.m3u8")
    stored = await stored_frames(told.of_kind("segment_stored"))
    assert len(stored) == len(whole) == 360
    assert stored == [time - whole[0] for time in whole]
    media = [request for request in twitch.asked if request.path.startswith("/vods/4711/720p60/")]
    assert {request.headers["user-agent"].partition("/")[0] for request in media} == {"Mozilla"}
    # Tokens open a customer's subscriptions for as long as they hold.
    tokens = [request.query["nauthsig"] for request in twitch.asked if "nauthsig" in request.query]
    printed = "".join(capfd.readouterr())
    kept = await everything_in(submitted.service.database)
    assert tokens
    assert not [token for token in tokens if token in printed or token in kept]


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("https://www.twitch.tv/alice", "source_is_live"),
        ("https://www.twitch.tv/bob", "source_not_live"),
        ("https://www.twitch.tv/videos/999", "source_not_found"),
        ("https://www.twitch.tv/directory", "page_not_supported"),
    ],
)
async def test_a_page_without_a_recording_says_why(submitted: Any, twitch: TwitchWeb, page: str, code: str) -> None:
    twitch.add(Channel("alice"), Channel("bob", live=False))
    await submitted.request(page)
    (ended,) = (await submitted.ended()).of_kind("ended")
    assert (ended.failure.code, ended.segments) == (code, 0)
