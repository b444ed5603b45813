"""A service's web application: its routers, problems for errors, health."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from tldr_web import problems
from tldr_web.conventions import Conventions
from tldr_web.document import describe

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
    servers: Sequence[Mapping[str, str]] = (),
    examples: Mapping[str, Any] = MappingProxyType({}),
    **options: Any,
) -> FastAPI:
    """The application of one service, with `/health/live`, `/health/ready` and `/metrics`.

    `refresh` is called before the figures in `metrics` are shown. `examples` are bodies of requests, by the operation's name.
    What holds for every answer is in `Conventions`.
    """
    app = FastAPI(
        title=title or name,
        version=version,
        redirect_slashes=False,
        # Their pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=lambda route: route.name,
        **options,
    )
    problems.install(app)
    app.add_middleware(Conventions)
    for router in routers:
        app.include_router(router)
    app.include_router(_operations(ready, metrics, refresh))
    describe(app, servers, examples)
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
