"""What lies in the object store, asked before a transaction is begun: the store may be slow, and connections are few."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tldr_gateway.application.ports import Files, Upload
from tldr_gateway.domain.streams.source import UploadedObject


@dataclass(frozen=True, slots=True)
class LookAtUploads:
    """Ask the store about uploads, outside of any transaction."""

    files: Files

    async def __call__(self, uploads: Sequence[Upload]) -> Mapping[str, UploadedObject]:
        """The objects that are there, by upload, with their real sizes. StorageUnavailable."""
        found = await asyncio.gather(*(self.files.found(upload.object) for upload in uploads))
        return {placed.id: placed for placed in found if placed}
