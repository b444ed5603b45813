"""The RTMP server: takes connections within limits, and gives each to its own task."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass, field

from tldr_ingest.adapters.push.connection import Connection, Reception
from tldr_ingest.adapters.push.peer import PatientReader, Peer
from tldr_ingest.domain.push.limits import ProtocolBroken
from tldr_telemetry import logger

_log = logger(__name__)
_READ_AHEAD = 64 << 10
_CLOSING_S = 8.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where it listens: 0 is any port. RTMPS with a certificate. `bytes_per_s`: what one publisher may send (0: no limit)."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    bytes_per_s: int = 0


@dataclass(slots=True)
class RtmpServer:
    """Serves publishers until it is cancelled; what they sent is on disk then."""

    listening: Listening
    reception: Reception
    port: int | None = None
    """Where it listens now."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self) -> None:
        """Until cancelled. Raises OSError where it cannot listen."""
        loop = asyncio.get_running_loop()

        def protocol() -> asyncio.StreamReaderProtocol:
            return asyncio.StreamReaderProtocol(PatientReader(_READ_AHEAD, loop), self._connected, loop)

        server = await loop.create_server(
            protocol,
            self.listening.host,
            self.listening.port,
            ssl=self.listening.tls,
            ssl_handshake_timeout=self.reception.limits.setup_s if self.listening.tls else None,
            start_serving=False,
        )
        try:
            # Who has the port has the spool: those that were connected to another process are not any more.
            await asyncio.to_thread(self.reception.spool.recover, self.reception.now_ms())
            await server.start_serving()
            self.port = server.sockets[0].getsockname()[1]
            _log.info("taking pushed streams", host=self.listening.host, port=self.port)
            await asyncio.Event().wait()
        finally:
            self.port = None
            server.close()
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_CLOSING_S)

    async def cut_off_others(self) -> None:
        """End publishers whose key opens nothing any more: it was replaced, or the stream has ended."""
        publishers = self.reception.publishers.all
        if not publishers:
            return
        valid = await self.reception.admit.keys.valid({one.admitted.digest for one in publishers})
        for publisher in publishers:
            if publisher.admitted.digest not in valid:
                _log.info("a publisher's key is not valid any more", stream=publisher.admitted.stream)
                publisher.cut_off()

    def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        # A task of ours, not the server's: it is waited for when the service stops.
        task = asyncio.create_task(self._guarded(reader, writer), name="rtmp connection")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, reader: StreamReader, writer: StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ("",))[0])
        try:
            with self.reception.publishers.connected(address) as taken:
                if taken and self.reception.admit.hears(address):
                    peer = Peer(reader, writer, self.reception.limits, self.listening.bytes_per_s)
                    await Connection(self.reception, peer, address, writer.transport.abort).run()
        except ProtocolBroken as error:
            _log.info("a connection was refused", address=address, reason=str(error))
        except (TimeoutError, EOFError, OSError) as error:
            _log.info("a connection ended", address=address, reason=type(error).__name__)
        except Exception as error:
            # Without its text: it may hold what was sent.
            _log.warning("a connection failed", address=address, error=type(error).__name__)
        finally:
            await _close(writer)


async def _close(writer: StreamWriter) -> None:
    """Let what was said arrive, within a second."""
    try:
        writer.close()
        async with asyncio.timeout(1):
            await writer.wait_closed()
    except (TimeoutError, OSError):
        writer.transport.abort()
