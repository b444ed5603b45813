"""A segment's content: fetched with its key and initialization section, decrypted, and looked at."""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import TypeVar

import av
import av.error
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tldr_ingest.adapters.hls.getting import Getter
from tldr_ingest.domain.errors import SourceEncrypted
from tldr_ingest.domain.hls.playlist import ByteRange, InitSection, Key, MediaSegment
from tldr_ingest.domain.live.feed import PieceFormat
from tldr_outbound import SourceUnavailable

T = TypeVar("T")
SEGMENT_BYTES = 64 << 20
_INIT_BYTES = 4 << 20
_KEY_BYTES = 16
_KEPT = 16
_SHORT_MS = 500
_BOXES = (b"ftyp", b"styp", b"moof", b"sidx", b"emsg", b"prft", b"moov", b"mdat", b"free")


@dataclass(frozen=True, slots=True)
class Content:
    """A segment that can be demuxed by itself. `short`: its end is in doubt, as it has less than the playlist says."""

    data: bytes = field(repr=False)
    format: PieceFormat
    digest: str
    short: bool = False


class Contents:
    """Fetches segments; keys and initialization sections are kept. For several threads, each with a getter of its own."""

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._lock = Lock()
        self._kept: OrderedDict[object, bytes] = OrderedDict()

    def of(self, getter: Getter, segment: MediaSegment) -> Content:
        """Raises an OutboundError, SourceEncrypted where the key is none."""
        init = b"" if segment.init is None else self._init(getter, segment.init)
        key = None if segment.key is None else self._key(getter, segment.key)
        got = getter.get(segment.uri, SEGMENT_BYTES, segment.range, self._total_s)
        data = got.body
        if key is not None and segment.key is not None:
            vector = segment.key.iv or segment.sequence.to_bytes(16, "big")
            try:
                data = _decrypted(data, key, vector)
            except SourceUnavailable:
                # A key may change behind its address.
                with self._lock:
                    self._kept.pop(segment.key.uri, None)
                raise
        kind = _format_of(data)
        digest = sha256(data).hexdigest()[:16]
        short = not got.declared and _lasts_ms(init + data, kind) < segment.duration_ms - _SHORT_MS
        return Content(init + data, kind, digest, short)

    def _key(self, getter: Getter, key: Key) -> bytes:
        found = self._keep(key.uri, lambda: getter.get(key.uri, 4096).body)
        if len(found) != _KEY_BYTES:
            raise SourceEncrypted("The playlist's key has not 16 bytes: its server gives it to its own players only.")
        return found

    def _init(self, getter: Getter, init: InitSection) -> bytes:
        data = self._keep((init.uri, init.range), lambda: getter.get(init.uri, _INIT_BYTES, init.range).body)
        # Packagers differ on whether a key that stands before the section is meant for it, too.
        if init.key is None or data[4:8] in _BOXES:
            return data
        return _decrypted(data, self._key(getter, init.key), init.key.iv or bytes(16))

    def _keep(self, about: str | tuple[str, ByteRange | None], fetch: Callable[[], bytes]) -> bytes:
        with self._lock:
            if (kept := self._kept.get(about)) is not None:
                return kept
        found = fetch()
        with self._lock:
            self._kept[about] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _decrypted(data: bytes, key: bytes, vector: bytes) -> bytes:
    if not data or len(data) % 16:
        raise SourceUnavailable("An encrypted segment ended early.")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        return unpadder.update(decryptor.update(data) + decryptor.finalize()) + unpadder.finalize()
    except ValueError:
        raise SourceUnavailable(
            "An encrypted segment could not be decrypted with the key the playlist names."
        ) from None


def _format_of(data: bytes) -> PieceFormat:
    if data[:1] == b"G" and data[188:189] in (b"G", b""):
        return PieceFormat.MPEGTS
    if data[4:8] in _BOXES:
        return PieceFormat.MP4
    if data[:3] == b"ID3" or (data[:1] == b"\xff" and len(data) > 1 and data[1] & 0xF6 == 0xF0):
        return PieceFormat.AAC
    raise SourceUnavailable("A segment's address answered with something that is no segment.")


def _lasts_ms(data: bytes, kind: PieceFormat) -> float:
    """From the first timestamp to the end of the last packet."""
    first, last = float("inf"), float("-inf")
    try:
        with av.open(io.BytesIO(data), "r", format="mov" if kind is PieceFormat.MP4 else kind.value) as container:
            for packet in container.demux():
                if packet.pts is not None and packet.time_base is not None:
                    first = min(first, float(packet.pts * packet.time_base))
                    last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    except (av.error.FFmpegError, ValueError):
        return 0.0
    return max(0.0, (last - first) * 1000)
