"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from tldr_service import BackgroundTask, Definition, Infrastructure, Service
from tldr_streams.retention import StreamRetention
from tldr_video_analysis.adapters.analysis.analyser_process_pool import ProcessPoolAnalyser
from tldr_video_analysis.adapters.streams.sources_objects import ObjectSources
from tldr_video_analysis.adapters.streams.tables import OF_STREAMS, streams
from tldr_video_analysis.adapters.streams.work_postgres import WorkFactory
from tldr_video_analysis.application.analyse_window import AnalyseWindow
from tldr_video_analysis.application.examine_segments import ExamineSegments
from tldr_video_analysis.domain.streams.analysed_stream import WindowLengths
from tldr_video_analysis.entrypoints.background import Forgetting
from tldr_video_analysis.entrypoints.events import Events
from tldr_video_analysis.entrypoints.http import router
from tldr_video_analysis.entrypoints.jobs import JobHandlers
from tldr_video_analysis.settings import VideoAnalysisSettings


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = VideoAnalysisSettings()
    work = WorkFactory(infrastructure.jobs, infrastructure.outbox)
    analyser = ProcessPoolAnalyser(
        settings.processes, settings.window_limit_s, settings.idle_s, settings.process_memory_mb
    )
    analyse = AnalyseWindow(
        ExamineSegments(analyser),
        ObjectSources(infrastructure.objects),
        settings.examined_share,
        settings.live_patience_s,
    )
    forgetting = Forgetting(
        StreamRetention(infrastructure.database, streams, OF_STREAMS),
        infrastructure.clock,
        timedelta(days=settings.retention_days),
    )
    return Service(
        name=DEFINITION.name,
        routers=(router(infrastructure.database, infrastructure.access, work),),
        subscriptions=Events(work, WindowLengths(settings.window_s, settings.live_window_s)).subscriptions(),
        # One more than there are processes: what it reads from the database is ready when a process is.
        workers=JobHandlers(work, analyse, windows_at_once=settings.processes, spare=settings.processes).workers(),
        tasks=(BackgroundTask("forget streams", forgetting, interval_s=settings.sweep_interval_s),),
        close=analyser.close,
    )


DEFINITION = Definition("video-analysis", Path(__file__).parent / "migrations", build)
