"""A stored segment's file: small enough for memory, from wherever it is."""

from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

TIMEOUT_S = 20.0

WITHOUT_TRIAL_DECODING: Final = {"skip_frame": "all"}
"""Options for `av.open`: else it decodes the first pictures to learn what the index says already, 5 to 23 ms a file."""


def segment_bytes(source: bytes | str) -> bytes:
    """The whole file at `source`: the bytes themselves, a path, or an http(s) URL. Raises OSError where it cannot be had.

    URLs are made by the service for its own bucket, never taken from outside, so they need no guard.
    """
    if isinstance(source, bytes):
        return source
    if not source.startswith(("http://", "https://")):
        return Path(source).read_bytes()
    try:
        with urlopen(Request(source), timeout=TIMEOUT_S) as answer:  # noqa: S310 - the scheme is checked above
            return bytes(answer.read())
    except HTTPException as error:
        raise OSError(f"the answer broke off: {error!r}") from error
