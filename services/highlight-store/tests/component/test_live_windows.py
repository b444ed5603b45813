"""What can be played of a stream while it runs, and clips of highlights that may still change."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import pytest

from tldr_testing import eventually

SEGMENT = {
    "movflags": "frag_custom+delay_moov+default_base_moof+frag_discont",
    "use_editlist": "0",
    "avoid_negative_ts": "disabled",
}


async def playlist_of(mesh: Any, segments: int) -> dict[str, Any]:
    """Once it has so many segments."""

    async def look() -> dict[str, Any] | None:
        async with mesh.asking() as client:
            answer = await client.get(f"/internal/streams/{mesh.stream}/playlist")
        found: dict[str, Any] = answer.json()
        return found if len(found["segments"]) == segments and found["ended"] else None

    return await eventually(look)


def rendered(playlist: dict[str, Any], *, ranges: bool) -> str:
    """As the gateway writes it, with or without byte ranges for the media."""
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{playlist['target_s']}",
        f"#EXT-X-MEDIA-SEQUENCE:{playlist['first_sequence']}",
        f"#EXT-X-DISCONTINUITY-SEQUENCE:{playlist['discontinuity_sequence']}",
    ]
    for one in playlist["segments"]:
        lines += ["#EXT-X-DISCONTINUITY"] * one["discontinuity"]
        lines.append(f'#EXT-X-MAP:URI="{one["url"]}",BYTERANGE="{one["init_range"]}"')
        lines.append(f"#EXTINF:{(one['end_ms'] - one['start_ms']) / 1000:.3f},")
        lines += [f"#EXT-X-BYTERANGE:{one['media_range']}"] * ranges
        lines.append(one["url"])
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def pictures(place: str) -> list[float]:
    """The times of all pictures that a player shows of a playlist or file."""
    options = {"protocol_whitelist": "file,http,tcp,crypto", "allowed_extensions": "ALL"}
    with av.open(place, options=options, timeout=20) as source:
        return sorted(float(frame.time) for frame in source.decode(video=0))


@pytest.mark.parametrize("ranges", [False, True], ids=["whole files", "byte ranges"])
async def test_the_window_plays_over_http(mesh: Any, recording: Path, tmp_path: Path, ranges: bool) -> None:
    await mesh.store_segments()
    playlist = await playlist_of(mesh, len(mesh.segments))
    assert (playlist["first_sequence"], playlist["discontinuity_sequence"], playlist["target_s"]) == (0, 0, 3)
    assert [one["discontinuity"] for one in playlist["segments"]] == [False] * len(mesh.segments)
    place = tmp_path / "playlist.m3u8"
    place.write_text(rendered(playlist, ranges=ranges))
    shown, whole = pictures(str(place)), pictures(str(recording))
    assert len(shown) == len(whole)
    assert [at - shown[0] for at in shown] == pytest.approx([at - whole[0] for at in whole], abs=0.002)


def later(part: Any, ms: int) -> Any:
    """The part behind a break of so many milliseconds, its timestamps those of the stream as ingest writes them."""
    file = io.BytesIO()
    with av.open(io.BytesIO(part.source), "r") as source, av.open(file, "w", format="mp4", options=SEGMENT) as target:
        copies = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.size and packet.pts is not None and packet.dts is not None:
                shift = round(ms / 1000 / packet.time_base)
                packet.stream = copies[packet.stream.index]
                packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                target.mux(packet)
    return replace(part, source=file.getvalue(), start_ms=part.start_ms + ms, end_ms=part.end_ms + ms)


async def test_what_an_outage_left_out_is_a_break_that_players_pass(mesh: Any, tmp_path: Path) -> None:
    first, second, *rest = mesh.segments
    mesh.segments = [first, second, *(later(part, 30_500) for part in rest)]
    await mesh.store_segments()
    playlist = await playlist_of(mesh, len(mesh.segments))
    assert [one["discontinuity"] for one in playlist["segments"]] == [False, False, True, False]
    place = tmp_path / "playlist.m3u8"
    place.write_text(rendered(playlist, ranges=False))
    assert len(pictures(str(place))) == 8 * 30


async def test_a_players_addresses_stay_what_they_are_and_belong_to_one_organization(
    mesh: Any, new_mesh: Callable[[], Any]
) -> None:
    await mesh.store_segments()
    first = await playlist_of(mesh, len(mesh.segments))
    assert await playlist_of(mesh, len(mesh.segments)) == first
    rows = await mesh.rows(f"SELECT init_bytes FROM segments WHERE stream_id = '{mesh.stream}'")
    assert all(row.init_bytes > 0 for row in rows), "each file's head is read once"
    async with (await new_mesh()).asking() as stranger:
        answer = await stranger.get(f"/internal/streams/{mesh.stream}/playlist")
    assert answer.json()["segments"] == []


async def test_a_clip_of_a_provisional_highlight_is_made_when_it_is_asked_for(mesh: Any) -> None:
    await mesh.store_segments()
    highlight = await mesh.detect(2500, 5500, final=False)

    async def listed() -> list[dict[str, Any]] | None:
        async with mesh.asking() as client:
            answer = await client.get(f"/internal/streams/{mesh.stream}/highlights")
        found: list[dict[str, Any]] = answer.json()["highlights"]
        return found or None

    (shown,) = await eventually(listed)
    assert (shown["state"], shown["revision"], shown["clip_state"]) == ("provisional", 1, "waiting")
    await playlist_of(mesh, len(mesh.segments))
    async with mesh.asking() as client:
        for _ in range(2):
            asked = await client.post(f"/internal/highlights/{highlight}/clip")
            assert (asked.status_code, asked.json()["revision"]) == (202, 1)

        async def cut() -> str | None:
            answer = await client.get(f"/internal/highlights/{highlight}/clip")
            url: str | None = answer.json().get("url")
            return url

        assert len(pictures(await eventually(cut))) == pytest.approx(3 * 30, abs=31)
        missing = await client.post("/internal/highlights/hl_unknown/clip")
    assert (missing.status_code, missing.json()["code"]) == (404, "highlight_not_found")
    jobs = await mesh.rows(f"SELECT 1 FROM jobs WHERE key = '{highlight}'")
    assert len(jobs) == 1
    told = await mesh.recorder.until(mesh.stream, "detected")
    said = [event.fact.DESCRIPTOR.name for event in told.events]
    assert said == ["HighlightDetected"], "ready means that it will not change any more"
