"""An organization wants to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tldr_service import Clock
from tldr_webhook_dispatcher.application.endpoints.errors import too_many_endpoints
from tldr_webhook_dispatcher.application.endpoints.wishes import checked_headers, checked_types
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
        self,
        organization: str,
        *,
        id: str,
        url: str,
        description: str,
        types: Sequence[str],
        headers: Mapping[str, str],
    ) -> tuple[Endpoint, str]:
        """The endpoint and its secret, which is shown this once; asked for again by its id, what was added."""
        wanted, own = checked_types(types), checked_headers(headers)
        # So that two requests never share the last place.
        await self.endpoints.take_turn(organization)
        added = await self.endpoints.get(id)
        if added is not None:
            return added, self.secrets.open(added.sealed_secret)
        if len(await self.endpoints.all()) >= self.most:
            raise too_many_endpoints(self.most)
        secret = self.secrets.new()
        endpoint = Endpoint(
            id=id,
            organization=organization,
            address=self.secrets.address(url),
            description=description,
            types=wanted,
            enabled=True,
            sealed_secret=self.secrets.seal(secret),
            created_at=self.clock.now(),
            headers=self.secrets.headers(own),
        )
        await self.endpoints.add(endpoint)
        return endpoint, secret
