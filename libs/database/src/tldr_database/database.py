"""Transactions on a service's database, each bound to one tenant or openly to none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from tldr_database.address import DatabaseAddress
from tldr_database.trouble import DatabaseUnavailable

Transaction = AsyncConnection
"""A connection on which a transaction is open; the block that opened it commits or rolls back."""

_SET_TENANT = text("SELECT set_config('tldr.organization', :organization, true)")
_LIMITS = {
    "statement_timeout": "30s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "120s",
    "application_name": "tldr",
}


class Database:
    """The pools of one service: one for its service role, one for its system role."""

    def __init__(self, service: AsyncEngine, system: AsyncEngine, address: DatabaseAddress) -> None:
        self._service = service
        self._system = system
        self.address = address

    @classmethod
    def connect(
        cls,
        address: DatabaseAddress,
        *,
        service_connections: int = 6,
        system_connections: int = 3,
        prepared_statements: bool = True,
    ) -> "Database":
        """Pools that open their connections when first used.

        The defaults let seven services, with one more connection each for the relay and one to listen, live in a server
        with 100 connections. Switch `prepared_statements` off behind a pooler in transaction mode.
        """
        return cls(
            _engine(address.service, service_connections, prepared_statements),
            _engine(address.system, system_connections, prepared_statements),
            address,
        )

    @asynccontextmanager
    async def tenant(self, organization: str) -> AsyncIterator[Transaction]:
        """A transaction that sees the rows of one organization; commits at the end, rolls back on an exception."""
        async with _begin(self._service, organization) as transaction:
            yield transaction

    @asynccontextmanager
    async def untenanted(self) -> AsyncIterator[Transaction]:
        """A transaction of the service role without a tenant: tenant tables look empty until `set_tenant`."""
        async with _begin(self._service, "") as transaction:
            yield transaction

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Transaction]:
        """A transaction of the system role, which sees every organization. Callers are few and named."""
        async with _begin(self._system, "") as transaction:
            yield transaction

    async def close(self) -> None:
        """Close both pools."""
        await self._service.dispose()
        await self._system.dispose()


async def set_tenant(transaction: Transaction, organization: str) -> None:
    """Let the rest of the transaction see this organization's rows and no others."""
    await transaction.execute(_SET_TENANT, {"organization": organization})


async def driver(transaction: Transaction) -> asyncpg.Connection:
    """The asyncpg connection below a transaction, inside the same transaction, for hot paths.

    Only on transactions of `Database`: they have sent their first statement, without which SQLAlchemy has not begun yet.
    """
    raw = await transaction.get_raw_connection()
    return cast("asyncpg.Connection", raw.driver_connection)


@asynccontextmanager
async def _begin(engine: AsyncEngine, organization: str) -> AsyncIterator[Transaction]:
    transaction = await _open(engine, organization)
    try:
        yield transaction
        await transaction.commit()
    finally:
        # Also when cancelled: the connection goes back to the pool, rolled back.
        await asyncio.shield(asyncio.create_task(transaction.close()))


async def _open(engine: AsyncEngine, organization: str) -> Transaction:
    """Raises DatabaseUnavailable when there is no connection to be had."""
    try:
        return await _opened(engine, organization)
    except DBAPIError as error:
        # A connection that died in the pool is noticed by its first statement, before anything was done on it; all of its
        # age are replaced then.
        if not error.connection_invalidated:
            raise
        return await _opened(engine, organization)


async def _opened(engine: AsyncEngine, organization: str) -> Transaction:
    try:
        transaction = await engine.connect()
    except (OSError, TimeoutError, PoolTimeout) as error:
        raise DatabaseUnavailable(f"no connection to the database: {error}") from error
    try:
        await transaction.begin()
        await set_tenant(transaction, organization)
    except BaseException:
        await transaction.close()
        raise
    return transaction


def _engine(dsn: str, connections: int, prepared_statements: bool) -> AsyncEngine:
    arguments: dict[str, object] = {"server_settings": _LIMITS, "timeout": 10, "command_timeout": 60}
    if not prepared_statements:
        arguments |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
    return create_async_engine(
        dsn.replace("postgresql://", "postgresql+asyncpg://", 1),
        # No overflow: connections above `pool_size` are closed on return, and under load every third transaction opened one.
        pool_size=connections,
        max_overflow=0,
        pool_use_lifo=True,
        pool_timeout=30,
        pool_pre_ping=False,
        pool_recycle=1800,
        connect_args=arguments,
        hide_parameters=True,
    )
