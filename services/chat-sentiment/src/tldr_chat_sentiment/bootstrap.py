"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from tldr_chat_sentiment.adapters.contents_objects import ObjectContents
from tldr_chat_sentiment.adapters.measurer_thread import ThreadMeasurer
from tldr_chat_sentiment.adapters.retention_postgres import ChatRetention
from tldr_chat_sentiment.adapters.tables import streams
from tldr_chat_sentiment.adapters.text_reader_vader import text_reader
from tldr_chat_sentiment.adapters.work_postgres import WorkFactory
from tldr_chat_sentiment.application.measure_chat import MeasureChat
from tldr_chat_sentiment.entrypoints.background import Forgetting
from tldr_chat_sentiment.entrypoints.events import Events
from tldr_chat_sentiment.entrypoints.http import router
from tldr_chat_sentiment.entrypoints.jobs import JobHandlers
from tldr_chat_sentiment.settings import ChatSentimentSettings
from tldr_service import BackgroundTask, Definition, Infrastructure, Service
from tldr_streams.retention import StreamRetention


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = ChatSentimentSettings()
    work = WorkFactory(infrastructure.jobs, infrastructure.outbox)
    measure = MeasureChat(ObjectContents(infrastructure.objects), ThreadMeasurer(text_reader))
    forgetting = Forgetting(
        ChatRetention(infrastructure.database),
        StreamRetention(infrastructure.database, streams),
        infrastructure.clock,
        chat_kept=timedelta(hours=settings.failed_chat_hours),
        streams_kept=timedelta(days=settings.retention_days),
    )
    return Service(
        name=DEFINITION.name,
        routers=(router(infrastructure.database, infrastructure.access, work),),
        subscriptions=Events(work).subscriptions(),
        workers=JobHandlers(work, measure, settings.streams_at_once, settings.arrivals_at_once).workers(),
        tasks=(BackgroundTask("forget chat", forgetting, interval_s=settings.sweep_interval_s),),
    )


DEFINITION = Definition("chat-sentiment", Path(__file__).parent / "migrations", build)
