"""What a folder's services are told when the mesh starts on it."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tldr_contracts.topics import SERVICES
from tldr_database import Roles, provision
from tldr_embedded import start
from tldr_mesh.environment import prepare


async def test_a_folder_with_one_password_for_all_roles_is_moved_over(tmp_path: Path) -> None:
    """Also: no service is told who owns its tables, and all of them find theirs migrated."""
    (tmp_path / "mesh-secrets.json").write_text(json.dumps({"database": "one", "internal": "i" * 64, "webhooks": "w"}))
    servers = await start(tmp_path, progress=lambda _: None)
    try:
        admin = servers.addresses.postgres
        for service in SERVICES:
            await provision(admin, service, "one")
        environment = await prepare(tmp_path, servers.addresses)
        where = urlsplit(environment.rtmp_url)
        assert environment.own["ingest"]["TLDR_INGEST_RTMP_LISTEN"] == where.netloc
        assert environment.own["ingest"]["TLDR_INGEST_PUSH_FOLDER"] == str(tmp_path / "push")
        assert environment.own["gateway"]["TLDR_GATEWAY_RTMP_URL"] == environment.rtmp_url
        assert json.loads((tmp_path / "ports.json").read_text())["rtmp"] == where.port  # and at the next start
        for service in SERVICES:
            told = environment.by_service[service]
            assert told["database_owner_url"] == ""
            connection = await asyncpg.connect(told["database_system_url"])
            assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
            await connection.close()
            where = urlsplit(admin)
            role, database = Roles.of(service).owner, service.replace("-", "_")
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(f"postgresql://{role}:one@{where.hostname}:{where.port}/{database}")
    finally:
        await servers.stop()
