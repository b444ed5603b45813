"""Organizations and their API keys."""

import hmac
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header
from pydantic import AwareDatetime, BaseModel, EmailStr, Field

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.accounts.api_key import ApiKey, Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.words import IdPath, Name, RequestBody
from tldr_web import Problem


class OwnerRequest(RequestBody):
    """The person who answers for the organization."""

    email: EmailStr


class RegistrationRequest(RequestBody):
    """A new organization."""

    name: Name
    owner: OwnerRequest


class OrganizationResponse(BaseModel):
    """An organization."""

    id: str
    name: str
    plan: str
    created_at: datetime


class KeyResponse(BaseModel):
    """An API key without its secret."""

    id: str
    name: str
    prefix: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime | None


class NewKeyResponse(KeyResponse):
    """A new API key. `key` is shown this once; keep it safe."""

    key: str


class RegistrationResponse(BaseModel):
    """A registered organization and its first key."""

    organization: OrganizationResponse
    api_key: NewKeyResponse


class KeyRequest(RequestBody):
    """A key to be made."""

    name: Name
    scopes: Annotated[list[Scope], Field(min_length=1)]
    expires_at: AwareDatetime | None = None


class KeysResponse(BaseModel):
    """The keys that were not revoked."""

    api_keys: list[KeyResponse]


def routes(api: Api) -> APIRouter:
    """The routes about organizations and keys."""
    router = APIRouter(prefix="/v1", tags=["organizations"])
    read = api.caller(Scope.ORGANIZATION_READ)
    make_keys = api.caller(Scope.KEYS_WRITE)

    @router.post("/organizations", status_code=201)
    async def register(
        request: RegistrationRequest, x_registration_token: Annotated[str, Header()] = ""
    ) -> RegistrationResponse:
        """Register an organization with its owner. The answer holds its first API key, which is shown this once."""
        wanted = api.settings.registration_token.get_secret_value()
        if wanted and not hmac.compare_digest(wanted.encode(), x_registration_token.encode()):
            raise Problem(403, "registration_closed", "Registering needs the operator's token in X-Registration-Token.")
        organization = OrganizationId(new_id("org"))
        async with api.bound(organization) as work:
            made = await work.register(
                organization, name=request.name, email=request.owner.email, plan=api.settings.default_plan
            )
        return RegistrationResponse(
            organization=_organization(made.organization),
            api_key=NewKeyResponse(key=made.secret, **_key(made.key).model_dump()),
        )

    @router.get("/organization")
    async def mine(caller: Annotated[Caller, read]) -> OrganizationResponse:
        """The organization that the API key belongs to."""
        async with api.bound(caller.organization) as work:
            return _organization(await work.organizations.get(caller.organization))

    @router.post("/api-keys", status_code=201)
    async def create_key(caller: Annotated[Caller, make_keys], request: KeyRequest) -> NewKeyResponse:
        """Make a further API key, with no more scopes than the one that asks. It is shown this once."""
        async with api.bound(caller.organization) as work:
            key, secret = await work.create_key(
                caller, name=request.name, scopes=frozenset(request.scopes), expires_at=request.expires_at
            )
        return NewKeyResponse(key=secret, **_key(key).model_dump())

    @router.get("/api-keys")
    async def keys(caller: Annotated[Caller, make_keys]) -> KeysResponse:
        """The API keys that were not revoked, newest first."""
        async with api.bound(caller.organization) as work:
            return KeysResponse(api_keys=[_key(key) for key in await work.keys.all()])

    @router.delete("/api-keys/{key_id}", status_code=204)
    async def revoke(caller: Annotated[Caller, make_keys], key_id: IdPath) -> None:
        """Revoke an API key; it stops working at once."""
        async with api.bound(caller.organization) as work:
            if not await work.revoke_key(caller, key_id):
                raise Problem(404, "api_key_not_found", "There is no key of this id. List them with GET /v1/api-keys.")

    return router


def _organization(organization: Organization) -> OrganizationResponse:
    return OrganizationResponse(
        id=organization.id,
        name=organization.name,
        plan=organization.plan_name,
        created_at=organization.created_at,
    )


def _key(key: ApiKey) -> KeyResponse:
    return KeyResponse(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        scopes=sorted(key.scopes),
        created_at=key.created_at,
        expires_at=key.expires_at,
    )
