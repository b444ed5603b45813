"""Members get another role, or leave."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.application.members.errors import LastOwner, MemberNotFound, RoleNotYours
from tldr_gateway.application.members.ports import Members, Proofs
from tldr_gateway.application.ports import Books, Organizations
from tldr_gateway.domain.accounts.scopes import beyond
from tldr_gateway.domain.members.member import Member, Role, owned
from tldr_service import Clock


def require_role(caller: Caller, role: Role) -> None:
    """RoleNotYours where a member of this role may do more than the caller, for longer, or from elsewhere."""
    if beyond(role.scopes, caller.scopes) or caller.expires_at is not None or caller.networks:
        raise RoleNotYours(role)


@dataclass(frozen=True, slots=True)
class ChangeMembers:
    """Whoever changes a member may do all that the member may, before and after. One owner always stays."""

    organizations: Organizations
    members: Members
    proofs: Proofs
    books: Books
    clock: Clock

    async def give_role(self, caller: Caller, member: str, role: Role) -> Member:
        """The member as it is now; MemberNotFound, RoleNotYours, LastOwner."""
        found, others = await self._locked(caller, member)
        require_role(caller, found.role)
        require_role(caller, role)
        changed = replace(found, role=role)
        if changed == found:
            return found
        self._require_an_owner((changed, *others))
        await self.members.save(changed)
        await self.proofs.remove_those_by(member)
        await self._audit(caller, "member.role_changed", found, before=found.role, after=role)
        return changed

    async def remove(self, caller: Caller, member: str) -> None:
        """Take it out with its sessions and the invitations it made; MemberNotFound, RoleNotYours, LastOwner."""
        found, others = await self._locked(caller, member)
        require_role(caller, found.role)
        self._require_an_owner(others)
        await self.proofs.remove_those_by(member)
        await self.members.remove(member)
        await self._audit(caller, "member.removed", found, before=found.role)

    async def _locked(self, caller: Caller, member: str) -> tuple[Member, Sequence[Member]]:
        # So that two owners never remove each other.
        await self.organizations.lock(caller.organization)
        members = {one.id: one for one in await self.members.all()}
        found = members.pop(member, None)
        if found is None:
            raise MemberNotFound
        return found, list(members.values())

    def _require_an_owner(self, left: Sequence[Member]) -> None:
        if not owned(left):
            raise LastOwner

    async def _audit(
        self, caller: Caller, action: str, member: Member, *, before: Role, after: Role | None = None
    ) -> None:
        await self.books.audit(
            actor=caller.key,
            action=action,
            subject=member.id,
            at=self.clock.now(),
            before={"email": member.email, "role": before},
            after=None if after is None else {"email": member.email, "role": after},
        )
