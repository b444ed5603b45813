"""RTMP's greeting, without digests: every publisher speaks it."""

import secrets

from tldr_ingest.domain.push.limits import ProtocolBroken

VERSION = 3
GREETING_BYTES = 1537
"""The version and 1,536 bytes, from either side; then each returns the other's 1,536."""
RETURN_BYTES = 1536


def answer(greeting: bytes) -> bytes:
    """What is sent back: our greeting, and theirs returned. Raises ProtocolBroken for another protocol.

    Four zero bytes behind the time say that no digests are used.
    """
    if len(greeting) != GREETING_BYTES or greeting[0] != VERSION:
        raise ProtocolBroken("the peer does not speak RTMP")
    return bytes([VERSION]) + bytes(8) + secrets.token_bytes(RETURN_BYTES - 8) + greeting[1:]
