"""A channel's page is waited for, followed, left for its next session, and ends, with the libraries' and our real code."""

from typing import Any

import pytest
from tests.doubles.live_pieces import hls_pieces
from tests.doubles.told import check_pictures, covered

from tldr_testing.twitch_web import Channel, TwitchWeb

PARTS = 45


@pytest.fixture(scope="module")
def parts(recorder_in: Any, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A minute and a half in parts of two seconds."""
    record = recorder_in(tmp_path_factory.mktemp("live"))
    path = record("a.mp4", record.Picture(frames=60 * PARTS, width=64, height=48), record.Sound(seconds=2 * PARTS))
    return [piece.data for piece in hls_pieces(path, tmp_path_factory.mktemp("hls") / "pieces")]


@pytest.mark.long
async def test_a_channel_is_waited_for_and_followed_over_its_sessions_to_its_end(
    submitted: Any, twitch: TwitchWeb, parts: list[bytes]
) -> None:
    twitch.preroll_s = 4.0
    channel = Channel("zoe", live=False, segments=parts)
    twitch.add(channel)
    await submitted.request(
        "https://www.twitch.tv/zoe", live=True, settings={"wait_until_live_ms": 90_000, "ends_after_silence_ms": 12_000}
    )
    waiting = await submitted.ingestions.until(submitted.stream, "waiting")
    assert waiting.of_kind("waiting")[0].reason.code == "source_not_live"

    channel.returns()
    await submitted.ingestions.until(submitted.stream, "segment_stored", count=2)
    twitch.expire()  # another session has to be begun, with its advertisement
    await submitted.ingestions.until(submitted.stream, "segment_stored", count=4)
    channel.ends()
    recorded = await submitted.ended()

    (ended,) = recorded.of_kind("ended")
    assert not ended.HasField("failure")
    assert [event.kind for event in recorded.events][:2] == ["waiting", "started"]
    assert len(recorded.of_kind("started")) == 1
    check_pictures(recorded, ended.segments)
    # Stream time has no hole: what is not there was an advertisement, or passed before the second session began.
    assert (covered(recorded)[0][0], covered(recorded)[-1][1]) == (0, ended.duration_ms)
    codes = {gap.gap.code for gap in recorded.of_kind("gap_found")}
    assert {"advertisement"} <= codes <= {"advertisement", "window_passed"}
    assert list(twitch.sessions) == ["s0", "s1"]
