"""Somebody else's web application on a port of its own, and what a refusal looks like."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn


@asynccontextmanager
async def serving(app: Any, **settings: Any) -> AsyncIterator[str]:
    """An ASGI application that is served, with settings of uvicorn; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", **settings))
    served = asyncio.create_task(server._serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await served


def refused(answer: httpx.Response, status: int, code: str) -> None:
    """The answer is a problem (RFC 9457) of this status and code, with a sentence for people."""
    body = answer.json()
    said = (answer.headers["content-type"], answer.status_code, body["status"], body["code"], body["type"])
    if (
        said != ("application/problem+json", status, status, code, f"urn:tldr:problem:{code}")
        or body["detail"][-1:] != "."
    ):
        raise AssertionError(f"{said}: {body}")
