"""A new customer."""

from dataclasses import dataclass

from tldr_contracts.ids import OrganizationId, new_id
from tldr_gateway.application.ports import Announcements, Books, Keys, Organizations
from tldr_gateway.domain.accounts.account import Organization
from tldr_gateway.domain.accounts.api_key import ApiKey, digest_of, new_secret
from tldr_gateway.domain.accounts.scopes import ALL_SCOPES
from tldr_gateway.domain.members.member import Member, Role, folded
from tldr_service import Clock


@dataclass(frozen=True, slots=True)
class Registered:
    """The new organization, its owner and its first key, of which `secret` is shown this once."""

    organization: Organization
    owner: Member
    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class RegisterOrganization:
    """Register an organization with its owner and a key that may do everything."""

    organizations: Organizations
    keys: Keys
    announcements: Announcements
    books: Books
    clock: Clock

    async def __call__(
        self, organization: OrganizationId, *, name: str, email: str, plan: str, password: str | None = None
    ) -> Registered:
        """Register; EmailTaken when the address is in use. `password` is a hash; without one the owner has none yet."""
        now = self.clock.now()
        made = Organization(organization, name, plan, version=1, created_at=now)
        owner = Member(new_id("usr"), organization, folded(email), Role.OWNER, now, password)
        secret, prefix = new_secret()
        key = ApiKey(new_id("key"), organization, "first key", prefix, digest_of(secret), ALL_SCOPES, now)
        await self.organizations.add(made, owner)
        await self.keys.add(key)
        await self.announcements.organization_changed(made)
        await self.books.audit(
            actor=owner.id,
            action="organization.registered",
            subject=organization,
            at=now,
            after={"name": name, "plan": plan, "first_key": key.described},
        )
        return Registered(made, owner, key, secret)
