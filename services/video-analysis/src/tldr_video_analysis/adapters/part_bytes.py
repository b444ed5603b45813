"""Reads a segment's file from where it is: memory, a path or a presigned URL of our own storage."""

from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from tldr_video_analysis.domain.analyser import PartUnavailable
from tldr_video_analysis.domain.segment_part import SegmentPart

TIMEOUT_S = 20.0


def bytes_of(part: SegmentPart) -> bytes:
    """The whole file. Raises `PartUnavailable` when it cannot be had now: that is worth a retry and is no gap.

    URLs are made by this service for its own bucket, never taken from outside, so they need no guard.
    """
    source = part.source
    if isinstance(source, bytes):
        return source
    try:
        if source.startswith(("http://", "https://")):
            with urlopen(Request(source), timeout=TIMEOUT_S) as answer:  # noqa: S310 - the scheme was checked above
                return bytes(answer.read())
        return Path(source).read_bytes()
    except (URLError, OSError) as error:
        raise PartUnavailable(part.index, str(error)) from error
