"""Requests that are sent again after a lost answer."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from tldr_contracts.ids import new_id
from tldr_gateway.adapters.idempotency_postgres import PostgresIdempotency, fingerprint, gone
from tldr_gateway.adapters.work_postgres import Work
from tldr_secrets import Sealer
from tldr_web import Problem, may

Answer = TypeVar("Answer", bound=BaseModel)
Found = TypeVar("Found")

_LONGEST = 200
_FORM: Final = re.compile(rf'[!#-~]{{1,{_LONGEST}}}|"[ !#-\[\]-~]{{1,{_LONGEST}}}"')
RESENT: Final = may(400, 409, 410)
"""For `responses` of a route that makes things once for each key."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request that may have been sent before, and the key it has in common with that one."""

    request: Request
    response: Response
    key: str | None

    async def fingerprint(self) -> bytes:
        """What makes two requests the same."""
        return fingerprint(self.request.method, self.request.url.path, await self.request.body())


def _attempt(
    request: Request,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="Send the same key again after a lost answer: it is done once, and for 24 hours the answer is the "
            "same. Up to 200 visible characters of ASCII, in quotes or not.",
            json_schema_extra={"pattern": f"^({_FORM.pattern})$"},
        ),
    ] = None,
) -> Attempt:
    if idempotency_key is None:
        return Attempt(request, response, None)
    if len(request.headers.getlist("idempotency-key")) > 1 or not _FORM.fullmatch(idempotency_key):
        detail = f"Send one Idempotency-Key of 1 to {_LONGEST} visible characters of ASCII, for instance a UUID."
        raise Problem(400, "invalid_idempotency_key", detail)
    return Attempt(request, response, idempotency_key.strip('"'))


Resendable = Annotated[Attempt, Depends(_attempt)]


@dataclass(frozen=True, slots=True)
class Once:
    """Has what is asked for made once for each key of an organization."""

    sealer: Sealer

    async def answered(self, work: Work, attempt: Attempt) -> bool:
        """Whether an earlier answer will be given again."""
        return attempt.key is not None and await self._records(work).answered(attempt.key)

    async def proposed(self, work: Work, attempt: Attempt, prefix: str) -> str:
        """An id for what another service is to make, in a transaction of its own: the same one when a request is sent again
        because that service's answer was lost, so that it makes nothing twice.
        """
        fresh = new_id(prefix)
        if attempt.key is None:
            return fresh
        return await self._records(work).propose(attempt.key, await attempt.fingerprint(), fresh)

    async def __call__(
        self,
        work: Work,
        attempt: Attempt,
        answer: type[Answer],
        make: Callable[[], Awaitable[Answer]],
        *,
        still: Callable[[Answer], Awaitable[Answer | None]],
    ) -> Answer:
        """What `make` answers, or what it answered to the first request with this key.

        `still`: what of an earlier answer still holds; None where the thing it names, or the secret it shows, is gone.
        """
        if attempt.key is None:
            return await make()
        records = self._records(work)
        earlier = await records.claim(attempt.key, await attempt.fingerprint())
        if earlier is None:
            made = await make()
            await records.answer(attempt.key, made.model_dump_json())
            return made
        held = await still(answer.model_validate(earlier))
        if held is None:
            raise gone()
        attempt.response.headers["idempotent-replayed"] = "true"
        return held

    def _records(self, work: Work) -> PostgresIdempotency:
        return PostgresIdempotency(work.transaction, work.organization, self.sealer)


async def found(question: Awaitable[Found]) -> Found | None:
    """The answer to a question about something, or None where there is nothing of that id."""
    try:
        return await question
    except Problem as problem:
        if problem.status == 404:
            return None
        raise
