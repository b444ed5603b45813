"""What is configured is chosen for a stream: the stream says what it was given, and no later change reaches it."""

from collections.abc import Callable
from typing import Any

from tldr_contracts.topics import STREAMS
from tldr_testing import Hosted, refused

NOISE = {"name": "noise", "weight": 3, "signals": [{"signal": "audio.loudness", "weight": 1}]}
CHATTER = {"name": "chatter", "weight": 1, "signals": [{"signal": "chat.rate", "weight": 0.5}]}
SET = {"name": "Ours", "dimensions": [NOISE, CHATTER]}
CONFIG = {"name": "Short", "max_length_ms": 20_000, "max_highlights": 3, "modalities": ["audio", "chat"]}
LOUD = {"name": "loud", "title": "Loud", "criteria": {"min_scores": {"noise": 0.5}, "min_total": 0.25}, "priority": 3}
URL = {"source": {"url": "https://example.com/final.mp4"}}


async def made(customer: Any, path: str, body: dict[str, Any]) -> str:
    answer = (await customer.http.post(f"/v1/{path}", json=body)).raise_for_status()
    return str(answer.json()["id"])


async def test_a_change_is_in_the_next_stream_and_in_no_earlier_one(gateway: Hosted, customer: Any) -> None:
    recorder = await gateway.recorder(STREAMS)
    own = await made(customer, "dimension-sets", SET)
    config = await made(customer, "processing-configs", CONFIG)
    loud = await made(customer, "highlight-types", LOUD)
    chosen = {"dimension_set_id": own, "processing_config_id": config}
    first = await customer.submitted(**chosen)
    assert first["preset"] is None
    assert first["configuration"] == {
        "dimension_set_id": own,
        "dimension_set_version": 1,
        "processing_config_id": config,
        "processing_config_version": 1,
        "highlight_types": [{"id": loud, "name": "loud", "version": 1}],
    }
    changes = (
        (f"dimension-sets/{own}", {"dimensions": [NOISE]}),
        (f"processing-configs/{config}", {"max_highlights": None}),
        (f"highlight-types/{loud}", {"cooldown_ms": 60_000}),
    )
    for path, change in changes:
        assert (await customer.http.patch(f"/v1/{path}", json=change)).json()["version"] == 2
    second = await customer.submitted(**chosen)
    assert second["configuration"] == {
        "dimension_set_id": own,
        "dimension_set_version": 2,
        "processing_config_id": config,
        "processing_config_version": 2,
        "highlight_types": [{"id": loud, "name": "loud", "version": 2}],
    }
    for path, _ in changes:
        assert (await customer.http.delete(f"/v1/{path}")).status_code == 204
    again = (await customer.http.get(f"/v1/streams/{first['id']}")).json()
    assert again["configuration"] == first["configuration"]
    told = []
    for stream in (first, second):
        (asked,) = (await recorder.until(stream["id"], "requested")).of_kind("requested")
        profile = asked.profile
        (kind,) = profile.types
        told.append(
            (
                [(dimension.name, dimension.weight) for dimension in profile.dimensions],
                (kind.name, kind.version, kind.cooldown_ms, kind.min_total),
                (profile.processing.max_length_ms, profile.processing.max_highlights),
            )
        )
    assert told == [
        ([("noise", 0.75), ("chatter", 0.25)], ("loud", 1, 0, 0.25), (20_000, 3)),
        ([("noise", 1.0)], ("loud", 2, 60_000, 0.25), (20_000, 0)),
    ]


async def test_without_a_choice_it_is_the_gaming_preset_and_a_presets_parts_go_by_its_name(customer: Any) -> None:
    plain = await customer.submitted()
    used = plain["configuration"]
    assert (plain["preset"], used["dimension_set_id"], used["processing_config_id"]) == ("gaming", "gaming", "gaming")
    mixed = await customer.submitted(dimension_set_id="sports", processing_config_id="education")
    used = mixed["configuration"]
    assert (mixed["preset"], used["dimension_set_id"], used["processing_config_id"]) == (
        "sports",
        "sports",
        "education",
    )
    copy = (await customer.http.post("/v1/dimension-sets/sports/clone")).json()["id"]
    like_it = (await customer.submitted(dimension_set_id=copy))["configuration"]
    assert (like_it["dimension_set_id"], like_it["processing_config_id"]) == (copy, "sports")


async def test_what_cannot_be_chosen_is_named_by_its_field(customer: Any, new_customer: Callable[[], Any]) -> None:
    other = await new_customer()
    theirs = await made(other, "dimension-sets", SET)
    config = await made(other, "processing-configs", CONFIG)
    rescores = f"/v1/streams/{(await customer.submitted())['id']}/rescores"
    for field, id in (("dimension_set_id", theirs), ("processing_config_id", config), ("dimension_set_id", "set_0")):
        for path, body in (("/v1/streams", {**URL, field: id}), (rescores, {field: id})):
            answer = await customer.http.post(path, json=body)
            refused(answer, 422, f"{field.removesuffix('_id')}_not_found")
            assert [error["field"] for error in answer.json()["errors"]] == [field]
    both = {**URL, "preset": "gaming", "dimension_set_id": "gaming"}
    refused(await customer.http.post("/v1/streams", json=both), 422, "invalid_request")
    sight = await made(customer, "processing-configs", {"name": "Sight", "modalities": ["video"]})
    own = await made(customer, "dimension-sets", SET)
    deaf = {**URL, "dimension_set_id": own, "processing_config_id": sight}
    refused(await customer.http.post("/v1/streams", json=deaf), 422, "nothing_to_score")
