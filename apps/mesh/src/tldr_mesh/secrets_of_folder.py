"""The secrets of a folder's services: made once, kept with the data they open."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tldr_contracts.topics import SERVICES
from tldr_database import Passwords
from tldr_embedded.private_files import read_private, write_private


@dataclass(frozen=True, slots=True, repr=False)
class MeshSecrets:
    """`databases` holds the passwords of each service's roles; `webhooks` and `sources` are keys that seal what is stored."""

    databases: Mapping[str, Passwords]
    internal: str
    webhooks: str
    sources: str

    @classmethod
    def of(cls, folder: Path) -> "MeshSecrets":
        """Read them, and make those that are not there yet: a folder of an earlier version had one password for all roles."""
        path = folder / "mesh-secrets.json"
        content = read_private(path) or {}
        known = content.get("databases", {})
        found = cls(
            databases={name: Passwords(**known[name]) if name in known else Passwords.made() for name in SERVICES},
            internal=content.get("internal") or secrets.token_hex(32),
            webhooks=content.get("webhooks") or _sealing_key(),
            sources=content.get("sources") or _sealing_key(),
        )
        if asdict(found) != content:
            write_private(path, asdict(found))
        return found

    @property
    def own(self) -> Mapping[str, Mapping[str, str]]:
        """The variables that a service reads for itself; nobody else is told."""
        sources = {"TLDR_SOURCE_KEYS": self.sources}
        return {
            "gateway": sources,
            "ingest": sources,
            "webhook-dispatcher": {"TLDR_WEBHOOK_DISPATCHER_ENCRYPTION_KEYS": self.webhooks},
        }


def _sealing_key() -> str:
    """As Fernet wants it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
