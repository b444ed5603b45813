"""Stream keys: what an encoder shows when it sends a stream to us. Shown once, kept as a digest."""

import hashlib
import secrets

_PREFIX = "tldr_live_"
_SECRET_BYTES = 32


def new_stream_key() -> str:
    """A fresh key, of 256 random bits; the prefix tells people and scanners what it is."""
    return _PREFIX + secrets.token_urlsafe(_SECRET_BYTES)


def digest_of(key: str) -> str:
    """What is kept of a key, and what the service that encoders send to is told: SHA-256, in hex."""
    return hashlib.sha256(key.encode()).hexdigest()
