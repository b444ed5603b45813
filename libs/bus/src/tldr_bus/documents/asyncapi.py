"""The AsyncAPI document of the registry's topics: `python -m tldr_bus.documents.asyncapi [--check] docs/api/asyncapi.yaml`.

FastStream declares the publications and subscriptions, on a broker that is never started; what it cannot know of (protobuf,
headers, partitions) is set on its document afterwards. Needs `faststream[kafka]`, which services do not.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from tldr_bus.documents.message_schemas import reference, schemas_of
from tldr_bus.events.envelope import CONTENT_TYPE
from tldr_contracts.topics import TOPICS, Topic

if TYPE_CHECKING:
    from faststream.kafka import KafkaBroker

_HEADERS = "CloudEventHeaders"
_TEXT = {"type": "string"}
_DESCRIPTION = """\
What happens in TL;DR Highlights, as facts on Kafka.

Records are CloudEvents 1.0 in binary mode: protobuf in the value, attributes in the headers. The key is the organization's
id, the partition is the lane modulo the topic's partitions. Delivery is at least once, under the same ce_id each time, and
in order for each subject.
"""


def document(topics: Iterable[Topic] = TOPICS) -> dict[str, Any]:
    """The document as plain data."""
    from faststream.kafka import KafkaBroker
    from faststream.specification import AsyncAPI

    broker = KafkaBroker("localhost:9092")
    owners = {name: topic for topic in topics for name in _declare(broker, topic)}
    specification = AsyncAPI(broker, title="TL;DR Highlights", version="1.0.0", description=_DESCRIPTION)
    found: dict[str, Any] = specification.to_specification().to_jsonable()
    found["defaultContentType"] = CONTENT_TYPE
    # FastStream keeps subscribers in a set: without an order of ours the document would differ from run to run.
    found["channels"] = {name: found["channels"][name] for name in owners}
    found["operations"] = {name: found["operations"][name] for name in owners}
    for name, channel in found["channels"].items():
        channel["bindings"]["kafka"].update(_topic_binding(owners[name]))
    messages = found["components"]["messages"] = dict(sorted(found["components"]["messages"].items()))
    for name, message in messages.items():
        message.update(_message(owners[name.rpartition(":")[0]]))
        message.pop("correlationId", None)
    for name, operation in found["operations"].items():
        if operation["action"] == "receive":
            operation["bindings"] = {"kafka": {"groupId": {"type": "string", "const": name}, "bindingVersion": "0.4.0"}}
    found["components"]["schemas"] = _schemas(owners.values())
    return found


def _declare(broker: "KafkaBroker", topic: Topic) -> list[str]:
    """Declare who writes and who reads; returns the names of the channels, of which the readers' are their groups'."""
    from pydantic import GetPydanticSchema, WithJsonSchema
    from pydantic_core import core_schema

    payload: Any = Annotated[
        topic.message,
        GetPydanticSchema(lambda _, __: core_schema.is_instance_schema(topic.message)),
        WithJsonSchema({"type": "object"}),
    ]
    channels = [f"{topic.writer} writes {topic.name}"]
    broker.publisher(topic.name, schema=payload, title=channels[0], description=f"Written by {topic.writer} alone.")
    for reader in topic.readers:

        async def handle(message: payload) -> None:
            """Only its signature is looked at."""

        channels.append(topic.group(reader))
        description = f"What {reader} gives up goes to {topic.dead_letters(reader)}."
        broker.subscriber(topic.name, group_id=channels[-1], title=channels[-1], description=description)(handle)
    return channels


def _topic_binding(topic: Topic) -> dict[str, Any]:
    kept = {"cleanup.policy": ["compact"]}
    timed = {"cleanup.policy": ["delete"], "retention.ms": int(topic.retention.total_seconds() * 1000)}
    return {"partitions": topic.partitions, "topicConfiguration": kept if topic.compacted else timed}


def _message(topic: Topic) -> dict[str, Any]:
    name = topic.message.DESCRIPTOR.full_name
    return {
        "contentType": CONTENT_TYPE,
        "headers": reference(_HEADERS),
        "payload": reference(name),
        "bindings": {
            "kafka": {"key": {"type": "string", "description": "The organization."}, "bindingVersion": "0.4.0"}
        },
        "x-protobuf": name,
    }


def _schemas(topics: Iterable[Topic]) -> dict[str, Any]:
    schemas: dict[str, Any] = {_HEADERS: _header_schema()}
    for topic in topics:
        schemas |= schemas_of(topic.message)
    return dict(sorted(schemas.items()))


def _header_schema() -> Mapping[str, Any]:
    properties = {
        "ce_specversion": {"type": "string", "const": "1.0"},
        "ce_id": {"type": "string", "format": "uuid", "description": "UUIDv7; the same each time the event is sent."},
        "ce_type": _TEXT | {"description": "The fact's full protobuf name."},
        "ce_source": _TEXT | {"description": "The service, as /tldr/<service>."},
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": _TEXT | {"description": "The stream, else the organization or message."},
        "content-type": {"type": "string", "const": CONTENT_TYPE},
        "traceparent": _TEXT | {"description": "W3C trace context."},
        "tldr-lane": {"type": "string", "pattern": "^[0-9]+$"},
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name != "traceparent"],
    }


def _yaml(document: Mapping[str, Any]) -> str:
    import yaml  # type: ignore[import-untyped, unused-ignore]

    class Dumper(yaml.SafeDumper):  # type: ignore[misc, unused-ignore]
        """Writes texts of several lines as such, and nothing as an alias."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def text(dumper: Dumper, content: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", content, style="|" if "\n" in content else None)

    Dumper.add_representer(str, text)
    written: str = yaml.dump(document, Dumper=Dumper, sort_keys=False, width=120)
    return "# Generated by tldr_bus.documents.asyncapi; do not edit.\n" + written


def main() -> int:
    """Write the document, or compare it with what is there."""
    parser = argparse.ArgumentParser(description="The AsyncAPI document of the registry's topics.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")
    arguments = parser.parse_args()
    text = _yaml(document())
    if not arguments.check:
        arguments.file.write_text(text)
    elif not arguments.file.exists() or arguments.file.read_text() != text:
        sys.stderr.write(
            f"{arguments.file} is out of date: run python -m tldr_bus.documents.asyncapi {arguments.file}\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
