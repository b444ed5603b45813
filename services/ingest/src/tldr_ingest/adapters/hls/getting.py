"""One bounded GET under the guard, whole or an error."""

from __future__ import annotations

import re
import ssl
import zlib
from dataclasses import dataclass, field

import httpx

from tldr_ingest.domain.hls.playlist import ByteRange
from tldr_outbound import (
    AddressPolicy,
    Deadline,
    OutboundLimits,
    ReadingLimits,
    ResponseTooLarge,
    SourceNotFound,
    SourceUnavailable,
    as_outbound_error,
    guarded_client,
)

_CONTENT_RANGE = re.compile(r"bytes\s+(\d+)-(\d+)/")
# These pass by waiting; other 4xx do not.
_TRANSIENT = frozenset({408, 416, 425, 429})
# So much has to come within the stall limit.
_PIECE = 1 << 16
_SKIPPED_BYTES = 256 << 20
_OWN = frozenset({"accept-encoding", "connection", "content-length", "host", "range", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Got:
    """A body. `url`: where redirects ended. `declared`: the answer said how long it is, so that it is whole."""

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    declared: bool


class Getter:
    """A client for one thread at a time; keeps its connections. `stall_s`: without a byte, or for 64 KiB in all, four times."""

    def __init__(
        self,
        headers: tuple[tuple[str, str], ...],
        policy: AddressPolicy,
        limits: ReadingLimits,
        stall_s: float,
        tls: ssl.SSLContext,
    ) -> None:
        self._headers = [(name, value) for name, value in headers if name.lower() not in _OWN]
        self._policy = policy
        self._stall_s = min(stall_s, limits.read_s)
        self._deadline = Deadline()
        http_limits = OutboundLimits(limits.connect_s, self._stall_s, max_redirects=limits.max_redirects)
        self._client = guarded_client(policy, http_limits, deadline=self._deadline, tls=tls)

    def get(self, url: str, max_bytes: int, part: ByteRange | None = None, total_s: float = 60.0) -> Got:
        """Raises an OutboundError; SourceUnavailable where the body ends early."""
        headers = list(self._headers)
        if part is not None:
            headers.append(("range", f"bytes={part.offset}-{part.offset + part.length - 1}"))
        self._deadline.start(min(total_s, 4 * self._stall_s))
        ends = self._deadline.clock() + total_s
        try:
            self._policy.check_url(url)
            with self._client.stream("GET", url, headers=headers) as response:
                _accept(response, url)
                # A server without ranges sends all of the file, and what lies behind the part is not waited for.
                whole = part is not None and response.status_code == httpx.codes.OK
                enough = None if part is None else part.length + (part.offset if whole else 0)
                body = self._read(response, _SKIPPED_BYTES if whole else max_bytes, url, ends, enough)
                return _got(response, body, url, max_bytes, part)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise as_outbound_error(error, url) from error

    def close(self) -> None:
        """Give the connections up."""
        self._client.close()

    def _read(self, response: httpx.Response, max_bytes: int, url: str, ends: float, enough: int | None) -> bytes:
        body, since = bytearray(), 0
        # Not decoded: a kilobyte could become a gigabyte.
        for chunk in response.iter_raw():
            body += chunk
            since += len(chunk)
            if len(body) > max_bytes:
                raise ResponseTooLarge(f"{url} answered with more than {max_bytes} bytes.")
            if enough is not None and len(body) >= enough:
                break
            if since >= _PIECE:
                since = 0
                self._deadline.start(max(0.0, min(4 * self._stall_s, ends - self._deadline.clock())))
        return bytes(body)


def _accept(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if status in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        return
    if httpx.codes.is_client_error(status) and status not in _TRANSIENT:
        raise SourceNotFound(status, url)
    raise SourceUnavailable(f"{url} answered {status}.")


def _got(response: httpx.Response, body: bytes, url: str, max_bytes: int, part: ByteRange | None) -> Got:
    declared = "content-length" in response.headers or response.headers.get("transfer-encoding") == "chunked"
    if part is None:
        body = _decoded(body, response.headers.get("content-encoding", ""), max_bytes, url)
        return Got(str(response.url), body, declared)
    first = 0
    if response.status_code == httpx.codes.PARTIAL_CONTENT:
        found = _CONTENT_RANGE.match(response.headers.get("content-range", ""))
        if found is None or int(found[1]) != part.offset:
            raise SourceUnavailable(f"{url} answered with another range than the one asked for.")
        first = part.offset
    body = body[part.offset - first :][: part.length]
    if len(body) < part.length:
        raise SourceUnavailable(f"{url} ended after {len(body)} of {part.length} bytes.")
    return Got(str(response.url), body, True)


def _decoded(body: bytes, encoding: str, max_bytes: int, url: str) -> bytes:
    """Some servers compress although they were asked not to."""
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    opened = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        plain = opened.decompress(body, max_bytes + 1)
    except zlib.error:
        raise SourceUnavailable(f"{url} answered with a compressed body that cannot be read.") from None
    if len(plain) > max_bytes:
        raise ResponseTooLarge(f"{url} answered with more than {max_bytes} bytes.")
    if not opened.eof:
        raise SourceUnavailable(f"{url} ended in the middle of a compressed body.")
    return plain
