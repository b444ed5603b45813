"""Passwords hashed with Argon2id, beside the event loop and a few at a time."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tldr_gateway.application.members.errors import TooBusy

_AT_A_TIME = 2
"""Each takes 64 MB and a core for some 50 ms (the library's figures, of RFC 9106)."""
_LONGEST_WAIT_S = 5


class Argon2Passwords:
    """Hashes and compares; TooBusy when others are in front for too long."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._places = asyncio.Semaphore(_AT_A_TIME)
        self._nobodys = self._hasher.hash(secrets.token_urlsafe(32))

    async def hash(self, password: str) -> str:
        """What is kept."""
        async with self._place():
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is this one; nobody's is compared as long as somebody's."""
        async with self._place():
            right = await asyncio.to_thread(self._verified, kept or self._nobodys, password)
        return right and kept is not None

    def _verified(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(_LONGEST_WAIT_S):
                await self._places.acquire()
        except TimeoutError as error:
            raise TooBusy from error
        try:
            yield
        finally:
            self._places.release()
