"""Every route with ids of another organization: it finds nothing, changes nothing, and says nothing of whose they are."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from tldr_client import Client, Registration
from tldr_mesh.mesh import Mesh
from tldrctl.receiver import Receiver, webhook_receiver
from tldrctl.recording import Outcome

WITH_IDS: dict[str, dict[str, Any] | None] = {
    "PATCH /v1/api-keys/{key_id}": {"name": "mine"},
    "DELETE /v1/api-keys/{key_id}": None,
    "POST /v1/api-keys/{key_id}/rotate": None,
    "PATCH /v1/members/{member_id}": {"role": "viewer"},
    "DELETE /v1/members/{member_id}": None,
    "DELETE /v1/invitations/{invitation_id}": None,
    "GET /v1/streams/{stream_id}": None,
    "PATCH /v1/streams/{stream_id}": {"title": "Mine"},
    "DELETE /v1/streams/{stream_id}": None,
    "GET /v1/streams/{stream_id}/events": None,
    "GET /v1/streams/{stream_id}/gaps": None,
    "GET /v1/streams/{stream_id}/scores": None,
    "POST /v1/streams/{stream_id}/stop": None,
    "POST /v1/streams/{stream_id}/cancel": None,
    "POST /v1/streams/{stream_id}/retry": None,
    "POST /v1/streams/{stream_id}/stream-key": None,
    "POST /v1/streams/{stream_id}/chat": {"messages": [{"id": "m1", "offset_ms": 0, "text": "hello"}]},
    "POST /v1/streams/{stream_id}/signals": {"samples": [{"name": "kills", "offset_ms": 0, "value": 1}]},
    "POST /v1/streams/{stream_id}/rescores": {"preset": "sports"},
    "POST /v1/streams/{stream_id}/dry-runs": {"preset": "sports"},
    "GET /v1/streams/{stream_id}/runs": None,
    "GET /v1/streams/{stream_id}/runs/{run_id}": None,
    "GET /v1/streams/{stream_id}/feed": None,
    "POST /v1/streams/{stream_id}/playlist-link": None,
    "GET /v1/streams/{stream_id}/playlist.m3u8": None,
    "GET /v1/streams/{stream_id}/highlights": None,
    "GET /v1/highlights/{highlight_id}": None,
    "PATCH /v1/highlights/{highlight_id}": {"title": "Mine"},
    "DELETE /v1/highlights/{highlight_id}": None,
    "POST /v1/highlights/{highlight_id}/trim": {"start_ms": 0, "end_ms": 5000},
    "GET /v1/highlights/{highlight_id}/clip": None,
    "POST /v1/highlights/{highlight_id}/clip": None,
    "GET /v1/highlights/{highlight_id}/thumbnail": None,
    "GET /v1/highlights/{highlight_id}/explanation": None,
    "PUT /v1/highlights/{highlight_id}/verdict": {"verdict": "rejected"},
    "GET /v1/highlights/{highlight_id}/verdict": None,
    "DELETE /v1/highlights/{highlight_id}/verdict": None,
    "GET /v1/dimension-sets/{dimension_set_id}": None,
    "PATCH /v1/dimension-sets/{dimension_set_id}": {"name": "mine"},
    "DELETE /v1/dimension-sets/{dimension_set_id}": None,
    "GET /v1/dimension-sets/{dimension_set_id}/versions": None,
    "GET /v1/dimension-sets/{dimension_set_id}/versions/{version}": None,
    "POST /v1/dimension-sets/{dimension_set_id}/clone": {"name": "mine"},
    "GET /v1/highlight-types/{highlight_type_id}": None,
    "PATCH /v1/highlight-types/{highlight_type_id}": {"name": "mine"},
    "DELETE /v1/highlight-types/{highlight_type_id}": None,
    "GET /v1/highlight-types/{highlight_type_id}/versions": None,
    "GET /v1/highlight-types/{highlight_type_id}/versions/{version}": None,
    "GET /v1/processing-configs/{processing_config_id}": None,
    "PATCH /v1/processing-configs/{processing_config_id}": {"name": "mine"},
    "DELETE /v1/processing-configs/{processing_config_id}": None,
    "GET /v1/processing-configs/{processing_config_id}/versions": None,
    "GET /v1/processing-configs/{processing_config_id}/versions/{version}": None,
    "GET /v1/scorers/{scorer_id}": None,
    "DELETE /v1/scorers/{scorer_id}": None,
    "GET /v1/scorers/{scorer_id}/document": None,
    "PUT /v1/scorers/{scorer_id}/active": None,
    "DELETE /v1/scorers/{scorer_id}/active": None,
    "GET /v1/webhook-endpoints/{endpoint_id}": None,
    "PATCH /v1/webhook-endpoints/{endpoint_id}": {"paused": True},
    "DELETE /v1/webhook-endpoints/{endpoint_id}": None,
    "POST /v1/webhook-endpoints/{endpoint_id}/rotate": None,
    "GET /v1/webhook-endpoints/{endpoint_id}/messages/{message_id}": None,
    "POST /v1/webhook-endpoints/{endpoint_id}/messages/{message_id}/redeliver": None,
    "POST /v1/webhook-endpoints/{endpoint_id}/recover": {"since": "2999-01-01T00:00:00Z"},
    "GET /v1/webhook-endpoints/{endpoint_id}/statistics": None,
    "POST /v1/webhook-endpoints/{endpoint_id}/test": None,
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": None,
}
"""Routes with an id in their address, and a body that is right."""
NAMING_IDS: dict[str, list[dict[str, Any]]] = {
    "POST /v1/streams": [
        {"source": {"upload_id": "{upload_id}"}},
        {"source": {"url": "https://example.com/a.mp4"}, "chat": {"upload_id": "{upload_id}"}},
        {"source": {"url": "https://example.com/a.mp4"}, "dimension_set_id": "{dimension_set_id}"},
        {"source": {"url": "https://example.com/a.mp4"}, "processing_config_id": "{processing_config_id}"},
    ],
    "POST /v1/scorers": [{"name": "theirs", "streams": ["{stream_id}"]}],
}
"""Routes that make something of what a body names."""
LISTS = {
    "GET /v1/members",
    "GET /v1/invitations",
    "GET /v1/audit-events",
    "GET /v1/audit-events/verification",
    "GET /v1/highlights",
    "GET /v1/highlights/export",
    "GET /v1/verdicts",
    "GET /v1/organization",
    "GET /v1/api-keys",
    "GET /v1/streams",
    "GET /v1/dimension-sets",
    "GET /v1/highlight-types",
    "GET /v1/processing-configs",
    "GET /v1/verdicts/summary",
    "GET /v1/scorers",
    "GET /v1/events",
    "GET /v1/webhook-endpoints",
}
"""Routes that show what the caller has."""
WITHOUT = {
    "POST /v1/auth/register",
    "POST /v1/auth/register/confirm",
    "POST /v1/auth/login",
    "POST /v1/auth/refresh",
    "POST /v1/auth/logout",
    "POST /v1/auth/password-reset",
    "POST /v1/auth/password-reset/confirm",
    "POST /v1/auth/invitations/accept",
    "POST /v1/auth/session",
    "GET /v1/auth/session",
    "DELETE /v1/auth/session",
    "POST /v1/invitations",
    "POST /v1/organizations",
    "POST /v1/api-keys",
    "GET /v1/presets",
    "POST /v1/dimension-sets",
    "POST /v1/highlight-types",
    "POST /v1/processing-configs",
    "POST /v1/uploads",
    "POST /v1/webhook-endpoints",
}
"""Routes that name nothing that could be another's."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """Of one organization: an id for each name in an address, and all of its ids."""

    ids: dict[str, str]
    known: frozenset[str]

    def filled(self, template: Any) -> Any:
        """The template with the ids in it."""
        if isinstance(template, dict):
            return {key: self.filled(value) for key, value in template.items()}
        if isinstance(template, list):
            return [self.filled(value) for value in template]
        return template.format(**self.ids) if isinstance(template, str) else template

    def named_in(self, answer: httpx.Response) -> set[str]:
        """The ids that an answer tells."""
        return {one for one in self.known if one in answer.text}


@pytest_asyncio.fixture
async def own() -> AsyncIterator[Receiver]:
    """Takes the webhooks of an endpoint that is nobody else's."""
    async with webhook_receiver() as taking:
        yield taking


@pytest_asyncio.fixture
async def belongings(
    owner: Client, account: Registration, finished: Outcome, own: Receiver, tmp_path: Any
) -> Belongings:
    """What the owner of the finished stream has, one of each kind."""
    recording = tmp_path / "recording.mp4"
    recording.write_bytes(b"not used")
    stream, highlight = finished.stream["id"], finished.highlights[0]["id"]
    (run, *_) = await owner.runs(stream)
    await owner.call("PUT", f"/v1/highlights/{highlight}/verdict", {"verdict": "accepted"})
    key = await owner.call("POST", "/v1/api-keys", {"name": "reader", "scopes": ["streams:read"]})
    endpoint = await owner.call("POST", "/v1/webhook-endpoints", {"url": own.url})
    (member, *_) = (await owner.call("GET", "/v1/members"))["members"]
    invitation = await owner.call("POST", "/v1/invitations", {"email": "invited@example.com", "role": "viewer"})
    test = await owner.call("POST", f"/v1/webhook-endpoints/{endpoint['id']}/test")
    ids = {
        "member_id": member["id"],
        "invitation_id": invitation["id"],
        "message_id": test["message_id"],
        "stream_id": stream,
        "run_id": run["id"],
        "highlight_id": highlight,
        "key_id": key["id"],
        "scorer_id": (await owner.call("POST", "/v1/scorers", {"name": "ours", "streams": [stream]}))["id"],
        "endpoint_id": endpoint["id"],
        "upload_id": await owner.upload(recording, "media"),
        **(await _configured(owner)),
    }
    return Belongings({**ids, "version": "1"}, frozenset({*ids.values(), account.organization_id}))


async def _configured(owner: Client) -> dict[str, str]:
    """One of each kind that can be configured."""
    loud = {"name": "loud", "title": "Loud", "criteria": {"min_total": 1}}
    wanted: dict[str, tuple[str, dict[str, Any]]] = {
        "dimension_set_id": ("/v1/dimension-sets/gaming/clone", {"name": "ours"}),
        "highlight_type_id": ("/v1/highlight-types", loud),
        "processing_config_id": ("/v1/processing-configs", {"name": "ours"}),
    }
    return {name: (await owner.call("POST", path, body))["id"] for name, (path, body) in wanted.items()}


@pytest_asyncio.fixture
async def stranger(mesh: Mesh, customer: Client) -> AsyncIterator[httpx.AsyncClient]:
    """Another organization, with a key that may do everything."""
    headers = dict(customer._http.headers)
    async with httpx.AsyncClient(base_url=mesh.url, trust_env=False, headers=headers, timeout=30) as http:
        yield http


async def test_every_route_is_in_a_table(stranger: httpx.AsyncClient) -> None:
    document = (await stranger.get("/openapi.json")).json()
    routes = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    assert routes == WITH_IDS.keys() | NAMING_IDS.keys() | LISTS | WITHOUT


async def test_no_route_finds_or_tells_what_another_organization_has(
    stranger: httpx.AsyncClient, owner: Client, belongings: Belongings
) -> None:
    wrong = {}
    for route, body in WITH_IDS.items():
        method, path = belongings.filled(route).split()
        answer = await stranger.request(method, path, json=body)
        if answer.status_code != httpx.codes.NOT_FOUND or belongings.named_in(answer):
            wrong[route] = (answer.status_code, answer.text)
    for route, bodies in NAMING_IDS.items():
        for body in bodies:
            method, path = route.split()
            answer = await stranger.request(method, path, json=belongings.filled(body))
            if answer.status_code not in {404, 422} or belongings.named_in(answer) - {
                *_values(belongings.filled(body))
            }:
                wrong[f"{route} {body}"] = (answer.status_code, answer.text)
    for route in LISTS:
        answer = await stranger.get(route.split()[1])
        if answer.status_code != httpx.codes.OK or belongings.named_in(answer):
            wrong[route] = (answer.status_code, answer.text)
    assert not wrong
    await _everything_is_still_there(owner, belongings)


async def _everything_is_still_there(owner: Client, belongings: Belongings) -> None:
    """Nothing that a stranger asked for was done."""
    ids = belongings.ids
    assert (await owner.call("GET", f"/v1/highlights/{ids['highlight_id']}/verdict"))["verdict"] == "accepted"
    assert (await owner.stream(ids["stream_id"]))["state"] == "completed"
    assert (await owner.scorer(ids["scorer_id"]))["id"] == ids["scorer_id"]
    kept = [(one["id"], one["name"]) for one in (await owner.call("GET", "/v1/api-keys"))["api_keys"]]
    assert (ids["key_id"], "reader") in kept
    endpoints = (await owner.call("GET", "/v1/webhook-endpoints"))["endpoints"]
    assert ids["endpoint_id"] in {one["id"] for one in endpoints}
    for noun in ("dimension_set", "highlight_type", "processing_config"):
        own = await owner.call("GET", f"/v1/{noun.replace('_', '-')}s/{ids[f'{noun}_id']}")
        assert (own["name"], own["version"]) == ("loud" if noun == "highlight_type" else "ours", 1)


def _values(body: Any) -> list[str]:
    if isinstance(body, dict):
        return [found for value in body.values() for found in _values(value)]
    if isinstance(body, list):
        return [found for value in body for found in _values(value)]
    return [str(body)]
