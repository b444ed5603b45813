"""A customer changes an endpoint, pauses it, lets it go on, or switches it on again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tldr_web import etag_of, require_match
from tldr_webhook_dispatcher.application.endpoints.errors import endpoint_not_found
from tldr_webhook_dispatcher.application.endpoints.wishes import checked_headers, checked_types
from tldr_webhook_dispatcher.application.ports import Endpoints, Outgoing, Secrets
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint


def tag_of(endpoint: Endpoint) -> str:
    """Another one for each change that a customer can make; says nothing of what is sealed."""
    return etag_of(endpoint.changeable)


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

    async def __call__(self, wanted: str, changes: EndpointChanges, *, if_match: str | None = None) -> Endpoint:
        """The endpoint as it is then; Problem 412 where `if_match` says that the caller saw another."""
        # First the jobs, then the endpoint: in the order in which an attempt that ends locks them.
        if changes.switch_on or changes.paused is False:
            await self.outgoing.deliver(wanted)
        endpoint = await self.endpoints.lock(wanted)
        if endpoint is None:
            raise endpoint_not_found()
        require_match(if_match, tag_of(endpoint))
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
