"""An entry of the audit log, and the chain that it is part of.

The hash of an entry is the SHA-256 of its fields and of the hash before it, each field as its length in bytes, a colon and
itself, or as a dash where there is none. The database computes the same when an entry is added (`audit_hash`).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Details = Mapping[str, Any]
"""What of a thing is written down: names and numbers, never a secret."""


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """An entry. `position` counts an organization's entries from 1; `before` and `after` are JSON as they were written."""

    organization: str
    position: int
    at: datetime
    actor: str
    address: str | None
    action: str
    subject: str
    before: str | None
    after: str | None
    previous_hash: bytes
    hash: bytes

    def computed(self) -> bytes:
        """The hash that the fields ask for."""
        fields = (
            self.previous_hash.hex(),
            str(self.position),
            self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            self.organization,
            self.actor,
            self.address,
            self.action,
            self.subject,
            self.before,
            self.after,
        )
        return hashlib.sha256("".join(map(_framed, fields)).encode()).digest()


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain: the entry of this position has this hash. Before the first entry: 0, and an empty one."""

    position: int
    hash: bytes


def first_break(after: Link, events: Iterable[AuditEvent]) -> int | None:
    """The first position at which entries do not continue the chain behind a link; None where all do."""
    for event in events:
        continues = event.position == after.position + 1 and event.previous_hash == after.hash
        if not continues or event.hash != event.computed():
            return after.position + 1
        after = Link(event.position, event.hash)
    return None


def written(details: Details | None) -> str | None:
    """Details as they are kept: JSON with sorted keys and without spaces."""
    if details is None:
        return None
    return json.dumps(details, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _framed(field: str | None) -> str:
    return "-" if field is None else f"{len(field.encode())}:{field}"
