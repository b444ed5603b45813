"""One HTTP resource read from a position on: opens, resumes after a dropped connection, tells its size."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import httpx

from tldr_outbound.errors import DeadlineExceeded, OutboundError, SourceNotFound, SourceUnavailable
from tldr_outbound.exchange import as_outbound_error
from tldr_outbound.limits import Deadline, ReadingLimits

_CONTENT_RANGE = re.compile(r"bytes\s+(\d+)-\d+/(\d+)\s*$")
# So much must arrive within the stall limit.
_PIECE = 1 << 16
# These pass by waiting; other 4xx do not.
_TRANSIENT_STATUS = frozenset({408, 425, 429})


class RangedStream:
    """The bytes of a URL, forwards from a position. `size` and `ranged` are known after the first `open_at`."""

    def __init__(
        self,
        url: str,
        client: httpx.Client,
        deadline: Deadline,
        limits: ReadingLimits,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.url = url
        self.final_url = url
        self.size: int | None = None
        self.ranged = False
        self.position = 0
        self._client = client
        self._deadline = deadline
        self._limits = limits
        self._sleep = sleep
        self._response: httpx.Response | None = None
        self._pieces: Iterator[bytes] = iter(())
        self._rest = b""
        self._since_start = 0
        self._version = ""

    def open_at(self, position: int) -> None:
        """Continue from a position; answers that pass by waiting are retried."""
        for attempt in range(1, self._limits.attempts + 1):
            try:
                self._request(position)
                return
            except (SourceUnavailable, DeadlineExceeded):
                self.close()
                if attempt == self._limits.attempts:
                    raise
                self._sleep(self._limits.backoff_s * 2 ** (attempt - 1))

    def read(self, wanted: int) -> bytes:
        """Exactly `wanted` bytes, or fewer at the end of the resource."""
        found = bytearray()
        failures = 0
        # Time between two reads is the caller's; within one the server must keep up.
        self._allow_time()
        while len(found) < wanted:
            try:
                piece = self._next_piece(wanted - len(found))
            except (SourceUnavailable, DeadlineExceeded):
                self.close()
                failures += 1
                if not self.ranged or failures >= self._limits.attempts:
                    raise
                self._sleep(self._limits.backoff_s * 2 ** (failures - 1))
                continue
            if not piece:
                break
            failures = 0
            found += piece
        return bytes(found)

    def close(self) -> None:
        """Give the connection up."""
        response, self._response = self._response, None
        self._pieces, self._rest = iter(()), b""
        if response is not None:
            response.close()

    def _allow_time(self) -> None:
        self._deadline.start(self._limits.stall_s)
        self._since_start = 0

    def _next_piece(self, at_most: int) -> bytes:
        if not self._rest:
            if self.size is not None and self.position >= self.size:
                return b""
            if self._response is None:
                self._request(self.position)
            self._rest = self._advance()
            self._since_start += len(self._rest)
            if self._since_start >= _PIECE:
                self._allow_time()
        piece, self._rest = self._rest[:at_most], self._rest[at_most:]
        self.position += len(piece)
        return piece

    def _advance(self) -> bytes:
        try:
            piece = next(self._pieces, b"")
        except httpx.HTTPError as error:
            raise as_outbound_error(error, self.url) from error
        if not piece and self.size is not None:
            raise SourceUnavailable(f"{self.url} ended after {self.position} of {self.size} bytes.")
        return piece

    def _request(self, position: int) -> None:
        self.close()
        self._allow_time()
        request = self._client.build_request("GET", self.url, headers={"range": f"bytes={position}-"})
        try:
            response = self._client.send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise as_outbound_error(error, self.url) from error
        try:
            self._accept(response, position)
        except OutboundError:
            response.close()
            raise
        self.position, self.final_url = position, str(response.url)
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            response.close()
            return
        self._response = response
        # In the pieces that arrive: gathering them would lose what came before a connection drops.
        self._pieces = response.iter_raw()

    def _accept(self, response: httpx.Response, position: int) -> None:
        status = response.status_code
        if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            # An empty resource has no first byte to give.
            self.ranged, self.size = True, position if self.size is None else self.size
        elif status == httpx.codes.PARTIAL_CONTENT or (
            status == httpx.codes.OK and "content-range" in response.headers
        ):
            # Some servers (rclone's S3) send a range as 200, and say in the header which one it is.
            self._accept_range(response, position)
        elif status == httpx.codes.OK:
            if position:
                raise SourceUnavailable(f"{self.url} cannot be read from the middle.")
            self._accept_whole(response)
        elif httpx.codes.is_client_error(status) and status not in _TRANSIENT_STATUS:
            raise SourceNotFound(status, self.url)
        else:
            raise SourceUnavailable(f"{self.url} answered {status}.")

    def _accept_whole(self, response: httpx.Response) -> None:
        length = response.headers.get("content-length", "")
        self.size = int(length) if length.isdigit() else None
        # Some servers answer a range of everything with 200 and only say that they have ranges.
        self.ranged = self.size is not None and response.headers.get("accept-ranges", "").lower() == "bytes"
        self._version = _version(response)

    def _accept_range(self, response: httpx.Response, position: int) -> None:
        found = _CONTENT_RANGE.match(response.headers.get("content-range", ""))
        if found is None:
            # A range of unknown total: usable only forwards.
            if position:
                raise SourceUnavailable(f"{self.url} answers ranges without their total.")
            self.ranged, self.size = False, None
            return
        start, total = int(found[1]), int(found[2])
        version = _version(response)
        if start != position:
            raise SourceUnavailable(f"{self.url} answered with another range than the one asked for.")
        if self.size is not None and (total != self.size or version != self._version):
            raise SourceUnavailable(f"{self.url} changed while it was read.")
        self.ranged, self.size, self._version = True, total, version


def _version(response: httpx.Response) -> str:
    """What tells one version of a resource from the next: its entity tag, or when it was changed, where that tag is empty
    (rclone's S3) or missing.
    """
    tag: str = response.headers.get("etag", "")
    return tag if tag.strip('"') else str(response.headers.get("last-modified", ""))
