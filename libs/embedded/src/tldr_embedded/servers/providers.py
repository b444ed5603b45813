"""The four servers of a folder, and the addresses they make together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tldr_embedded.addresses import Addresses
from tldr_embedded.credentials import Credentials, credentials_of
from tldr_embedded.server_spec import ServerState
from tldr_embedded.servers.kafka_apache import ApacheKafka
from tldr_embedded.servers.kafka_tansu import Tansu
from tldr_embedded.servers.postgres_pgserver import Postgres
from tldr_embedded.servers.provider import Provider
from tldr_embedded.servers.redis_valkey import Redis
from tldr_embedded.servers.s3_rclone import REGION, S3


@dataclass(frozen=True, slots=True)
class Providers:
    folder: Path
    credentials: Credentials
    kafka: Tansu | ApacheKafka
    postgres: Postgres
    redis: Redis
    s3: S3

    @classmethod
    def of(cls, folder: Path, kafka: Literal["tansu", "apache"]) -> "Providers":
        keys = credentials_of(folder)
        return cls(
            folder,
            keys,
            ApacheKafka(folder) if kafka == "apache" else Tansu(folder),
            Postgres(folder, keys.postgres),
            Redis(folder, keys.redis),
            S3(folder, keys.s3_access_key, keys.s3_secret_key),
        )

    @property
    def all(self) -> tuple[Provider, ...]:
        return (self.kafka, self.postgres, self.redis, self.s3)

    def addresses(self, states: Mapping[str, ServerState]) -> Addresses:
        ports = {name: state.ports[0] for name, state in states.items()}
        return Addresses(
            kafka=f"127.0.0.1:{ports['kafka']}",
            idempotent=self.kafka.idempotent,
            postgres=self.postgres.dsn(ports["postgres"]),
            redis=self.redis.url(ports["redis"]),
            s3_endpoint=f"127.0.0.1:{ports['s3']}",
            s3_access_key=self.credentials.s3_access_key,
            s3_secret_key=self.credentials.s3_secret_key,
            s3_region=REGION,
        )
