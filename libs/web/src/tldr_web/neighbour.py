"""Another service of the mesh, as one process asks it: its connections, and whether it is asked at all."""

import asyncio
import ssl
from typing import Any

import httpx

from tldr_telemetry import logger
from tldr_web.breaker import Breaker, Paused

_TIMEOUTS = {"timeout": httpx.Timeout(None, connect=2).as_dict()}
"""For the whole answer there is another one."""
_MOST_CONNECTIONS = 50
_IDLE_S = 4.0
"""Less than the five seconds after which a service closes an idle connection, perhaps as it is used."""
_AWAY = {502, 503, 504}
"""Answers of who cannot answer anybody now. A 500 may be about one question, which is no reason not to ask others."""
_log = logger(__name__)


class UpstreamUnavailable(Exception):
    """Another service did not answer in time, or answered with an error of its own, or is not asked for a while."""

    def __init__(self, service: str, retry_after_s: float = 5.0) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service
        self.retry_after_s = retry_after_s


class Neighbour:
    """Its connections are its own: whoever hangs holds up no questions to others."""

    def __init__(self, service: str, trust: ssl.SSLContext) -> None:
        self._service = service
        self._breaker = Breaker()
        # A client around it would look for cookies, credentials and redirections, and cost a third more.
        self._connections = httpx.AsyncHTTPTransport(
            verify=trust,
            limits=httpx.Limits(
                max_connections=_MOST_CONNECTIONS,
                max_keepalive_connections=_MOST_CONNECTIONS,
                keepalive_expiry=_IDLE_S,
            ),
            trust_env=False,
        )

    async def ask(self, method: str, url: str, answer_s: float, **options: Any) -> httpx.Response:
        """Ask once; UpstreamUnavailable when the whole answer is not there after `answer_s`, or is one of 500 and above."""
        before = self._breaker.paused
        try:
            with self._breaker.question():
                response = await self._answer(method, url, answer_s, **options)
        except Paused as pause:
            raise UpstreamUnavailable(self._service, pause.left_s) from pause
        except UpstreamUnavailable as error:
            if self._breaker.paused and not before:
                _log.warning(
                    "a neighbour is not asked for a while", neighbour=self._service, error=repr(error.__cause__)
                )
            raise
        if before:
            _log.info("a neighbour answers again", neighbour=self._service)
        if response.status_code >= 500:
            raise UpstreamUnavailable(self._service)
        return response

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.aclose()

    async def _answer(self, method: str, url: str, answer_s: float, **options: Any) -> httpx.Response:
        try:
            async with asyncio.timeout(answer_s):
                response = await self._read(httpx.Request(method, url, extensions=_TIMEOUTS, **options))
        except (httpx.HTTPError, TimeoutError) as error:
            raise UpstreamUnavailable(self._service) from error
        if response.status_code in _AWAY:
            raise UpstreamUnavailable(self._service)
        return response

    async def _read(self, request: httpx.Request) -> httpx.Response:
        response = await self._connections.handle_async_request(request)
        response.request = request
        try:
            await response.aread()
        except BaseException:
            await response.aclose()
            raise
        return response
