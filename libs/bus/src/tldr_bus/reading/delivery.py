"""Decides records of one lane: effects and inbox rows in one transaction; what fails is tried again, then parked."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from itertools import groupby
from typing import Generic, TypeVar, cast

import asyncpg
from google.protobuf.message import Message

from tldr_bus.condition import Condition
from tldr_bus.effects import inbox
from tldr_bus.effects.handling import DatabaseTrouble, HandlerFailed, run_handler
from tldr_bus.effects.locks import lock_with
from tldr_bus.events.envelope import Malformed, decode, organization_of
from tldr_bus.events.event import Subscription
from tldr_bus.events.record import Record
from tldr_bus.parked.dead_lettering import NO_ORGANIZATION, dead_letter
from tldr_bus.parked.parking import Queue, park
from tldr_bus.reading.arrival import Arrival
from tldr_bus.reading.lanes import Halted
from tldr_bus.settings import BusSettings
from tldr_database import Database, Transaction, Trouble, driver, set_tenant, trouble_of

M = TypeVar("M", bound=Message)
_SLOW_LIMIT = 5
"""Statements that took too long before it is the transaction that is at fault."""
_LAST_DELAY_S = 5.0


class Delivery(Generic[M]):
    """One subscription's way from record to effect. Implements `lanes.Deliver`."""

    def __init__(
        self,
        service: str,
        subscription: Subscription[M],
        database: Database,
        settings: BusSettings,
        parked: Callable[[], None],
    ) -> None:
        self._service = service
        self._subscription = subscription
        self._group = subscription.topic.group(service)
        self._message = cast("type[M]", subscription.topic.message)
        self._database = database
        self._settings = settings
        self._parked = parked
        self.condition = Condition(f"database behind {self._group}")

    async def __call__(self, records: Sequence[Record], halt: asyncio.Event) -> None:
        """Decide these records. Raises Halted; any other exception is a fault of the bus itself."""
        arrivals: list[Arrival[M]] = []
        for record in records:
            try:
                arrivals.append(Arrival(record, decode(record, self._message)))
            except Malformed as error:
                await self._patiently(partial(self._dead_letter, record, str(error)), halt)
        if not arrivals:
            return
        try:
            await self._patiently(partial(self._handle, arrivals), halt)
        except HandlerFailed as error:
            if len(arrivals) == 1:
                await self._insist(arrivals[0], error, 1, halt)
            else:
                for arrival in arrivals:
                    await self._insist(arrival, None, 0, halt)

    async def _handle(self, arrivals: Sequence[Arrival[M]]) -> None:
        """Everything that these records bring about, in one transaction."""
        bound = arrivals[0].received.organization
        async with self._database.tenant(bound) as transaction:
            connection = await driver(transaction)
            ids = [arrival.received.id for arrival in arrivals]
            subjects = [arrival.received.subject for arrival in arrivals]
            besides = self._subscription.also_locks
            await lock_with(
                connection, [*subjects, *(besides(arrival.received) for arrival in arrivals if besides is not None)]
            )
            states = await inbox.admit(connection, self._group, ids, subjects)
            # An event may be in the batch twice: the first one has the effect.
            fresh = [(arrival, state) for arrival in arrivals if (state := states.pop(arrival.received.id, None))]
            for (organization, state), run in groupby(fresh, key=lambda each: (each[0].received.organization, each[1])):
                if organization != bound:
                    await set_tenant(transaction, bound := organization)
                same = [arrival for arrival, _ in run]
                await (self._join(connection, same) if state == "parked" else self._run(transaction, same))

    async def _join(self, connection: asyncpg.Connection, arrivals: Sequence[Arrival[M]]) -> None:
        for arrival in arrivals:
            received, reason = arrival.received, "behind an earlier record"
            queue = Queue(self._group, received.organization, received.subject)
            await park(connection, queue, arrival.record, received.id, attempts=0, error=reason, delay=0.0)

    async def _run(self, transaction: Transaction, arrivals: Sequence[Arrival[M]]) -> None:
        subscription, deadline = self._subscription, self._settings.handler_deadline
        if subscription.handle_together is not None and len(arrivals) > 1:
            handling = subscription.handle_together(transaction, [arrival.received for arrival in arrivals])
            await run_handler(handling, None, deadline, self._database)
            return
        for arrival in arrivals:
            handling = subscription.handle(transaction, arrival.received)
            await run_handler(handling, arrival.received.traceparent, deadline, self._database)

    async def _insist(
        self, arrival: Arrival[M], error: HandlerFailed | None, attempts: int, halt: asyncio.Event
    ) -> None:
        """Try one record a few times in place, then park it. A late handler is not tried in place again: 10 s are long."""
        delay = self._settings.quick_delay
        while error is None or (attempts < self._settings.quick_attempts and not error.late):
            if error is not None:
                await _pause(delay, halt)
                delay *= 2
            try:
                await self._patiently(partial(self._handle, [arrival]), halt)
            except HandlerFailed as failure:
                error, attempts = failure, attempts + 1
            else:
                return
        await self._patiently(partial(self._park, arrival, attempts, str(error)), halt)
        self._parked()

    async def _park(self, arrival: Arrival[M], attempts: int, error: str) -> None:
        received = arrival.received
        async with self._database.tenant(received.organization) as transaction:
            connection = await driver(transaction)
            await lock_with(connection, [received.subject])
            if await inbox.enter(connection, self._group, received.id, received.subject, "parked"):
                queue = Queue(self._group, received.organization, received.subject)
                delay = self._settings.parked_delay
                await park(connection, queue, arrival.record, received.id, attempts=attempts, error=error, delay=delay)

    async def _dead_letter(self, record: Record, error: str) -> None:
        try:
            organization = organization_of(record)
        except Malformed:
            organization = NO_ORGANIZATION
        ce_id, subject = str(record.content_id()), ""
        async with self._database.tenant(organization) as transaction:
            connection = await driver(transaction)
            if await inbox.enter(connection, self._group, ce_id, subject, "dead"):
                topic = self._subscription.topic
                names = {"ce_id": ce_id, "organization": organization, "subject": subject}
                await dead_letter(
                    connection, topic, self._service, record, attempts=0, error=f"malformed: {error}", **names
                )

    async def _patiently(self, action: Callable[[], Awaitable[None]], halt: asyncio.Event) -> None:
        """Run it until the database lets it. Raises HandlerFailed, and Halted while it waits."""
        delay, slow = 0.1, 0
        while True:
            try:
                await action()
            except HandlerFailed:
                raise
            except Exception as error:
                # Around a handler an OSError can only come from the database.
                trouble = Trouble.AWAY if isinstance(error, (DatabaseTrouble, OSError)) else trouble_of(error)
                slow += trouble is Trouble.SLOW
                if trouble is None or slow >= _SLOW_LIMIT:
                    raise HandlerFailed(f"the transaction was refused: {error}", late=slow > 0) from error
                self.condition.trouble(error)
            else:
                self.condition.fine()
                return
            await _pause(delay, halt)
            delay = min(delay * 2, _LAST_DELAY_S)


async def _pause(seconds: float, halt: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(halt.wait(), seconds)
    except TimeoutError:
        return
    raise Halted
