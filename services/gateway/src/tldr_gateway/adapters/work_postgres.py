"""Everything a use case may touch in one transaction, put together once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tldr_bus import Outbox
from tldr_database import Transaction
from tldr_gateway.adapters.accounts.keys_postgres import PostgresKeys
from tldr_gateway.adapters.accounts.organizations_postgres import PostgresOrganizations
from tldr_gateway.adapters.announcements_outbox import OutboxAnnouncements
from tldr_gateway.adapters.audit.audit_postgres import PostgresAuditLog
from tldr_gateway.adapters.audit.books_postgres import PostgresBooks
from tldr_gateway.adapters.configuration.configurations_postgres import PostgresConfigurations
from tldr_gateway.adapters.feed.announcements_told import ToldAnnouncements
from tldr_gateway.adapters.feed.feed_postgres import PostgresFeedLog
from tldr_gateway.adapters.members.membership import Membership
from tldr_gateway.adapters.runs.runs_postgres import PostgresRuns
from tldr_gateway.adapters.sessions.logins import Logins
from tldr_gateway.adapters.streams.inputs_outbox import OutboxInputs
from tldr_gateway.adapters.streams.streams_postgres import PostgresStreams
from tldr_gateway.adapters.uploads.uploads_postgres import PostgresUploads
from tldr_gateway.application.accounts.change_api_key import ChangeApiKey
from tldr_gateway.application.accounts.create_api_key import CreateApiKey
from tldr_gateway.application.accounts.register_organization import RegisterOrganization
from tldr_gateway.application.accounts.revoke_api_key import RevokeApiKey
from tldr_gateway.application.accounts.rotate_api_key import RotateApiKey
from tldr_gateway.application.audit.verify_chain import VerifyChain
from tldr_gateway.application.configuration.choose_profile import ChooseProfile
from tldr_gateway.application.configuration.configure import Configure
from tldr_gateway.application.configuration.look_up import LookUp
from tldr_gateway.application.ports import Addresses, Profiles
from tldr_gateway.application.runs.follow_runs import FollowRuns
from tldr_gateway.application.runs.prepare_dry_run import PrepareDryRun
from tldr_gateway.application.runs.rescore_stream import RescoreStream
from tldr_gateway.application.streams.admit_stream import AdmitStream
from tldr_gateway.application.streams.change_stream import ChangeStream
from tldr_gateway.application.streams.follow_source import FollowSource
from tldr_gateway.application.streams.follow_stream import FollowStream
from tldr_gateway.application.streams.push_inputs import PushInputs
from tldr_gateway.application.streams.record_transition import RecordTransition
from tldr_gateway.application.streams.submit_stream import SubmitStream
from tldr_gateway.application.uploads.create_upload import CreateUpload
from tldr_gateway.application.uploads.use_upload import UseUpload
from tldr_gateway.domain.accounts.networks import Address
from tldr_jobs import Jobs, PostgresJobs
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Work:
    """The use cases of one transaction."""

    transaction: Transaction
    organization: str
    outbox: Outbox
    addresses: Addresses
    profiles: Profiles
    clock: Clock
    address: Address | None = None
    """Where the request comes from, for the audit log."""
    jobs: Jobs = field(default_factory=PostgresJobs)
    key_changed: Callable[[str], None] = lambda _: None

    @property
    def streams(self) -> PostgresStreams:
        """The organization's streams."""
        return PostgresStreams(self.transaction, self.organization)

    @property
    def runs(self) -> PostgresRuns:
        """Their runs."""
        return PostgresRuns(self.transaction, self.organization)

    @property
    def keys(self) -> PostgresKeys:
        """Its keys."""
        return PostgresKeys(self.transaction, self.key_changed)

    @property
    def organizations(self) -> PostgresOrganizations:
        """The organization itself."""
        return PostgresOrganizations(self.transaction)

    @property
    def register(self) -> RegisterOrganization:
        """Register it."""
        return RegisterOrganization(self.organizations, self.keys, self._announcements, self._books, self.clock)

    @property
    def create_key(self) -> CreateApiKey:
        """Make a key."""
        return CreateApiKey(self.organizations, self.keys, self._books, self.clock)

    @property
    def change_key(self) -> ChangeApiKey:
        """Change a key."""
        return ChangeApiKey(self.organizations, self.keys, self._books, self.clock)

    @property
    def rotate_key(self) -> RotateApiKey:
        """Give a key another secret."""
        return RotateApiKey(self.organizations, self.keys, self._books, self.clock)

    @property
    def revoke_key(self) -> RevokeApiKey:
        """Revoke a key."""
        return RevokeApiKey(self.organizations, self.keys, self._books, self.clock)

    @property
    def configurations(self) -> LookUp:
        """What the organization can choose from."""
        return LookUp(self._configurations, self.profiles)

    @property
    def configure(self) -> Configure:
        """Make, change or delete what it configured."""
        return Configure(
            self.organizations, self._configurations, self.profiles, self._announcements, self._books, self.clock
        )

    @property
    def uploads(self) -> PostgresUploads:
        """Its uploads."""
        return PostgresUploads(self.transaction, self.organization)

    @property
    def create_upload(self) -> CreateUpload:
        """Make an upload."""
        return CreateUpload(self.organizations, self.uploads, self.clock)

    @property
    def submit(self) -> SubmitStream:
        """Submit a stream."""
        return SubmitStream(
            self.organizations,
            self.streams,
            UseUpload(self.uploads),
            self.addresses,
            self._choose_profile,
            self._announcements,
            self._admit,
            self.clock,
        )

    @property
    def change(self) -> ChangeStream:
        """Change a stream for a customer."""
        return ChangeStream(
            self.streams, self.uploads, self._announcements, self._books, self._record, self._admit, self.clock
        )

    @property
    def follow(self) -> FollowStream:
        """Take what the mesh reports of a stream."""
        return FollowStream(self.streams, self.runs, self._announcements, self._books, self._record, self.clock)

    @property
    def rescore(self) -> RescoreStream:
        """Detect on a finished stream once more."""
        return RescoreStream(
            self.organizations,
            self.streams,
            self.runs,
            self._choose_profile,
            self._announcements,
            self._books,
            self.clock,
        )

    @property
    def prepare_dry_run(self) -> PrepareDryRun:
        """See what another profile would find."""
        return PrepareDryRun(self.streams, self.runs, self._choose_profile)

    @property
    def follow_runs(self) -> FollowRuns:
        """Take what the mesh reports of a rescore."""
        return FollowRuns(self.runs, self.clock)

    @property
    def membership(self) -> Membership:
        """The use cases about its people."""
        return Membership(self.transaction, self.organizations, self.register, self._books, self.jobs, self.clock)

    @property
    def logins(self) -> Logins:
        """The use cases about their sessions."""
        return Logins(self.transaction, self.organization, self._books, self.clock)

    @property
    def audit_log(self) -> PostgresAuditLog:
        """Who did what."""
        return PostgresAuditLog(self.transaction, self.organization)

    @property
    def verify_audit_log(self) -> VerifyChain:
        """Whether that is what was written."""
        return VerifyChain(self.audit_log)

    async def note(self, action: str, subject: str, at: datetime, *, actor: str = "system") -> None:
        """Write what no use case here did into the audit log."""
        await self._books.audit(actor=actor, action=action, subject=subject, at=at)

    @property
    def _admit(self) -> AdmitStream:
        return AdmitStream(self.organizations, self.streams)

    @property
    def _record(self) -> RecordTransition:
        return RecordTransition(self.streams, self.clock)

    @property
    def feed(self) -> PostgresFeedLog:
        """What the feeds of its streams tell."""
        return PostgresFeedLog(self.transaction)

    @property
    def follow_source(self) -> FollowSource:
        """Take what the mesh reports of a live source."""
        return FollowSource(self.streams, self._announcements, self.feed)

    @property
    def push(self) -> PushInputs:
        """Take what a customer sends into a stream."""
        return PushInputs(self.streams, OutboxInputs(self.outbox, self.transaction), self.clock)

    @property
    def _announcements(self) -> ToldAnnouncements:
        told = OutboxAnnouncements(self.outbox, self.transaction, self._configurations)
        return ToldAnnouncements(told, self.feed, self.clock)

    @property
    def _choose_profile(self) -> ChooseProfile:
        return ChooseProfile(self.configurations)

    @property
    def _configurations(self) -> PostgresConfigurations:
        return PostgresConfigurations(self.transaction, self.organization)

    @property
    def _books(self) -> PostgresBooks:
        return PostgresBooks(self.transaction, self.organization, self.address)


@dataclass(frozen=True, slots=True)
class WorkFactory:
    """Binds the use cases to a transaction."""

    outbox: Outbox
    addresses: Addresses
    profiles: Profiles
    clock: Clock
    key_changed: Callable[[str], None] = lambda _: None

    def __call__(self, transaction: Transaction, organization: str, address: Address | None = None) -> Work:
        """The work of one transaction."""
        return Work(
            transaction,
            organization,
            self.outbox,
            self.addresses,
            self.profiles,
            self.clock,
            address,
            key_changed=self.key_changed,
        )
