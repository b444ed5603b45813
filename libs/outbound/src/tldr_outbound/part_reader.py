"""A range of a file's bytes as a file of its own, as a demuxer that asked for the range expects it."""

from __future__ import annotations

import io
import os

from tldr_outbound.errors import OutboundError
from tldr_outbound.guarded_reader import GuardedReader


class PartReader(io.RawIOBase):
    """The bytes from `first` to before `end` (None: to the last one) of a reader, counted from 0. Closing closes the reader."""

    def __init__(self, whole: GuardedReader, first: int, end: int | None) -> None:
        super().__init__()
        self._whole = whole
        self._first = first
        self._end = end if end is not None else whole.size
        if end is not None and whole.size is not None and end > whole.size:
            whole.close()
            raise OutboundError(f"{whole.name} has {whole.size} bytes, and its bytes up to {end} are asked for.")
        self._at = 0

    @property
    def name(self) -> str:
        """Where the redirects ended."""
        return self._whole.name

    @property
    def failure(self) -> OutboundError | None:
        """What reading failed with."""
        return self._whole.failure

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._whole.seekable()

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Costs nothing until the next read."""
        if whence == os.SEEK_END and self._end is None:
            raise io.UnsupportedOperation("the server does not say how large the file is")
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: (self._end or 0) - self._first}[whence]
        self._at = max(0, base + offset)
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, often fewer; none at the end of the part. A negative size reads to its end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 16), b""))
        left = size if self._end is None else min(size, self._end - self._first - self._at)
        if left <= 0:
            return b""
        self._whole.seek(self._first + self._at)
        data = self._whole.read(left)
        self._at += len(data)
        return data

    def close(self) -> None:
        if not self.closed:
            self._whole.close()
        super().close()
