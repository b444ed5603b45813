"""Questions between services: HTTP with a short-lived signed token that names the organization and the audience."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
from fastapi import Request

from tldr_telemetry import next_traceparent
from tldr_web.problems import REQUEST_ID, Problem

_LIFETIME = timedelta(seconds=60)
_ALGORITHM = "HS256"


class UpstreamUnavailable(Exception):
    """Another service did not answer in time, or answered with an error of its own."""

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service


@dataclass(frozen=True, slots=True)
class InternalTokens:
    """Signs and checks the tokens of one mesh. The secret has at least 32 bytes."""

    secret: str = field(repr=False)

    def sign(self, issuer: str, audience: str, organization: str) -> str:
        """A token with which `issuer` may ask `audience` about one organization, for a minute."""
        now = datetime.now(UTC)
        claims = {"iss": issuer, "aud": audience, "org": organization, "iat": now, "exp": now + _LIFETIME}
        return jwt.encode(claims, self.secret, algorithm=_ALGORITHM)

    def organization(self, token: str, audience: str) -> str:
        """The organization a token speaks for; Problem 401 where it does not hold."""
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=[_ALGORITHM],
                audience=audience,
                leeway=10,
                options={"require": ["exp", "aud", "iss", "org"]},
            )
        except jwt.InvalidTokenError as error:
            raise Problem(401, "invalid_token", "Send a valid internal token.") from error
        return str(claims["org"])


class InternalAccess:
    """A FastAPI dependency: the organization that the caller's internal token names, `Annotated[str, Depends(access)]`."""

    def __init__(self, tokens: InternalTokens, audience: str) -> None:
        self._tokens = tokens
        self._audience = audience

    def __call__(self, request: Request) -> str:
        """The organization of this request."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem(401, "missing_token", "Send an internal token.", headers={"www-authenticate": "Bearer"})
        return self._tokens.organization(token, self._audience)


class InternalClient:
    """Asks other services. Addresses are looked up at each question, so that a service may move."""

    def __init__(self, issuer: str, tokens: InternalTokens, address: Callable[[str], str]) -> None:
        self._issuer = issuer
        self._tokens = tokens
        self._address = address
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(10, connect=3), trust_env=False)

    async def request(
        self,
        service: str,
        organization: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | float | Sequence[str]] | None = None,
        json: Any = None,
    ) -> httpx.Response:
        """Ask once; UpstreamUnavailable when there is no answer, or one of 500 and above.

        Answers of 4xx come back as they are: the caller's translation decides what they mean.
        """
        token = self._tokens.sign(self._issuer, service, organization)
        try:
            response = await self._http.request(
                method,
                self._address(service) + path,
                params=params,
                json=json,
                headers={"authorization": f"Bearer {token}", "traceparent": next_traceparent(), **_request_id()},
            )
        except httpx.HTTPError as error:
            raise UpstreamUnavailable(service) from error
        if response.status_code >= 500:
            raise UpstreamUnavailable(service)
        return response

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _request_id() -> dict[str, str]:
    """So that one id finds a customer's request in the logs of every service."""
    request_id = REQUEST_ID.get()
    return {} if request_id is None else {"x-request-id": request_id}
