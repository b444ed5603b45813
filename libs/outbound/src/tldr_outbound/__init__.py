"""The one guard through which every URL from outside is opened."""

from tldr_outbound.address_policy import AddressPolicy
from tldr_outbound.clients import GuardedTransport, guarded_async_client, guarded_client
from tldr_outbound.errors import (
    AddressRefused,
    DeadlineExceeded,
    EncryptedSource,
    OutboundError,
    RequestNotUnderstood,
    ResponseTooLarge,
    SourceNotFound,
    SourceUnavailable,
    TooManyRedirects,
)
from tldr_outbound.exchange import Answer, as_outbound_error, exchange
from tldr_outbound.guarded_lines import GuardedLines, LineLimits
from tldr_outbound.guarded_reader import GuardedReader
from tldr_outbound.limits import Deadline, OutboundLimits, ReadingLimits
from tldr_outbound.media_opener import GuardedOpener, RefusingOpener
from tldr_outbound.resolver import Resolver, resolve_by_system

__all__ = [
    "AddressPolicy",
    "AddressRefused",
    "Answer",
    "Deadline",
    "DeadlineExceeded",
    "EncryptedSource",
    "GuardedLines",
    "GuardedOpener",
    "GuardedReader",
    "GuardedTransport",
    "LineLimits",
    "OutboundError",
    "OutboundLimits",
    "ReadingLimits",
    "RefusingOpener",
    "RequestNotUnderstood",
    "Resolver",
    "ResponseTooLarge",
    "SourceNotFound",
    "SourceUnavailable",
    "TooManyRedirects",
    "as_outbound_error",
    "exchange",
    "guarded_async_client",
    "guarded_client",
    "resolve_by_system",
]
