"""Network backends for httpcore that resolve, filter, and connect to the very address they checked."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from typing import Any

import httpcore

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.errors import AddressRefused
from tldr_outbound.limits import Deadline
from tldr_outbound.resolver import Resolver

SocketOptions = Iterable[httpcore.SOCKET_OPTION]
# More would let one name with a hundred dead addresses hold a worker for minutes.
_MAX_ADDRESSES = 4


def _permitted(policy: AddressPolicy, host: str, addresses: Iterable[str]) -> list[str]:
    permitted = [address for address in addresses if policy.allows(address)]
    if not permitted:
        # Not to which: whoever submits names could read an internal DNS by what is said of them.
        raise AddressRefused(f"{host} leads to an address that is not public; private and local ones are not opened.")
    return permitted[:_MAX_ADDRESSES]


class GuardedBackend(httpcore.NetworkBackend):
    """Blocking connections to permitted addresses only; every read and write is also under the deadline."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver, deadline: Deadline) -> None:
        self._policy = policy
        self._resolver = resolver
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        self._policy.check_host(host, port)
        try:
            addresses = self._resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
        failure: Exception = httpcore.ConnectError(f"{host} cannot be reached")
        for address in _permitted(self._policy, host, addresses):
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.cap(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _DeadlineStream(stream, self._deadline)
        raise failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: SocketOptions | None = None
    ) -> httpcore.NetworkStream:
        raise AddressRefused("Sockets of this machine are not opened.")


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.cap(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.cap(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.cap(timeout))
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class AsyncGuardedBackend(httpcore.AsyncNetworkBackend):
    """The same for asyncio; deadlines are the caller's `asyncio.timeout`, which reaches into every await."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver) -> None:
        self._policy = policy
        self._resolver = resolver
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._policy.check_host(host, port)
        try:
            async with asyncio.timeout(timeout):
                addresses = await asyncio.to_thread(self._resolver, host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"{host} was not resolved in time") from error
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
        failure: Exception = httpcore.ConnectError(f"{host} cannot be reached")
        for address in _permitted(self._policy, host, addresses):
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: SocketOptions | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused("Sockets of this machine are not opened.")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)
