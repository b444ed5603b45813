"""The envelope: what goes out comes back the same, and no bytes at all break the reader."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tldr.streams.v1 import streams_pb2
from tldr_bus.events.envelope import Malformed, decode, headers, lane_of
from tldr_bus.events.record import Record

EVENT = streams_pb2.StreamEvent(requested=streams_pb2.StreamRequested(stream_id="str_1", title="Final"))
NAMES = ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject", "content-type", "tldr-lane", "x"]


def record(**changes: str) -> Record:
    found = dict(
        headers(
            id=UUID("0199c2c8-f5a9-7c1e-8d2f-6b7a3e4d5c6b"),
            type="tldr.streams.v1.StreamRequested",
            source="/tldr/gateway",
            time=datetime(2026, 11, 23, 6, 30, 0, 250_000, tzinfo=UTC),
            subject="str_1",
            lane=37,
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
    )
    found |= {name.replace("__", "-"): value.encode() for name, value in changes.items()}
    return Record("tldr.streams.v1", 5, 9, b"org_1", EVENT.SerializeToString(), tuple(found.items()))


def test_an_event_comes_back_as_it_went() -> None:
    received = decode(record(), streams_pb2.StreamEvent)
    assert received.id == "0199c2c8-f5a9-7c1e-8d2f-6b7a3e4d5c6b"
    assert (received.organization, received.subject, received.lane) == ("org_1", "str_1", 37)
    assert received.time == datetime(2026, 11, 23, 6, 30, 0, 250_000, tzinfo=UTC)
    assert received.traceparent == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert (received.kind, received.fact) == ("requested", EVENT.requested)
    assert (received.topic, received.partition, received.offset) == ("tldr.streams.v1", 5, 9)
    assert lane_of(record()) == 37


def test_the_headers_are_those_of_cloudevents_in_binary_mode() -> None:
    found = {name: value.decode() for name, value in record().headers if value is not None}
    assert found == {
        "ce_specversion": "1.0",
        "ce_id": "0199c2c8-f5a9-7c1e-8d2f-6b7a3e4d5c6b",
        "ce_type": "tldr.streams.v1.StreamRequested",
        "ce_source": "/tldr/gateway",
        "ce_time": "2026-11-23T06:30:00.250Z",
        "ce_subject": "str_1",
        "content-type": "application/protobuf",
        "tldr-lane": "37",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }


def test_headers_of_others_are_left_alone() -> None:
    strange = record()
    strange = Record("t", 0, 0, strange.key, strange.value, (*strange.headers, ("x", b"\xff"), ("y", None)))
    assert decode(strange, streams_pb2.StreamEvent).subject == "str_1"


def test_a_broken_trace_context_refuses_no_event() -> None:
    assert decode(record(traceparent="00-nonsense"), streams_pb2.StreamEvent).traceparent is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ce_specversion": "0.3"}, "not CloudEvents 1.0"),
        ({"content__type": "application/json"}, "content-type"),
        ({"ce_id": "7"}, "ce_id"),
        ({"ce_time": "noon"}, "ce_time"),
        ({"ce_subject": "s" * 256}, "ce_subject"),
        ({"tldr__lane": "-1"}, "tldr-lane"),
        ({"tldr__lane": "99999999999"}, "tldr-lane"),
        ({"ce_type": "tldr.streams.v1.StreamFailed"}, "ce_type"),
    ],
)
def test_what_cannot_be_believed_is_malformed(changes: dict[str, str], reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        decode(record(**changes), streams_pb2.StreamEvent)


@given(
    key=st.none() | st.binary(max_size=8),
    value=st.none() | st.binary(max_size=40) | st.just(EVENT.SerializeToString()),
    changed=st.lists(st.tuples(st.sampled_from(NAMES), st.none() | st.binary(max_size=20)), max_size=4),
)
def test_any_bytes_are_an_event_or_malformed(
    key: bytes | None, value: bytes | None, changed: list[tuple[str, bytes | None]]
) -> None:
    strange = Record("t", 0, 0, key, value, (*record().headers, *changed))
    lane_of(strange)
    assert strange.content_id() == Record("t", 3, 4, key, value, strange.headers).content_id()
    with suppress(Malformed):
        decode(strange, streams_pb2.StreamEvent)
