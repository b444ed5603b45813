"""A database that is away or slow, as callers of a service see it."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tldr_database import is_trouble
from tldr_telemetry import logger
from tldr_web import Problem

_log = logger(__name__)


def database_unavailable() -> Problem:
    """What is answered then: 503, since the same request may succeed later."""
    detail = "The part that answers this (database) does not answer now. Nothing is lost; try again in a moment."
    return Problem(503, "temporarily_unavailable", detail, headers={"retry-after": "5"})


class DatabaseAway:
    """Answers trouble with the database with a 503, of whichever class it is and wherever it came up.

    An answer that has begun is broken off: its reader sees that it is not whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except Exception as error:
            if begun or scope["type"] != "http" or not is_trouble(error):
                raise
            _log.warning("the database does not answer", path=scope["path"], error=repr(error))
            await database_unavailable().response()(scope, receive, send)
