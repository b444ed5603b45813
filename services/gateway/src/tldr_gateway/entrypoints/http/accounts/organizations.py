"""Organizations."""

import hmac
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, EmailStr

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.register_organization import Registered
from tldr_gateway.application.members.errors import RegistrationClosed
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.accounts.keys_json import NewKeyResponse, render_new
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.words import Name, RequestBody
from tldr_gateway.settings import Registering
from tldr_web import Problem, may


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


class OwnOrganizationResponse(OrganizationResponse):
    """The organization with each of its limits by name: those of its plan, or what its contract says."""

    limits: dict[str, int]


class RegistrationResponse(BaseModel):
    """A registered organization and its first key."""

    organization: OrganizationResponse
    api_key: NewKeyResponse


def routes(api: Api) -> APIRouter:
    """The routes about organizations."""
    router = APIRouter(prefix="/v1", tags=["organizations"])
    read = api.caller(Scope.ORGANIZATION_READ)

    @router.post("/organizations", status_code=201, responses=may(403))
    async def create_organization(
        request: RegistrationRequest, raw: Request, x_registration_token: Annotated[str, Header()] = ""
    ) -> RegistrationResponse:
        """Register an organization with its owner, for operators. The answer holds its first API key, shown this once."""
        wanted = api.settings.registration_token.get_secret_value()
        if wanted and not hmac.compare_digest(wanted.encode(), x_registration_token.encode()):
            raise Problem(403, "registration_closed", "Registering needs the operator's token in X-Registration-Token.")
        if not wanted and api.settings.registration is not Registering.OPEN:
            raise RegistrationClosed
        organization = OrganizationId(new_id("org"))
        async with api.bound(organization, api.addresses(raw)) as work:
            made = await work.register(
                organization, name=request.name, email=request.owner.email, plan=api.settings.default_plan
            )
        return registered(api, made)

    @router.get("/organization")
    async def get_organization(caller: Annotated[Caller, read]) -> OwnOrganizationResponse:
        """The organization that the API key belongs to, and its limits."""
        async with api.bound(caller.organization) as work:
            found = await work.organizations.get(caller.organization)
        return OwnOrganizationResponse(**_organization(found).model_dump(), limits=found.plan.limits())

    return router


def registered(api: Api, made: Registered) -> RegistrationResponse:
    """What was registered, for the one answer that has the key."""
    return RegistrationResponse(
        organization=_organization(made.organization), api_key=render_new(api.work.clock.now(), made.key, made.secret)
    )


def _organization(organization: Organization) -> OrganizationResponse:
    return OrganizationResponse(
        id=organization.id,
        name=organization.name,
        plan=organization.plan_name,
        created_at=organization.created_at,
    )
