"""Make a service's database and its roles on a server; safe to repeat."""

from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from tldr_database.address import DatabaseAddress, Passwords, Roles

_LOCK = 7_161_002
_OPEN_TO_ALL = ("postgres", "template1")
"""Databases that every server has and every role may enter, as PostgreSQL comes."""


async def provision(
    admin: str, service: str, passwords: Passwords | str, *, database: str | None = None
) -> DatabaseAddress:
    """Create the database of `service` and its three roles where they are missing, and set their passwords.

    `admin` is the address of a role that may create roles and databases. No other service's role can connect afterwards,
    and these roles can connect to nothing else. A string is the password of all three, for tests.
    """
    if isinstance(passwords, str):
        passwords = Passwords(passwords, passwords, passwords)
    roles = Roles.of(service)
    name = database or service.replace("-", "_")
    connection = await asyncpg.connect(admin, timeout=10)
    try:
        # Replicas that start together take turns; the lock goes with the connection.
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        await _ensure_role(connection, roles.owner, passwords.owner)
        await _ensure_role(connection, roles.service, passwords.service)
        await _ensure_role(connection, roles.system, passwords.system)
        await _ensure_database(connection, name, roles)
        for shared in _OPEN_TO_ALL:
            await connection.execute(f'REVOKE ALL ON DATABASE "{shared}" FROM PUBLIC')
    finally:
        await connection.close(timeout=5)
    return DatabaseAddress(
        owner=_address(admin, roles.owner, passwords.owner, name),
        service=_address(admin, roles.service, passwords.service, name),
        system=_address(admin, roles.system, passwords.system, name),
    )


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    exists = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    statement = await connection.fetchval(
        f"SELECT format('{verb} ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD %L', $1::text, $2::text)",
        role,
        password,
    )
    await connection.execute(statement)


async def _ensure_database(connection: asyncpg.Connection, name: str, roles: Roles) -> None:
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f'GRANT "{roles.owner}" TO CURRENT_USER')
        await connection.execute(f'CREATE DATABASE "{name}" OWNER "{roles.owner}" TEMPLATE template0')
    await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
    await connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO "{roles.service}", "{roles.system}"')


def _address(admin: str, role: str, password: str, database: str) -> str:
    parts = urlsplit(admin)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(("postgresql", f"{role}:{quote(password, safe='')}@{host}", f"/{database}", parts.query, ""))
