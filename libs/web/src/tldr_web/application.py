"""A service's web application: its routers, problems for errors, health."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

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
    app.add_middleware(_BodyLimit)
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


class _BodyLimit:
    """Refuses a body that is too large before any of it is read. Answers pass as they are: some go on for hours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._app if scope["type"] != "http" or _acceptable(Headers(scope=scope)) else _too_large()
        await answer(scope, receive, send)


def _acceptable(headers: Headers) -> bool:
    length = headers.get("content-length", "0")
    return "transfer-encoding" not in headers and length.isdigit() and int(length) <= MAX_BODY_BYTES


def _too_large() -> ASGIApp:
    detail = f"Send a body of at most {MAX_BODY_BYTES} bytes with its length; files go to an upload address."
    return Problem(413, "body_too_large", detail).response()
