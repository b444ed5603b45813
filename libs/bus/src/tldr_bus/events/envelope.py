"""CloudEvents 1.0 in Kafka's binary mode: headers for what is published, a `Received` for what arrives."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from google.protobuf.message import DecodeError, Message

from tldr_bus.events.event import Received
from tldr_bus.events.record import Record
from tldr_telemetry import valid_traceparent

M = TypeVar("M", bound=Message)

CONTENT_TYPE = "application/protobuf"
TEXT_LIMIT = 255
_LANE_LIMIT = 2**31
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ATTRIBUTES = frozenset(
    {
        "ce_specversion",
        "ce_id",
        "ce_type",
        "ce_source",
        "ce_time",
        "ce_subject",
        "content-type",
        "traceparent",
        "tldr-lane",
    }
)


class Malformed(Exception):
    """A record that no attempt will ever make sense of."""


def headers(
    *,
    id: UUID,
    type: str,
    source: str,
    time: datetime,
    subject: str,
    lane: int,
    traceparent: str | None,
) -> list[tuple[str, bytes]]:
    """The headers of an event."""
    found = [
        ("ce_specversion", b"1.0"),
        ("ce_id", str(id).encode()),
        ("ce_type", type.encode()),
        ("ce_source", source.encode()),
        ("ce_time", time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z").encode()),
        ("ce_subject", subject.encode()),
        ("content-type", CONTENT_TYPE.encode()),
        ("tldr-lane", str(lane).encode()),
    ]
    if traceparent is not None:
        found.append(("traceparent", traceparent.encode()))
    return found


def decode(record: Record, message_type: type[M]) -> Received[M]:
    """Make sense of a record. Raises Malformed, and nothing else, whatever the bytes are."""
    attributes = _attributes(record)
    if attributes.get("ce_specversion") != "1.0":
        raise Malformed("not CloudEvents 1.0")
    if attributes.get("content-type") != CONTENT_TYPE:
        raise Malformed(f"content-type is not {CONTENT_TYPE}")
    type_name = _text(attributes, "ce_type")
    return Received(
        id=_id(attributes),
        type=type_name,
        source=_text(attributes, "ce_source"),
        time=_time(attributes),
        organization=organization_of(record),
        subject=_text(attributes, "ce_subject"),
        lane=_lane(attributes),
        traceparent=valid_traceparent(attributes.get("traceparent")),
        message=_message(record, message_type, type_name),
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
    )


def organization_of(record: Record) -> str:
    """Whose record it is: its key. Raises Malformed."""
    try:
        return _text({"key": (record.key or b"").decode()}, "key")
    except UnicodeDecodeError as error:
        raise Malformed("the key is not UTF-8") from error


def lane_of(record: Record) -> int | None:
    """The lane its header tells, read without decoding the rest; None where it cannot be read."""
    for name, value in record.headers:
        if name == "tldr-lane" and value is not None and value.isdigit() and len(value) < 10:
            return int(value)
    return None


def _attributes(record: Record) -> dict[str, str]:
    try:
        return {name: value.decode() for name, value in record.headers if name in _ATTRIBUTES and value is not None}
    except UnicodeDecodeError as error:
        raise Malformed("a header is not UTF-8") from error


def _text(attributes: Mapping[str, str], name: str) -> str:
    text = attributes.get(name, "")
    # PostgreSQL stores no NUL in text, and indexes no long text.
    if not text or len(text) > TEXT_LIMIT or "\x00" in text:
        raise Malformed(f"{name} is missing, longer than {TEXT_LIMIT} characters or holds a NUL")
    return text


def _id(attributes: Mapping[str, str]) -> str:
    text = attributes.get("ce_id", "")
    if _UUID.fullmatch(text):
        return text
    try:
        return str(UUID(text))
    except ValueError as error:
        raise Malformed("ce_id is not a UUID") from error


def _time(attributes: Mapping[str, str]) -> datetime:
    try:
        time = datetime.fromisoformat(attributes.get("ce_time", ""))
        return time if time.tzinfo is UTC else time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise Malformed("ce_time is not a time") from error


def _lane(attributes: Mapping[str, str]) -> int:
    text = attributes.get("tldr-lane", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) < _LANE_LIMIT):
        raise Malformed("tldr-lane is not a lane")
    return int(text)


def _message(record: Record, message_type: type[M], type_name: str) -> M:
    if record.value is None:
        raise Malformed("the record has no value")
    message = message_type()
    try:
        message.ParseFromString(record.value)
    except DecodeError as error:
        raise Malformed(f"the value is not a {message.DESCRIPTOR.full_name}") from error
    kind = message.WhichOneof("event")
    if kind is None:
        raise Malformed("the message holds no fact that is known here")
    name = fact_name(message, kind)
    if name != type_name:
        raise Malformed(f"ce_type is {type_name!r} but the fact is a {name}")
    return message


def fact_name(message: Message, kind: str) -> str:
    """The full name of the fact in the oneof field `kind`, for example `tldr.streams.v1.StreamRequested`."""
    return str(getattr(message, kind).DESCRIPTOR.full_name)
