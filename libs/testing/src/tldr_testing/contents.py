"""Everything that a service's database or a broker holds, to search for what should be nowhere."""

from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import text

from tldr_database import Database

_TABLES = """
    SELECT relname AS tablename FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')"""


async def everything_in(database: Database) -> str:
    """Each row of each table that services use; bytes are shown as the text in them."""
    async with database.system() as transaction:
        await transaction.execute(text("SET LOCAL bytea_output = 'escape'"))
        tables = await transaction.execute(text(_TABLES))
        rows = [
            f"{name}: {row.content}"
            for name in [table.tablename for table in tables]
            for row in await transaction.execute(text(f'SELECT t::text AS content FROM "{name}" AS t'))  # noqa: S608
        ]
    return "\n".join(rows)


async def everything_on(bootstrap: str) -> Mapping[str, bytes]:
    """Keys, values and headers of every record of every topic, by topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False, fetch_max_wait_ms=50)
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic, number)
            for topic in await consumer.topics()
            for number in consumer.partitions_for_topic(topic) or ()
        ]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        found: dict[str, list[bytes]] = {partition.topic: [] for partition in partitions}
        while any([await consumer.position(partition) < end for partition, end in ends.items()]):
            for partition, records in (await consumer.getmany(timeout_ms=200)).items():
                for record in records:
                    headers = b" ".join(name.encode() + b"=" + value for name, value in record.headers)
                    found[partition.topic] += [record.key or b"", record.value or b"", headers]
    finally:
        await consumer.stop()
    return {topic: b"\n".join(parts) for topic, parts in found.items()}
