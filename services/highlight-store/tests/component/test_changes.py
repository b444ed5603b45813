"""Customers edit, trim and delete a highlight of the real service, with its clip cut anew and its objects deleted."""

import contextlib
from typing import Any

from tldr_storage import ObjectMissing, bucket_of
from tldr_testing import eventually, refused


async def test_a_highlight_is_edited_trimmed_and_deleted_with_its_media(mesh: Any) -> None:
    await mesh.store_segments()
    highlight = await mesh.detect(2_000, 4_000)
    await mesh.complete(highlight)
    await mesh.settled()
    place = f"/internal/highlights/{highlight}"

    async def objects() -> list[str]:
        """What is stored of it; the clip's name says its revision."""
        (row,) = await mesh.rows(f"SELECT clip, thumbnail FROM highlights WHERE highlight_id = '{highlight}'")
        return [stored["key"] for stored in row if stored]

    async with mesh.asking() as http:
        seen = (await http.get(place)).json()
        words = {"title": "Header", "tags": ["cup", "cup", "best"]}
        edited = (await http.patch(place, params={"if_match": seen["etag"]}, json=words)).json()
        assert (edited["title"], edited["description"], edited["tags"]) == ("Header", "", ["cup", "best"])
        stale = await http.patch(place, params={"if_match": seen["etag"]}, json={"title": None})
        refused(stale, 412, "precondition_failed")
        assert stale.headers["etag"] == edited["etag"]
        listed = (await http.get("/internal/highlights", params={"tags": "best", "text": "header"})).json()
        assert [one["id"] for one in listed["highlights"]] == [highlight]

        before = await objects()
        asked = await http.post(f"{place}/trim", json={"start_ms": 1_500, "end_ms": 3_000})
        assert (asked.status_code, asked.json()["trim"]["state"], asked.json()["clip_state"]) == (
            202,
            "waiting",
            "ready",
        )

        async def trimmed() -> Any:
            found = (await http.get(place)).json()
            return found if found["trim"] is None else None

        done = await eventually(trimmed)
        assert (done["start_ms"], done["end_ms"], done["revision"], done["title"]) == (1_500, 3_000, 2, "Header")
        after = await objects()
        assert not set(before) & set(after)

        assert (await http.delete(place)).status_code == 204
        refused(await http.get(place), 404, "highlight_not_found")
        refused(await http.get(f"{place}/clip"), 404, "highlight_not_found")
        assert (await http.get("/internal/highlights")).json()["highlights"] == []

    async def gone() -> bool:
        for key in after:
            with contextlib.suppress(ObjectMissing):
                await mesh.store.objects.stat(bucket_of(mesh.organization), key)
                return False
        return True

    async def told() -> Any:
        return (await mesh.recorder.of(mesh.stream)).of_kind("withdrawn") or None

    await eventually(gone)
    (withdrawn,) = await eventually(told)
    assert (withdrawn.highlight_id, withdrawn.revision, withdrawn.deleted) == (highlight, 3, True)
