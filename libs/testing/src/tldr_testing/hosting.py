"""Hosts one real service on embedded servers, with its neighbours left out or faked."""

import os
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import uuid_utils
from aiokafka import AIOKafkaProducer
from google.protobuf.message import Message

from tldr_bus import Broker, ensure_topics
from tldr_bus.events.envelope import fact_name, headers
from tldr_contracts.topics import TOPICS, Topic, topic_of
from tldr_database import Database, DatabaseAddress
from tldr_embedded import Servers, ports
from tldr_service import Definition, ServiceHost, Settings, SystemClock
from tldr_storage import S3Address, S3ObjectStore
from tldr_testing.databases import new_database
from tldr_testing.recorder import Recorder
from tldr_web import InternalTokens

_SECRET = "a secret of thirty-two characters"  # noqa: S105 - opens nothing but a test's own services

_MEMBERS: set[tuple[str, str]] = set()
"""Which service runs on which Kafka."""


@dataclass(slots=True)
class Hosted:
    """A service that runs, and what its neighbours would use to talk to it."""

    url: str
    database: Database
    objects: S3ObjectStore
    settings: Settings
    definition: Definition
    servers: Servers
    producer: AIOKafkaProducer
    parts: AsyncExitStack = field(default_factory=AsyncExitStack)
    host: ServiceHost | None = None

    async def start(self) -> None:
        """Start the service, again after `stop`; RuntimeError if these servers have one, whose events this would take."""
        member = self.servers.addresses.kafka, self.definition.name
        if member in _MEMBERS:
            raise RuntimeError(f"{self.definition.name} is hosted on these servers already: two would share a group")
        _MEMBERS.add(member)
        self.host = ServiceHost(self.definition, self.settings, self._broker)
        await self.host.start()

    async def stop(self) -> None:
        """Stop the service; its database stays."""
        if self.host:
            await self.host.stop()
            _MEMBERS.discard((self.servers.addresses.kafka, self.definition.name))

    async def publish(
        self, message: Message, *, organization: str, subject: str, lane: int = 1, event_id: str | None = None
    ) -> str:
        """Publish what a neighbour would; its event id."""
        topic = topic_of(message)
        kind = message.WhichOneof("event") or ""
        made = UUID(event_id) if event_id else UUID(str(uuid_utils.uuid7()))
        said = headers(
            id=made,
            type=fact_name(message, kind),
            source=f"/tldr/{topic.writer}",
            time=SystemClock().now(),
            subject=subject,
            lane=lane,
            traceparent=None,
        )
        await self.producer.send_and_wait(
            topic.name,
            message.SerializeToString(),
            key=organization.encode(),
            partition=topic.partition(lane),
            headers=said,
        )
        return str(made)

    async def recorder(self, topic: Topic) -> Recorder:
        """Everything published on a topic from now on."""
        recorder = Recorder(self.servers.addresses.kafka, topic)
        await recorder.start()
        self.parts.push_async_callback(recorder.stop)
        return recorder

    def asking(self, organization: str) -> httpx.AsyncClient:
        """A client that asks the service's internal routes about one organization."""
        token = InternalTokens(_SECRET).sign("test", self.definition.name, organization)
        return httpx.AsyncClient(
            base_url=self.url, headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=10
        )

    def _broker(self) -> Broker:
        now = self.servers.addresses
        return Broker(now.kafka, now.idempotent)


class Hosting:
    """Makes hosted services; each has a database of its own."""

    def __init__(self, servers: Servers, parts: AsyncExitStack) -> None:
        self._servers = servers
        self._parts = parts

    async def __call__(self, definition: Definition, *, start: bool = True, **settings: Any) -> Hosted:
        """Host a service; `settings` override those that the servers give."""
        now = self._servers.addresses
        await ensure_topics(Broker(now.kafka, now.idempotent), TOPICS)
        address = await new_database(now.postgres, definition)
        (port,) = ports.choose(1)
        made = _settings(self._servers, address, port, settings)
        producer = AIOKafkaProducer(bootstrap_servers=now.kafka)
        await producer.start()
        self._parts.push_async_callback(producer.stop)
        database = Database.connect(address, service_connections=2, system_connections=1)
        self._parts.push_async_callback(database.close)
        hosted = Hosted(
            url=f"http://127.0.0.1:{port}",
            database=database,
            objects=S3ObjectStore(_s3(self._servers)),
            settings=made,
            definition=definition,
            servers=self._servers,
            producer=producer,
            parts=self._parts,
        )
        self._parts.push_async_callback(hosted.stop)
        if start:
            await hosted.start()
        return hosted


def _settings(servers: Servers, address: DatabaseAddress, port: int, changes: dict[str, Any]) -> Settings:
    now = servers.addresses
    values: dict[str, Any] = {
        "kafka_bootstrap": now.kafka,
        "kafka_idempotent": now.idempotent,
        "database_owner_url": address.owner,
        "database_service_url": address.service,
        "database_system_url": address.system,
        "redis_url": now.redis,
        "s3_internal_url": f"http://{now.s3_endpoint}",
        "s3_access_key": now.s3_access_key,
        "s3_secret_key": now.s3_secret_key,
        "s3_region": now.s3_region,
        "internal_secret": _SECRET,
        "service_address": "http://127.0.0.1:9",
        "http_port": port,
        "stop_grace_s": 3.0,
    }
    return Settings(**{**values, **changes})


def _s3(servers: Servers) -> S3Address:
    now = servers.addresses
    url = f"http://{now.s3_endpoint}"
    return S3Address(url, url, now.s3_access_key, now.s3_secret_key, now.s3_region)


SEALING_KEY = "bm90LWEtc2VjcmV0LWJ1dC0zMi1ieXRlcy1sb25nISE="
"""A key that is no secret."""


def seal_webhooks() -> None:
    """Give the webhook dispatcher a key to seal secrets with, for this process."""
    os.environ.setdefault("TLDR_WEBHOOK_DISPATCHER_ENCRYPTION_KEYS", SEALING_KEY)


def seal_sources() -> None:
    """Give the gateway and the ingest service a key to seal addresses with, for this process."""
    os.environ.setdefault("TLDR_SOURCE_KEYS", SEALING_KEY)
