"""What every route is given: the caller, a transaction of its organization, the words for headers and ids."""

import math
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from tldr_database import Database
from tldr_gateway.adapters.work_postgres import Work, WorkFactory
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.accounts.errors import InvalidApiKey
from tldr_gateway.application.accounts.limit_requests import LimitRequests
from tldr_gateway.application.ports import Files
from tldr_gateway.application.sessions.authenticate_browser import AuthenticateBrowser
from tldr_gateway.application.sessions.authenticate_member import AuthenticateBearer
from tldr_gateway.application.streams.view_stream import ViewStream
from tldr_gateway.domain.accounts.networks import Address
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.client_addresses import ClientAddresses
from tldr_gateway.entrypoints.http.cursors import Cursors
from tldr_gateway.entrypoints.http.idempotency import Once
from tldr_gateway.entrypoints.http.rate_headers import rate_headers
from tldr_gateway.settings import GatewaySettings
from tldr_web import InternalClient, Problem, UpstreamUnavailable, answer_with

_NOT_THE_CALLERS = {401, 403}
"""Answers about the token between services: the customer can do nothing about those."""
COOKIE = "tldr_session"
cookie_scheme = APIKeyCookie(name=COOKIE, auto_error=False, description="A browser's session; `X-CSRF-Token` besides")
bearer = HTTPBearer(auto_error=False, description="An API key, or the access token of a member")


@dataclass(frozen=True, slots=True)
class Api:
    """What the routes of this service share."""

    database: Database
    work: WorkFactory
    authenticate: AuthenticateBearer
    limit: LimitRequests
    addresses: ClientAddresses
    view: ViewStream
    files: Files
    internal: InternalClient
    settings: GatewaySettings
    cursors: Cursors
    once: Once
    browser: AuthenticateBrowser | None = None

    def caller(self, *scopes: Scope) -> Any:
        """What makes `Annotated[Caller, …]` a caller whose credential has these scopes."""

        async def authenticated(
            request: Request,
            credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
            _: Annotated[str | None, Security(cookie_scheme)],
        ) -> Caller:
            return await self.authenticated(request, credentials, *scopes)

        return Security(authenticated, scopes=list(scopes))

    async def authenticated(
        self, request: Request, credentials: HTTPAuthorizationCredentials | None, *scopes: Scope
    ) -> Caller:
        """The caller whose key or session this is; Problem 401 or 403 when it does not hold, not here, or lacks a scope.

        Problem 429 when requests of its organization, or wrong keys of this address, are too many.
        """
        address = self.addresses(request)
        self.limit.admit(address)
        try:
            caller = await self._caller(request, credentials, address)
        except InvalidApiKey:
            if credentials is not None:
                await self.limit.wrong(address)
            raise
        rate, taken = await self.limit(caller.organization)
        answer_with(request, **rate_headers(rate, taken))
        self.limit.require(rate, taken)
        caller.require(*scopes)
        return caller

    async def _caller(
        self, request: Request, credentials: HTTPAuthorizationCredentials | None, address: Address | None
    ) -> Caller:
        cookie = request.cookies.get(COOKIE)
        if credentials is None and cookie is not None and self.browser is not None:
            return await self.browser(cookie, request.method, request.headers.get("x-csrf-token", ""), address)
        return await self.authenticate(credentials.credentials if credentials else "", address)

    @asynccontextmanager
    async def bound(self, organization: str, address: Address | None = None) -> AsyncIterator[Work]:
        """The work of one transaction, committed at the end; the address is for the audit log."""
        async with self.database.tenant(organization) as transaction:
            yield self.work(transaction, organization, address)

    def acting(self, caller: Caller) -> AbstractAsyncContextManager[Work]:
        """The work of one transaction in which the caller does what the audit log tells."""
        return self.bound(caller.organization, caller.address)

    async def ask(self, service: str, caller: Caller, method: str, path: str, **options: Any) -> Any:
        """The answer of another service; its problems become the caller's, its silence a 503."""
        try:
            response = await self.internal.request(service, caller.organization, method, path, **options)
        except UpstreamUnavailable as error:
            raise unavailable(service, error.retry_after_s) from error
        if response.is_success:
            return response.json() if response.content else None
        if response.status_code in _NOT_THE_CALLERS:
            raise unavailable(service)
        body = response.json()
        raise Problem(
            response.status_code,
            body.get("code", "refused"),
            body.get("detail", "The request was refused."),
            errors=body.get("errors", ()),
        )


def unavailable(service: str, retry_after_s: float = 5.0) -> Problem:
    """The problem of a service that does not answer."""
    detail = f"The part that answers this ({service}) does not answer now. Nothing is lost; try again in a moment."
    return Problem(503, "temporarily_unavailable", detail, headers={"retry-after": str(math.ceil(retry_after_s))})
