"""`SourceResolver` over a process for each page that is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field

from tldr_ingest.adapters.resolving.findings import Found, Unresolved
from tldr_ingest.adapters.resolving.task import PageTask, prepare, resolve_page
from tldr_ingest.application.live.resolving import NotLive, ResolvedSource
from tldr_ingest.application.ports import ReadingFailed
from tldr_ingest.domain.resolving.pages import Page, PageNotKnown, page_of
from tldr_outbound import AddressPolicy, AddressRefused
from tldr_processes import WorkerEnded, WorkerOutOfMemory, WorkerOutputTooLarge, WorkerProcesses, WorkerTimedOut
from tldr_streams.values import Failure

logger = logging.getLogger(__name__)

_ANSWER_MB = 1
_START_S = 60.0
_SLOW = Failure("resolver_timed_out", "The site did not answer in time. Retry the stream later.")
_HEAVY = Failure("resolver_broken", "The site's answer takes more memory than a page does. Retry the stream later.")
_CRASHED = Failure("resolver_broken", "Looking at the page failed. Retry the stream later.")


def resolving_processes(at_once: int = 4, *, memory_mb: int = 512) -> WorkerProcesses:
    """Processes for `at_once` pages at a time; the libraries are loaded with the first page, which takes two seconds."""
    return WorkerProcesses(at_once, prepare, deadline_s=_START_S, memory_mb=memory_mb, output_mb=_ANSWER_MB)


@dataclass(frozen=True, slots=True)
class ProcessSourceResolver:
    """See `SourceResolver`. A page is looked at in a process that is made for it, sealed, and ended behind its answer.

    `now_s` counts since 1970. `sites`: see `Outside`, for tests. `runtime`: of JavaScript, by its name the path of its
    program, the only one that may be started. `limit_s`: how long one look may take.
    """

    processes: WorkerProcesses
    policy: AddressPolicy
    now_s: Callable[[], int]
    sites: Mapping[str, str] = field(default_factory=dict)
    runtime: Mapping[str, str] = field(default_factory=dict)
    limit_s: float = 20.0

    async def resolve(self, url: str, *, max_height: int) -> ResolvedSource:
        """See `SourceResolver.resolve`."""
        return (await self.examine(url, max_height=max_height)).source

    async def examine(self, url: str, *, max_height: int) -> Found:
        """The same with how it was found, for people. Raises what `resolve` raises."""
        try:
            page = page_of(url)
            if page is None:
                self.policy.check_url(url)
        except PageNotKnown as error:
            raise ReadingFailed(Failure("page_not_supported", str(error))) from None
        except AddressRefused as error:
            raise ReadingFailed(Failure(error.code, error.sentence)) from None
        if page is None:
            return Found(ResolvedSource(url, live=True), library="")
        answer = await self._asked(page, max_height)
        if isinstance(answer, Found):
            return answer
        return self._failed(page, answer)

    async def _asked(self, page: Page, max_height: int) -> Found | Unresolved:
        task = PageTask(page, self.policy, max_height, self.now_s(), self.sites, self.runtime)
        try:
            # Left behind its first item, a process is ended: the next page gets one that has seen nothing of this one.
            async with aclosing(self.processes.stream(resolve_page, task, first_within_s=self.limit_s)) as items:
                async for item in items:
                    answer: Found | Unresolved = item.value
                    return answer
        except WorkerTimedOut:
            raise ReadingFailed(_SLOW, passing=True) from None
        except (WorkerOutOfMemory, WorkerOutputTooLarge):
            raise ReadingFailed(_HEAVY, passing=True) from None
        except WorkerEnded as error:
            raise ReadingFailed(_CRASHED, passing=True) from error
        raise ReadingFailed(_CRASHED, passing=True)

    def _failed(self, page: Page, why: Unresolved) -> Found:
        failure = Failure(why.code, why.sentence)
        if why.offline:
            raise NotLive(failure)
        if why.passing:
            logger.warning("%s page not resolved by %s: %s: %s", page.site, why.library, why.code, why.detail)
        raise ReadingFailed(failure, passing=why.passing)
