"""A live stream's window for players: with an API key, or by a link that expires and opens nothing else."""

from collections.abc import Callable
from typing import Any

import httpx

from tldr_testing import refused
from tldr_testing.hosting import Hosted

WINDOW = {
    "target_s": 2.0,
    "first_sequence": 7,
    "segments": [
        {
            "url": f"http://files.example.com/{number}.mp4?signed",
            "start_ms": 2000 * number,
            "end_ms": 2000 * number + 2000,
            "discontinuity": number == 8,
            "container": "mp4",
        }
        for number in (7, 8)
    ],
    "ended": False,
}


async def test_a_window_is_played_with_a_link_and_without_a_key(
    gateway: Hosted, customer: Any, neighbours: Any
) -> None:
    neighbours.answers["/playlist"] = WINDOW
    stream = (await customer.submitted())["id"]
    path = f"/v1/streams/{stream}/playlist.m3u8"
    answer = await customer.http.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.apple.mpegurl")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.startswith("#EXTM3U\n")
    assert "#EXT-X-MEDIA-SEQUENCE:7" in answer.text
    assert answer.text.count("http://files.example.com/7.mp4?signed") == 2
    link = (await customer.http.post(f"/v1/streams/{stream}/playlist-link", json={"expires_in_s": 60})).json()
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as player:
        assert (await player.get(link["path"])).text == answer.text
        refused(await player.get(path), 401, "invalid_api_key")
        refused(await player.get(link["path"][:-1] + "_"), 403, "link_not_valid")
        other = (await customer.submitted())["id"]
        refused(await player.get(link["path"].replace(stream, other)), 403, "link_not_valid")
    neighbours.answers["/playlist"] = {**WINDOW, "ended": True}
    assert (await customer.http.get(path)).text.endswith("#EXT-X-ENDLIST\n")


async def test_a_playlist_is_its_organizations_alone(new_customer: Callable[[], Any], neighbours: Any) -> None:
    neighbours.answers["/playlist"] = WINDOW
    mine, other = await new_customer(), await new_customer()
    stream = (await mine.submitted())["id"]
    path = f"/v1/streams/{stream}"
    refused(await other.http.get(f"{path}/playlist.m3u8"), 404, "stream_not_found")
    refused(await other.http.post(f"{path}/playlist-link"), 404, "stream_not_found")
    assert not neighbours.asked
    link = (await mine.http.post(f"{path}/playlist-link")).json()["path"]
    stolen = link.replace(mine.organization, other.organization)
    refused(await other.http.get(stolen), 403, "link_not_valid")


async def test_what_cannot_be_played_is_said(customer: Any, neighbours: Any) -> None:
    stream = (await customer.submitted())["id"]
    path = f"/v1/streams/{stream}/playlist.m3u8"
    neighbours.refusal = (404, {"code": "not_found", "detail": "There is no such route."})
    refused(await customer.http.get(path), 409, "playlist_not_ready")
    neighbours.refusal = None
    neighbours.answers["/playlist"] = {**WINDOW, "segments": []}
    refused(await customer.http.get(path), 409, "playlist_not_ready")
    matroska = {**WINDOW["segments"][0], "container": "matroska"}  # type: ignore[index]
    neighbours.answers["/playlist"] = {**WINDOW, "segments": [matroska]}
    refused(await customer.http.get(path), 409, "playlist_not_playable")
    too_long = await customer.http.post(f"/v1/streams/{stream}/playlist-link", json={"expires_in_s": 43_201})
    refused(too_long, 422, "invalid_request")
