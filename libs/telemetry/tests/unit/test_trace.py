"""The trace of what is published: the caller's span, else the received event's, else a new one."""

from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags

from tldr_telemetry import following, next_traceparent, valid_traceparent

RECEIVED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_without_any_trace_a_new_one_begins() -> None:
    assert valid_traceparent(next_traceparent()) is not None
    assert next_traceparent() != next_traceparent()


def test_what_a_handler_publishes_continues_the_trace_it_received() -> None:
    with following(RECEIVED):
        mine = next_traceparent()
    assert mine.split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert mine.split("-")[2] != "b7ad6b7169203331"
    assert next_traceparent().split("-")[1] != "0af7651916cd43dd8448eb211c80319c"


def test_a_span_of_the_caller_comes_first() -> None:
    span = NonRecordingSpan(SpanContext(trace_id=7, span_id=8, is_remote=False, trace_flags=TraceFlags(1)))
    with following(RECEIVED), trace.use_span(span):
        assert next_traceparent() == f"00-{7:032x}-{8:016x}-01"


def test_what_is_no_trace_context_is_none() -> None:
    for text in (None, "", "00-zz", "00-" + "0" * 32 + "-b7ad6b7169203331-01", RECEIVED + "\n"):
        assert valid_traceparent(text) is None
