"""Topics are created as the registry says, by as many services at once as like to, and verified."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from tldr_bus import Broker, BrokerUnavailable, TopicMismatch, ensure_topics
from tldr_contracts.topics import ORGANIZATIONS, STREAMS, Topic


@pytest.fixture
def topic() -> Topic:
    return replace(STREAMS, name=f"tldr.t{uuid4().hex[:8]}.v1", readers=("ingest", "gateway"), partitions=3)


async def partitions(broker: Broker, prefix: str) -> dict[str, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    found = {each["topic"]: len(each["partitions"]) for each in await admin.describe_topics()}
    await admin.close()
    return {name: count for name, count in found.items() if name.startswith(prefix)}


async def test_a_topic_and_its_dead_letters_are_created_by_several_at_once(broker: Broker, topic: Topic) -> None:
    compacted = replace(ORGANIZATIONS, name=f"{topic.name}.compacted", partitions=2, readers=())
    await asyncio.gather(*(ensure_topics(broker, [topic, compacted]) for _ in range(3)))
    assert await partitions(broker, topic.name) == {
        topic.name: 3,
        compacted.name: 2,
        topic.dead_letters("ingest"): 1,
        topic.dead_letters("gateway"): 1,
    }


async def test_another_number_of_partitions_is_refused_in_words(broker: Broker, topic: Topic) -> None:
    await ensure_topics(broker, [topic])
    wrong = replace(topic, partitions=5, retention=timedelta(days=1))
    with pytest.raises(TopicMismatch, match=r"has 3 partitions, the registry says 5"):
        await ensure_topics(broker, [wrong])


async def test_a_broker_that_is_not_there_is_said_to_be_unavailable() -> None:
    with pytest.raises(BrokerUnavailable):
        await ensure_topics(Broker("127.0.0.1:1"), [STREAMS])
