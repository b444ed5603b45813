"""What a customer may wish of an endpoint, checked."""

from collections.abc import Mapping, Sequence

from tldr_contracts.webhooks import WEBHOOK_TYPES
from tldr_webhook_dispatcher.application.endpoints.errors import header_refused, unknown_type
from tldr_webhook_dispatcher.domain.endpoints.headers import MAX_HEADERS, wrong_with


def checked_types(types: Sequence[str]) -> tuple[str, ...]:
    """The types, each once; Problem 422 for one that there is not."""
    unknown = sorted(set(types) - set(WEBHOOK_TYPES))
    if unknown:
        raise unknown_type(unknown[0])
    return tuple(dict.fromkeys(types))


def checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers with their names in small letters; Problem 422 that names each that is not sent."""
    lowered = {name.lower(): value for name, value in headers.items()}
    wrong = {name: problem for name, value in lowered.items() if (problem := wrong_with(name, value))}
    if len(headers) > MAX_HEADERS or len(lowered) < len(headers):
        wrong["*"] = f"Set at most {MAX_HEADERS} headers, each once."
    if wrong:
        raise header_refused(wrong)
    return lowered
