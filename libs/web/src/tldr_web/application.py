"""A service's web application: its routers, problems for errors, health."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from tldr_web import problems
from tldr_web.problems import Problem

MAX_BODY_BYTES = 1 << 20

Check = Callable[[], Awaitable[dict[str, bool]]]
"""Says which of the things a service needs answer now."""


def application(
    name: str,
    routers: Sequence[APIRouter],
    *,
    ready: Check,
    metrics: CollectorRegistry,
    refresh: Callable[[], Awaitable[None]],
    title: str | None = None,
    version: str = "0.1.0",
    **options: Any,
) -> FastAPI:
    """The application of one service, with `/health/live`, `/health/ready` and `/metrics`.

    `refresh` is called before the figures in `metrics` are shown.
    """
    app = FastAPI(title=title or name, version=version, responses=problems.RESPONSES, redirect_slashes=False, **options)
    problems.install(app)
    app.middleware("http")(_limit_body)
    for router in routers:
        app.include_router(router)
    app.include_router(_operations(ready, metrics, refresh))
    return app


def _operations(ready: Check, metrics: CollectorRegistry, refresh: Callable[[], Awaitable[None]]) -> APIRouter:
    router = APIRouter(tags=["operations"], include_in_schema=False)

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/health/ready")
    async def is_ready() -> JSONResponse:
        checks = await ready()
        good = all(checks.values())
        body = {"status": "ready" if good else "not_ready", "checks": checks}
        return JSONResponse(body, status_code=200 if good else 503)

    @router.get("/metrics")
    async def exposed() -> Response:
        await refresh()
        return Response(generate_latest(metrics), media_type=CONTENT_TYPE_LATEST)

    return router


async def _limit_body(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    length = request.headers.get("content-length", "0")
    chunked = "transfer-encoding" in request.headers
    if chunked or not length.isdigit() or int(length) > MAX_BODY_BYTES:
        detail = f"Send a body of at most {MAX_BODY_BYTES} bytes with its length; files go to an upload address."
        return Problem(413, "body_too_large", detail).response()
    return await call_next(request)
