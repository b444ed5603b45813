"""From a detection on Kafka to a clip that plays and a stream that is settled, once, whatever the order."""

from collections.abc import Callable
from typing import Any

import httpx

from tldr_storage import bucket_of
from tldr_testing import eventually


async def test_a_detected_highlight_gets_a_clip_that_plays(mesh: Any, studio: Any) -> None:
    await mesh.store_segments()
    first, second = await mesh.detect(2_534, 6_267), await mesh.detect(6_500, 7_500)
    await mesh.complete(first, second)
    settled = await mesh.settled()
    assert (list(settled.ready_ids), list(settled.failed_ids)) == ([first, second], [])
    assert (settled.run_id, settled.attempt, settled.duration_ms) == (mesh.run, 1, 8000)
    recorded = await mesh.recorder.of(mesh.stream)
    assert [event.kind for event in recorded.events] == ["detected", "detected", "ready", "ready", "settled"]
    ready = {fact.highlight.highlight_id: fact for fact in recorded.of_kind("ready")}
    clip = ready[first].clip
    data = await mesh.store.objects.get(clip.bucket, clip.key, limit_bytes=10 << 20)
    assert [frame.number for frame in studio.shown(data)] == list(range(76, 188))
    assert clip.size_bytes == len(data)
    async with mesh.asking() as http:
        page = (await http.get(f"/internal/streams/{mesh.stream}/highlights")).json()
        assert [found["id"] for found in page["highlights"]] == [first, second]
        assert {found["clip_state"] for found in page["highlights"]} == {"ready"}
        for what, start in (("clip", b"\x00\x00"), ("thumbnail", b"\xff\xd8")):
            url = (await http.get(f"/internal/highlights/{first}/{what}")).json()["url"]
            async with httpx.AsyncClient(trust_env=False) as files:
                found = await files.get(url)
            assert found.content.startswith(start)
            assert first in found.headers["content-disposition"]


async def test_a_detection_that_comes_before_its_segments_waits_for_them(mesh: Any) -> None:
    highlight = await mesh.detect(1_000, 2_000)
    await mesh.complete(highlight)

    async def recorded() -> bool:
        return bool(await mesh.rows("SELECT 1 FROM runs"))

    await eventually(recorded)
    assert await mesh.rows("SELECT 1 FROM jobs") == [], "nothing asks again and again"
    await mesh.store_segments()
    assert list((await mesh.settled()).ready_ids) == [highlight]


async def test_a_clip_that_cannot_be_cut_fails_with_a_reason_and_the_stream_settles(mesh: Any) -> None:
    await mesh.end_source(2_000)
    highlight = await mesh.detect(1_000, 2_000)
    await mesh.complete(highlight)
    settled = await mesh.settled()
    assert (list(settled.ready_ids), list(settled.failed_ids)) == ([], [highlight])
    (failed,) = (await mesh.recorder.of(mesh.stream)).of_kind("failed")
    assert failed.failure.code == "segments_gone"
    async with mesh.asking() as http:
        answer = await http.get(f"/internal/highlights/{highlight}/clip")
        assert (answer.status_code, answer.json()["code"]) == (404, "segments_gone")
        assert answer.headers["content-type"] == "application/problem+json"
        shown = (await http.get(f"/internal/highlights/{highlight}")).json()
        assert (shown["clip_state"], shown["failure"]["code"]) == ("failed", "segments_gone")


async def test_a_deleted_streams_objects_and_rows_go(mesh: Any) -> None:
    await mesh.store_segments()
    highlight = await mesh.detect(1_000, 2_000)
    await mesh.complete(highlight)
    await mesh.settled()
    (ready,) = (await mesh.recorder.of(mesh.stream)).of_kind("ready")
    assert (await mesh.store.objects.stat(ready.clip.bucket, ready.clip.key)).size_bytes > 0
    await mesh.decide("deleted")

    async def forgotten() -> bool:
        return not await mesh.rows("SELECT 1 FROM highlights UNION ALL SELECT 1 FROM segments")

    await eventually(forgotten)
    await eventually(lambda: _purged(mesh))
    assert await mesh.store.objects.delete(bucket_of(mesh.organization), f"streams/{mesh.stream}/") == 0
    async with mesh.asking() as http:
        assert (await http.get(f"/internal/highlights/{highlight}")).status_code == 404
        page = (await http.get(f"/internal/streams/{mesh.stream}/highlights")).json()
        assert page == {"highlights": [], "more": False}


async def _purged(mesh: Any) -> bool:
    return bool(await mesh.rows("SELECT 1 FROM jobs WHERE kind = 'purge-stream' AND state = 'done'"))


async def test_nothing_is_cut_for_a_cancelled_stream(mesh: Any, new_mesh: Callable[[], Any]) -> None:
    await mesh.decide("cancelled")

    async def dropped() -> bool:
        return bool(await mesh.rows("SELECT 1 FROM streams WHERE state = 'cancelled'"))

    await eventually(dropped)
    await mesh.store_segments()
    await mesh.complete(await mesh.detect(1_000, 2_000))
    # Another stream in the same lane is settled later, so all of the above was handled.
    after = await new_mesh()
    await after.complete()
    await after.settled()
    assert (await mesh.recorder.of(mesh.stream)).events == []
    assert await mesh.rows("SELECT 1 FROM highlights UNION ALL SELECT 1 FROM runs UNION ALL SELECT 1 FROM jobs") == []


async def test_segments_are_kept_as_long_as_the_plan_says_and_highlights_longer(mesh: Any) -> None:
    await mesh.store_segments()
    highlight = await mesh.detect(1_000, 2_000)
    await mesh.complete(highlight)
    await mesh.settled()
    (ready,) = (await mesh.recorder.of(mesh.stream)).of_kind("ready")
    await mesh.decide("completed")
    await mesh.ended_before("8 days")

    async def without_segments() -> bool:
        return bool(await mesh.rows("SELECT 1 FROM streams WHERE segments_deleted"))

    await eventually(without_segments)
    bucket = bucket_of(mesh.organization)
    assert await mesh.store.objects.delete(bucket, f"streams/{mesh.stream}/segments/") == 0
    assert (await mesh.store.objects.stat(ready.clip.bucket, ready.clip.key)).size_bytes > 0
    await mesh.ended_before("180 days")

    async def without_anything() -> bool:
        return not await mesh.rows("SELECT 1 FROM streams UNION ALL SELECT 1 FROM highlights")

    await eventually(without_anything)
    assert await mesh.store.objects.delete(bucket, f"streams/{mesh.stream}/") == 0


async def test_segments_of_a_stream_that_was_retried_stay(mesh: Any, new_mesh: Callable[[], Any]) -> None:
    await mesh.store_segments()
    await mesh.decide("failed")
    await mesh.ended_before("8 days")
    await mesh.decide("retried")

    async def open_again() -> bool:
        return bool(await mesh.rows("SELECT 1 FROM streams WHERE attempt = 2 AND ended_at IS NULL"))

    await eventually(open_again)
