"""Apache Kafka as the embedded broker: its log, its cluster id and its port outlive it."""

import re
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tldr_embedded import start
from tldr_embedded.errors import ServerFailed
from tldr_embedded.servers.kafka_jars import find_java


def silent(_sentence: str) -> None:
    """Nobody watches the progress."""


def cluster_id(folder: Path) -> str:
    (found,) = re.findall(r"^cluster\.id=(.*)$", (folder / "kafka" / "meta.properties").read_text(), re.MULTILINE)
    return str(found)


@pytest.mark.delivery
async def test_records_of_an_idempotent_producer_are_there_after_a_new_start(tmp_path: Path) -> None:
    first = await start(tmp_path, "apache", progress=silent)
    assert first.addresses.idempotent
    admin = AIOKafkaAdminClient(bootstrap_servers=first.addresses.kafka)
    await admin.start()
    await admin.create_topics([NewTopic("facts", num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=first.addresses.kafka, enable_idempotence=True) as producer:
        for number in range(10):
            await producer.send_and_wait("facts", str(number).encode())
    known = cluster_id(tmp_path)
    await first.stop()

    second = await start(tmp_path, "apache", progress=silent)
    assert second.addresses.kafka == first.addresses.kafka
    assert cluster_id(tmp_path) == known
    async with AIOKafkaConsumer(bootstrap_servers=second.addresses.kafka, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition("facts", 0)])
        assert [(await consumer.getone()).value for _ in range(10)] == [str(number).encode() for number in range(10)]
    await second.stop()


@pytest.mark.delivery
async def test_a_folder_may_change_its_broker(tmp_path: Path) -> None:
    await (await start(tmp_path, "tansu", progress=silent)).stop()
    servers = await start(tmp_path, "apache", progress=silent)
    assert servers.addresses.idempotent
    await servers.stop()


async def test_a_machine_without_java_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ServerFailed, match="Apache Kafka needs Java 17 or newer"):
        await find_java()
