"""The embedded servers as a host uses them: started, used by real clients, stopped, found again."""

import io
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from minio import Minio
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError

from tldr_embedded import Addresses, FolderInUse, ServerFailed, start
from tldr_embedded.keeper_messages import KeeperRecord


def silent(_sentence: str) -> None:
    """Nobody watches the progress."""


def s3(addresses: Addresses) -> Minio:
    return Minio(
        addresses.s3_endpoint,
        addresses.s3_access_key,
        addresses.s3_secret_key,
        secure=False,
        region=addresses.s3_region,
    )


async def produce_and_consume(addresses: Addresses) -> bytes | None:
    admin = AIOKafkaAdminClient(bootstrap_servers=addresses.kafka)
    await admin.start()
    await admin.create_topics([NewTopic("facts", num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=addresses.kafka, enable_idempotence=addresses.idempotent) as producer:
        await producer.send_and_wait("facts", b"something happened")
    async with AIOKafkaConsumer(bootstrap_servers=addresses.kafka, auto_offset_reset="earliest") as consumer:
        consumer.assign([TopicPartition("facts", 0)])
        value: bytes | None = (await consumer.getone()).value
        return value


async def test_all_four_answer_real_clients_and_nothing_is_left_after_stop(tmp_path: Path) -> None:
    servers = await start(tmp_path, progress=silent)
    addresses = servers.addresses
    record = KeeperRecord.read(tmp_path)
    assert record is not None
    pids = [record.pid, *(state.pid for state in servers.states.values())]

    connection = await asyncpg.connect(addresses.postgres)
    assert await connection.fetchval("SHOW synchronous_commit") == "on"
    await connection.close()
    async with Redis.from_url(addresses.redis) as redis:
        assert await redis.eval("return 40 + 2", 0) == 42
    s3(addresses).make_bucket("clips")
    s3(addresses).put_object("clips", "a/b.mp4", io.BytesIO(b"clip"), 4)
    assert s3(addresses).get_object("clips", "a/b.mp4", offset=1, length=2).read() == b"li"
    assert await produce_and_consume(addresses) == b"something happened"

    await servers.stop()
    await servers.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids if pid is not None)


async def test_data_ports_and_passwords_survive_a_stop_but_the_broker_is_another(tmp_path: Path) -> None:
    first = await start(tmp_path, progress=silent)
    connection = await asyncpg.connect(first.addresses.postgres)
    await connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    await connection.close()
    async with Redis.from_url(first.addresses.redis) as redis:
        await redis.set("kept", "7")
    s3(first.addresses).make_bucket("kept")
    await first.stop()

    second = await start(tmp_path, progress=silent)
    connection = await asyncpg.connect(second.addresses.postgres)
    assert await connection.fetchval("SELECT id FROM kept") == 7
    await connection.close()
    async with Redis.from_url(second.addresses.redis) as redis:
        assert await redis.get("kept") == b"7"
    assert s3(second.addresses).bucket_exists("kept")
    assert second.addresses.postgres == first.addresses.postgres
    assert second.addresses.kafka != first.addresses.kafka
    await second.stop()


async def test_what_redis_6_kept_in_one_append_only_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir()
    words = b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in (b"SET", b"kept", b"7"))
    (tmp_path / "redis" / "appendonly.aof").write_bytes(b"*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n" + words)
    servers = await start(tmp_path, progress=silent)
    async with Redis.from_url(servers.addresses.redis) as redis:
        assert await redis.get("kept") == b"7"
    await servers.stop()


async def test_nobody_enters_postgres_or_redis_without_the_password(tmp_path: Path) -> None:
    servers = await start(tmp_path, progress=silent)
    port = servers.states["postgres"].ports[0]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(f"postgresql://postgres:wrong@127.0.0.1:{port}/postgres")
    async with Redis(port=servers.states["redis"].ports[0], retry=Retry(NoBackoff(), 0)) as redis:
        with pytest.raises(AuthenticationError):
            await redis.ping()
    await servers.stop()


async def test_secrets_are_for_their_owner_only_and_in_no_command_line(tmp_path: Path) -> None:
    servers = await start(tmp_path, progress=silent)
    for name in ("secrets.json", "addresses.json", "redis.conf", "keeper/keeper.json"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name
    lines = [" ".join(psutil.Process(state.pid).cmdline()) for state in servers.states.values()]
    assert not any(servers.addresses.s3_secret_key in line for line in lines)
    assert servers.addresses.s3_secret_key not in repr(servers.addresses)
    assert Addresses.from_json(servers.addresses.to_json()) == servers.addresses
    assert Addresses.from_json((tmp_path / "addresses.json").read_text()) == servers.addresses
    await servers.stop()


async def test_a_second_host_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    servers = await start(tmp_path, progress=silent)
    with pytest.raises(FolderInUse, match=r"Another mesh runs on .* \(process \d+\)"):
        await start(tmp_path, progress=silent)
    connection = await asyncpg.connect(servers.addresses.postgres)
    await connection.close()
    await servers.stop()


async def test_a_folder_may_be_deeper_than_a_socket_path(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 20) / ("er" * 20)
    servers = await start(folder, progress=silent)
    await servers.stop()


async def test_a_server_that_cannot_start_is_explained_and_nothing_stays_behind(tmp_path: Path) -> None:
    await (await start(tmp_path, progress=silent)).stop()
    (tmp_path / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServerFailed, match=r"(?s)PostgreSQL was not ready.*exited 3 times.*no_such_setting"):
        await start(tmp_path, progress=silent)
    assert KeeperRecord.read(tmp_path) is None
    assert not [
        process for process in psutil.process_iter(["cmdline"]) if str(tmp_path) in str(process.info["cmdline"])
    ]


async def test_a_data_folder_of_an_unknown_version_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerFailed, match="was made by PostgreSQL 9; there is only 18 and 16"):
        await start(tmp_path, progress=silent)
