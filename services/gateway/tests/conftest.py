"""The gateway's ports over memory and over PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from tldr_contracts.ids import OrganizationId, RunId, StreamId, new_id
from tldr_database import Database, Transaction, set_tenant
from tldr_gateway.adapters.accounts.keys_postgres import PostgresKeys
from tldr_gateway.adapters.accounts.organizations_postgres import PostgresOrganizations
from tldr_gateway.adapters.configuration.configurations_postgres import PostgresConfigurations
from tldr_gateway.adapters.runs.runs_postgres import PostgresRuns
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.adapters.streams.streams_postgres import PostgresStreams
from tldr_gateway.adapters.uploads.uploads_postgres import PostgresUploads
from tldr_gateway.application.accounts.errors import EmailTaken
from tldr_gateway.application.configuration.choose_profile import ChooseProfile
from tldr_gateway.application.configuration.look_up import LookUp
from tldr_gateway.application.configuration.ports import Configurations
from tldr_gateway.application.ports import HistoryEntry, Upload
from tldr_gateway.application.streams.admit_stream import AdmitStream
from tldr_gateway.application.streams.change_stream import ChangeStream
from tldr_gateway.application.streams.follow_stream import FollowStream
from tldr_gateway.application.streams.record_transition import RecordTransition
from tldr_gateway.bootstrap import DEFINITION
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.accounts.api_key import ApiKey
from tldr_gateway.domain.configuration.configured import Configured, Head, Kind
from tldr_gateway.domain.members.member import Member, Role
from tldr_gateway.domain.runs.run import Run, RunState
from tldr_gateway.domain.streams.listing import StreamFilter
from tldr_gateway.domain.streams.live import LiveState
from tldr_gateway.domain.streams.source import Address, Push, Source, SourceKind, UploadedObject
from tldr_gateway.domain.streams.stream import State, Transition
from tldr_gateway.domain.streams.submission import Profile, Stream
from tldr_testing import NOW, FixedClock, migrated


@dataclass
class MemoryStreams:
    """Streams in a dictionary; nobody else is there to lock out."""

    rows: dict[str, Stream] = field(default_factory=dict)
    heard: dict[str, datetime] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    entries: dict[str, list[HistoryEntry]] = field(default_factory=dict)

    async def add(self, stream: Stream) -> None:
        self.rows[stream.id] = stream
        self.heard[stream.id] = stream.created_at

    async def get(self, stream: StreamId) -> Stream | None:
        return self.rows.get(stream)

    async def lock(self, stream: StreamId) -> Stream | None:
        return self.rows.get(stream)

    async def save(self, stream: Stream) -> None:
        self.rows[stream.id] = stream
        self.heard[stream.id] = stream.updated_at

    async def moved(self, stream: StreamId, at: datetime) -> None:
        if stream in self.rows:
            self.heard[stream] = max(at, self.heard[stream])

    async def progressed(self, stream: StreamId, *, mark: int, at: datetime) -> None:
        self.marks[stream], self.heard[stream] = mark, at

    async def still_since(self, stream: StreamId, since: datetime) -> bool:
        return stream in self.rows and self.heard[stream] <= since

    async def record(
        self, stream: StreamId, transition: Transition, *, attempt: int, at: datetime, detail: str
    ) -> None:
        entries = self.entries.setdefault(stream, [])
        entries.append(HistoryEntry(len(entries) + 1, at, transition, attempt, detail))

    async def history(self, stream: StreamId, *, after: int, limit: int) -> Sequence[HistoryEntry]:
        return [entry for entry in self.entries.get(stream, []) if entry.number > after][:limit]

    async def delete(self, stream: StreamId) -> None:
        self.rows.pop(stream, None)
        self.entries.pop(stream, None)

    async def sourced(self, stream: StreamId, live: LiveState | None) -> None:
        self.rows[stream] = replace(self.rows[stream], live=live)

    async def rekey(self, stream: StreamId, push: Push) -> None:
        found = self.rows[stream]
        self.rows[stream] = replace(found, source=replace(found.source, push=push))

    async def active(self, *, live: bool = False) -> int:
        working = (stream for stream in self.rows.values() if not stream.state.terminal)
        return sum(not live or stream.source.kind is SourceKind.LIVE for stream in working)

    async def rename(self, stream: StreamId, *, title: str, metadata: dict[str, str]) -> None:
        self.rows[stream] = replace(self.rows[stream], title=title, metadata=metadata)

    async def following(self, live_source: str) -> StreamId | None:
        at_work = (one.id for one in self.rows.values() if one.live_source == live_source and not one.state.terminal)
        return next(at_work, None)

    async def page(self, wanted: StreamFilter, *, before: str | None, limit: int) -> Sequence[Stream]:
        def listed(stream: Stream) -> bool:
            same = ((wanted.state, stream.state), (wanted.kind, stream.source.kind), (wanted.channel, stream.channel))
            words = (wanted.text or "").casefold().split()
            after, until = wanted.created_after, wanted.created_before
            return (
                all(asked in {None, had} for asked, had in same)
                and set(words) <= set(stream.title.casefold().split())
                and (after is None or stream.created_at >= after)
                and (until is None or stream.created_at < until)
            )

        ordered = sorted(filter(listed, self.rows.values()), key=lambda stream: stream.id, reverse=True)
        return [stream for stream in ordered if before is None or stream.id < before][:limit]


@dataclass
class MemoryRuns:
    """Runs in a dictionary."""

    rows: dict[tuple[str, str], Run] = field(default_factory=dict)

    async def get(self, stream: StreamId, run: RunId) -> Run | None:
        return self.rows.get((stream, run))

    async def put(self, run: Run) -> None:
        self.rows[run.stream, run.id] = run

    async def of_stream(self, stream: StreamId) -> Sequence[Run]:
        return sorted((run for run in self.rows.values() if run.stream == stream), key=lambda run: run.id)

    async def waiting(self) -> int:
        return sum(run.state in {RunState.PENDING, RunState.PROCESSING} for run in self.rows.values())


@dataclass
class MemoryUploads:
    """Uploads and how many streams use them."""

    rows: dict[str, Upload] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)

    async def add(self, upload: Upload) -> None:
        self.rows[upload.id] = upload

    async def get(self, ids: Sequence[str]) -> Sequence[Upload]:
        return [self.rows[upload] for upload in ids if upload in self.rows]

    async def promised_bytes(self, now: datetime) -> int:
        promised = [row for row in self.rows.values() if row.id not in self.uses and row.expires_at > now]
        return sum(upload.object.size_bytes for upload in promised)

    async def use(self, upload: str) -> Upload | None:
        if upload in self.rows:
            self.uses[upload] = self.uses.get(upload, 0) + 1
        return self.rows.get(upload)

    async def release(self, ids: Sequence[str]) -> None:
        for upload in ids:
            self.uses[upload] -= 1


@dataclass
class MemoryConfigurations:
    """Every version of what is configured."""

    rows: list[Configured] = field(default_factory=list)

    async def add(self, configured: Configured) -> None:
        self.rows.append(configured)

    async def save(self, configured: Configured) -> None:
        self.rows.append(configured)

    async def get(self, kind: Kind, id: str) -> Configured | None:
        return next(iter(await self.versions(kind, id, before=None, limit=1)), None)

    async def lock(self, kind: Kind, id: str) -> Configured | None:
        return await self.get(kind, id)

    async def delete(self, kind: Kind, id: str) -> bool:
        kept = [row for row in self.rows if (row.kind, row.id) != (kind, id)]
        gone, self.rows = len(kept) < len(self.rows), kept
        return gone

    async def page(self, kind: Kind, *, before: str | None, limit: int) -> Sequence[Configured]:
        newest = {row.id: row for row in self.rows if row.kind is kind and (before is None or row.id < before)}
        return [newest[id] for id in sorted(newest, reverse=True)][:limit]

    async def versions(self, kind: Kind, id: str, *, before: int | None, limit: int) -> Sequence[Configured]:
        found = [row for row in self.rows if (row.kind, row.id) == (kind, id)]
        return [row for row in reversed(found) if before is None or row.version < before][:limit]

    async def version(self, kind: Kind, id: str, version: int) -> Configured | None:
        return next((row for row in self.rows if (row.kind, row.id, row.version) == (kind, id, version)), None)

    async def heads(self) -> Sequence[Head]:
        newest = {row.id: Head(row.id, row.kind, row.version, row.name) for row in self.rows}
        return [newest[id] for id in sorted(newest)]


@dataclass
class MemoryOrganizations:
    """Organizations and the addresses of their owners."""

    rows: dict[str, Organization] = field(default_factory=dict)
    emails: set[str] = field(default_factory=set)

    async def add(self, organization: Organization, owner: Member) -> None:
        if owner.email in self.emails:
            raise EmailTaken
        self.rows[organization.id] = organization
        self.emails.add(owner.email)

    async def get(self, organization: OrganizationId) -> Organization:
        return self.rows[organization]

    async def lock(self, organization: OrganizationId) -> Organization:
        return self.rows[organization]

    async def advance(self, organization: OrganizationId) -> Organization:
        found = self.rows[organization]
        self.rows[organization] = replace(found, version=found.version + 1)
        return self.rows[organization]


@dataclass
class MemoryKeys:
    """Keys in a dictionary."""

    rows: dict[str, ApiKey] = field(default_factory=dict)

    async def add(self, key: ApiKey) -> None:
        self.rows[key.id] = key

    async def all(self) -> Sequence[ApiKey]:
        kept = (key for key in self.rows.values() if key.revoked_at is None)
        return sorted(kept, key=lambda key: key.id, reverse=True)

    async def page(self, *, before: str | None, limit: int) -> Sequence[ApiKey]:
        return [key for key in await self.all() if before is None or key.id < before][:limit]

    async def save(self, key: ApiKey) -> None:
        self.rows[key.id] = key

    async def revoke(self, key: str, at: datetime) -> bool:
        if key not in self.rows or self.rows[key].revoked_at:
            return False
        self.rows[key] = replace(self.rows[key], revoked_at=at)
        return True


@dataclass
class Said:
    """Keeps what is announced and what is written into the books."""

    facts: list[tuple[str, Any]] = field(default_factory=list)
    audited: list[tuple[str, str]] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, fact: str) -> Any:
        async def announce(*subject: Any, **said: Any) -> None:
            self.facts.append((fact, said or subject[-1]))

        return announce

    async def audit(self, *, actor: str, action: str, subject: str, at: datetime, **details: Any) -> None:
        self.audited.append((action, subject))

    async def use(self, stream: StreamId, *, media_ms: int, at: datetime) -> None:
        self.used.setdefault(stream, media_ms)

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.facts]


@dataclass
class Ports:
    """The ports of one organization, over one technology."""

    organization: OrganizationId
    streams: Any = field(default_factory=MemoryStreams)
    runs: Any = field(default_factory=MemoryRuns)
    uploads: Any = field(default_factory=MemoryUploads)
    organizations: Any = field(default_factory=MemoryOrganizations)
    keys: Any = field(default_factory=MemoryKeys)
    said: Said = field(default_factory=Said)
    clock: FixedClock = field(default_factory=FixedClock)
    transaction: Transaction | None = None
    configurations: Configurations = field(default_factory=MemoryConfigurations)

    async def open(self) -> None:
        """Register the organization."""
        owner = Member(new_id("usr"), self.organization, f"{uuid4().hex}@example.com", Role.OWNER, NOW)
        await self.organizations.add(Organization(self.organization, "Example", "free", 1, NOW), owner)

    async def register(self, email: str) -> None:
        """Register another organization with an owner of this address."""
        other = OrganizationId(new_id("org"))
        if self.transaction is not None:
            await set_tenant(self.transaction, other)
        owner = Member(new_id("usr"), other, email, Role.OWNER, NOW)
        await self.organizations.add(Organization(other, "Another", "free", 1, NOW), owner)

    def stream(self, **changes: Any) -> Stream:
        """A stream as it was just submitted."""
        stream = Stream(
            id=StreamId(new_id("str")),
            organization=self.organization,
            title="Grand final",
            source=Source(SourceKind.RECORDING, address=Address("sealed", "https://example.com/final.mp4")),
            chat=None,
            profile=Profile("gaming", 1, {"dimension_set": "gaming", "version": 1}),
            lane=37,
            priority=10,
            state=State.PENDING,
            attempt=1,
            created_at=NOW,
            updated_at=NOW,
        )
        return replace(stream, **changes)

    def upload(self, **changes: Any) -> Upload:
        """An upload of 1000 bytes."""
        name = new_id("upl")
        place = UploadedObject(name, "tldr-org", f"uploads/{name}/media", 1000, "video/mp4")
        return replace(Upload(place, "media", NOW, NOW + timedelta(hours=6)), **changes)

    @property
    def choose_profile(self) -> ChooseProfile:
        return ChooseProfile(LookUp(self.configurations, FileProfiles.read()))

    @property
    def admit(self) -> AdmitStream:
        return AdmitStream(self.organizations, self.streams)

    @property
    def change(self) -> ChangeStream:
        record = RecordTransition(self.streams, self.clock)
        return ChangeStream(self.streams, self.uploads, self.said, self.said, record, self.admit, self.clock)

    @property
    def follow(self) -> FollowStream:
        record = RecordTransition(self.streams, self.clock)
        return FollowStream(self.streams, self.runs, self.said, self.said, record, self.clock)


@pytest.fixture
def memory(organization: str) -> Ports:
    return Ports(OrganizationId(organization))


@pytest_asyncio.fixture(scope="session")
async def database(postgres_admin: str) -> AsyncIterator[Database]:
    """The gateway's database with nobody at work on it."""
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest_asyncio.fixture(params=["memory", "postgres"])
async def ports(request: pytest.FixtureRequest, organization: str, database: Database) -> AsyncIterator[Ports]:
    """The ports over each technology, bound to a fresh organization that is registered."""
    if request.param == "memory":
        found = Ports(OrganizationId(organization))
        await found.open()
        yield found
        return
    async with database.tenant(organization) as transaction:
        found = Ports(
            OrganizationId(organization),
            PostgresStreams(transaction, organization),
            PostgresRuns(transaction, organization),
            PostgresUploads(transaction, organization),
            PostgresOrganizations(transaction),
            PostgresKeys(transaction),
            transaction=transaction,
            configurations=PostgresConfigurations(transaction, organization),
        )
        await found.open()
        yield found
