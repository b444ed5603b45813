"""The service's own database with its handlers and use cases on it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from tldr_bus import PostgresOutbox, Subscription
from tldr_contracts.ids import StreamId
from tldr_database import Database
from tldr_fusion_detector.adapters.learning.learner_thread import ThreadLearner
from tldr_fusion_detector.adapters.moments.detector_thread import ThreadDetector
from tldr_fusion_detector.adapters.moments.live_detector_thread import ThreadLiveDetector
from tldr_fusion_detector.adapters.wakeups_jobs import ADVANCE
from tldr_fusion_detector.adapters.work_postgres import PostgresWork, WorkFactory
from tldr_fusion_detector.application.learning.recalibrate_confidence import RecalibrateConfidence
from tldr_fusion_detector.application.moments.advance_live import AdvanceLive
from tldr_fusion_detector.application.moments.advance_stream import AdvanceStream
from tldr_fusion_detector.application.moments.detect_run import DetectRun
from tldr_fusion_detector.application.signals.deadlines import Deadlines
from tldr_fusion_detector.bootstrap import DEFINITION
from tldr_fusion_detector.entrypoints.events import Events
from tldr_jobs import PostgresJobs
from tldr_streams.transactions import Transactions
from tldr_testing import ServiceDesk, migrated


@dataclass
class Service(ServiceDesk[PostgresWork]):
    """The service without a broker: handlers are called as the bus calls them, jobs as the workers do."""

    work: WorkFactory = field(
        default_factory=lambda: WorkFactory(PostgresJobs(), PostgresOutbox("fusion-detector"), timedelta(seconds=2))
    )

    deadlines: Deadlines = field(default_factory=Deadlines)

    @property
    def transactions(self) -> Transactions[PostgresWork]:
        """Those of a job that nobody takes away."""
        return Transactions(self.open, self.open, self.open)

    async def advance(self, stream: str) -> None:
        """Run what an advance job runs."""
        live = AdvanceLive(ThreadLiveDetector(), self.deadlines)
        await AdvanceStream(DetectRun(ThreadDetector()), live)(StreamId(stream), self.transactions)

    async def recalibrate(self) -> None:
        """Run what a job runs that learns from verdicts."""
        await RecalibrateConfidence(ThreadLearner())(self.transactions)

    async def waiting(self, stream: str) -> list[Any]:
        """Jobs that wait."""
        return await self.fetch(
            "SELECT priority, due_at - now() AS delay FROM jobs WHERE key = $1 AND kind = $2 AND state = 'waiting'",
            stream,
            ADVANCE,
        )

    def subscriptions(self) -> tuple[Subscription[Any], ...]:
        return Events(self.work).subscriptions()


@pytest_asyncio.fixture(scope="session")
async def detector_database(postgres_admin: str) -> AsyncIterator[Database]:
    """One database for all tests; they keep apart by their organizations."""
    async with migrated(postgres_admin, DEFINITION) as database:
        yield database


@pytest.fixture
def service(detector_database: Database, organization: str) -> Service:
    return Service(detector_database, organization)
