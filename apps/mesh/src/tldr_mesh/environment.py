"""What each service is told when the servers are the embedded ones: the same settings as in a container."""

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tldr_contracts.topics import SERVICES
from tldr_database import DatabaseAddress, provision
from tldr_embedded import Addresses, ports
from tldr_embedded.private_files import read_private, write_private
from tldr_service import Settings

_GATEWAY_PORT = 8080


@dataclass(frozen=True, slots=True, repr=False)
class MeshSecrets:
    """The secrets of a folder's services: made once, kept with the data they open."""

    database: str
    internal: str
    webhooks: str

    @classmethod
    def of(cls, folder: Path) -> "MeshSecrets":
        """Read them, or make them."""
        path = folder / "mesh-secrets.json"
        if content := read_private(path):
            return cls(**content)
        made = cls(
            database=secrets.token_hex(24),
            internal=secrets.token_hex(32),
            webhooks=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        )
        write_private(path, asdict(made))
        return made


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """Settings by service name; `own` are variables that services read for themselves."""

    by_service: Mapping[str, Mapping[str, Any]]
    own: Mapping[str, str]
    gateway_url: str

    def moved(self, addresses: Addresses) -> "Environment":
        """The same with the servers at other addresses; PostgreSQL keeps its port, the services theirs."""
        where = _servers(addresses)
        return replace(self, by_service={name: {**values, **where} for name, values in self.by_service.items()})

    def settings(self, service: str) -> Settings:
        """The settings of a service in this process; what is not given here comes from the real environment."""
        return Settings(**self.by_service[service])

    def variables(self, service: str) -> dict[str, str]:
        """The same as environment variables of a process."""
        said = {f"TLDR_{name.upper()}": _said(value) for name, value in self.by_service[service].items()}
        return {**said, **self.own}


async def prepare(folder: Path, addresses: Addresses, *, allow_loopback: bool = False) -> Environment:
    """Make what is missing: databases, roles, secrets, ports."""
    kept = MeshSecrets.of(folder)
    databases = await asyncio.gather(*(provision(addresses.postgres, name, kept.database) for name in SERVICES))
    numbers = _ports(folder)
    urls = {name: f"http://127.0.0.1:{number}" for name, number in numbers.items()}
    shared = {**_servers(addresses), "internal_secret": kept.internal, "services": urls}
    if allow_loopback:
        shared["allow_loopback"] = True
    by_service = {
        name: {**shared, **_of_service(database, numbers[name])}
        for name, database in zip(SERVICES, databases, strict=True)
    }
    own = {"TLDR_WEBHOOK_DISPATCHER_ENCRYPTION_KEYS": kept.webhooks}
    return Environment(by_service, own, urls["gateway"])


def _servers(addresses: Addresses) -> dict[str, Any]:
    return {
        "kafka_bootstrap": addresses.kafka,
        "kafka_idempotent": addresses.idempotent,
        "redis_url": addresses.redis,
        "s3_internal_url": f"http://{addresses.s3_endpoint}",
        "s3_access_key": addresses.s3_access_key,
        "s3_secret_key": addresses.s3_secret_key,
        "s3_region": addresses.s3_region,
    }


def _of_service(database: DatabaseAddress, port: int) -> dict[str, Any]:
    return {
        "database_owner_url": database.owner,
        "database_service_url": database.service,
        "database_system_url": database.system,
        "http_port": port,
    }


def _ports(folder: Path) -> dict[str, int]:
    """The ports of the last start where they are still free, so that a client's address stays right."""
    path = folder / "ports.json"
    known = read_private(path) or {}
    wanted = [known.get(name, _GATEWAY_PORT if name == "gateway" else 0) for name in SERVICES]
    chosen = [number if number and ports.is_free(number) else 0 for number in wanted]
    fresh = iter(ports.choose(chosen.count(0), avoided=[number for number in chosen if number]))
    numbers = {name: number or next(fresh) for name, number in zip(SERVICES, chosen, strict=True)}
    write_private(path, numbers)
    return numbers


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
