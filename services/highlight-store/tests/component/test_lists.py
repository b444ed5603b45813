"""Lists over all streams of an organization, page by page over HTTP."""

from typing import Any

from tldr_testing import eventually, refused


async def test_a_list_goes_on_where_a_page_ended_in_each_order(mesh: Any) -> None:
    ids = [await mesh.detect(start, start + 1000) for start in (3_000, 1_000, 2_000)]
    async with mesh.asking() as http:

        async def page(**asked: Any) -> Any:
            return (await http.get("/internal/highlights", params=asked)).raise_for_status().json()

        async def all_kept() -> bool:
            return len((await page())["highlights"]) == len(ids)

        await eventually(all_kept)
        for sort in ("created_at", "confidence", "score", "start_ms"):
            seen: list[str] = []
            after: dict[str, str] = {}
            while len(seen) <= len(ids):
                found = await page(sort=sort, descending="false", limit=1, **after)
                seen += [one["id"] for one in found["highlights"]]
                if found["next"] is None:
                    break
                after = {"after_value": found["next"]["value"], "after_id": found["next"]["id"]}
            assert seen == ([ids[1], ids[2], ids[0]] if sort == "start_ms" else ids)
        count = await http.get("/internal/highlight-count", params={"types": ["epic_moment"], "at_most": 2})
        assert count.json() == {"count": 2}
        refused(await http.get("/internal/highlights", params={"after_value": "soon"}), 422, "invalid_cursor")
    async with mesh.store.asking("org_of_others") as http:
        assert (await http.get("/internal/highlights")).json() == {"highlights": [], "next": None}
