"""Opens a source with PyAV: only formats and nested requests that are meant to be read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import av
import av.error
from av.container import InputContainer

from tldr_ingest.adapters.media.declared_size import HEAD_BYTES, Declared, declared_size, tag_bytes
from tldr_ingest.adapters.media.playlists import PLAYLIST_HEAD, PlaylistFound
from tldr_ingest.domain.errors import NotMedia, NoTracks, SourceEmpty, SourceTruncated
from tldr_outbound import AddressPolicy, GuardedOpener, GuardedReader, ReadingLimits, RefusingOpener

# Demuxers that a file may choose by its content. Left out on purpose: pictures, playlists of other files (concat),
# session descriptions, and whatever reads text.
_FORMATS = (
    "mov,matroska,webm,mpegts,mpeg,flv,live_flv,avi,asf,ogg,mp3,aac,ac3,eac3,wav,w64,aiff,caf,au,flac,amr,dts,"
    "mxf,ivf,rm,h264,hevc,m4v,mpegvideo,obu"
)
# Larger buffers leave the processor's caches: 256 kB cut 225 MB in 0.17 s, 1 MB in 0.52 s.
_BUFFER = 1 << 18
# Taggers put one before another's.
_TAGS = 4
# So much can be read and gone back in without ranges: the reader keeps its first block.
_KEPT = 1 << 18
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file of this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class AddressSource:
    """An address from outside, or of the object store under a policy that allows it; `headers` go with each request."""

    url: str
    policy: AddressPolicy
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    headers: tuple[tuple[str, str], ...] = ()


Source = FileSource | AddressSource
Opener = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A file is shorter than it says: `share` of its bytes are there. `timed`: see `Declared`."""

    share: float
    timed: bool


@dataclass(slots=True)
class OpenedSource:
    """An open container. `begins`: how many bytes of tags come first."""

    container: InputContainer
    file: BinaryIO | GuardedReader
    begins: int = 0
    declared: Declared | None = None

    @property
    def shortfall(self) -> Shortfall | None:
        """How much less there is than the file says it has; None where nothing is missing or nothing is said."""
        declared = self.declared
        if declared is None:
            return None
        if declared.size is None:
            return Shortfall(1.0, declared.timed)
        size = os.fstat(self.file.fileno()).st_size if isinstance(self.file, io.FileIO) else self.file_size
        if size is None or size - self.begins >= declared.size:
            return None
        return Shortfall((size - self.begins) / declared.size, declared.timed)

    @property
    def file_size(self) -> int | None:
        """The size in bytes of a source at an address, where its server says so."""
        return getattr(self.file, "size", None)

    @property
    def failure(self) -> Exception | None:
        """What the source itself failed with, where a demuxer took it for the end."""
        return getattr(self.file, "failure", None)


@contextmanager
def opened(source: Source) -> Iterator[OpenedSource]:
    """Open a source; raises NotMedia, SourceEmpty, SourceTruncated, NoTracks or an OutboundError, and PlaylistFound where an
    address leads to a playlist.
    """
    file, opener = _file_of(source)
    with file:
        begins, head = _head_of(file)
        if isinstance(source, AddressSource) and head.startswith(PLAYLIST_HEAD):
            raise PlaylistFound
        try:
            container = av.open(
                file,
                "r",
                container_options={"format_whitelist": _FORMATS, "http_persistent": "0", "http_multiple": "0"},
                buffer_size=_BUFFER,
                io_open=opener,
                metadata_errors="replace",
            )
        except av.error.FFmpegError as error:
            if (failure := getattr(file, "failure", None) or getattr(opener, "failure", None)) is not None:
                raise failure from error
            raise _why_unreadable(head, error) from error
        with container:
            if not any(stream.type in ("video", "audio") for stream in container.streams):
                raise NoTracks("The recording has neither picture nor sound.")
            yield OpenedSource(container, file, begins, declared_size(head))


def _file_of(source: Source) -> tuple[BinaryIO | GuardedReader, Opener]:
    if isinstance(source, FileSource):
        return source.path.open("rb", buffering=0), RefusingOpener()
    headers = dict(source.headers)
    reader = GuardedReader(source.url, policy=source.policy, limits=source.limits, headers=headers)
    return reader, GuardedOpener(source.policy, source.limits, headers=headers)


def _head_of(file: BinaryIO | GuardedReader) -> tuple[int, bytes]:
    """Where the file begins behind its tags, and its head there."""
    begins, head = 0, _read_at(file, 0)
    if not head:
        raise SourceEmpty("The source is empty; upload the recording again.")
    for _ in range(_TAGS):
        behind = begins + tag_bytes(head)
        if behind == begins or not (behind < _KEPT or file.seekable()):
            break
        begins, head = behind, _read_at(file, behind)
    file.seek(0)
    return begins, head


def _read_at(file: BinaryIO | GuardedReader, position: int) -> bytes:
    file.seek(position)
    head = file.read(HEAD_BYTES) or b""
    # A reader of blocks stops where one ends.
    return head + (file.read(HEAD_BYTES - len(head)) or b"")


def _why_unreadable(head: bytes, error: av.error.FFmpegError) -> Exception:
    if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return NotMedia("The source is a picture, not a recording.")
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return SourceTruncated("The MP4 file has no readable index (moov); it was probably cut off. Upload it again.")
    if head[:4] == b"\x1aE\xdf\xa3":
        return SourceTruncated("The Matroska or WebM file ends before its first picture or sound. Upload it again.")
    return NotMedia(f"The source is not a recording in a format that is read ({error.strerror or error}).")
