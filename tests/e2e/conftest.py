"""One mesh for all tests of the whole, and one finished stream for those that only look at it."""

import logging
import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tldr_client import Client, Registration, register
from tldr_mesh.mesh import Mesh, running_mesh
from tldr_telemetry import configure_logs
from tldrctl.demo.broadcast import Broadcast
from tldrctl.receiver import Receiver, webhook_receiver
from tldrctl.recording import Outcome, Request, follow, submit


@pytest_asyncio.fixture(scope="session")
async def mesh(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mesh]:
    """One mesh for all tests here. All that its services log is in `services.log` in its folder."""
    folder, root = tmp_path_factory.mktemp("mesh"), logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs(level="DEBUG", file=folder / "services.log")
    async with running_mesh(folder, allow_loopback=True) as running:
        yield running
    root.handlers[:], root.level = before


@pytest_asyncio.fixture
async def customer(mesh: Mesh) -> AsyncIterator[Client]:
    """A client of a fresh organization."""
    made = await registered(mesh)
    async with Client(mesh.url, made.api_key) as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def account(mesh: Mesh) -> Registration:
    """The organization whose stream is finished."""
    return await registered(mesh)


@pytest_asyncio.fixture(scope="session")
async def owner(mesh: Mesh, account: Registration) -> AsyncIterator[Client]:
    """A client of the organization whose stream is finished."""
    async with Client(mesh.url, account.api_key) as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def receiver(owner: Client) -> AsyncIterator[Receiver]:
    """Takes the owner's webhooks and verifies them."""
    async with webhook_receiver() as taking:
        taking.secret = (await owner.call("POST", "/v1/webhook-endpoints", {"url": taking.url}))["secret"]
        yield taking


@pytest_asyncio.fixture(scope="session")
async def finished(owner: Client, receiver: Receiver, broadcast: Broadcast) -> Outcome:
    """The owner's only stream, a recording with chat, as its first run left it."""
    stream = await submit(owner, Request(broadcast.video, broadcast.chat))
    outcome = await follow(owner, stream, lambda _: None)
    assert outcome.stream["state"] == "completed", outcome.stream["failure"]
    return outcome


async def registered(mesh: Mesh) -> Registration:
    """A fresh organization."""
    return await register(mesh.url, name="Test", email=f"{secrets.token_hex(8)}@example.com")
