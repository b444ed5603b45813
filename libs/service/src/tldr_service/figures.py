"""What a service's `/metrics` shows of its bus and its jobs; queue depth and lag are what it is scaled by."""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Gauge

from tldr_bus import Bus
from tldr_database import Database
from tldr_jobs import Jobs


@dataclass(slots=True)
class MeshFigures:
    """Gauges that are brought up to date when they are asked for. `jobs`: None for a service that has none."""

    database: Database
    jobs: Jobs | None
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
            connected = self._gauge("tldr_bus_connected", "Whether the group reads; its lag is not known else", "group")
            for group, records in figures.lag.items():
                lag.labels(group).set(records)
                connected.labels(group).set(figures.connected[group])
            unknown = self._gauge("tldr_bus_unknown_facts", "Events of a type this service does not know", "type")
            for kind, count in figures.unknown.items():
                unknown.labels(kind).set(count)
        if self.jobs is None:
            return
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
