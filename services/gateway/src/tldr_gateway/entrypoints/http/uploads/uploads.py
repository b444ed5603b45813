"""Uploads: a signed address for a recording or a chat replay."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import RESENT, Resendable
from tldr_gateway.entrypoints.http.words import Integer, RequestBody, Text


class UploadRequest(RequestBody):
    """A file to be uploaded."""

    kind: Literal["media", "chat"]
    size_bytes: Annotated[Integer, Field(gt=0, description="The file's size")]
    content_type: Annotated[Text, Field(max_length=200)] = "application/octet-stream"


class UploadResponse(BaseModel):
    """Where to PUT the file: of the announced size, with its length, and no other is taken. Then name `id` in a stream. What is
    put there later is not read for that stream, and is deleted with it.
    """

    id: str
    method: Literal["PUT"] = "PUT"
    url: str
    expires_at: datetime


def routes(api: Api) -> APIRouter:
    """The routes about uploads."""
    router = APIRouter(prefix="/v1", tags=["uploads"])
    write = api.caller(Scope.STREAMS_WRITE)

    @router.post("/uploads", status_code=201, responses=RESENT)
    async def create_upload(
        caller: Annotated[Caller, write], request: UploadRequest, attempt: Resendable
    ) -> UploadResponse:
        """Get a signed address to PUT a recording or a chat replay to."""
        await api.files.ready(caller.organization)
        async with api.bound(caller.organization) as work:

            async def make() -> UploadResponse:
                upload = await work.create_upload(
                    caller.organization,
                    kind=request.kind,
                    size_bytes=request.size_bytes,
                    content_type=request.content_type,
                )
                url = api.files.upload_url(upload.object)
                return UploadResponse(id=upload.id, url=url, expires_at=upload.expires_at)

            async def still(made: UploadResponse) -> UploadResponse | None:
                return made if await work.uploads.get([made.id]) else None

            return await api.once(work, attempt, UploadResponse, make, still=still)

    return router
