"""One publisher's connection, from its greeting to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from tldr_contracts.ids import StreamId
from tldr_ingest.adapters.push.peer import Peer
from tldr_ingest.adapters.push.publishers import Publisher, Publishers
from tldr_ingest.adapters.push.session import PublishingSession
from tldr_ingest.adapters.push.spool_files import PushSpool
from tldr_ingest.application.push.admit_publisher import AdmitPublisher
from tldr_ingest.domain.push.commands import Publish, Refuse, Unpublish, Wish, answer_to, command_of, status
from tldr_ingest.domain.push.limits import ProtocolBroken, RtmpLimits
from tldr_ingest.domain.push.messages import MessageType, RtmpMessage
from tldr_ingest.domain.push.pieces import PieceCutter, PieceLimits
from tldr_ingest.domain.push.spool_names import Leaving
from tldr_telemetry import logger

_log = logger(__name__)
_COMMANDS = (MessageType.COMMAND, MessageType.COMMAND_AMF3)
_FAREWELL_S = 2.0
_ARRIVAL_S = 5.0


@dataclass(frozen=True, slots=True)
class Reception:
    """What all connections share. `arrived` hears of a stream when the first picture or sound of a session has come."""

    admit: AdmitPublisher
    publishers: Publishers
    spool: PushSpool
    limits: RtmpLimits
    pieces: PieceLimits
    now_ms: Callable[[], int]
    arrived: Callable[[StreamId], Awaitable[None]]


@dataclass(slots=True)
class Connection:
    """`cut_off` ends it at once."""

    reception: Reception
    peer: Peer
    address: str
    cut_off: Callable[[], None]

    async def run(self) -> None:
        """Until the publisher goes, or is sent away. Raises ProtocolBroken, TimeoutError and OSError."""
        async with asyncio.timeout(self.reception.limits.setup_s):
            await self.peer.greet()
            publisher = await self._let_in()
        if publisher is None:
            return
        stream = publisher.admitted.stream
        session = PublishingSession(
            stream, self.reception.spool, PieceCutter(self.reception.pieces), self.reception.now_ms, self._arrived
        )
        how = Leaving.LOST
        _log.info("a publisher is connected", stream=stream, address=self.address)
        try:
            how = await self._publish(publisher, session)
        except asyncio.CancelledError:
            how = Leaving.RESTARTED
            raise
        finally:
            try:
                await session.end(how)
            finally:
                self.reception.publishers.release(publisher)
                _log.info("a publisher went", stream=stream, how=how, bytes=self.peer.received_bytes)
        if how is Leaving.ASKED:
            await self._farewell()

    async def _arrived(self, stream: StreamId) -> None:
        try:
            async with asyncio.timeout(_ARRIVAL_S):
                await self.reception.arrived(stream)
        except Exception as error:
            # What is published lies in the spool, and is looked for again by itself.
            _log.warning("nobody could be told of a publisher", stream=stream, error=repr(error))

    async def _let_in(self) -> Publisher | None:
        """Commands until one is to publish, by somebody who may."""
        while (message := await self.peer.message()) is not None:
            if self.peer.received_bytes > self.reception.limits.setup_bytes:
                raise ProtocolBroken("much was sent before anything was published")
            match await self._answer(message):
                case Publish() as wish:
                    return await self._admitted(wish)
                case Refuse():
                    return None
        return None

    async def _admitted(self, wish: Publish) -> Publisher | None:
        admitted = await self.reception.admit(wish.name, self.address)
        if admitted is None:
            await self._bad_name(wish, "No stream has this key.")
            return None
        publisher = Publisher(admitted, self.address, self.cut_off, asyncio.get_running_loop().time())
        if not await self.reception.publishers.claim(publisher):
            await self._bad_name(wish, "The stream is being published already.")
            return None
        try:
            await self.peer.send([status(wish.stream, "status", "NetStream.Publish.Start", "Go ahead.")])
        except BaseException:
            self.reception.publishers.release(publisher)
            raise
        return publisher

    async def _bad_name(self, wish: Publish, sentence: str) -> None:
        await self.peer.send([status(wish.stream, "error", "NetStream.Publish.BadName", sentence)])
        _log.info("a publisher was refused", address=self.address, reason=sentence)

    async def _publish(self, publisher: Publisher, session: PublishingSession) -> Leaving:
        clock = asyncio.get_running_loop().time
        silence_s = self.reception.limits.silence_s
        while True:
            async with asyncio.timeout_at(publisher.heard_s + silence_s):
                message = await self.peer.message()
            if message is None:
                return Leaving.LOST
            if message.type in _COMMANDS:
                match await self._answer(message):
                    case Unpublish():
                        return Leaving.ASKED
                    case Publish() | Refuse():
                        return Leaving.LOST
            elif await session.take(message):
                publisher.heard_s = clock()

    async def _answer(self, message: RtmpMessage) -> Wish | None:
        if message.type not in _COMMANDS:
            return None
        answer = answer_to(command_of(message, self.reception.limits), message.stream)
        try:
            await self.peer.send(answer.messages)
        except OSError:
            if not isinstance(answer.wish, Unpublish):  # who ends the stream often does not wait for the answer
                raise
        return answer.wish

    async def _farewell(self) -> None:
        """It says more when it goes, and fails where nobody listens."""
        with suppress(TimeoutError, ProtocolBroken, OSError):
            async with asyncio.timeout(_FAREWELL_S):
                while await self.peer.message() is not None:
                    pass
