"""A customer wants another signing secret, and time to bring it to the receiver."""

from dataclasses import dataclass
from datetime import timedelta

from tldr_service import Clock
from tldr_webhook_dispatcher.application.endpoints.errors import endpoint_not_found
from tldr_webhook_dispatcher.application.ports import Endpoints, Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Sign with a fresh secret from now on, and with the one before too until the overlap is over."""

    endpoints: Endpoints
    secrets: Secrets
    clock: Clock

    async def __call__(self, wanted: str, overlap: timedelta) -> tuple[Endpoint, str]:
        """The endpoint and its new secret, which is shown this once."""
        endpoint = await self.endpoints.lock(wanted)
        if endpoint is None:
            raise endpoint_not_found()
        secret = self.secrets.new()
        rotated = endpoint.rotated(self.secrets.seal(secret), self.clock.now(), overlap)
        await self.endpoints.save(rotated)
        return rotated, secret
