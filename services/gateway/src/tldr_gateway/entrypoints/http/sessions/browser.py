"""Sessions of browsers: a cookie that no script reads, and a token against forged requests."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.sessions.authenticate_browser import AuthenticateBrowser
from tldr_gateway.application.sessions.errors import SessionEnded
from tldr_gateway.application.sessions.log_in import CheckPassword
from tldr_gateway.domain.members.member import Member
from tldr_gateway.domain.sessions.session import COOKIE_LIFETIME, Session, digest_of, new_cookie
from tldr_gateway.entrypoints.http.api import COOKIE, Api
from tldr_gateway.entrypoints.http.sessions.auth import LoginRequest, MemberResponse, member_response
from tldr_web import may


class BrowserSessionResponse(BaseModel):
    """Send `csrf_token` as `X-CSRF-Token` with every request but GET and HEAD. The cookie is not in the body."""

    csrf_token: str
    expires_at: datetime
    member: MemberResponse


def routes(api: Api, check: CheckPassword, browser: AuthenticateBrowser) -> APIRouter:
    """The routes of browsers' sessions."""
    router = APIRouter(prefix="/v1/auth/session", tags=["auth"])
    anybody = api.caller()

    def render(session: Session, member: Member) -> BrowserSessionResponse:
        return BrowserSessionResponse(
            csrf_token=browser.csrf.token(session.id), expires_at=session.expires_at, member=member_response(member)
        )

    @router.post("", responses=may(401, 403, 429))
    async def log_in_browser(request: LoginRequest, raw: Request, response: Response) -> BrowserSessionResponse:
        """Log in with a cookie of twelve hours, which no script can read and no other site makes a browser send."""
        address = api.addresses(raw)
        member = await check(str(request.email), request.password.get_secret_value(), address)
        cookie = new_cookie()
        async with api.bound(member.organization, address) as work:
            session = await work.logins.start_session.of_browser(member, digest_of(cookie))
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(COOKIE_LIFETIME.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=api.settings.secure_cookies,
        )
        return render(session, member)

    @router.get("")
    async def get_browser_session(caller: Annotated[Caller, anybody], raw: Request) -> BrowserSessionResponse:
        """Who is logged in with the cookie, and the token for further requests."""
        place = await browser.place(raw.cookies.get(COOKIE, ""))
        async with api.bound(place.organization) as work:
            session = await work.logins.sessions.lock(place.session)
            member = await work.membership.members.get(caller.key)
        if session is None or member is None or session.member != member.id:
            raise SessionEnded
        return render(session, member)

    @router.delete("", status_code=204)
    async def log_out_browser(caller: Annotated[Caller, anybody], raw: Request, response: Response) -> None:
        """Log out: the cookie opens nothing any more."""
        place = await browser.place(raw.cookies.get(COOKIE, ""))
        async with api.acting(caller) as work:
            await work.logins.log_out(place.session)
        response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=api.settings.secure_cookies)

    return router
