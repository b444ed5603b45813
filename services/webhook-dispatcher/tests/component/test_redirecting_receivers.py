"""A receiver that redirects has not taken the message: its attempt failed, with its status and a reason."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tldr_testing import eventually, serving


@pytest.mark.parametrize("status", [301, 302, 307])
async def test_a_redirect_is_a_failed_attempt_with_its_status_and_a_reason(customer: Any, status: int) -> None:
    paths: list[str] = []

    async def elsewhere(request: Request) -> Response:
        paths.append(request.url.path)
        return Response("moved " * 1000, status_code=status, headers={"location": "/moved"})

    app = Starlette(routes=[Route("/{path:path}", elsewhere, methods=["GET", "POST"])])
    async with serving(app) as url:
        endpoint = await customer.listens("", url=f"{url}/hook")
        await customer.tests(endpoint["id"])

        async def two_attempts() -> list[dict[str, Any]] | None:
            attempts: list[dict[str, Any]] = (await customer.log(endpoint["id"]))[0]["attempts"]
            return attempts if len(attempts) >= 2 else None

        attempts = await eventually(two_attempts)
    assert {(attempt["status"], attempt["error"]) for attempt in attempts} == {(status, "redirected")}
    assert set(paths) == {"/hook"}, "it is not followed"
