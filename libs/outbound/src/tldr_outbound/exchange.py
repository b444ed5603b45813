"""One bounded request: an answer of limited size within a limited time, or an OutboundError."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from tldr_outbound.errors import (
    DeadlineExceeded,
    OutboundError,
    ResponseTooLarge,
    SourceUnavailable,
    TooManyRedirects,
)
from tldr_outbound.limits import OutboundLimits
from tldr_secrets import struck


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `url` is where the redirects ended; `truncated` says that the body was cut at the limit."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    truncated: bool


def as_outbound_error(error: httpx.HTTPError | httpx.InvalidURL | httpx.StreamError, url: str) -> OutboundError:
    """Say in this library's words what httpx raised."""
    if isinstance(error, httpx.TooManyRedirects):
        return TooManyRedirects(f"{url} redirects too often.")
    if isinstance(error, httpx.TimeoutException):
        return DeadlineExceeded(f"{url} did not answer within the time allowed.")
    if isinstance(error, httpx.InvalidURL):
        return SourceUnavailable(struck(f"{url} is not an address: {error}.", url))
    return SourceUnavailable(struck(f"{url} could not be read: {str(error) or type(error).__name__}.", url))


async def exchange(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    limits: OutboundLimits | None = None,
    cut_body: bool = False,
) -> Answer:
    """Send one request and read the answer, whatever its status.

    Raises an OutboundError when there is no answer in time. A body over `limits.max_bytes` raises ResponseTooLarge,
    or is cut there with `cut_body` (a webhook's answer is only kept for the log).
    """
    limits = limits or OutboundLimits()
    try:
        async with asyncio.timeout(limits.total_s):
            async with client.stream(method, url, headers=headers, content=content) as response:
                body, truncated = await _bounded(response, limits.max_bytes)
    except TimeoutError as error:
        raise DeadlineExceeded(f"{url} did not answer within {limits.total_s:g} s.") from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise as_outbound_error(error, url) from error
    if truncated and not cut_body:
        raise ResponseTooLarge(f"{url} answered with more than {limits.max_bytes} bytes.")
    return Answer(response.status_code, str(response.url), dict(response.headers), body, truncated)


async def _bounded(response: httpx.Response, max_bytes: int) -> tuple[bytes, bool]:
    body = bytearray()
    async for chunk in response.aiter_raw():  # decoded, a kilobyte could become a megabyte
        body += chunk
        if len(body) > max_bytes:
            return bytes(body[:max_bytes]), True
    return bytes(body), False
