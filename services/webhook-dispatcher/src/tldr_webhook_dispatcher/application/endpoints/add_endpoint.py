"""An organization wants to be told."""

from dataclasses import dataclass

from tldr_contracts.ids import new_id
from tldr_contracts.webhooks import WEBHOOK_TYPES
from tldr_service import Clock
from tldr_web import Problem
from tldr_webhook_dispatcher.application.ports import Endpoints, Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class AddEndpoint:
    """Add an endpoint with a fresh secret."""

    endpoints: Endpoints
    secrets: Secrets
    clock: Clock
    most: int

    async def __call__(
        self, organization: str, *, url: str, description: str, types: tuple[str, ...]
    ) -> tuple[Endpoint, str]:
        """The endpoint and its secret, which is shown this once."""
        unknown = sorted(set(types) - set(WEBHOOK_TYPES))
        if unknown:
            known = ", ".join(WEBHOOK_TYPES)
            raise Problem(422, "unknown_type", f"There is no message type {unknown[0]!r}. Choose from: {known}.")
        if len(await self.endpoints.all()) >= self.most:
            raise Problem(409, "too_many_endpoints", f"There can be {self.most} endpoints. Delete one first.")
        secret = self.secrets.new()
        endpoint = Endpoint(
            id=new_id("whe"),
            organization=organization,
            address=self.secrets.address(url),
            description=description,
            types=tuple(dict.fromkeys(types)),
            enabled=True,
            sealed_secret=self.secrets.seal(secret),
            created_at=self.clock.now(),
        )
        await self.endpoints.add(endpoint)
        return endpoint, secret
