"""What the use cases need, in the words of the domain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tldr_contracts.ids import OrganizationId, StreamId
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.accounts.api_key import ApiKey
from tldr_gateway.domain.audit.event import Details
from tldr_gateway.domain.members.member import Member
from tldr_gateway.domain.runs.run import Run
from tldr_gateway.domain.streams.listing import StreamFilter
from tldr_gateway.domain.streams.live import LiveState
from tldr_gateway.domain.streams.source import Address, Push, UploadedObject
from tldr_gateway.domain.streams.stream import Failure, Transition
from tldr_gateway.domain.streams.submission import Profile, Stream


class Organizations(Protocol):
    """Organizations and their users."""

    async def add(self, organization: Organization, owner: Member) -> None:
        """Add an organization with its owner; EmailTaken when somebody registered with that address before."""

    async def get(self, organization: OrganizationId) -> Organization:
        """The organization."""

    async def lock(self, organization: OrganizationId) -> Organization:
        """The organization, locked against other holders of its lock until the transaction ends."""

    async def advance(self, organization: OrganizationId) -> Organization:
        """The organization at its next version; whoever asks for it tells the mesh."""


class Keys(Protocol):
    """The API keys of one organization."""

    async def add(self, key: ApiKey) -> None:
        """Keep a key."""

    async def all(self) -> Sequence[ApiKey]:
        """Those that were not revoked, newest first."""

    async def page(self, *, before: str | None, limit: int) -> Sequence[ApiKey]:
        """Those that were not revoked, newest first, those before an id."""

    async def save(self, key: ApiKey) -> None:
        """Write its name, scopes, networks and secrets."""

    async def revoke(self, key: str, at: datetime) -> bool:
        """Revoke one; whether there was one to revoke."""


class KeyLookup(Protocol):
    """Finds a key before it is known whose it is; a change may be seen half a second after it was made."""

    async def by_prefix(self, prefix: str) -> ApiKey | None:
        """The key that has this prefix, or had it before its secret was replaced."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One row of a stream's history, refused changes included."""

    number: int
    at: datetime
    transition: Transition
    attempt: int
    detail: str


class Streams(Protocol):
    """The streams of one organization."""

    async def add(self, stream: Stream) -> None:
        """Add a stream."""

    async def get(self, stream: StreamId) -> Stream | None:
        """One of them; None for a deleted one."""

    async def lock(self, stream: StreamId) -> Stream | None:
        """One of them, locked until the transaction ends."""

    async def save(self, stream: Stream) -> None:
        """Write its present state; that is a sign of work as well."""

    async def moved(self, stream: StreamId, at: datetime) -> None:
        """It was heard of then; never goes back."""

    async def progressed(self, stream: StreamId, *, mark: int, at: datetime) -> None:
        """It was asked about and has moved on to this mark."""

    async def still_since(self, stream: StreamId, since: datetime) -> bool:
        """Whether it was not heard of after this time."""

    async def record(
        self, stream: StreamId, transition: Transition, *, attempt: int, at: datetime, detail: str
    ) -> None:
        """Append to its history."""

    async def history(self, stream: StreamId, *, after: int, limit: int) -> Sequence[HistoryEntry]:
        """Its history, oldest first, behind the entry of this number."""

    async def delete(self, stream: StreamId) -> None:
        """Delete it with its history."""

    async def sourced(self, stream: StreamId, live: LiveState | None) -> None:
        """What became of its live source; None: nothing is known of it any more."""

    async def rekey(self, stream: StreamId, push: Push) -> None:
        """Another key opens it from now on."""

    async def active(self, *, live: bool = False) -> int:
        """How many are neither completed, failed nor cancelled; of the live ones alone, if wished."""

    async def rename(self, stream: StreamId, *, title: str, metadata: dict[str, str]) -> None:
        """Other words of the customer's; that is no sign of work."""

    async def following(self, live_source: str) -> StreamId | None:
        """A stream at work on this live source, None where there is none."""

    async def page(self, wanted: StreamFilter, *, before: str | None, limit: int) -> Sequence[Stream]:
        """Newest first, those before an id."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A place for a file: a signed address until `expires_at`, then an object if one was put there.

    `object.size_bytes` is the announced size.
    """

    object: UploadedObject
    kind: str
    created_at: datetime
    expires_at: datetime

    @property
    def id(self) -> str:
        """Its id."""
        return self.object.id


class Uploads(Protocol):
    """The uploads of one organization."""

    async def add(self, upload: Upload) -> None:
        """Keep an upload."""

    async def get(self, ids: Sequence[str]) -> Sequence[Upload]:
        """Those of them that there are."""

    async def promised_bytes(self, now: datetime) -> int:
        """What may still be put at the addresses that were given out and that no stream uses."""

    async def use(self, upload: str) -> Upload | None:
        """One of them, kept from now on for as long as the stream that is being submitted."""

    async def release(self, ids: Sequence[str]) -> None:
        """A stream that used them is gone; what no other stream uses is deleted."""


class Files(Protocol):
    """The organization's bucket. StorageUnavailable when the store does not answer in time."""

    async def ready(self, organization: OrganizationId) -> None:
        """Make the bucket where there is none yet."""

    def upload_url(self, upload: UploadedObject) -> str:
        """A signed address to PUT the file to, of the announced size only."""

    async def found(self, upload: UploadedObject) -> UploadedObject | None:
        """The object with its real size, or None while nothing was put there."""

    async def delete(self, upload: UploadedObject) -> None:
        """Delete the object, if there is one."""


class Addresses(Protocol):
    """Addresses as they are kept."""

    def kept(self, url: str) -> Address:
        """The address, sealed."""


class Profiles(Protocol):
    """The presets."""

    def named(self, name: str) -> Profile | None:
        """The preset of that name."""

    def all(self) -> Sequence[Profile]:
        """All of them, in order of their names."""


class Announcements(Protocol):
    """What other services are told."""

    async def organization_changed(self, organization: Organization) -> None:
        """The whole organization as it is now."""

    async def requested(self, stream: Stream) -> None:
        """A stream was submitted."""

    async def started(self, stream: Stream) -> None:
        """Work on it began."""

    async def retried(self, stream: Stream) -> None:
        """It is tried again."""

    async def stopped(self, stream: Stream) -> None:
        """Its input ends here."""

    async def cancelled(self, stream: Stream) -> None:
        """Its work ends at once."""

    async def deleted(self, stream: Stream) -> None:
        """It is gone with all that came of it."""

    async def completed(self, stream: Stream) -> None:
        """It is finished."""

    async def rescore_requested(self, stream: Stream, run: Run) -> None:
        """It is to be detected on once more."""

    async def failed(self, stream: Stream) -> None:
        """It failed."""

    async def key_rotated(self, stream: Stream) -> None:
        """Another key opens it from now on."""

    async def live(self, stream: Stream, *, wall_zero_ms: int, wall_uncertainty_ms: int) -> None:
        """Its source is live."""

    async def interrupted(self, stream: Stream, *, at_ms: int, reason: Failure) -> None:
        """Its source gives nothing."""

    async def resumed(self, stream: Stream, *, at_ms: int) -> None:
        """Its source gives something again."""

    async def input_ended(self, stream: Stream, *, duration_ms: int, failure: Failure | None) -> None:
        """Its source has ended."""


class Books(Protocol):
    """What is written down for good: who did what, what was used."""

    async def audit(
        self,
        *,
        actor: str,
        action: str,
        subject: str,
        at: datetime,
        before: Details | None = None,
        after: Details | None = None,
    ) -> None:
        """Append to the audit log, in the transaction of the act; neither `before` nor `after` holds a secret."""

    async def use(self, stream: StreamId, *, media_ms: int, at: datetime) -> None:
        """Append to the usage ledger; a stream is charged once."""
