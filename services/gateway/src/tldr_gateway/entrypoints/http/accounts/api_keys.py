"""API keys of an organization."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from tldr_gateway.adapters.work_postgres import Work
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.change_api_key import KeyChanges
from tldr_gateway.domain.accounts.networks import Network, network_of
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.accounts.keys_json import (
    KeyChangeRequest,
    KeyRequest,
    KeyResponse,
    KeysResponse,
    NewKeyResponse,
    RotationRequest,
    render,
    render_new,
)
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import RESENT, Attempt, Resendable
from tldr_gateway.entrypoints.http.words import Id, IdPath


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
                return render_new(api.work.clock.now(), key, secret)

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
        shown = [render(api.work.clock.now(), key) for key in found[:limit]]
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
            return render(
                api.work.clock.now(), await work.change_key(caller, key_id, KeyChanges(request.name, scopes, networks))
            )

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
                return render_new(api.work.clock.now(), *await work.rotate_key(caller, key_id, grace))

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


def _networks(cidrs: list[str]) -> tuple[Network, ...]:
    return tuple(network_of(cidr) for cidr in cidrs)
