"""A file-like reader of a URL from outside, for libraries that want a file (PyAV, zipfile)."""

from __future__ import annotations

import io
import os
import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.clients import guarded_client
from tldr_outbound.errors import OutboundError
from tldr_outbound.limits import Deadline, OutboundLimits, ReadingLimits
from tldr_outbound.ranged_stream import RangedStream
from tldr_outbound.resolver import Resolver, resolve_by_system

# Blocks are read whole and the last eight kept (4 MB): picture and sound may lie far apart in a file, and each
# jump that no block answers costs a new connection.
_BLOCK = 1 << 19
_KEPT = 8
# Up to here reading on is cheaper than asking anew.
_SKIP = 2 * _BLOCK


class GuardedReader(io.RawIOBase):
    """Reads a URL under an AddressPolicy; seekable where the server has ranges and says how large the file is.

    Opening sends the first request; `headers` go with each. Raises an OutboundError, which `failure` also keeps: demuxers
    tend to swallow what a read raises. Not thread-safe.
    """

    def __init__(
        self,
        url: str,
        *,
        policy: AddressPolicy,
        limits: ReadingLimits | None = None,
        headers: Mapping[str, str] | None = None,
        resolver: Resolver = resolve_by_system,
        tls: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        limits = limits or ReadingLimits()
        self.failure: OutboundError | None = None
        self._at = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        policy.check_url(url)
        deadline = Deadline()
        http_limits = OutboundLimits(limits.connect_s, limits.read_s, max_redirects=limits.max_redirects)
        self._client = guarded_client(policy, http_limits, resolver=resolver, deadline=deadline, tls=tls)
        self._client.headers.update(headers or {})
        self._stream = RangedStream(url, self._client, deadline, limits, sleep)
        try:
            self._stream.open_at(0)
        except OutboundError:
            self.close()
            raise

    @property
    def name(self) -> str:
        """Where the redirects ended; demuxers resolve relative addresses of a playlist against it."""
        return self._stream.final_url

    @property
    def size(self) -> int | None:
        """The size in bytes, where the server says so."""
        return self._stream.size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.ranged

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Costs nothing until the next read."""
        if whence == os.SEEK_END and self.size is None:
            raise io.UnsupportedOperation("the server does not say how large the file is")
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size or 0}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, often fewer; none at the end. A negative size reads to the end."""
        if size < 0:
            return self.readall()
        number, within = divmod(self._at, _BLOCK)
        data = self._block(number)[within : within + size]
        self._at += len(data)
        return data

    def readall(self) -> bytes:
        return b"".join(iter(lambda: self.read(_BLOCK), b""))

    def close(self) -> None:
        if not self.closed:
            if hasattr(self, "_stream"):
                self._stream.close()
            self._client.close()
        super().close()

    def _block(self, number: int) -> bytes:
        block = self._blocks.get(number)
        if block is not None:
            self._blocks.move_to_end(number)
            return block
        if self.size is not None and number * _BLOCK >= self.size:
            return b""
        try:
            return self._load(number)
        except OutboundError as error:
            self.failure = error
            raise

    def _load(self, number: int) -> bytes:
        ahead = number * _BLOCK - self._stream.position
        if self._stream.ranged:
            # A failed read leaves the stream inside a block.
            if not 0 <= ahead <= _SKIP or self._stream.position % _BLOCK:
                self._stream.open_at(number * _BLOCK)
        elif self.failure is not None:
            raise self.failure
        elif ahead < 0:
            raise io.UnsupportedOperation("the server has no ranges; only reading onwards is possible")
        block = b""
        while self._stream.position <= number * _BLOCK:
            reached = self._stream.position // _BLOCK
            block = self._stream.read(_BLOCK)
            self._blocks[reached] = block
            if len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
            if len(block) < _BLOCK:
                break
        return self._blocks.get(number, b"")
