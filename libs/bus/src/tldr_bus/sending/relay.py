"""Sends what the outbox holds: one relay at a time for each service, in order, until it is told to stop."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from tldr_bus.condition import Condition
from tldr_bus.kafka.broker import Broker, BrokerUnavailable
from tldr_bus.kafka.cluster import Cluster, ClusterWatch
from tldr_bus.schema import NOTIFICATIONS
from tldr_bus.sending.batches import Sender, Sending
from tldr_bus.sending.outgoing import Outgoing
from tldr_bus.sending.pending import mark_sent, read_pending, refuse, remember_cluster
from tldr_bus.sending.retention import Retention
from tldr_bus.settings import BusSettings
from tldr_database import Database

_log = logging.getLogger(__name__)
_LOCK = "SELECT pg_try_advisory_lock(7161, 2)"
# A host that vanished gives the lock back within half a minute, not within the two hours that are usual.
_SESSION = {
    "application_name": "tldr relay",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
}
_STANDBY_S = 1.0
_WATCH_S = 10.0
_FIRST_DELAY_S, _LAST_DELAY_S = 0.1, 5.0

Connect = Callable[[Broker, str], Awaitable[Sending]]
"""Makes a sender to a broker for a source of events. Raises BrokerUnavailable."""


class Relay:
    """Promised: rows of one subject are sent in order of id, each at least once, whatever dies and whoever takes over; a
    partition that takes nothing holds up no other. A row that no broker takes (too large) becomes a dead letter.

    It lives on one connection: that holds the lock, is told of new rows, reads them and marks them. Losing the
    connection loses all of it at once, and a second relay takes over.
    """

    def __init__(
        self,
        service: str,
        database: Database,
        watch: ClusterWatch,
        retention: Retention,
        settings: BusSettings,
        connect: Connect = Sender.connect,
    ) -> None:
        self._service = service
        self._source = f"/tldr/{service}"
        self._connect = connect
        self._dsn = database.address.system
        self._watch = watch
        self._retention = retention
        self._settings = settings
        self._woken = asyncio.Event()
        self._sender: Sending | None = None
        self._broker: Broker | None = None
        self._outgoing = Outgoing(self._new_sender, self._woken)
        self._next_sweep = 0.0
        self._delay = _FIRST_DELAY_S
        self.condition = Condition(f"relay of {service}")

    async def run(self) -> None:
        """Relay until cancelled. Trouble with the database or the broker is waited out."""
        while True:
            try:
                async with self._leading() as connection:
                    await self._relay(connection)
            except Exception as error:
                # Whatever it was: a driver whose connection was killed raises more than it documents.
                await self._pause(error)
            finally:
                await self._drop_sender()

    @asynccontextmanager
    async def _leading(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(
            self._dsn,
            timeout=10,
            command_timeout=30,
            server_settings=_SESSION,
        )
        try:
            connection.add_termination_listener(lambda _: self._woken.set())
            while not await connection.fetchval(_LOCK):
                self.condition.fine()
                await asyncio.sleep(_STANDBY_S)
            await connection.add_listener(NOTIFICATIONS, lambda *_: self._woken.set())
            yield connection
        finally:
            # Not a polite close: the lock goes with the connection, at once.
            connection.terminate()

    async def _relay(self, connection: asyncpg.Connection) -> None:
        while True:
            self._woken.clear()
            try:
                more = await self._round(connection)
            except BrokerUnavailable as error:
                await self._drop_sender()
                await self._pause(error)
                if not self.condition.healthy:
                    raise TimeoutError("another relay may have more luck") from error
                continue
            self._delay = _FIRST_DELAY_S
            self.condition.fine()
            if not more:
                await self._sweep(connection)
                await self._wait()

    async def _round(self, connection: asyncpg.Connection) -> bool:
        sender = await self._connected()
        cluster = await sender.cluster_id()
        if cluster != (await self._cluster()).id:
            raise BrokerUnavailable("another cluster answers, whose topics were not verified yet")
        requeued = await remember_cluster(connection, cluster)
        if requeued:
            # A broker without idempotent producers is the embedded one, which keeps nothing: expected at each of its starts.
            log = _log.warning if (await self._cluster()).broker.idempotent else _log.info
            log("the broker lost its log: %d events are sent again to cluster %s", requeued, cluster)
        rows = await read_pending(connection, self._settings.relay_batch, self._outgoing.unavailable())
        self._outgoing.start(sender, rows)
        finished = await self._outgoing.finished()
        await mark_sent(connection, [id for sent in finished for id in sent.ids], cluster)
        for sent in finished:
            if sent.refused:
                _log.error("%d events can never be sent and are dead letters: %s", len(sent.refused), sent.refused)
                await refuse(connection, self._service, sent.refused)
        return len(rows) == self._settings.relay_batch

    async def _connected(self) -> Sending:
        cluster = await self._cluster()
        if self._sender is not None and self._broker != cluster.broker:
            await self._drop_sender()
        if self._sender is None:
            self._sender, self._broker = await self._connect(cluster.broker, self._source), cluster.broker
        return self._sender

    async def _new_sender(self) -> Sending:
        return await self._connect((await self._cluster()).broker, self._source)

    async def _cluster(self) -> Cluster:
        try:
            return await asyncio.wait_for(self._watch.cluster(), _WATCH_S)
        except TimeoutError as error:
            raise BrokerUnavailable("no broker was found yet") from error

    async def _drop_sender(self) -> None:
        await self._outgoing.close()
        sender, self._sender = self._sender, None
        if sender is not None:
            await sender.close()

    async def _sweep(self, connection: asyncpg.Connection) -> None:
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + self._settings.sweep_every
            await self._retention.sweep(connection)

    async def _wait(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), min(self._settings.relay_poll, self._outgoing.rest_ends_in()))
        except TimeoutError:
            return
        await asyncio.sleep(self._settings.relay_debounce)

    async def _pause(self, error: BaseException) -> None:
        self.condition.trouble(error)
        await asyncio.sleep(self._delay)
        self._delay = min(self._delay * 2, _LAST_DELAY_S)
