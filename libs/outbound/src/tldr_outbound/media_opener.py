"""PyAV's `io_open`: every nested request of a demuxer (playlists, segments) goes through the guard too."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.errors import AddressRefused, OutboundError
from tldr_outbound.guarded_reader import GuardedReader
from tldr_outbound.limits import ReadingLimits
from tldr_outbound.resolver import Resolver, resolve_by_system

# FFmpeg's AVIO_FLAG_WRITE.
_WRITE = 2


class GuardedOpener:
    """Call it as PyAV calls `io_open(url, flags, options)`; it returns a GuardedReader.

    `options` is ignored: it carries what the demuxer would tell FFmpeg's own HTTP client (headers, proxies, cookies).
    The first failure is kept in `failure`, as demuxers skip a segment that cannot be opened.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        limits: ReadingLimits | None = None,
        *,
        resolver: Resolver = resolve_by_system,
    ) -> None:
        self.failure: OutboundError | None = None
        self._policy = policy
        self._limits = limits or ReadingLimits()
        self._resolver = resolver
        self._tls = ssl.create_default_context()

    def __call__(self, url: str, flags: int, options: Mapping[str, str]) -> GuardedReader:
        try:
            if flags & _WRITE:
                raise AddressRefused("Nothing is written to an address from outside.")
            return GuardedReader(url, policy=self._policy, limits=self._limits, resolver=self._resolver, tls=self._tls)
        except OutboundError as error:
            self.failure = self.failure or error
            raise


class RefusingOpener:
    """For uploaded files: what they name is never opened, be it a URL or a path."""

    def __call__(self, url: str, flags: int, options: Mapping[str, str]) -> GuardedReader:
        raise AddressRefused("A file that was uploaded may not lead to other files or addresses.")
