"""What another profile would make of a finished stream is what a rescore makes of it, and nothing is kept."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tldr_contracts.ids import StreamId, new_id
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.application.errors import TooManyDryRuns
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.moments.try_profile import TryProfile

PRESETS = Path(__file__).parents[3] / "gateway/src/tldr_gateway/presets"


def profile(**processing: Any) -> dict[str, Any]:
    """The gaming preset in the published language's JSON form."""
    document: dict[str, Any] = json.loads((PRESETS / "gaming.json").read_text())
    for dimension in document["dimensions"]:
        dimension["mode"] = f"SCORING_MODE_{dimension['mode'].upper()}"
    document["processing"]["fusion"] = f"FUSION_MODE_{document['processing']['fusion'].upper()}"
    document["processing"] |= processing
    return document


@pytest.fixture
def attempt(asking: Any, service: Any, stream: str) -> Any:
    async def dry_run(wanted: dict[str, Any], organization: str = "", **more: Any) -> httpx.Response:
        async with asking(organization or service.organization) as client:
            path = f"/internal/streams/{stream}/dry-runs"
            found: httpx.Response = await client.post(path, json={"profile": wanted, **more})
            return found

    return dry_run


async def finished(service: Any, broadcast: Any, most: int = 0) -> None:
    request, *rest = broadcast.whole()
    request.requested.profile.processing.max_highlights = most
    await service.tell(request, *rest)
    await service.advance(broadcast.stream)


async def kept(service: Any, stream: str) -> list[Any]:
    """Runs and highlights as they are stored."""
    rows = [
        await service.fetch(f"SELECT * FROM {table} WHERE stream_id = $1 ORDER BY 1, 2, 3", stream)
        for table in ("runs", "highlights", "signals")
    ]
    return [[tuple(row.values()) for row in found] for found in rows]


async def test_the_profile_of_the_run_itself_changes_nothing(
    service: Any, stream: str, broadcast_of: Any, attempt: Any
) -> None:
    await finished(service, broadcast_of(stream))
    before = await kept(service, stream)
    answer = await attempt(profile())
    assert answer.json() == {
        "counts": {"appear": 0, "vanish": 0, "change": 0, "same": 3},
        "appear": [],
        "vanish": [],
        "change": [],
    }
    assert await kept(service, stream) == before


async def test_what_a_limit_held_back_appears(service: Any, stream: str, broadcast_of: Any, attempt: Any) -> None:
    await finished(service, broadcast_of(stream), most=1)
    found = (await attempt(profile())).json()
    assert found["counts"] == {"appear": 2, "vanish": 0, "change": 0, "same": 1}
    assert found["appear"][0]["peak_ms"] < found["appear"][1]["peak_ms"]


async def test_what_vanishes_or_changes_is_shown(service: Any, stream: str, broadcast_of: Any, attempt: Any) -> None:
    await finished(service, broadcast_of(stream))
    (*found, _) = await service.published(stream)
    names = [one.highlight_id for one in found]
    fewer = (await attempt(profile(max_highlights=1))).json()
    assert fewer["counts"] == {"appear": 0, "vanish": 2, "change": 0, "same": 1}
    assert {one["id"] for one in fewer["vanish"]} < set(names)
    assert fewer["vanish"][0].keys() == {
        *("id", "start_ms", "end_ms", "peak_ms", "types", "score", "confidence", "title")
    }
    typed = profile()
    typed["types"] = [{"name": "any", "title": "Any"}]
    other = (await attempt(typed)).json()
    assert other["counts"] == {"appear": 0, "vanish": 0, "change": 3, "same": 0}
    first = other["change"][0]
    assert (first["after"]["types"], first["before"]["start_ms"]) == (["any"], first["after"]["start_ms"])
    assert first["before"]["types"] != ["any"]


async def test_what_cannot_be_tried_says_why(service: Any, stream: str, broadcast_of: Any, attempt: Any) -> None:
    assert (await attempt(profile())).json()["code"] == "signals_gone"
    await finished(service, broadcast_of(stream))
    unreadable = await attempt({"dimensoins": []})
    assert (unreadable.status_code, unreadable.json()["code"]) == (422, "invalid_profile")
    empty = await attempt({"dimension_set": "none"})
    assert (empty.status_code, empty.json()["code"]) == (409, "invalid_profile")
    for answer in (await attempt(profile(), new_id("org")), await attempt(profile(), against="run_0")):
        assert (answer.status_code, answer.json()["code"]) == (409, "signals_gone")


async def test_few_are_made_at_a_time(service: Any, stream: str, broadcast_of: Any) -> None:
    await finished(service, broadcast_of(stream))
    room = asyncio.Semaphore(1)
    attempt = TryProfile(service.transactions.look, DetectRun(ThreadDetector()), room)
    async with room:
        with pytest.raises(TooManyDryRuns):
            await attempt(service.organization, StreamId(stream), {})
