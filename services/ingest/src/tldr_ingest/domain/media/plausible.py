"""How much stream time so many bytes can hold: what a file claims of itself costs work, and a claim costs nothing."""

from tldr_ingest.domain.errors import DurationImpossible

_ANY_FILE_MS = 600_000
"""Believed of any file: a few pictures may be shown for some minutes."""
_LEAST_BYTES_PER_S = 8
"""A silent slide show with a picture of a kilobyte every two minutes; the poorest speech takes 600."""


def check_duration(duration_ms: int, size_bytes: int) -> None:
    """Raises DurationImpossible where packets of `size_bytes` in all claim to last for `duration_ms`."""
    if duration_ms > _ANY_FILE_MS + 1000 * size_bytes // _LEAST_BYTES_PER_S:
        raise DurationImpossible(
            f"The recording claims {duration_ms / 3_600_000:.1f} hours in {size_bytes} bytes of picture and sound, which"
            " cannot be. Its timestamps are broken; write the file anew with another program and submit that."
        )
