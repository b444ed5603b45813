"""Links to a playlist for players, which have no API key: signed, for one stream of one organization, until a time."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LONGEST = timedelta(hours=12)
_PURPOSE = b"tldr playlist links, version 1"
_FORM = re.compile(r"(?P<organization>[A-Za-z0-9_-]{1,64})\.(?P<expires>[0-9]{1,12})\.(?P<signature>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class PlaylistLinks:
    """Signs with the first key, and takes what any of them signed."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, secrets: str) -> "PlaylistLinks":
        """Keys for this purpose alone, out of secrets that are separated by commas."""
        made = (hmac.digest(secret.strip().encode(), _PURPOSE, hashlib.sha256) for secret in secrets.split(","))
        return cls(tuple(made))

    def sign(self, organization: str, stream: str, expires: datetime) -> str:
        """A token."""
        until = int(expires.timestamp())
        return f"{organization}.{until}.{_signature(self.keys[0], organization, stream, until)}"

    def organization(self, token: str, stream: str, now: datetime) -> str | None:
        """Whose stream it opens; None where it opens this stream for nobody, or no longer."""
        found = _FORM.fullmatch(token)
        if found is None:
            return None
        organization, until = found["organization"], int(found["expires"])
        signed = [_signature(key, organization, stream, until) for key in self.keys]
        # Each is compared, in constant time.
        right = sum(hmac.compare_digest(found["signature"], one) for one in signed) > 0
        left = until - now.timestamp()
        return organization if right and 0 < left <= LONGEST.total_seconds() else None


def _signature(key: bytes, organization: str, stream: str, until: int) -> str:
    signed = hmac.digest(key, f"{organization}\n{stream}\n{until}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode()
