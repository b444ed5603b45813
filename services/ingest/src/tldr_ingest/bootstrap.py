"""The composition root: every object of this service, made once."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tldr_database import trouble_of
from tldr_ingest.adapters.chat.packing import packed
from tldr_ingest.adapters.chat.page_reader import PageChatReader
from tldr_ingest.adapters.chat.reader_process import ProcessChatReader
from tldr_ingest.adapters.chat.twitch_video import TwitchVideoChat
from tldr_ingest.adapters.live.feeds import OpenFeed, feed_of
from tldr_ingest.adapters.live.reader_process import SILENCE_S, ProcessLiveReader
from tldr_ingest.adapters.live.recordings import read_recording
from tldr_ingest.adapters.live.sources import OutsideSources
from tldr_ingest.adapters.live_chat.channels import SourceChannels
from tldr_ingest.adapters.live_chat.readers import live_chat_readers
from tldr_ingest.adapters.media.reader_process import ProcessMediaReader
from tldr_ingest.adapters.prepared import prepare, prepare_live
from tldr_ingest.adapters.push.connection import Reception
from tldr_ingest.adapters.push.publishers import Publishers
from tldr_ingest.adapters.push.read_back import ReadBack
from tldr_ingest.adapters.push.server_rtmp import Listening, RtmpServer
from tldr_ingest.adapters.push.spool_files import PushSpool
from tldr_ingest.adapters.reading.places import Places
from tldr_ingest.adapters.reading.processes import ReadingProcesses
from tldr_ingest.adapters.resolving.resolver_process import ProcessSourceResolver, resolving_processes
from tldr_ingest.adapters.streams.arrivals_postgres import PostgresArrivals
from tldr_ingest.adapters.streams.keys_postgres import PostgresKeyLookup
from tldr_ingest.adapters.streams.pushed_postgres import PushedRetention
from tldr_ingest.adapters.streams.shelf_objects import ObjectShelf
from tldr_ingest.adapters.streams.tables import OF_STREAMS, streams
from tldr_ingest.adapters.streams.work_postgres import WorkFactory
from tldr_ingest.application.copy_segments import Pace
from tldr_ingest.application.live.read_live import LiveLimits, ReadLive
from tldr_ingest.application.live_chat.read_live_chat import LivePace, ReadLiveChat
from tldr_ingest.application.live_chat.read_pushed_chat import ReadPushedChat
from tldr_ingest.application.push.admit_publisher import AdmitPublisher
from tldr_ingest.application.read_chat import ReadChat
from tldr_ingest.application.read_media import ReadMedia
from tldr_ingest.domain.push.attempts import WrongKeys
from tldr_ingest.domain.push.limits import RtmpLimits
from tldr_ingest.domain.push.pieces import PieceLimits
from tldr_ingest.domain.push.spool_bound import SpoolBound
from tldr_ingest.entrypoints.background import PushedChatRetention, Retention
from tldr_ingest.entrypoints.events import Events
from tldr_ingest.entrypoints.http import router
from tldr_ingest.entrypoints.jobs import JobHandlers
from tldr_ingest.entrypoints.pushing import Pushing
from tldr_ingest.entrypoints.rtmp_auth import rtmp_auth
from tldr_ingest.live_chat_settings import LiveChatSettings
from tldr_ingest.push_settings import PushInputSettings
from tldr_ingest.settings import IngestSettings
from tldr_outbound import ReadingLimits, guarded_async_client
from tldr_secrets import Sealer
from tldr_service import BackgroundTask, Definition, Infrastructure, Service
from tldr_streams.retention import StreamRetention


def build(infrastructure: Infrastructure, open_feed: OpenFeed = feed_of) -> Service:
    """Put the service together. `open_feed`: what reads live sources."""
    settings = IngestSettings()  # type: ignore[call-arg] # from the environment
    chats = LiveChatSettings()
    objects = infrastructure.objects
    work = WorkFactory(infrastructure.jobs, infrastructure.outbox)
    processes = ReadingProcesses(
        prepare,
        settings.uploads_at_once + settings.addresses_at_once + settings.chats_at_once + 3 * settings.spare_readings,
        idle_s=settings.process_idle_s,
        silence_s=settings.silence_limit_s,
        memory_mb=settings.process_memory_mb,
    )
    limits = ReadingLimits(stall_s=settings.stall_limit_s)
    looks = resolving_processes(settings.resolves_at_once, memory_mb=settings.resolve_memory_mb)
    resolver = ProcessSourceResolver(
        looks,
        infrastructure.addresses,
        lambda: int(infrastructure.clock.now().timestamp()),
        sites=settings.sites,
        runtime=settings.javascript,
        limit_s=settings.resolve_limit_s,
    )
    sealer = Sealer(settings.source_keys.get_secret_value())
    places = Places(objects, infrastructure.addresses, limits, sealer, resolver, settings.recording_height)
    media = ProcessMediaReader(processes, places, settings.open_limit_s, read_recording, settings.recording_height)
    chat_limit = settings.chat_limit_mb << 20
    chat = PageChatReader(
        ProcessChatReader(processes, places, settings.open_limit_s, settings.chat_window_s, chat_limit),
        TwitchVideoChat(chats.twitch_gql, guarded_async_client(infrastructure.addresses), chat_limit),
    )

    push = PushInputSettings()
    longest_ms = int(settings.longest_hours * 3_600_000)
    spool = PushSpool(push.push_folder, SpoolBound(push.push_kept_s * 1000, push.push_kept_mb << 20))

    def now_ms() -> int:
        return int(1000 * infrastructure.clock.now().timestamp())

    lives = ReadingProcesses(
        prepare_live,
        settings.live_at_once + settings.spare_readings,
        idle_s=settings.process_idle_s,
        silence_s=SILENCE_S,
        memory_mb=settings.live_memory_mb,
    )
    sources = OutsideSources(places, resolver, spool.folder, ReadBack(push.push_read_back), settings.live_height)
    live = ProcessLiveReader(
        lives,
        open_feed,
        infrastructure.addresses,
        limits,
        spool.folder,
        push.push_grace_s * 1000,
        settings.live_height,
        now_ms,
    )
    live_limits = LiveLimits(longest_ms, settings.live_look_s, int(settings.live_silence_s * 1000))
    live_chats = live_chat_readers(chats.twitch_irc, chats.youtube, infrastructure.addresses, now_ms)
    channels = SourceChannels(sealer, resolver)
    chat_pace = LivePace(chats.window_ms, chats.grace_ms)
    jobs = JobHandlers(
        work,
        media=lambda organization: ReadMedia(media, ObjectShelf(objects, organization), longest_ms, Pace()),
        live=lambda organization: ReadLive(sources, live, ObjectShelf(objects, organization), live_limits, now_ms),
        chat=lambda organization: ReadChat(chat, ObjectShelf(objects, organization)),
        live_chat=lambda organization: ReadLiveChat(
            live_chats, channels, ObjectShelf(objects, organization), packed, now_ms, _passes, chat_pace
        ),
        pushed_chat=lambda organization: ReadPushedChat(
            ObjectShelf(objects, organization),
            packed,
            now_ms,
            replace(chat_pace, grace_ms=chats.pushed_grace_ms),
        ),
        objects=objects,
        live_chats_at_once=chats.live_chats_at_once,
        uploads_at_once=settings.uploads_at_once,
        addresses_at_once=settings.addresses_at_once,
        live_at_once=settings.live_at_once,
        chats_at_once=settings.chats_at_once,
        spare=settings.spare_readings,
        limit=timedelta(seconds=settings.silence_limit_s),
    )
    retention = Retention(
        StreamRetention(infrastructure.database, streams, OF_STREAMS),
        objects,
        infrastructure.clock,
        timedelta(days=settings.kept_days),
    )
    pushed = PushedChatRetention(PushedRetention(infrastructure.database), infrastructure.clock)
    admit = AdmitPublisher(PostgresKeyLookup(infrastructure.database), WrongKeys(push.rtmp_wrong_keys))

    async def close() -> None:
        await processes.close()
        await lives.close()
        await looks.close()

    return Service(
        name=DEFINITION.name,
        routers=(
            router(infrastructure.database, infrastructure.access),
            rtmp_auth(admit, push.mediamtx_secret.get_secret_value()),
        ),
        subscriptions=Events(work).subscriptions(),
        workers=jobs.workers(),
        tasks=(
            BackgroundTask("retention", retention, interval_s=settings.sweep_interval_s),
            BackgroundTask("retention of pushed chat", pushed, interval_s=settings.sweep_interval_s),
            *_pushed_streams(push, spool, admit, PostgresArrivals(infrastructure.database, work), now_ms),
        ),
        close=close,
    )


def _pushed_streams(
    settings: PushInputSettings,
    spool: PushSpool,
    admit: AdmitPublisher,
    arrived: PostgresArrivals,
    now_ms: Callable[[], int],
) -> Sequence[BackgroundTask]:
    """What takes them in; nothing where this service takes none."""
    if settings.address is None:
        return ()
    publishers = Publishers(settings.rtmp_connections, settings.rtmp_connections_of_address)
    reception = Reception(admit, publishers, spool, RtmpLimits(), PieceLimits(), now_ms, arrived)
    listening = Listening(*settings.address, settings.tls(), int(settings.rtmp_megabits * 125_000))
    return Pushing(RtmpServer(listening, reception), spool, admit.keys, now_ms).tasks()


def _passes(error: Exception) -> bool:
    """Trouble of our own servers: what was read is held until it is over."""
    return isinstance(error, OSError) or trouble_of(error) is not None


DEFINITION = Definition("ingest", Path(__file__).parent / "migrations", build)
