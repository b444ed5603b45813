"""What the routes of everything that is configured have in common."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query, Response
from pydantic import BaseModel

from tldr_gateway.adapters.work_postgres import Work
from tldr_gateway.application.accounts.caller import Caller
from tldr_gateway.domain.configuration.configured import MAX_VERSIONS, Configured, Kind
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.idempotency import Attempt, found
from tldr_gateway.entrypoints.http.words import Id
from tldr_web import etag_of, require_match

Cursor = Annotated[Id | None, Query()]
VersionCursor = Annotated[int | None, Query(ge=1, le=MAX_VERSIONS + 1)]
Limit = Annotated[int, Query(ge=1, le=100)]
VersionPath = Annotated[int, Path(ge=1, le=2**31 - 1)]


class ConfiguredResponse(BaseModel):
    """`version` grows by one with every change; of a `preset` the dates are null."""

    id: str
    name: str
    description: str
    version: int
    preset: bool
    created_at: datetime | None
    changed_at: datetime | None
    changed_by: str | None


Answer = TypeVar("Answer", bound=ConfiguredResponse)


def shown(configured: Configured) -> dict[str, Any]:
    """Its fields and those of its document."""
    fields = ("id", "name", "version", "preset", "created_at", "changed_at", "changed_by")
    return {**configured.document, **{field: getattr(configured, field) for field in fields}}


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Answer]):
    """Everything of a kind: each method is what a route does."""

    api: Api
    kind: Kind
    answer: type[Answer]
    render: Callable[[Configured], Answer]

    async def create(
        self, caller: Caller, attempt: Attempt, response: Response, name: str, document: dict[str, Any]
    ) -> Answer:
        """Make one."""
        return await self.make(
            caller, attempt, response, lambda work: work.configure.create(caller, self.kind, name, document)
        )

    async def make(
        self,
        caller: Caller,
        attempt: Attempt,
        response: Response,
        making: Callable[[Work], Awaitable[Configured]],
    ) -> Answer:
        """Make one in some way, once for each key."""
        async with self.api.acting(caller) as work:

            async def make() -> Answer:
                return self.render(await making(work))

            async def still(made: Answer) -> Answer | None:
                return made if await found(work.configurations.one(self.kind, made.id)) else None

            made = await self.api.once(work, attempt, self.answer, make, still=still)
        response.headers["location"] = f"/v1/{self.kind.replace('_', '-')}s/{made.id}"
        _tag(response, made)
        return made

    async def get(self, caller: Caller, id: str, response: Response) -> Answer:
        """Show one as it is now."""
        async with self.api.bound(caller.organization) as work:
            found = self.render(await work.configurations.one(self.kind, id))
        _tag(response, found)
        return found

    async def change(
        self,
        caller: Caller,
        id: str,
        response: Response,
        if_match: str | None,
        changes: Mapping[str, Any],
        name: str | None,
    ) -> Answer:
        """Change one."""
        async with self.api.acting(caller) as work:
            changed = self.render(
                await work.configure.change(caller, self.kind, id, changes, name=name, seen=self._seen(if_match))
            )
        _tag(response, changed)
        return changed

    async def delete(self, caller: Caller, id: str, if_match: str | None) -> None:
        """Delete one."""
        async with self.api.acting(caller) as work:
            await work.configure.delete(caller, self.kind, id, seen=self._seen(if_match))

    async def page(self, caller: Caller, cursor: str | None, limit: int) -> tuple[list[Answer], str | None]:
        """A page, and where the next one begins."""
        async with self.api.bound(caller.organization) as work:
            found = await work.configurations.page(self.kind, after=cursor, limit=limit + 1)
        answers = [self.render(one) for one in found[:limit]]
        return answers, answers[-1].id if len(found) > limit else None

    async def versions(
        self, caller: Caller, id: str, cursor: int | None, limit: int
    ) -> tuple[list[Answer], int | None]:
        """A page of versions, and where the next one begins."""
        async with self.api.bound(caller.organization) as work:
            found = await work.configurations.versions(self.kind, id, before=cursor, limit=limit + 1)
        answers = [self.render(one) for one in found[:limit]]
        return answers, answers[-1].version if len(found) > limit else None

    async def version(self, caller: Caller, id: str, version: int, response: Response) -> Answer:
        """Show one as it was."""
        async with self.api.bound(caller.organization) as work:
            found = self.render(await work.configurations.version(self.kind, id, version))
        _tag(response, found)
        return found

    def _seen(self, if_match: str | None) -> Callable[[Configured], None]:
        return lambda found: require_match(if_match, _etag(self.render(found)))


def _etag(answer: ConfiguredResponse) -> str:
    return etag_of(answer.model_dump(mode="json"))


def _tag(response: Response, answer: ConfiguredResponse) -> None:
    response.headers["etag"] = _etag(answer)
