"""Letters of a gateway that writes them into a folder."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from tldr_testing.deadline import eventually


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters that the gateway wrote."""

    folder: Path

    async def to(self, email: str, *, count: int = 1) -> list[str]:
        """The texts of those to an address, oldest first, once there are so many."""

        async def found() -> list[str] | None:
            letters = [message_from_bytes(path.read_bytes()) for path in sorted(self.folder.glob("*.eml"))]
            texts = [str(one.get_payload()) for one in letters if one["To"] == email]
            return texts if len(texts) >= count else None

        return await eventually(found)

    async def token(self, email: str, *, count: int = 1) -> str:
        """The token of the newest one."""
        text = (await self.to(email, count=count))[-1]
        found = re.search(r"tldr_ep_[\w-]{43}", text)
        if found is None:
            raise AssertionError(f"no token in {text!r}")
        return found[0]
