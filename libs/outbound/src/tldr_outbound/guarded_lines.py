"""A guarded TCP connection that speaks in lines, for protocols that are not HTTP (IRC)."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import httpcore

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.backends import AsyncGuardedBackend
from tldr_outbound.errors import AddressRefused, DeadlineExceeded, ResponseTooLarge, SourceUnavailable
from tldr_outbound.resolver import Resolver, resolve_by_system

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class LineLimits:
    """Time-outs in seconds; `max_line` in bytes, without the end of the line."""

    connect_s: float = 5.0
    tls_s: float = 10.0
    write_s: float = 10.0
    max_line: int = 16_384


class GuardedLines:
    """An open connection. Lines end with a line feed, one before it that is a carriage return is cut off.

    The address was checked after the name was resolved, and it is the very one that is connected to. For one
    task at a time.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream, name: str, limits: LineLimits) -> None:
        self._stream = stream
        self._name = name
        self._limits = limits
        self._rest = b""

    @classmethod
    async def connect(
        cls,
        host: str,
        port: int,
        *,
        policy: AddressPolicy,
        tls: ssl.SSLContext | None,
        limits: LineLimits | None = None,
        resolver: Resolver = resolve_by_system,
    ) -> GuardedLines:
        """Connect, encrypted where there is a context for it. Raises AddressRefused, SourceUnavailable, DeadlineExceeded."""
        limits, name = limits or LineLimits(), f"{host}:{port}"
        try:
            stream = await AsyncGuardedBackend(policy, resolver).connect_tcp(host, port, limits.connect_s)
            if tls is not None:
                stream = await stream.start_tls(tls, host, limits.tls_s)
        except AddressRefused:
            raise
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise DeadlineExceeded(f"{name} did not answer within the time allowed.") from error
        except (httpcore.NetworkError, OSError) as error:
            raise SourceUnavailable(f"{name} could not be reached: {error or type(error).__name__}.") from error
        return cls(stream, name, limits)

    async def read(self, within_s: float) -> list[bytes] | None:
        """The whole lines that arrived, in order, at least one; None once the other side has closed.

        Raises DeadlineExceeded where nothing at all arrives in time (a line begun is kept for the next call),
        SourceUnavailable where the connection broke, ResponseTooLarge for a line beyond the limit.
        """
        while True:
            piece = await self._receive(within_s)
            if not piece:
                return None
            *lines, self._rest = (self._rest + piece).split(b"\n")
            if max(map(len, (*lines, self._rest))) > self._limits.max_line + 1:
                raise ResponseTooLarge(f"{self._name} sent a line of more than {self._limits.max_line} bytes.")
            if lines:
                return [line.removesuffix(b"\r") for line in lines]

    async def write(self, *lines: str) -> None:
        """Send lines; each gets its end here and may hold none. Raises SourceUnavailable, DeadlineExceeded."""
        if any("\n" in line or "\r" in line for line in lines):
            raise ValueError("a line holds no end of a line")
        try:
            await self._stream.write("".join(f"{line}\r\n" for line in lines).encode(), self._limits.write_s)
        except httpcore.TimeoutException as error:
            raise DeadlineExceeded(f"{self._name} took nothing within the time allowed.") from error
        except (httpcore.NetworkError, OSError) as error:
            raise SourceUnavailable(f"{self._name} broke off.") from error

    async def close(self) -> None:
        """Give the connection up."""
        try:
            await self._stream.aclose()
        except (httpcore.NetworkError, OSError):
            return  # it is gone already

    async def _receive(self, within_s: float) -> bytes:
        try:
            return await self._stream.read(_PIECE, within_s)
        except httpcore.ReadTimeout as error:
            raise DeadlineExceeded(f"{self._name} said nothing within {within_s:g} s.") from error
        except (httpcore.NetworkError, OSError) as error:
            raise SourceUnavailable(f"{self._name} broke off.") from error
