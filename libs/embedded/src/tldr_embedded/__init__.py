"""The embedded servers: PostgreSQL, Redis, S3 and Kafka, owned by a folder and run by a keeper.

    async def main() -> None:
        servers = await start(Path(".tldr"), progress=print)
        ...  # servers.addresses says where everything is
        await servers.stop()

The folder holds everything: `postgres/`, `redis/`, `s3/`, `kafka/` the data, `logs/` one log per server,
`secrets.json` and `addresses.json` (mode 0600), `keeper/` the pid files. A small process, the keeper, is the parent of the
servers. A host holds a connection to it; when the host goes without a word the keeper waits for the next one (30 s) and
then stops everything. When the keeper itself dies, Linux stops the servers; elsewhere the next start does.

Names are resolved when asked for, because the keeper is started as a module of this package and must stay small.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tldr_embedded.addresses import Addresses
    from tldr_embedded.errors import FolderInUse, ServerFailed
    from tldr_embedded.host.running import Servers, shut_down, start

__all__ = ["Addresses", "FolderInUse", "ServerFailed", "Servers", "shut_down", "start"]

_HOMES = {"Addresses": "addresses", "FolderInUse": "errors", "ServerFailed": "errors"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'host.running')}"), name)
