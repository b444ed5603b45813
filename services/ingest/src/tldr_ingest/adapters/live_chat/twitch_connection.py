"""One connection to Twitch's chat, in one channel, as anybody may have it: it reads and says nothing."""

import asyncio
import random
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.live_chat.irc import IrcLine, irc_line
from tldr_ingest.domain.live_chat.twitch import GONE_NOTICES
from tldr_outbound import AddressPolicy, DeadlineExceeded, GuardedLines, LineLimits, SourceUnavailable
from tldr_streams.values import Failure

_PORTS = {"ircs": 6697, "irc": 6667}
_CAPABILITIES = "CAP REQ :twitch.tv/tags twitch.tv/commands"
# Tags of up to 8 kB before a line of IRC, with room for more.
_LIMITS = LineLimits(max_line=32_768)


@dataclass(frozen=True, slots=True)
class TwitchTimes:
    """In seconds. After `silence_s` without a line the server is asked whether it is there; it has `answer_s` for that, and for
    letting us in. A connection is read for `overlap_s` beside the one that takes over from it: what is under way to it would
    come to neither.
    """

    silence_s: float = 5.0
    answer_s: float = 10.0
    overlap_s: float = 2.0


@dataclass(frozen=True, slots=True)
class TwitchServer:
    """Where Twitch's chat is: `ircs://host:port`, or `irc://` without encryption."""

    url: str
    policy: AddressPolicy
    tls: ssl.SSLContext
    times: TwitchTimes = TwitchTimes()

    async def open(self) -> GuardedLines:
        """A connection. Raises an OutboundError."""
        parts = urlsplit(self.url)
        tls = self.tls if parts.scheme == "ircs" else None
        port = parts.port or _PORTS[parts.scheme]
        return await GuardedLines.connect(parts.hostname or "", port, policy=self.policy, tls=tls, limits=_LIMITS)


class NotLetIn(SourceUnavailable):
    """The server is there, and says nothing of the channel."""


class TwitchConnection:
    """Joined since `since_ms`; gives lines in the order they came."""

    def __init__(self, lines: GuardedLines, times: TwitchTimes, since_ms: int, first: list[IrcLine]) -> None:
        self.since_ms = since_ms
        self._lines = lines
        self._times = times
        self._first = first

    @classmethod
    async def joined(cls, server: TwitchServer, channel: str, now_ms: Callable[[], int]) -> "TwitchConnection":
        """Log in and join. Raises an OutboundError where that fails or takes too long, ReadingFailed where the server says
        that there is no such channel.
        """
        lines, limit_s = await server.open(), server.times.answer_s
        try:
            nick = f"justinfan{random.randrange(10_000, 1_000_000)}"  # noqa: S311 - a name, not a secret
            await lines.write(_CAPABILITIES, "PASS SCHMOOPIIE", f"NICK {nick}")
            try:
                async with asyncio.timeout(limit_s):
                    await _until(lines, limit_s, "001", channel)
            except TimeoutError:
                raise SourceUnavailable("The chat's server did not let us in.") from None
            await lines.write(f"JOIN #{channel}")
            try:
                async with asyncio.timeout(limit_s):
                    first = await _until(lines, limit_s, "ROOMSTATE", channel)
            except (TimeoutError, DeadlineExceeded):
                raise NotLetIn("The chat's server said nothing of the channel.") from None
        except BaseException:
            await lines.close()
            raise
        return cls(lines, server.times, now_ms(), first)

    async def batches(self) -> AsyncIterator[list[IrcLine]]:
        """Lines as they arrive, an empty batch when the server said that it is there. Ends when it closed the connection.

        Raises an OutboundError where the connection broke, or is silent though it was asked.
        """
        if self._first:
            yield self._first
        asked = False
        while True:
            try:
                raw = await self._lines.read(self._times.answer_s if asked else self._times.silence_s)
            except DeadlineExceeded:
                if asked:
                    raise
                await self._lines.write("PING :tldr")
                asked = True
                continue
            if raw is None:
                return
            asked = False
            found = [line for line in map(irc_line, raw) if line is not None]
            for line in found:
                if line.command == "PING":
                    await self._lines.write(f"PONG :{line.parameter(0)}")
            yield [line for line in found if line.command not in ("PING", "PONG")]

    async def close(self) -> None:
        """Hang up."""
        await self._lines.close()


async def _until(lines: GuardedLines, limit_s: float, command: str, channel: str) -> list[IrcLine]:
    """Read up to a line with this command; those behind it that have come already."""
    while (raw := await lines.read(limit_s)) is not None:
        found = [line for line in map(irc_line, raw) if line is not None]
        for place, line in enumerate(found):
            if line.command == "PING":
                await lines.write(f"PONG :{line.parameter(0)}")
            if line.command == "NOTICE" and line.tags.get("msg-id") in GONE_NOTICES:
                raise ReadingFailed(gone(channel))
            if line.command == command:
                return found[place + 1 :]
    raise SourceUnavailable("The chat's server closed the connection.")


def gone(channel: str) -> Failure:
    """Why nothing can be read of a channel."""
    return Failure(
        "chat_channel_not_found",
        f"There is no chat of the channel {channel[:30]!r} on Twitch: it does not exist, or is suspended. Check its name.",
    )
