"""Twitch's chat over IRC: connects anew when told to or when a connection died, so that nothing is lost where it can be."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress

from tldr_ingest.adapters.live_chat.backoff import delay_s
from tldr_ingest.adapters.live_chat.join_limiter import JoinLimiter
from tldr_ingest.adapters.live_chat.twitch_connection import NotLetIn, TwitchConnection, TwitchServer, gone
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.live_chat.events import Broken, Heard, Listening, LiveChatEvent
from tldr_ingest.domain.live_chat.irc import IrcLine
from tldr_ingest.domain.live_chat.pages import twitch_login
from tldr_ingest.domain.live_chat.server_clock import ServerClock
from tldr_ingest.domain.live_chat.twitch import said, sent_ms
from tldr_outbound import AddressRefused, OutboundError
from tldr_streams.values import Failure

_BATCHES = 16
_UNKNOWN_TRIES = 3
_BROKEN = ("chat_connection_lost", "The connection to the chat was lost; what was written meanwhile was not read.")


class TwitchIrcReader:
    """See `LiveChatReader`. One for a process: it keeps to the platform's limit of joins."""

    def __init__(
        self,
        server: TwitchServer,
        now_ms: Callable[[], int],
        joins: JoinLimiter | None = None,
        backoff_s: Callable[[int], float] = delay_s,
    ) -> None:
        self._backoff_s = backoff_s
        self._server = server
        self._now_ms = now_ms
        self._joins = joins or JoinLimiter()

    async def follow(self, channel: str) -> AsyncGenerator[Sequence[LiveChatEvent], None]:
        """See `LiveChatReader.follow`."""
        login = twitch_login(channel)
        if login is None:
            raise ReadingFailed(gone(channel))
        room = _Room(login, self._server, self._joins, self._now_ms, self._backoff_s)
        keeping = asyncio.create_task(room.keep_connected())
        waiting = asyncio.create_task(room.heard.get())
        try:
            while True:
                await asyncio.wait({waiting, keeping}, return_when=asyncio.FIRST_COMPLETED)
                if not waiting.done():
                    keeping.result()  # raises, and says why
                    return
                batch = waiting.result()
                waiting = asyncio.create_task(room.heard.get())
                yield batch
        finally:
            waiting.cancel()
            keeping.cancel()
            with suppress(asyncio.CancelledError, ReadingFailed):
                await keeping


class _Room:
    """A channel, with one connection to it, or two while one takes over from the other."""

    def __init__(
        self,
        login: str,
        server: TwitchServer,
        joins: JoinLimiter,
        now_ms: Callable[[], int],
        backoff_s: Callable[[int], float],
    ) -> None:
        self._backoff_s = backoff_s
        self.heard: asyncio.Queue[Sequence[LiveChatEvent]] = asyncio.Queue(_BATCHES)
        self._login = login
        self._server = server
        self._joins = joins
        self._now_ms = now_ms
        self._clock = ServerClock()
        self._reading: set[asyncio.Task[None]] = set()
        self._open = 0
        self._was_in = False

    async def keep_connected(self) -> None:
        """Until cancelled, or until the channel turns out not to be there (ReadingFailed)."""
        try:
            while True:
                leave = asyncio.Event()
                reading = await self._connect(leave)
                leaving = asyncio.create_task(leave.wait())
                try:
                    await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    leaving.cancel()
                if reading.done():
                    reading.result()
        finally:
            for task in self._reading:
                task.cancel()
            await asyncio.gather(*self._reading, return_exceptions=True)

    async def _connect(self, leave: asyncio.Event) -> "asyncio.Task[None]":
        """A task that reads a new connection; the one before is read for a moment longer."""
        connection = await self._joined()
        self._was_in = True
        if not self._open:
            await self.heard.put([Listening(self._clock.server_ms(connection.since_ms))])
        for task in self._reading:
            asyncio.get_running_loop().call_later(self._server.times.overlap_s, task.cancel)
        self._open += 1
        reading = asyncio.create_task(self._read(connection, leave))
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return reading

    async def _joined(self) -> TwitchConnection:
        failures = unanswered = 0
        while True:
            await self._joins.turn()
            try:
                return await TwitchConnection.joined(self._server, self._login, self._now_ms)
            except AddressRefused as error:
                raise ReadingFailed(Failure(error.code, error.sentence)) from error
            except OutboundError as error:
                failures += 1
                unanswered += isinstance(error, NotLetIn)
            if unanswered >= _UNKNOWN_TRIES and not self._was_in:
                raise ReadingFailed(gone(self._login))
            await asyncio.sleep(self._backoff_s(failures))

    async def _read(self, connection: TwitchConnection, leave: asyncio.Event) -> None:
        try:
            async for lines in connection.batches():
                await self.heard.put(self._events(lines, leave))
            # The other side has closed: all that it sent has come.
            await self.heard.put([Heard(self._clock.server_ms(self._now_ms()))])
        except OutboundError:
            pass  # how it broke does not matter, since when it did is known
        finally:
            self._open -= 1
            await connection.close()
        if not self._open:
            await self.heard.put([Broken(*_BROKEN)])

    def _events(self, lines: Sequence[IrcLine], leave: asyncio.Event) -> list[LiveChatEvent]:
        arrived_ms, events = self._now_ms(), list[LiveChatEvent]()
        for line in lines:
            if line.command == "RECONNECT":
                leave.set()
            sent = sent_ms(line) if line.command == "PRIVMSG" else None
            at_ms = self._clock.believed(sent, arrived_ms)
            if event := said(line, at_ms):
                events.append(event)
        return [*events, Heard(self._clock.server_ms(arrived_ms))]
