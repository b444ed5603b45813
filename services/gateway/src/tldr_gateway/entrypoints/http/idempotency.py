"""Requests that are sent again after a lost answer."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Header, Request
from pydantic import BaseModel

from tldr_gateway.adapters.idempotency_postgres import PostgresIdempotency, fingerprint
from tldr_gateway.adapters.work_postgres import Work

Answer = TypeVar("Answer", bound=BaseModel)
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="Send the same key again after a lost answer: it is done once, the answer is the same.",
    ),
]


async def answered(work: Work, key: str | None) -> bool:
    """Whether `once` will give an earlier answer again."""
    return key is not None and await PostgresIdempotency(work.transaction, work.organization).answered(key)


async def once(
    work: Work,
    raw: Request,
    key: str | None,
    answer: type[Answer],
    make: Callable[[], Awaitable[Answer]],
    *,
    kept: Callable[[Answer], Answer] = lambda made: made,
) -> tuple[Answer, bool]:
    """What `make` answers, made once for each key, and whether this is the first answer given again.

    `kept` leaves out what is not to be kept: a secret that is shown once.
    """
    if key is None:
        return await make(), False
    known = PostgresIdempotency(work.transaction, work.organization)
    earlier = await known.claim(key, fingerprint(raw.method, raw.url.path, await raw.body()))
    if earlier is not None:
        return answer.model_validate(earlier), True
    made = await make()
    await known.answer(key, kept(made).model_dump(mode="json"))
    return made, False
