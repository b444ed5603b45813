"""API keys of an organization."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from tldr_gateway.adapters.work_postgres import Work
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.change_api_key import KeyChanges
from tldr_gateway.domain.accounts.api_key import LONGEST_GRACE, ApiKey, preview_of
from tldr_gateway.domain.accounts.networks import MAX_NETWORKS, Network, network_of
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import RESENT, Attempt, Resendable
from tldr_gateway.entrypoints.http.words import Id, IdPath, Integer, Name, RequestBody

_LONGEST_GRACE_S = int(LONGEST_GRACE.total_seconds())


def _cidr(written: str) -> str:
    try:
        return str(network_of(written))
    except ValueError:
        raise ValueError("write a network as 203.0.113.0/24 or 2001:db8::/32, or one address") from None


Scopes = Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
Cidrs = Annotated[
    list[Annotated[str, Field(max_length=64), AfterValidator(_cidr)]],
    Field(max_length=MAX_NETWORKS, description="Networks that the key may be used from; empty: from everywhere."),
]


class ReplacedSecretResponse(BaseModel):
    """The secret that a key had before it was rotated; it opens until `works_until`."""

    preview: str
    works_until: datetime


class KeyResponse(BaseModel):
    """An API key without its secret. `last_used_at` is exact to a minute; `created_by` is the key that made it."""

    id: str
    name: str
    preview: str
    scopes: list[Scope]
    allowed_cidrs: list[str]
    created_at: datetime
    created_by: str | None
    expires_at: datetime | None
    last_used_at: datetime | None
    replaced_secret: ReplacedSecretResponse | None


class NewKeyResponse(KeyResponse):
    """An API key with its secret. `key` is shown this once; keep it safe."""

    key: str


class KeyRequest(RequestBody):
    """A key to be made."""

    name: Name
    scopes: Scopes
    expires_at: AwareDatetime | None = None
    allowed_cidrs: Cidrs = Field(default_factory=list)


class KeyChangeRequest(RequestBody):
    """What is to change; the rest stays."""

    name: Name | None = None
    scopes: Scopes | None = None
    allowed_cidrs: Cidrs | None = None


class RotationRequest(RequestBody):
    """For how long the secret before still opens. 0 ends all secrets of before at once."""

    grace_s: Annotated[Integer, Field(ge=0, le=_LONGEST_GRACE_S)] = 86_400


class KeysResponse(BaseModel):
    """A page of the keys that were not revoked. Pass `next_cursor` as `cursor` for the next page."""

    api_keys: list[KeyResponse]
    next_cursor: str | None


def routes(api: Api) -> APIRouter:
    """The routes about keys."""
    router = APIRouter(prefix="/v1/api-keys", tags=["api-keys"])
    _making(router, api)
    _changing(router, api)
    return router


def _making(router: APIRouter, api: Api) -> None:
    write = api.caller(Scope.API_KEYS_WRITE)

    @router.post("", status_code=201, responses=RESENT)
    async def create_api_key(
        caller: Annotated[Caller, write], request: KeyRequest, attempt: Resendable
    ) -> NewKeyResponse:
        """Make a further API key, which may do no more than the one that asks, for no longer and from nowhere else.

        It is shown this once.
        """
        async with api.acting(caller) as work:

            async def make() -> NewKeyResponse:
                key, secret = await work.create_key(
                    caller,
                    name=request.name,
                    scopes=frozenset(request.scopes),
                    expires_at=request.expires_at,
                    networks=_networks(request.allowed_cidrs),
                )
                return render_new(api, key, secret)

            return await _once(api, work, caller, attempt, make)

    @router.get("")
    async def list_api_keys(
        caller: Annotated[Caller, write],
        cursor: Annotated[Id | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=100)] = 100,
    ) -> KeysResponse:
        """The API keys that were not revoked, newest first."""
        async with api.bound(caller.organization) as work:
            found = await work.keys.page(before=cursor, limit=limit + 1)
        shown = [_render(api, key) for key in found[:limit]]
        return KeysResponse(api_keys=shown, next_cursor=shown[-1].id if len(found) > limit else None)


def _changing(router: APIRouter, api: Api) -> None:
    write = api.caller(Scope.API_KEYS_WRITE)

    @router.patch("/{key_id}")
    async def update_api_key(
        caller: Annotated[Caller, write], key_id: IdPath, request: KeyChangeRequest
    ) -> KeyResponse:
        """Change a key's name, scopes or networks. It gains nothing that the key that asks does not have."""
        networks = None if request.allowed_cidrs is None else _networks(request.allowed_cidrs)
        scopes = None if request.scopes is None else frozenset(request.scopes)
        async with api.acting(caller) as work:
            return _render(api, await work.change_key(caller, key_id, KeyChanges(request.name, scopes, networks)))

    @router.post("/{key_id}/rotate", responses=RESENT)
    async def rotate_api_key(
        caller: Annotated[Caller, write],
        key_id: IdPath,
        attempt: Resendable,
        request: RotationRequest | None = None,
    ) -> NewKeyResponse:
        """Make another secret for a key. It is shown this once; the one before opens until the grace is over."""
        grace = timedelta(seconds=(request or RotationRequest()).grace_s)
        async with api.acting(caller) as work:

            async def make() -> NewKeyResponse:
                return render_new(api, *await work.rotate_key(caller, key_id, grace))

            return await _once(api, work, caller, attempt, make)

    @router.delete("/{key_id}", status_code=204)
    async def revoke_api_key(caller: Annotated[Caller, write], key_id: IdPath) -> None:
        """Revoke an API key; it stops working at once."""
        async with api.acting(caller) as work:
            await work.revoke_key(caller, key_id)


async def _once(
    api: Api, work: Work, caller: Caller, attempt: Attempt, make: Callable[[], Awaitable[NewKeyResponse]]
) -> NewKeyResponse:
    async def still(made: NewKeyResponse) -> NewKeyResponse | None:
        key = next((key for key in await work.keys.all() if key.id == made.id), None)
        now = api.work.clock.now()
        if key is None or not key.usable(now) or not key.matches(made.key, now):
            return None
        caller.require_no_more_in(key)
        return made

    return await api.once(work, attempt, NewKeyResponse, make, still=still)


def render_new(api: Api, key: ApiKey, secret: str) -> NewKeyResponse:
    """A key with its secret, for the one answer that has it."""
    return NewKeyResponse(key=secret, **_render(api, key).model_dump())


def _render(api: Api, key: ApiKey) -> KeyResponse:
    before = key.replaced if key.replaced and api.work.clock.now() < key.replaced.until else None
    return KeyResponse(
        id=key.id,
        name=key.name,
        preview=preview_of(key.prefix),
        scopes=sorted(key.scopes),
        allowed_cidrs=[str(network) for network in key.networks],
        created_at=key.created_at,
        created_by=key.created_by,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        replaced_secret=ReplacedSecretResponse(preview=preview_of(before.prefix), works_until=before.until)
        if before
        else None,
    )


def _networks(cidrs: list[str]) -> tuple[Network, ...]:
    return tuple(network_of(cidr) for cidr in cidrs)
