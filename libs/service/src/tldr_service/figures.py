"""What a service's `/metrics` shows of its bus and its jobs; queue depth and lag are what it is scaled by."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Gauge

from tldr_bus import Bus
from tldr_database import Database
from tldr_jobs import Jobs


@dataclass(slots=True)
class MeshFigures:
    """Gauges that are brought up to date when they are asked for."""

    database: Database
    jobs: Jobs
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    bus: Bus | None = None
    _gauges: dict[str, Gauge] = field(default_factory=dict)

    async def refresh(self) -> None:
        """Ask the database and the readers."""
        if self.bus is not None:
            figures = await self.bus.figures()
            self._gauge("tldr_outbox_pending", "Events to be sent").set(figures.outbox)
            self._gauge("tldr_bus_parked", "Records that wait to be tried again").set(figures.parked)
            self._gauge("tldr_bus_dead", "Records that were given up").set(figures.dead)
            lag = self._gauge("tldr_bus_lag", "Records to be read", "group")
            for group, records in figures.lag.items():
                lag.labels(group).set(records)
        async with self.database.system() as transaction:
            depth = await self.jobs.depth(transaction)
        waiting = self._gauge("tldr_jobs_waiting", "Jobs that wait to run now", "kind")
        waiting.clear()
        for kind, jobs in depth.items():
            waiting.labels(kind).set(jobs)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        if name not in self._gauges:
            self._gauges[name] = Gauge(name, text, labels, registry=self.registry)
        return self._gauges[name]
