"""Every route against every kind of key: what each takes is written here once more, to be read when a route is added."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest_asyncio

from tldr_gateway.domain.accounts.scopes import SINGLE_SCOPES, Scope, allows
from tldr_testing import Hosted, refused

TAKES = {
    "POST /v1/organizations": None,
    "GET /v1/organization": "organization:read",
    "POST /v1/api-keys": "api-keys:write",
    "GET /v1/api-keys": "api-keys:write",
    "PATCH /v1/api-keys/{key_id}": "api-keys:write",
    "DELETE /v1/api-keys/{key_id}": "api-keys:write",
    "POST /v1/api-keys/{key_id}/rotate": "api-keys:write",
    "POST /v1/auth/register": None,
    "POST /v1/auth/register/confirm": None,
    "POST /v1/auth/login": None,
    "POST /v1/auth/refresh": None,
    "POST /v1/auth/logout": None,
    "POST /v1/auth/password-reset": None,
    "POST /v1/auth/password-reset/confirm": None,
    "POST /v1/auth/invitations/accept": None,
    "POST /v1/auth/session": None,
    "GET /v1/auth/session": "",
    "DELETE /v1/auth/session": "",
    "GET /v1/members": "members:read",
    "PATCH /v1/members/{member_id}": "members:write",
    "DELETE /v1/members/{member_id}": "members:write",
    "GET /v1/invitations": "members:read",
    "POST /v1/invitations": "members:write",
    "DELETE /v1/invitations/{invitation_id}": "members:write",
    "GET /v1/audit-events": "audit:read",
    "GET /v1/audit-events/verification": "audit:read",
    "GET /v1/presets": "configuration:read",
    "POST /v1/dimension-sets": "configuration:write",
    "GET /v1/dimension-sets": "configuration:read",
    "GET /v1/dimension-sets/{dimension_set_id}": "configuration:read",
    "PATCH /v1/dimension-sets/{dimension_set_id}": "configuration:write",
    "DELETE /v1/dimension-sets/{dimension_set_id}": "configuration:write",
    "GET /v1/dimension-sets/{dimension_set_id}/versions": "configuration:read",
    "GET /v1/dimension-sets/{dimension_set_id}/versions/{version}": "configuration:read",
    "POST /v1/dimension-sets/{dimension_set_id}/clone": "configuration:write",
    "POST /v1/highlight-types": "configuration:write",
    "GET /v1/highlight-types": "configuration:read",
    "GET /v1/highlight-types/{highlight_type_id}": "configuration:read",
    "PATCH /v1/highlight-types/{highlight_type_id}": "configuration:write",
    "DELETE /v1/highlight-types/{highlight_type_id}": "configuration:write",
    "GET /v1/highlight-types/{highlight_type_id}/versions": "configuration:read",
    "GET /v1/highlight-types/{highlight_type_id}/versions/{version}": "configuration:read",
    "POST /v1/processing-configs": "configuration:write",
    "GET /v1/processing-configs": "configuration:read",
    "GET /v1/processing-configs/{processing_config_id}": "configuration:read",
    "PATCH /v1/processing-configs/{processing_config_id}": "configuration:write",
    "DELETE /v1/processing-configs/{processing_config_id}": "configuration:write",
    "GET /v1/processing-configs/{processing_config_id}/versions": "configuration:read",
    "GET /v1/processing-configs/{processing_config_id}/versions/{version}": "configuration:read",
    "POST /v1/uploads": "streams:write",
    "POST /v1/streams": "streams:write",
    "GET /v1/streams": "streams:read",
    "GET /v1/streams/{stream_id}": "streams:read",
    "PATCH /v1/streams/{stream_id}": "streams:write",
    "DELETE /v1/streams/{stream_id}": "streams:delete",
    "GET /v1/streams/{stream_id}/events": "streams:read",
    "GET /v1/streams/{stream_id}/gaps": "streams:read",
    "GET /v1/streams/{stream_id}/scores": "streams:read",
    "POST /v1/streams/{stream_id}/stop": "streams:write",
    "POST /v1/streams/{stream_id}/cancel": "streams:write",
    "POST /v1/streams/{stream_id}/retry": "streams:write",
    "POST /v1/streams/{stream_id}/stream-key": "streams:write",
    "POST /v1/streams/{stream_id}/chat": "streams:write",
    "POST /v1/streams/{stream_id}/signals": "streams:write",
    "POST /v1/streams/{stream_id}/rescores": "streams:write",
    "POST /v1/streams/{stream_id}/dry-runs": "streams:read highlights:read",
    "GET /v1/streams/{stream_id}/runs": "streams:read",
    "GET /v1/streams/{stream_id}/runs/{run_id}": "streams:read",
    "GET /v1/streams/{stream_id}/feed": "streams:read highlights:read",
    "POST /v1/streams/{stream_id}/playlist-link": "streams:read",
    "GET /v1/streams/{stream_id}/playlist.m3u8": "streams:read",
    "GET /v1/streams/{stream_id}/highlights": "highlights:read",
    "GET /v1/highlights": "highlights:read",
    "GET /v1/highlights/export": "highlights:read",
    "GET /v1/highlights/{highlight_id}": "highlights:read",
    "PATCH /v1/highlights/{highlight_id}": "highlights:write",
    "DELETE /v1/highlights/{highlight_id}": "highlights:delete",
    "POST /v1/highlights/{highlight_id}/trim": "highlights:write",
    "GET /v1/highlights/{highlight_id}/clip": "highlights:read",
    "POST /v1/highlights/{highlight_id}/clip": "highlights:write",
    "GET /v1/highlights/{highlight_id}/thumbnail": "highlights:read",
    "GET /v1/highlights/{highlight_id}/explanation": "highlights:read",
    "PUT /v1/highlights/{highlight_id}/verdict": "highlights:write",
    "GET /v1/highlights/{highlight_id}/verdict": "highlights:read",
    "DELETE /v1/highlights/{highlight_id}/verdict": "highlights:delete",
    "GET /v1/verdicts": "highlights:read",
    "GET /v1/verdicts/summary": "highlights:read",
    "POST /v1/scorers": "highlights:write",
    "GET /v1/scorers": "highlights:read",
    "GET /v1/scorers/{scorer_id}": "highlights:read",
    "DELETE /v1/scorers/{scorer_id}": "highlights:delete",
    "GET /v1/scorers/{scorer_id}/document": "highlights:read",
    "PUT /v1/scorers/{scorer_id}/active": "highlights:write",
    "DELETE /v1/scorers/{scorer_id}/active": "highlights:delete",
    "GET /v1/events": "webhooks:read",
    "GET /v1/webhook-endpoints": "webhooks:read",
    "POST /v1/webhook-endpoints": "webhooks:write",
    "GET /v1/webhook-endpoints/{endpoint_id}": "webhooks:read",
    "PATCH /v1/webhook-endpoints/{endpoint_id}": "webhooks:write",
    "DELETE /v1/webhook-endpoints/{endpoint_id}": "webhooks:delete",
    "POST /v1/webhook-endpoints/{endpoint_id}/rotate": "webhooks:write",
    "GET /v1/webhook-endpoints/{endpoint_id}/messages/{message_id}": "webhooks:read",
    "POST /v1/webhook-endpoints/{endpoint_id}/messages/{message_id}/redeliver": "webhooks:write",
    "POST /v1/webhook-endpoints/{endpoint_id}/recover": "webhooks:write",
    "GET /v1/webhook-endpoints/{endpoint_id}/statistics": "webhooks:read",
    "POST /v1/webhook-endpoints/{endpoint_id}/test": "webhooks:write",
    "GET /v1/webhook-endpoints/{endpoint_id}/deliveries": "webhooks:read",
}
"""The scopes a route takes, all of them; "": any credential; None: it takes none."""
_LINKED = {"GET /v1/streams/{stream_id}/playlist.m3u8"}
"""Takes a link in place of a key, so that the document names no scopes."""


def scopes_of(operation: str) -> frozenset[Scope]:
    return frozenset(map(Scope, (TAKES[operation] or "").split()))


def wildcards_of(scopes: frozenset[Scope]) -> list[Scope]:
    """`noun:*` for each noun that has it."""
    nouns = sorted({f"{scope.split(':')[0]}:*" for scope in scopes})
    return [Scope(noun) for noun in nouns if noun in set(Scope)]


@dataclass(frozen=True, slots=True)
class Bunch:
    """Keys of one organization for routes that take the same scopes. `all_but`: every single scope, less one of them each."""

    right: str
    wildcard: str
    admin: str
    all_but: tuple[str, ...]


@pytest_asyncio.fixture
async def bunch_of(new_customer: Callable[[], Any]) -> Callable[[frozenset[Scope]], Any]:
    """Keys for routes that take these scopes, made once."""
    made: dict[frozenset[Scope], Bunch] = {}

    async def keys(scopes: frozenset[Scope]) -> Bunch:
        if scopes in made:
            return made[scopes]
        customer = await new_customer()

        async def key(held: Any) -> str:
            body = {"name": "one of a bunch", "scopes": sorted(held)}
            answer = (await customer.http.post("/v1/api-keys", json=body)).raise_for_status()
            return str(answer.json()["key"])

        made[scopes] = Bunch(
            await key(scopes),
            await key(wildcards_of(scopes) or scopes),
            customer.key,
            tuple([await key(SINGLE_SCOPES - {scope}) for scope in sorted(scopes)]),
        )
        return made[scopes]

    return keys


@pytest_asyncio.fixture
async def stranger(gateway: Hosted) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, follow_redirects=False) as http:
        yield http


def documented(document: dict[str, Any]) -> dict[str, str | None]:
    """The scopes a route takes, as the document says."""
    found: dict[str, str | None] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            security = operation.get("security")
            asked = [scope for named in security or [] for scopes in named.values() for scope in scopes]
            found[f"{method.upper()} {path}"] = " ".join(asked) if security else None
    return found


async def test_every_route_of_the_document_is_in_the_table_with_its_scopes(stranger: httpx.AsyncClient) -> None:
    found = documented((await stranger.get("/openapi.json")).json())
    assert found.keys() == TAKES.keys()
    differ = {
        route for route in TAKES if route not in _LINKED and set((found[route] or "").split()) != scopes_of(route)
    }
    assert not differ


async def test_every_route_opens_to_the_right_keys_only(
    stranger: httpx.AsyncClient, bunch_of: Any, neighbours: Any
) -> None:
    """Ids are of nothing and bodies are empty: what passes the gate is refused behind it, or is an empty list."""

    async def call(key: str | None) -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        return await stranger.request(method, path, headers=headers, json={} if method != "GET" else None)

    for operation in (route for route in TAKES if TAKES[route]):
        method, template = operation.split()
        path = template.replace("{stream_id}", "str_01a229b9ee87720580068a6289781b64").replace("{", "").replace("}", "")
        scopes = scopes_of(operation)
        bunch: Bunch = await bunch_of(scopes)
        assert (await call(None)).status_code == 401, operation
        assert (await call("tldr_sk_" + "0" * 43)).status_code == 401, operation
        neighbours.asked.clear()
        for key in bunch.all_but:
            refused(await call(key), 403, "missing_scope")
        assert neighbours.asked == [], operation
        for key in (bunch.right, bunch.wildcard, bunch.admin):
            assert (await call(key)).status_code not in {401, 403}, operation


def test_a_wildcard_opens_what_it_names_and_no_more() -> None:
    for route in TAKES:
        for scope in scopes_of(route):
            assert [held for held in Scope if "*" not in held and allows([held], scope)] == [scope, Scope.ADMIN]
