"""Whether the audit log is what was written."""

from dataclasses import dataclass

from tldr_gateway.application.audit.ports import AuditLog, Ends
from tldr_gateway.domain.audit.event import Link, first_break

MOST_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found: `checked` entries behind `after` continue the chain, up to `broken_at`, the first that does not.

    `next_after` is where to go on; None where the newest entry (`head`) was reached, or the chain is broken.
    """

    after: int
    checked: int
    broken_at: int | None
    next_after: int | None
    head: Link

    @property
    def intact(self) -> bool:
        """Whether everything that was looked at holds."""
        return self.broken_at is None


@dataclass(frozen=True, slots=True)
class VerifyChain:
    """Recompute the hashes of the log, some thousand entries at a time."""

    log: AuditLog

    async def __call__(self, after: int = 0, *, limit: int = MOST_AT_A_TIME) -> Verification:
        """Begin behind this position, or behind what was forgotten.

        An entry that was changed, taken out or put in is found, also the newest ones that were cut off.
        """
        while True:
            ends = await self.log.ends()
            found = await self._look(ends, after, limit)
            # What was forgotten meanwhile is no break.
            if found.intact or (await self.log.ends()).kept_after == ends.kept_after:
                return found

    async def _look(self, ends: Ends, after: int, limit: int) -> Verification:
        start = ends.kept_after if after <= ends.kept_after.position else await self.log.link(after)
        if start is None:
            past = after >= ends.head.position
            return Verification(after, 0, None if past else after, None, ends.head)
        events = [
            event
            for event in await self.log.following(start.position, limit=limit)
            if event.position <= ends.head.position
        ]
        broken_at = first_break(start, events)
        if broken_at is not None:
            return Verification(start.position, broken_at - start.position - 1, broken_at, None, ends.head)
        last = Link(events[-1].position, events[-1].hash) if events else start
        if last.position == ends.head.position:
            wrong = None if last.hash == ends.head.hash else last.position
            return Verification(start.position, len(events), wrong, None, ends.head)
        if len(events) < limit:
            return Verification(start.position, len(events), last.position + 1, None, ends.head)
        return Verification(start.position, len(events), None, last.position, ends.head)
