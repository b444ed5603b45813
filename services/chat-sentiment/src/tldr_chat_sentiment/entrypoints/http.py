"""Questions about a stream's chat, from other services."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from tldr_chat_sentiment.adapters.work_postgres import WorkFactory
from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_web import InternalAccess

_ANY_LANE = 0


class Progress(BaseModel):
    """How far a stream's chat is measured."""

    complete_until_ms: int
    ended: bool


def router(database: Database, access: InternalAccess, work: WorkFactory) -> APIRouter:
    """The internal routes of this service."""
    routes = APIRouter(prefix="/internal/streams", tags=["chat"])

    @routes.get("/{stream}/progress")
    async def progress(organization: Annotated[str, Depends(access)], stream: str) -> Progress:
        """A stream of which nothing came yet is measured up to 0."""
        async with database.tenant(organization) as transaction:
            found = await work(transaction, organization, _ANY_LANE).streams.get(StreamId(stream))
        return Progress(complete_until_ms=found.complete_until_ms, ended=found.ended)

    return routes
