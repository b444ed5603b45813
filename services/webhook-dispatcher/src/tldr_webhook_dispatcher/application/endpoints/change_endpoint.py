"""A customer changes an endpoint, pauses it, lets it go on, or switches it on again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from tldr_webhook_dispatcher.application.endpoints.errors import endpoint_changed, endpoint_not_found
from tldr_webhook_dispatcher.application.endpoints.wishes import checked_headers, checked_types
from tldr_webhook_dispatcher.application.ports import Endpoints, Outgoing, Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class EndpointChanges:
    """What is to change; None stays. `headers` replace those there were, `switch_on` undoes a switching off."""

    url: str | None = None
    description: str | None = None
    types: Sequence[str] | None = None
    headers: Mapping[str, str] | None = None
    paused: bool | None = None
    switch_on: bool = False


@dataclass(frozen=True, slots=True)
class ChangeEndpoint:
    """Change an endpoint. What waits for it goes to where it leads now, and goes on when it is no longer paused."""

    endpoints: Endpoints
    outgoing: Outgoing
    secrets: Secrets

    async def __call__(self, wanted: str, changes: EndpointChanges, *, tags: Collection[str] | None = None) -> Endpoint:
        """The endpoint as it is then; Problem 412 where it has none of these tags."""
        # First the jobs, then the endpoint: in the order in which an attempt that ends locks them.
        if changes.switch_on or changes.paused is False:
            await self.outgoing.deliver(wanted)
        endpoint = await self.endpoints.lock(wanted)
        if endpoint is None:
            raise endpoint_not_found()
        if tags is not None and endpoint.tag not in tags:
            raise endpoint_changed()
        changed = self._changed(endpoint, changes)
        if changed != endpoint:
            await self.endpoints.save(changed)
        return changed

    def _changed(self, endpoint: Endpoint, changes: EndpointChanges) -> Endpoint:
        if changes.url is not None:
            endpoint = endpoint.moved(self.secrets.address(changes.url))
        if changes.switch_on:
            endpoint = endpoint.switched_on()
        if changes.headers is not None:
            endpoint = replace(endpoint, headers=self.secrets.headers(checked_headers(changes.headers)))
        return replace(
            endpoint,
            description=endpoint.description if changes.description is None else changes.description,
            types=endpoint.types if changes.types is None else checked_types(changes.types),
            paused=endpoint.paused if changes.paused is None else changes.paused,
        )
