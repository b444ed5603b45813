"""PyAV's `io_open`: every nested request of a demuxer (playlists, segments) goes through the guard too."""

from __future__ import annotations

import ssl
from collections.abc import Mapping

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.errors import AddressRefused, EncryptedSource, OutboundError, RequestNotUnderstood
from tldr_outbound.guarded_reader import GuardedReader
from tldr_outbound.limits import ReadingLimits
from tldr_outbound.part_reader import PartReader
from tldr_outbound.resolver import Resolver, resolve_by_system

# FFmpeg's AVIO_FLAG_WRITE.
_WRITE = 2
_OF_ENCRYPTION = {"key", "iv", "decryption_key", "encryption_key"}
# How FFmpeg's own HTTP client would ask; this one has its own ways.
_OF_THE_CLIENT = {
    "cookies",
    "headers",
    "http_proxy",
    "http_version",
    "icy",
    "multiple_requests",
    "prefer_libcurl",
    "protocol_whitelist",
    "referer",
    "rw_timeout",
    "seekable",
    "timeout",
    "user_agent",
    "user-agent",
}


class GuardedOpener:
    """Call it as PyAV calls `io_open(url, flags, options)`; it returns a GuardedReader.

    Of `options` the range of bytes is honoured (a playlist's parts may lie in one file), what is meant for FFmpeg's own HTTP
    client alone is left out, and anything else is refused: it would be about other bytes than those that are read.
    The first failure is kept in `failure`, as demuxers skip a segment that cannot be opened.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        limits: ReadingLimits | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        resolver: Resolver = resolve_by_system,
    ) -> None:
        self.failure: OutboundError | None = None
        self._policy = policy
        self._limits = limits or ReadingLimits()
        self._headers = headers
        self._resolver = resolver
        self._tls = ssl.create_default_context()

    def __call__(self, url: str, flags: int, options: Mapping[str, str]) -> GuardedReader | PartReader:
        try:
            if flags & _WRITE:
                raise AddressRefused("Nothing is written to an address from outside.")
            first, end = _range_in(url, options)
            reader = GuardedReader(
                url,
                policy=self._policy,
                limits=self._limits,
                headers=self._headers,
                resolver=self._resolver,
                tls=self._tls,
            )
            return reader if (first, end) == (0, None) else PartReader(reader, first, end)
        except OutboundError as error:
            self.failure = self.failure or error
            raise


def _range_in(url: str, options: Mapping[str, str]) -> tuple[int, int | None]:
    """The bytes that are asked for: from the first one to before the end, None for all there are."""
    if url.startswith("crypto") or not _OF_ENCRYPTION.isdisjoint(options):
        raise EncryptedSource(
            "The playlist's parts are encrypted, which is not read yet. Submit a recording that is not."
        )
    unknown = options.keys() - _OF_THE_CLIENT - {"offset", "end_offset"}
    if unknown:
        raise RequestNotUnderstood(
            f"The source asks for a part by {', '.join(sorted(unknown))}, which is not read yet."
        )
    first, end = int(options.get("offset", 0)), int(options.get("end_offset", 0))
    return first, end or None


class RefusingOpener:
    """For uploaded files: what they name is never opened, be it a URL or a path."""

    def __call__(self, url: str, flags: int, options: Mapping[str, str]) -> GuardedReader:
        raise AddressRefused("A file that was uploaded may not lead to other files or addresses.")
