"""Registering an organization by oneself, with a proof of the address."""

from fastapi import APIRouter, Request
from pydantic import EmailStr

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.members.door import Door
from tldr_gateway.entrypoints.http.accounts.organizations import RegistrationResponse, registered
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.members.words import EmailToken, LetterResponse, Password
from tldr_gateway.entrypoints.http.words import Name, RequestBody
from tldr_web import may


class SelfRegistrationRequest(RequestBody):
    """A new organization, and the person who answers for it."""

    organization: Name
    email: EmailStr
    password: Password


class EmailTokenRequest(RequestBody):
    """The token of a letter."""

    token: EmailToken


def routes(api: Api, door: Door) -> APIRouter:
    """The routes of registration."""
    router = APIRouter(prefix="/v1/auth/register", tags=["auth"])

    @router.post("", status_code=202, responses=may(403, 429))
    async def request_registration(request: SelfRegistrationRequest, raw: Request) -> LetterResponse:
        """Ask for a new organization. A letter goes to the address; the answer does not tell whether it has an account."""
        address, email = api.addresses(raw), str(request.email)
        password = await door.registering(email, request.password.get_secret_value(), address)
        organization = OrganizationId(new_id("org"))
        async with api.bound(organization, address) as work:
            await work.membership.request_registration(
                organization, name=request.organization, email=email, password=password
            )
        return LetterResponse()

    @router.post("/confirm", status_code=201, responses=may(403, 429))
    async def confirm_registration(request: EmailTokenRequest, raw: Request) -> RegistrationResponse:
        """Register what was asked for, with the token of the letter. The answer holds the first API key, shown this once."""
        address = api.addresses(raw)
        found, digest = await door.proven(request.token.get_secret_value(), address)
        async with api.bound(found.organization, address) as work:
            made = await work.membership.confirm_registration(found, digest, plan=api.settings.default_plan)
        return registered(api, made)

    return router
