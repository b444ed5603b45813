"""The databases of a folder's services, for tools that look into them while the mesh runs."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from tldr_database import Database, DatabaseAddress, Roles
from tldr_mesh.secrets_of_folder import MeshSecrets


def database_of(folder: Path, service: str) -> Database:
    """A service's database on the folder's server. Raises FileNotFoundError where no mesh was started on the folder."""
    admin = urlsplit(json.loads((folder / "addresses.json").read_text())["postgres"])
    passwords = MeshSecrets.of(folder).databases[service]
    name = service.replace("-", "_")
    roles = Roles.of(service)

    def url(role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@{admin.hostname}:{admin.port}/{name}"

    address = DatabaseAddress("", url(roles.service, passwords.service), url(roles.system, passwords.system))
    return Database.connect(address, service_connections=1, system_connections=1)
