"""Who asks: the organization and the scopes come from the credential, never from the body."""

from dataclasses import dataclass

from tldr_contracts.ids import OrganizationId
from tldr_gateway.application.ports import KeyLookup
from tldr_gateway.domain.accounts.api_key import Scope, prefix_of
from tldr_service import Clock
from tldr_web import Problem


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated caller."""

    organization: OrganizationId
    key: str
    scopes: frozenset[Scope]

    def require(self, scope: Scope) -> None:
        """Problem 403 when the key does not have the scope."""
        if scope not in self.scopes:
            raise Problem(403, "missing_scope", f"This needs a key with the scope {scope}.")


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Find out who presents a key. Wrong, revoked and expired keys are told apart by nobody."""

    lookup: KeyLookup
    clock: Clock

    async def __call__(self, presented: str) -> Caller:
        """The caller; Problem 401 when the key does not hold."""
        prefix = prefix_of(presented)
        key = await self.lookup.by_prefix(prefix) if prefix else None
        if key is None or not key.matches(presented) or not key.usable(self.clock.now()):
            raise Problem(
                401,
                "invalid_api_key",
                "Send a valid API key as `Authorization: Bearer <key>`.",
                headers={"www-authenticate": "Bearer"},
            )
        return Caller(OrganizationId(key.organization), key.id, key.scopes)
