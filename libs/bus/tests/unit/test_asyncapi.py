"""The AsyncAPI document says of every topic who writes it, who reads it and what is in it."""

import json

from tldr_bus.documents.asyncapi import document
from tldr_contracts.topics import STREAMS, TOPICS


def test_every_topic_has_its_writer_and_its_readers() -> None:
    operations = document()["operations"]
    for topic in TOPICS:
        assert operations[f"{topic.writer} writes {topic.name}"]["action"] == "send"
        for reader in topic.readers:
            assert operations[topic.group(reader)]["action"] == "receive"
    assert len(operations) == sum(1 + len(topic.readers) for topic in TOPICS)


def test_a_message_is_protobuf_with_the_headers_of_an_event() -> None:
    found = document()
    message = found["components"]["messages"][f"{STREAMS.group('ingest')}:SubscribeMessage"]
    assert message["contentType"] == "application/protobuf"
    assert message["payload"] == {"$ref": "#/components/schemas/tldr.streams.v1.StreamEvent"}
    assert "tldr-lane" in found["components"]["schemas"]["CloudEventHeaders"]["required"]
    requested = found["components"]["schemas"]["tldr.streams.v1.StreamRequested"]["properties"]
    assert requested["streamId"] == {"type": "string"}
    assert requested["profile"] == {"$ref": "#/components/schemas/tldr.streams.v1.DetectionProfile"}


def test_every_reference_leads_somewhere_and_every_run_gives_the_same() -> None:
    found = document()
    text = json.dumps(found)
    assert text == json.dumps(document())
    schemas = found["components"]["schemas"]
    references = [part.split('"')[0] for part in text.split("#/components/schemas/")[1:]]
    assert references
    assert set(references) <= set(schemas)
