"""Further runs of a finished stream: cut from what is kept, shown once they settle well, told apart by what they say."""

from typing import Any

from tldr_testing import eventually


async def shown(mesh: Any, **params: str) -> list[str]:
    async with mesh.asking() as http:
        page = (await http.get(f"/internal/streams/{mesh.stream}/highlights", params=params)).json()
    return [found["id"] for found in page["highlights"]]


async def test_a_rescore_is_cut_and_takes_over_when_it_settles(mesh: Any) -> None:
    await mesh.store_segments()
    first = await mesh.detect(1_000, 2_000)
    await mesh.complete(first)
    assert not (await mesh.settled()).rescore
    later = mesh.rescored()
    same, other = await later.detect(1_000, 2_000), await later.detect(3_000, 4_000)

    async def cut() -> bool:
        ready = (await mesh.recorder.of(mesh.stream)).of_kind("ready")
        return {same, other} <= {fact.highlight.highlight_id for fact in ready if fact.highlight.rescore}

    await eventually(cut)
    assert await shown(mesh) == [first], "until the whole run has settled"
    await later.complete(same, other)
    settled = await later.settled()
    assert (settled.rescore, list(settled.ready_ids), list(settled.failed_ids)) == (True, [same, other], [])
    assert await shown(mesh) == [same, other]
    assert await shown(mesh, run=mesh.run) == [first]


async def test_a_rescore_that_failed_is_not_shown(mesh: Any) -> None:
    await mesh.store_segments()
    first = await mesh.detect(1_000, 2_000)
    await mesh.complete(first)
    await mesh.settled()
    later = mesh.rescored()
    await later.fail()
    settled = await later.settled()
    assert (settled.rescore, settled.failure.code) == (True, "signals_gone")
    assert await shown(mesh) == [first]


async def test_a_rescore_of_a_recording_that_is_gone_has_moments_without_clips(mesh: Any) -> None:
    await mesh.store_segments()
    first = await mesh.detect(1_000, 2_000)
    await mesh.complete(first)
    await mesh.settled()
    await mesh.decide("completed")
    await mesh.ended_before("8 days")

    async def without_segments() -> bool:
        return bool(await mesh.rows("SELECT 1 FROM streams WHERE segments_deleted"))

    await eventually(without_segments)
    later = mesh.rescored()
    found = await later.detect(1_000, 2_000)
    await later.complete(found)
    settled = await later.settled()
    assert (list(settled.ready_ids), list(settled.failed_ids)) == ([], [found])
    failed = (await mesh.recorder.of(mesh.stream)).of_kind("failed")
    assert [(fact.failure.code, fact.highlight.rescore) for fact in failed] == [("segments_gone", True)]
    assert await shown(mesh) == [found]
