"""What can be wrong with an endpoint."""

from collections.abc import Mapping

from tldr_contracts.webhooks import WEBHOOK_TYPES
from tldr_web import LimitReached, Problem
from tldr_webhook_dispatcher.domain.endpoints.endpoint import Endpoint


def endpoint_not_found() -> Problem:
    """No such endpoint."""
    detail = "There is no endpoint of this id. List them with GET /v1/webhook-endpoints."
    return Problem(404, "endpoint_not_found", detail)


def unknown_type(kind: str) -> Problem:
    """No such type."""
    known = ", ".join(WEBHOOK_TYPES)
    return Problem(422, "unknown_type", f"There is no message type {kind!r}. Choose from: {known}.")


def too_many_endpoints(most: int) -> Problem:
    """The organization has as many as it may have."""
    limit = LimitReached(name="webhook_endpoints", allowed=most)
    return Problem(409, "too_many_endpoints", f"There can be {most} endpoints. Delete one first.", limit=limit)


def header_refused(wrong: Mapping[str, str]) -> Problem:
    """Headers that are not sent, by name, and why."""
    errors = [{"field": f"headers.{name}", "problem": problem} for name, problem in wrong.items()]
    return Problem(422, "header_refused", "Leave out or correct the headers listed in `errors`.", errors=errors)


def endpoint_switched_off() -> Problem:
    """Nothing is sent to it."""
    detail = 'The endpoint is switched off. Mend the receiver, then PATCH the endpoint with {"enabled": true}.'
    return Problem(409, "endpoint_switched_off", detail)


def endpoint_paused() -> Problem:
    """What there is for it waits."""
    detail = 'The endpoint is paused. PATCH it with {"paused": false}, then ask again.'
    return Problem(409, "endpoint_paused", detail)


def require_sending(endpoint: Endpoint | None) -> Endpoint:
    """The endpoint; a Problem where there is none, or nothing is sent to it now."""
    if endpoint is None:
        raise endpoint_not_found()
    if not endpoint.enabled:
        raise endpoint_switched_off()
    if endpoint.paused:
        raise endpoint_paused()
    return endpoint
