"""Where a page's stream really lies, and whether it is live."""

from dataclasses import dataclass, field
from typing import Protocol

from tldr_streams.values import Failure


class NotLive(Exception):
    """The source is not live now and may be later; `failure` says it for people."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.code}: {failure.reason}")
        self.failure = failure


@dataclass(frozen=True, slots=True)
class ResolvedSource:
    """`url`: a playlist or a file, in clear, with `headers` to be sent with it and with all it leads to.

    `expires_at_s`: since 1970, when it has to be found out anew (0: never). `broadcast`: the site's name for this one
    broadcast, empty where it names none. `live`: whether it is still running. `chat`: the channel on Twitch or the id of
    the video on YouTube whose chat is this stream's, empty where there is none.
    """

    url: str = field(repr=False)
    live: bool
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    expires_at_s: int = 0
    broadcast: str = ""
    title: str = ""
    chat: str = ""


class SourceResolver(Protocol):
    """Finds out where a page's stream lies. An address that is no page of a known site is its own answer."""

    async def resolve(self, url: str, *, max_height: int) -> ResolvedSource:
        """`max_height`: of the renditions the highest that is not taller. Raises NotLive, and ReadingFailed: passing where
        another try may help.
        """
