"""What each service is told when the servers are the embedded ones: the same settings as in a container."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tldr_contracts.topics import SERVICES
from tldr_database import DatabaseAddress, provision, upgrade
from tldr_embedded import Addresses, ports
from tldr_embedded.private_files import read_private, write_private
from tldr_mesh.secrets_of_folder import MeshSecrets
from tldr_mesh.services import DEFINITIONS
from tldr_service import Definition, Settings

_RTMP = "rtmp"
_USUAL_PORTS = {"gateway": 8080, _RTMP: 1935}


@dataclass(frozen=True, slots=True, repr=False)
class Environment:
    """Settings by service name; `own` are variables that a service reads for itself."""

    by_service: Mapping[str, Mapping[str, Any]]
    own: Mapping[str, Mapping[str, str]]
    gateway_url: str
    rtmp_url: str = ""

    def moved(self, addresses: Addresses) -> "Environment":
        """The same with the servers at other addresses; PostgreSQL keeps its port, the services theirs."""
        where = _servers(addresses)
        return replace(self, by_service={name: {**values, **where} for name, values in self.by_service.items()})

    def settings(self, service: str) -> Settings:
        """The settings of a service in this process; what is not given here comes from the real environment."""
        return Settings(**self.by_service[service])

    def variables(self, service: str, inherited: Mapping[str, str]) -> dict[str, str]:
        """The same as the environment of a process; of what is inherited, the secrets of other services stay behind."""
        secrets_of_all = {"TLDR_DATABASE_OWNER_URL", *(name for own in self.own.values() for name in own)}
        rest = {name: value for name, value in inherited.items() if name not in secrets_of_all}
        said = {f"TLDR_{name.upper()}": _said(value) for name, value in self.by_service[service].items()}
        return {**rest, **said, **self.own.get(service, {})}


async def prepare(folder: Path, addresses: Addresses, *, allow_loopback: bool = False) -> Environment:
    """Make what is missing: databases, roles, tables, secrets, ports. No service is told who owns its tables."""
    kept = MeshSecrets.of(folder)
    databases = await asyncio.gather(*(_database(addresses.postgres, one, kept) for one in DEFINITIONS))
    numbers = _ports(folder)
    urls = {name: f"http://127.0.0.1:{numbers[name]}" for name in SERVICES}
    shared = {**_servers(addresses), "internal_secret": kept.internal, "services": urls}
    if allow_loopback:
        shared["allow_loopback"] = True
    by_service = {
        one.name: {**shared, **_of_service(database, numbers[one.name])}
        for one, database in zip(DEFINITIONS, databases, strict=True)
    }
    rtmp = f"rtmp://127.0.0.1:{numbers[_RTMP]}/live"
    pushed = {
        "TLDR_INGEST_RTMP_LISTEN": f"127.0.0.1:{numbers[_RTMP]}",
        "TLDR_INGEST_PUSH_FOLDER": str(folder.resolve() / "push"),
    }
    own = {name: dict(told) for name, told in kept.own.items()}
    own["ingest"] |= pushed
    own["gateway"] |= {
        "TLDR_GATEWAY_RTMP_URL": rtmp,
        "TLDR_GATEWAY_REGISTRATION": "open",
        "TLDR_GATEWAY_SECURE_COOKIES": "false",
        "TLDR_GATEWAY_MAIL_FOLDER": str(folder.resolve() / "mail"),
    }
    return Environment(by_service, own, urls["gateway"], rtmp)


async def _database(admin: str, definition: Definition, kept: MeshSecrets) -> DatabaseAddress:
    address = await provision(admin, definition.name, kept.databases[definition.name])
    await upgrade(address.owner, definition.migrations)
    return address


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
        "database_owner_url": "",
        "database_service_url": database.service,
        "database_system_url": database.system,
        "http_port": port,
    }


def _ports(folder: Path) -> dict[str, int]:
    """The ports of the last start where they are still free, so that a client's address stays right."""
    path = folder / "ports.json"
    known = read_private(path) or {}
    names = (*SERVICES, _RTMP)
    wanted = [known.get(name, _USUAL_PORTS.get(name, 0)) for name in names]
    chosen = [number if number and ports.is_free(number) else 0 for number in wanted]
    fresh = iter(ports.choose(chosen.count(0), avoided=[number for number in chosen if number]))
    numbers = {name: number or next(fresh) for name, number in zip(names, chosen, strict=True)}
    write_private(path, numbers)
    return numbers


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
