"""Members of an organization, and those who are invited."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, EmailStr

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.members.door import Door
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.domain.members.email_proof import EmailProof, ProofKind
from tldr_gateway.domain.members.member import Role
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.members.words import EmailToken, Password
from tldr_gateway.entrypoints.http.sessions.auth import MemberResponse, member_response
from tldr_gateway.entrypoints.http.words import IdPath, RequestBody
from tldr_web import may


class MembersResponse(BaseModel):
    """All members, in the order in which they came; there are 200 at most."""

    members: list[MemberResponse]


class MemberChangeRequest(RequestBody):
    """Another role."""

    role: Role


class InvitationRequest(RequestBody):
    """Who is to come, and as what."""

    email: EmailStr
    role: Role


class InvitationResponse(BaseModel):
    """An open invitation; `created_by` is the key or the member that made it."""

    id: str
    email: str
    role: Role
    created_by: str | None
    created_at: datetime
    expires_at: datetime


class InvitationsResponse(BaseModel):
    """All open invitations, newest first; there are 200 at most."""

    invitations: list[InvitationResponse]


class AcceptanceRequest(RequestBody):
    """The token of the letter, and a password."""

    token: EmailToken
    password: Password


def routes(api: Api, door: Door) -> APIRouter:
    """The routes about people."""
    router = APIRouter(prefix="/v1")
    _members(router, api)
    _invitations(router, api, door)
    return router


def _members(router: APIRouter, api: Api) -> None:
    read, write = api.caller(Scope.MEMBERS_READ), api.caller(Scope.MEMBERS_WRITE)

    @router.get("/members", tags=["members"])
    async def list_members(caller: Annotated[Caller, read]) -> MembersResponse:
        """Who belongs to the organization."""
        async with api.bound(caller.organization) as work:
            return MembersResponse(members=[member_response(one) for one in await work.membership.members.all()])

    @router.patch("/members/{member_id}", tags=["members"])
    async def update_member(
        caller: Annotated[Caller, write], member_id: IdPath, request: MemberChangeRequest
    ) -> MemberResponse:
        """Give a member another role. It holds at once; neither the role before nor the new one may do more than you."""
        async with api.acting(caller) as work:
            return member_response(await work.membership.change.give_role(caller, member_id, request.role))

    @router.delete("/members/{member_id}", status_code=204, tags=["members"])
    async def remove_member(caller: Annotated[Caller, write], member_id: IdPath) -> None:
        """Take a member out: their sessions and the invitations they made end at once. Keys they made stay."""
        async with api.acting(caller) as work:
            await work.membership.change.remove(caller, member_id)


def _invitations(router: APIRouter, api: Api, door: Door) -> None:
    read, write = api.caller(Scope.MEMBERS_READ), api.caller(Scope.MEMBERS_WRITE)

    @router.post("/invitations", status_code=201, tags=["members"], responses=RESENT)
    async def create_invitation(
        caller: Annotated[Caller, write], request: InvitationRequest, attempt: Resendable
    ) -> InvitationResponse:
        """Invite somebody by a letter, to a role that may do no more than you."""
        email = str(request.email)
        async with api.bound(caller.organization) as work:
            written = await api.once.answered(work, attempt)
        if not written:
            await door.writing(email, caller.address)
        async with api.acting(caller) as work:

            async def make() -> InvitationResponse:
                return _render(await work.membership.invite(caller, email=email, role=request.role))

            async def still(made: InvitationResponse) -> InvitationResponse | None:
                kept = await work.membership.proofs.get(made.id)
                return made if kept and api.work.clock.now() < kept.expires_at else None

            return await api.once(work, attempt, InvitationResponse, make, still=still)

    @router.get("/invitations", tags=["members"])
    async def list_invitations(caller: Annotated[Caller, read]) -> InvitationsResponse:
        """Who is invited and has not come yet."""
        async with api.bound(caller.organization) as work:
            found = await work.membership.proofs.open(ProofKind.INVITATION, api.work.clock.now())
        return InvitationsResponse(invitations=[_render(one) for one in found])

    @router.delete("/invitations/{invitation_id}", status_code=204, tags=["members"])
    async def revoke_invitation(caller: Annotated[Caller, write], invitation_id: IdPath) -> None:
        """Take an invitation back; its letter opens nothing any more."""
        async with api.acting(caller) as work:
            await work.membership.revoke_invitation(caller, invitation_id)

    @router.post("/auth/invitations/accept", status_code=201, tags=["auth"], responses=may(403, 429))
    async def accept_invitation(request: AcceptanceRequest, raw: Request) -> MemberResponse:
        """Become a member, with the token of the letter and a password."""
        address = api.addresses(raw)
        found, digest = await door.proven(request.token.get_secret_value(), address)
        password = await door.passwords.hash(request.password.get_secret_value())
        async with api.bound(found.organization, address) as work:
            return member_response(await work.membership.accept_invitation(found, digest, password))


def _render(proof: EmailProof) -> InvitationResponse:
    return InvitationResponse(
        id=proof.id,
        email=proof.email,
        role=proof.role or Role.VIEWER,
        created_by=proof.created_by,
        created_at=proof.created_at,
        expires_at=proof.expires_at,
    )
