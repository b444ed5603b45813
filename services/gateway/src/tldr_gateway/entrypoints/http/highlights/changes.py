"""What a customer changes of a highlight: its words, its start and end, and whether there is one."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints, model_validator

from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.accounts.scopes import Scope
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.highlights.answers import HighlightResponse, render
from tldr_gateway.entrypoints.http.words import IdPath, IfMatch, Integer, RequestBody, Text

_SHORTEST_MS, _LONGEST_MS = 1_000, 600_000
_Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=r"^[^\x00]+$")]
_Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50, pattern=r"^[^\x00]+$")]
_Time = Annotated[Integer, Field(ge=0, le=30 * 24 * 3600 * 1000)]


class HighlightChangeRequest(RequestBody):
    """What is to change; the rest stays. A `title` of null is detection's own again."""

    title: _Title | None = None
    description: Annotated[Text, Field(max_length=5000)] = ""
    tags: Annotated[list[_Tag], Field(max_length=20)] = Field(default_factory=list)


class TrimRequest(RequestBody):
    """Where the clip is to begin and end, in milliseconds of stream time: between a second and ten minutes of it."""

    start_ms: _Time
    end_ms: _Time

    @model_validator(mode="after")
    def _length(self) -> Self:
        if not _SHORTEST_MS <= self.end_ms - self.start_ms <= _LONGEST_MS:
            raise ValueError(f"a clip lasts between {_SHORTEST_MS} and {_LONGEST_MS} ms")
        return self


def routes(api: Api) -> APIRouter:
    """The routes about changes of highlights."""
    router = APIRouter(prefix="/v1/highlights", tags=["highlights"])
    write, remove = api.caller(Scope.HIGHLIGHTS_WRITE), api.caller(Scope.HIGHLIGHTS_DELETE)

    async def asked(caller: Caller, method: str, path: str, if_match: str | None, **options: Any) -> Any:
        params = {"if_match": if_match} if if_match is not None else {}
        return await api.ask(
            "highlight-store", caller, method, f"/internal/highlights/{path}", params=params, **options
        )

    @router.patch("/{highlight_id}")
    async def update_highlight(
        caller: Annotated[Caller, write],
        highlight_id: IdPath,
        request: HighlightChangeRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> HighlightResponse:
        """Change a highlight's title, description or tags. They stay when detection revises it."""
        said = request.model_dump(mode="json", exclude_unset=True)
        return tagged(response, await asked(caller, "PATCH", highlight_id, if_match, json=said))

    @router.post("/{highlight_id}/trim", status_code=202)
    async def trim_highlight(
        caller: Annotated[Caller, write],
        highlight_id: IdPath,
        request: TrimRequest,
        response: Response,
        if_match: IfMatch = None,
    ) -> HighlightResponse:
        """Have a final highlight begin and end elsewhere, with a clip cut anew. `trim` says how far that is; once it is ready,
        the highlight is one revision further, and `highlight.ready` is told again.
        """
        said = request.model_dump(mode="json")
        return tagged(response, await asked(caller, "POST", f"{highlight_id}/trim", if_match, json=said))

    @router.delete("/{highlight_id}", status_code=204)
    async def delete_highlight(
        caller: Annotated[Caller, remove], highlight_id: IdPath, if_match: IfMatch = None
    ) -> None:
        """Delete a highlight for good, with its clip and picture. Who was told of it by webhook hears that it is gone."""
        await asked(caller, "DELETE", highlight_id, if_match)
        async with api.bound(caller.organization) as work:
            await work.note("highlight.deleted", highlight_id, api.work.clock.now(), actor=caller.key)

    return router


def tagged(response: Response, highlight: dict[str, Any]) -> HighlightResponse:
    """The highlight, with its entity tag in the header."""
    response.headers["etag"] = highlight["etag"]
    return render(highlight)
