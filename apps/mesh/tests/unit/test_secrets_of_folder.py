"""A secret goes only to the service that needs it."""

import json
from pathlib import Path

from tldr_contracts.topics import SERVICES
from tldr_mesh.environment import Environment
from tldr_mesh.secrets_of_folder import MeshSecrets

_OLD = {"database": "one for all", "internal": "i" * 64, "webhooks": "w" * 44}


def _environment(secrets: MeshSecrets) -> Environment:
    return Environment({name: {"http_port": 1} for name in SERVICES}, secrets.own, "")


def test_every_role_of_every_service_has_a_password_of_its_own(tmp_path: Path) -> None:
    databases = MeshSecrets.of(tmp_path).databases
    words = [word for one in databases.values() for word in (one.owner, one.service, one.system)]
    assert len(words) == len(set(words)) == 3 * len(SERVICES)


def test_what_was_made_is_found_again(tmp_path: Path) -> None:
    made, found = MeshSecrets.of(tmp_path), MeshSecrets.of(tmp_path)
    assert (made.databases, made.internal, made.webhooks, made.sources) == (
        found.databases,
        found.internal,
        found.webhooks,
        found.sources,
    )
    assert (tmp_path / "mesh-secrets.json").stat().st_mode & 0o077 == 0


def test_a_folder_of_an_earlier_version_keeps_its_keys_and_loses_the_password_of_all(tmp_path: Path) -> None:
    path = tmp_path / "mesh-secrets.json"
    path.write_text(json.dumps(_OLD))
    found = MeshSecrets.of(tmp_path)
    assert (found.internal, found.webhooks) == (_OLD["internal"], _OLD["webhooks"])
    assert _OLD["database"] not in path.read_text()


def test_a_process_is_told_no_secret_of_another_service(tmp_path: Path) -> None:
    secrets = MeshSecrets.of(tmp_path)
    shell = {
        "PATH": "/bin",
        "TLDR_WEBHOOK_DISPATCHER_ENCRYPTION_KEYS": "of the shell",
        "TLDR_SOURCE_KEYS": "too",
        "TLDR_DATABASE_OWNER_URL": "of whoever migrates",
    }
    told = {name: _environment(secrets).variables(name, shell) for name in SERVICES}
    assert all(variables["PATH"] == "/bin" for variables in told.values())
    assert not any("TLDR_DATABASE_OWNER_URL" in variables for variables in told.values())
    assert {name for name in SERVICES if "TLDR_SOURCE_KEYS" in told[name]} == {"gateway", "ingest"}
    assert {name for name in SERVICES if "TLDR_WEBHOOK_DISPATCHER_ENCRYPTION_KEYS" in told[name]} == {
        "webhook-dispatcher"
    }
    assert told["webhook-dispatcher"]["TLDR_WEBHOOK_DISPATCHER_ENCRYPTION_KEYS"] == secrets.webhooks
