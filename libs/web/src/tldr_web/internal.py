"""Questions between services: HTTP with a short-lived signed token that names the organization and the audience."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
from fastapi import Request

from tldr_telemetry import next_traceparent
from tldr_web.neighbour import Neighbour
from tldr_web.problems import REQUEST_ID, Problem

_LIFETIME = timedelta(seconds=60)
_ALGORITHM = "HS256"
_ANSWER_S = 10.0


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
        self._trust = httpx.create_ssl_context(trust_env=False)
        self._neighbours: dict[str, Neighbour] = {}

    async def request(
        self,
        service: str,
        organization: str,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int | float | Sequence[str]] | None = None,
        json: Any = None,
        answer_s: float = _ANSWER_S,
    ) -> httpx.Response:
        """Ask once; UpstreamUnavailable when there is no answer after `answer_s`, or one of 500 and above.

        And at once while the service is not asked, because it failed a few times in a row (see Breaker). Answers of 4xx come
        back as they are: the caller's translation decides what they mean.
        """
        token = self._tokens.sign(self._issuer, service, organization)
        return await self._neighbour(service).ask(
            method,
            self._address(service) + path,
            answer_s,
            params=params,
            json=json,
            headers={"authorization": f"Bearer {token}", "traceparent": next_traceparent(), **_request_id()},
        )

    async def close(self) -> None:
        """Close the connections."""
        for neighbour in self._neighbours.values():
            await neighbour.close()

    def _neighbour(self, service: str) -> Neighbour:
        found = self._neighbours.get(service)
        if found is None:
            found = self._neighbours[service] = Neighbour(service, self._trust)
        return found


def _request_id() -> dict[str, str]:
    """So that one id finds a customer's request in the logs of every service."""
    request_id = REQUEST_ID.get()
    return {} if request_id is None else {"x-request-id": request_id}
