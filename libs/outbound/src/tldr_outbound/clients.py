"""httpx clients that open permitted addresses only, on every attempt and every redirect."""

from __future__ import annotations

import ssl

import httpcore
import httpx

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.backends import AsyncGuardedBackend, GuardedBackend
from tldr_outbound.limits import Deadline, OutboundLimits
from tldr_outbound.resolver import Resolver, resolve_by_system

# Compressed bodies would make byte limits and ranges mean something else.
_HEADERS = {"accept-encoding": "identity", "user-agent": "tldr-highlights"}


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over a pool whose connections are guarded. httpx has no public way to hand in a backend."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver, deadline: Deadline, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._policy = policy
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=GuardedBackend(policy, resolver, deadline), max_keepalive_connections=2
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._policy.check_url(str(request.url))
        response = super().handle_request(request)
        if response.has_redirect_location:
            response.close()
            return _without_body(response)
        return response


class AsyncGuardedTransport(httpx.AsyncHTTPTransport):
    """The same for asyncio."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        self._policy = policy
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls, network_backend=AsyncGuardedBackend(policy, resolver), max_connections=100
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._policy.check_url(str(request.url))
        response = await super().handle_async_request(request)
        if response.has_redirect_location:
            await response.aclose()
            return _without_body(response)
        return response


def _without_body(response: httpx.Response) -> httpx.Response:
    # httpx reads a redirect's body to its end, however long it is.
    headers = [
        pair for pair in response.headers.multi_items() if pair[0] not in ("content-length", "transfer-encoding")
    ]
    # A stream, not content: content counts as read already, and reading a response twice is an error.
    return httpx.Response(
        response.status_code, headers=headers, stream=httpx.ByteStream(b""), extensions=response.extensions
    )


def _timeout(limits: OutboundLimits) -> httpx.Timeout:
    return httpx.Timeout(limits.read_s, connect=limits.connect_s)


def guarded_client(
    policy: AddressPolicy,
    limits: OutboundLimits | None = None,
    *,
    resolver: Resolver = resolve_by_system,
    deadline: Deadline | None = None,
    tls: ssl.SSLContext | None = None,
) -> httpx.Client:
    """A blocking client. Proxies and credentials of the environment are ignored: they would bypass the guard.

    AddressRefused comes out of `send` as it is; other failures are httpx's, see `as_outbound_error`.
    """
    limits = limits or OutboundLimits()
    transport = GuardedTransport(policy, resolver, deadline or Deadline(), tls or ssl.create_default_context())
    return httpx.Client(
        transport=transport,
        timeout=_timeout(limits),
        follow_redirects=True,
        max_redirects=limits.max_redirects,
        headers=_HEADERS,
        trust_env=False,
    )


def guarded_async_client(
    policy: AddressPolicy,
    limits: OutboundLimits | None = None,
    *,
    follow_redirects: bool = True,
    resolver: Resolver = resolve_by_system,
    tls: ssl.SSLContext | None = None,
) -> httpx.AsyncClient:
    """The same for asyncio; make one and keep it, a TLS context costs 20 ms."""
    limits = limits or OutboundLimits()
    return httpx.AsyncClient(
        transport=AsyncGuardedTransport(policy, resolver, tls or ssl.create_default_context()),
        timeout=_timeout(limits),
        follow_redirects=follow_redirects,
        max_redirects=limits.max_redirects,
        headers=_HEADERS,
        trust_env=False,
    )
