"""The fixtures, for the root conftest."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from tldr_contracts.ids import new_id
from tldr_embedded import Servers, start
from tldr_testing.samples import golden


@pytest_asyncio.fixture(scope="session")
async def servers(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Servers]:
    """PostgreSQL, Redis, S3 and Tansu, started once for all tests."""
    running = await start(tmp_path_factory.mktemp("servers"), progress=lambda _: None)
    yield running
    await running.stop()


@pytest.fixture(scope="session")
def postgres_admin(servers: Servers) -> str:
    """The address of the server as a role that may do everything."""
    return servers.addresses.postgres


@pytest.fixture
def organization() -> str:
    """A fresh organization's id."""
    return new_id("org")


@pytest.fixture
def stream() -> str:
    """A fresh stream's id."""
    return new_id("str")


@pytest.fixture(scope="session")
def sample() -> Callable[[str, str], Any]:
    """`sample(topic, fact)` -> the golden message."""
    return golden
