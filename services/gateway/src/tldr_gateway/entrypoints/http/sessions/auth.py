"""Logging in and out, and what to do about a password that was forgotten."""

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, EmailStr

from tldr_gateway.adapters.members.letters_jobs import NOBODY
from tldr_gateway.application.members.door import Door
from tldr_gateway.application.members.limits import LOGINS_OF_ACCOUNT, TOKENS_FROM_ADDRESS
from tldr_gateway.application.sessions.errors import SessionEnded
from tldr_gateway.application.sessions.log_in import CheckPassword, LoggedIn
from tldr_gateway.application.sessions.ports import AccessTokens, Place, SessionLookup
from tldr_gateway.domain.members.member import Member, Role, folded
from tldr_gateway.domain.sessions.session import ACCESS_LIFETIME, digest_of
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.members.words import EmailToken, GivenPassword, LetterResponse, Password, Token
from tldr_gateway.entrypoints.http.words import RequestBody
from tldr_web import may


class LoginRequest(RequestBody):
    """Who somebody is."""

    email: EmailStr
    password: GivenPassword


class RefreshRequest(RequestBody):
    """The newest refresh token."""

    refresh_token: Token


class PasswordResetRequest(RequestBody):
    """Whose password is to be set anew."""

    email: EmailStr


class NewPasswordRequest(RequestBody):
    """The token of the letter, and the new password."""

    token: EmailToken
    password: Password


class MemberResponse(BaseModel):
    """A person of an organization."""

    id: str
    email: str
    role: Role
    created_at: datetime


class SessionResponse(BaseModel):
    """Send `access_token` as `Authorization: Bearer <token>` until `expires_at`, then exchange `refresh_token`.

    A refresh token is good once.
    """

    access_token: str
    expires_at: datetime
    refresh_token: str
    session_expires_at: datetime
    member: MemberResponse


def routes(api: Api, door: Door, check: CheckPassword, tokens: AccessTokens, lookup: SessionLookup) -> APIRouter:
    """The routes of sessions."""
    router = APIRouter(prefix="/v1/auth", tags=["auth"])
    _sessions(router, api, check, tokens, lookup)
    _passwords(router, api, door)
    return router


def _sessions(router: APIRouter, api: Api, check: CheckPassword, tokens: AccessTokens, lookup: SessionLookup) -> None:
    async def place_of(request: RefreshRequest, raw: Request) -> tuple[Place | None, bytes]:
        digest = digest_of(request.refresh_token.get_secret_value())
        place = await lookup.by_refresh_token(digest)
        if place is None:
            await check.tries.from_address(TOKENS_FROM_ADDRESS, api.addresses(raw))
        return place, digest

    @router.post("/login", responses=may(401, 429))
    async def log_in(request: LoginRequest, raw: Request) -> SessionResponse:
        """Log in with an address and a password. Neither a wrong one nor the time it takes tells who has an account."""
        address = api.addresses(raw)
        member = await check(str(request.email), request.password.get_secret_value(), address)
        async with api.bound(member.organization, address) as work:
            made = await work.logins.start_session(member)
        return _render(api, tokens, made)

    @router.post("/refresh", responses=may(401, 429))
    async def refresh_session(request: RefreshRequest, raw: Request) -> SessionResponse:
        """Exchange a refresh token for the next one. One that is used a second time ends the session for everybody."""
        place, digest = await place_of(request, raw)
        if place is None:
            raise SessionEnded
        async with api.bound(place.organization, api.addresses(raw)) as work:
            made = await work.logins.refresh_session(place.session, digest)
        # Behind the transaction, which a token that was used again must not roll back.
        if made is None:
            raise SessionEnded
        return _render(api, tokens, made)

    @router.post("/logout", status_code=204)
    async def log_out(request: RefreshRequest, raw: Request) -> None:
        """End a session, with any of its refresh tokens; its access tokens open nothing from now on."""
        place, _ = await place_of(request, raw)
        if place is not None:
            async with api.bound(place.organization, api.addresses(raw)) as work:
                await work.logins.log_out(place.session)


def _passwords(router: APIRouter, api: Api, door: Door) -> None:
    @router.post("/password-reset", status_code=202, responses=may(429))
    async def request_password_reset(request: PasswordResetRequest, raw: Request) -> LetterResponse:
        """Ask for a letter with which a new password can be chosen. The answer does not tell whether anybody gets one."""
        email = str(request.email)
        await door.writing(email, api.addresses(raw))
        async with api.bound(NOBODY) as work:
            await work.membership.letters.reset_password(folded(email))
        return LetterResponse()

    @router.post("/password-reset/confirm", status_code=204, responses=may(403, 429))
    async def reset_password(request: NewPasswordRequest, raw: Request) -> None:
        """Choose a new password with the token of the letter. All sessions of the account end."""
        address = api.addresses(raw)
        found, digest = await door.proven(request.token.get_secret_value(), address)
        password = await door.passwords.hash(request.password.get_secret_value())
        async with api.bound(found.organization, address) as work:
            member = await work.logins.reset_password(found, digest, password)
        await door.tries.succeeded(LOGINS_OF_ACCOUNT, member.email)


def member_response(member: Member) -> MemberResponse:
    """A person, without what is kept of their password."""
    return MemberResponse(id=member.id, email=member.email, role=member.role, created_at=member.created_at)


def _render(api: Api, tokens: AccessTokens, made: LoggedIn) -> SessionResponse:
    expires_at = min(api.work.clock.now().replace(microsecond=0) + ACCESS_LIFETIME, made.session.expires_at)
    return SessionResponse(
        access_token=tokens.sign(made.session, expires_at),
        expires_at=expires_at,
        refresh_token=made.refresh_token,
        session_expires_at=made.session.expires_at,
        member=member_response(made.member),
    )
