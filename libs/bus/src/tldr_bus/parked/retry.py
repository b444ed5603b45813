"""Tries the head of a queue once and decides what becomes of it: done, postponed or dead."""

from typing import Any

from tldr_bus.effects import inbox
from tldr_bus.effects.handling import HandlerFailed, run_handler
from tldr_bus.effects.locks import lock_with
from tldr_bus.events.envelope import Malformed, decode
from tldr_bus.events.event import Received, Subscription
from tldr_bus.parked.dead_lettering import dead_letter
from tldr_bus.parked.parking import Head, Queue, due_head, leave, postpone
from tldr_bus.settings import BusSettings
from tldr_database import Database, driver, set_tenant


class Retry:
    """For the queues of one subscription."""

    def __init__(
        self, service: str, subscription: Subscription[Any], database: Database, settings: BusSettings
    ) -> None:
        self._service = service
        self._subscription = subscription
        self._database = database
        self._settings = settings

    async def __call__(self, queue: Queue) -> bool:
        """Try the head if it is due. True when the queue moved on, so that its next record may be tried at once.

        Trouble with the database passes through; nothing was written then, and no attempt counted.
        """
        tried: list[tuple[Head, Received[Any] | None]] = []
        try:
            return await self._handle(queue, tried)
        except Malformed as error:
            return await self._dead_letter(queue, tried[-1][0], None, f"malformed: {error}")
        except HandlerFailed as error:
            head, received = tried[-1]
            attempts = head.attempts + 1
            if attempts >= self._settings.attempts:
                return await self._dead_letter(queue, head, received, str(error))
            return await self._postpone(queue, head, attempts, str(error))

    async def _handle(self, queue: Queue, tried: list[tuple[Head, Received[Any] | None]]) -> bool:
        async with self._database.tenant(queue.organization) as transaction:
            connection = await driver(transaction)
            await lock_with(connection, [queue.subject])
            head = await due_head(connection, queue)
            if head is None or not await leave(connection, queue, head):
                return False
            tried.append((head, None))
            received = decode(head.record, self._subscription.topic.message)
            tried.append((head, received))
            await inbox.set_state(connection, queue.group, head.ce_id, queue.subject, "done")
            # They differ only for a record that was once malformed, and whose queue therefore belongs to nobody.
            await lock_with(connection, [received.subject])
            await set_tenant(transaction, received.organization)
            handling = self._subscription.handle(transaction, received)
            await run_handler(handling, received.traceparent, self._settings.handler_deadline, self._database)
        return True

    async def _postpone(self, queue: Queue, head: Head, attempts: int, error: str) -> bool:
        settings = self._settings
        grown = settings.parked_delay * 4.0 ** max(0, attempts - settings.quick_attempts)
        async with self._database.tenant(queue.organization) as transaction:
            connection = await driver(transaction)
            await lock_with(connection, [queue.subject])
            await postpone(connection, head, attempts, error, min(grown, settings.parked_delay_limit))
        return False

    async def _dead_letter(self, queue: Queue, head: Head, received: Received[Any] | None, error: str) -> bool:
        """Give the head up. Where `on_dead` fails the head stays, and both are tried again as late as possible: a gap that
        is not published would look like nothing.
        """
        try:
            async with self._database.tenant(queue.organization) as transaction:
                connection = await driver(transaction)
                await lock_with(connection, [queue.subject])
                if not await leave(connection, queue, head):
                    return False
                names = {"ce_id": head.ce_id, "organization": queue.organization, "subject": queue.subject}
                topic, attempts = self._subscription.topic, head.attempts + 1
                await dead_letter(
                    connection, topic, self._service, head.record, attempts=attempts, error=error, **names
                )
                await inbox.set_state(connection, queue.group, head.ce_id, queue.subject, "dead")
                if received is not None:
                    await set_tenant(transaction, received.organization)
                    giving_up = self._subscription.on_dead(transaction, received, error)
                    await run_handler(giving_up, received.traceparent, self._settings.handler_deadline, self._database)
            return True
        except HandlerFailed as failure:
            await self._postpone(queue, head, head.attempts, f"{error}; giving it up failed: {failure}")
            return False
