"""Messages of windows: in the window itself, or in an object."""

import hashlib
from dataclasses import dataclass

from tldr_chat_sentiment.application.ports import ContentLost
from tldr_chat_sentiment.domain.arrivals.arrival import Window
from tldr_storage import ObjectMissing, ObjectStore

_LIMIT_BYTES = 64 << 20
_NOT_COUNTED = "What was written in it is not counted."


@dataclass(frozen=True, slots=True)
class ObjectContents:
    """Fetches what is stored as an object, whole and checked against its checksum."""

    objects: ObjectStore

    async def read(self, window: Window) -> bytes:
        """The window's messages."""
        place = window.content
        if isinstance(place, bytes):
            return place
        try:
            content = await self.objects.get(place.bucket, place.key, limit_bytes=_LIMIT_BYTES)
        except ObjectMissing:
            raise ContentLost(
                "chat_object_missing", f"A part of the chat is not there any more. {_NOT_COUNTED}"
            ) from None
        except ValueError:
            raise ContentLost("chat_object_too_large", f"A part of the chat exceeds 64 MB. {_NOT_COUNTED}") from None
        if place.sha256 and hashlib.sha256(content).digest() != place.sha256:
            raise ContentLost("chat_object_damaged", f"A part of the chat is not what was stored. {_NOT_COUNTED}")
        return content
