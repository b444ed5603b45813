"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from tldr_highlight_store.adapters.clips.cutter_objects import ObjectCutter
from tldr_highlight_store.adapters.clips.cutter_process_pool import ProcessPoolClipCutter
from tldr_highlight_store.adapters.streams.playlist_postgres import PlaylistReader
from tldr_highlight_store.adapters.streams.retention_postgres import PostgresRetention
from tldr_highlight_store.adapters.streams.window_postgres import PostgresWindows
from tldr_highlight_store.adapters.work_postgres import WorkFactory
from tldr_highlight_store.application.clips.cut_highlight import CutHighlight
from tldr_highlight_store.entrypoints.background import Retention, Trimming
from tldr_highlight_store.entrypoints.changes import changes_router
from tldr_highlight_store.entrypoints.events import Events
from tldr_highlight_store.entrypoints.http import router
from tldr_highlight_store.entrypoints.jobs import JobHandlers
from tldr_highlight_store.entrypoints.lists import lists_router
from tldr_highlight_store.entrypoints.playlist import SignedAddresses, playlist_router
from tldr_highlight_store.settings import HighlightStoreSettings
from tldr_service import BackgroundTask, Definition, Infrastructure, Service


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = HighlightStoreSettings()
    objects = infrastructure.objects
    work = WorkFactory(infrastructure.jobs, infrastructure.outbox)
    cutter = ProcessPoolClipCutter(
        workers=settings.cutters, deadline_s=settings.cut_limit_s, memory_mb=settings.cutter_memory_mb
    )
    jobs = JobHandlers(
        work,
        CutHighlight(ObjectCutter(cutter, objects)),
        objects,
        settings.cuts_at_once,
        timedelta(seconds=2 * settings.cut_limit_s),
    )
    retention = Retention(PostgresRetention(infrastructure.database), objects, infrastructure.clock)
    trimming = Trimming(PostgresWindows(infrastructure.database), objects)
    return Service(
        name=DEFINITION.name,
        routers=(
            router(
                infrastructure.database,
                objects,
                infrastructure.access,
                work,
                timedelta(seconds=settings.url_lifetime_s),
            ),
            lists_router(infrastructure.database, infrastructure.access),
            changes_router(infrastructure.database, infrastructure.access, work),
            playlist_router(
                PlaylistReader(infrastructure.database, objects),
                SignedAddresses(objects, infrastructure.clock),
                infrastructure.access,
            ),
        ),
        subscriptions=Events(work).subscriptions(),
        workers=jobs.workers(),
        tasks=(
            BackgroundTask("retention", retention, interval_s=settings.sweep_interval_s),
            BackgroundTask("trim live streams", trimming, interval_s=settings.trim_interval_s),
        ),
        close=cutter.close,
    )


DEFINITION = Definition("highlight-store", Path(__file__).parent / "migrations", build)
