"""What the tests of the whole mesh share: a rendered broadcast."""

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio

from tldrctl.demo.broadcast import Broadcast, render


@pytest_asyncio.fixture(scope="session")
async def broadcast(tmp_path_factory: pytest.TempPathFactory) -> Broadcast:
    """Two minutes with three planted moments, rendered once."""
    folder: Path = tmp_path_factory.mktemp("broadcast")
    return await asyncio.to_thread(render, 3, folder, duration_s=120, moments=3)
