"""The W3C trace context of what is sent on: the present span, else the received event's or request's trace, else a new one."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")
_received: ContextVar[str | None] = ContextVar("tldr_received_trace", default=None)


def next_traceparent() -> str:
    """A `traceparent` for what is published, asked or answered now."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return f"00-{span.trace_id:032x}-{span.span_id:016x}-{int(span.trace_flags):02x}"
    received = _TRACEPARENT.fullmatch(_received.get() or "")
    if received is not None:
        return f"00-{received[1]}-{secrets.token_hex(8)}-{received[2]}"
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"


def valid_traceparent(text: str | None) -> str | None:
    """The same text where it is a trace context, else nothing: a broken one refuses nothing."""
    return text if text is not None and _TRACEPARENT.fullmatch(text) else None


@contextmanager
def following(traceparent: str | None) -> Iterator[None]:
    """Let what is sent on inside continue this trace."""
    token = _received.set(traceparent)
    try:
        yield
    finally:
        _received.reset(token)
