"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from fastapi import Depends

from tldr_gateway.adapters.accounts.keys_postgres import PostgresKeyLookup, PostgresKeyUses
from tldr_gateway.adapters.feed.feed_postgres import PostgresFeedReader
from tldr_gateway.adapters.feed.listener_postgres import FeedListener
from tldr_gateway.adapters.streams.addresses_sealed import SealedAddresses
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.adapters.streams.questions_http import HttpProgressQuestions
from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.adapters.uploads.files_s3 import StoredFiles
from tldr_gateway.adapters.work_postgres import WorkFactory
from tldr_gateway.application.accounts.caller import Authenticate
from tldr_gateway.application.feed.hub import FeedHub
from tldr_gateway.application.feed.tell_progress import TellProgress
from tldr_gateway.application.streams.fail_stalled import FailStalled
from tldr_gateway.application.streams.view_stream import ViewStream
from tldr_gateway.domain.streams.playlist_link import PlaylistLinks
from tldr_gateway.entrypoints.background import Background
from tldr_gateway.entrypoints.events import Events
from tldr_gateway.entrypoints.http.accounts import api_keys, organizations
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.client_addresses import ClientAddresses
from tldr_gateway.entrypoints.http.configuration import dimension_sets, highlight_types, processing_configs
from tldr_gateway.entrypoints.http.feed import feed
from tldr_gateway.entrypoints.http.feed.sse import encode
from tldr_gateway.entrypoints.http.highlights import explanations, highlights, scorers, verdicts
from tldr_gateway.entrypoints.http.runs import runs
from tldr_gateway.entrypoints.http.streams import playlist, presets, pushes, streams
from tldr_gateway.entrypoints.http.uploads import uploads
from tldr_gateway.entrypoints.http.webhooks import messages, webhooks
from tldr_gateway.settings import GatewaySettings
from tldr_secrets import Sealer
from tldr_service import BackgroundTask, Definition, Infrastructure, Service
from tldr_web import known_parameters


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = GatewaySettings()  # type: ignore[call-arg] # from the environment
    database, clock = infrastructure.database, infrastructure.clock
    files = StoredFiles(infrastructure.objects)
    keys = settings.source_keys.get_secret_value()
    addresses = SealedAddresses(Sealer(keys))
    work = WorkFactory(infrastructure.outbox, addresses, FileProfiles.read(), clock)
    questions = HttpProgressQuestions(infrastructure.internal)
    api = Api(
        database=database,
        work=work,
        authenticate=Authenticate(PostgresKeyLookup(database), PostgresKeyUses(database), clock),
        addresses=ClientAddresses.behind(settings.trusted_proxies),
        view=ViewStream(questions, clock),
        files=files,
        internal=infrastructure.internal,
        settings=settings,
    )
    hub = FeedHub(
        PostgresFeedReader(database), TellProgress(questions), encode, clock, most_viewers=settings.feed_viewers
    )
    listener = FeedListener(database.address.system, hub.heard)
    sweeps = PostgresSweeps(database)
    background = Background(
        FailStalled(
            sweeps,
            questions,
            api.bound,
            clock,
            timedelta(seconds=settings.stalled_after_s),
            timedelta(seconds=settings.waiting_limit_s),
        ),
        sweeps,
        files,
        clock,
        timedelta(seconds=settings.waiting_limit_s),
        timedelta(hours=settings.idempotency_hours),
        timedelta(hours=settings.feed_kept_hours),
        timedelta(days=settings.unused_upload_days),
        look_every_s=settings.look_every_s,
        sweep_every_s=settings.sweep_every_s,
    )
    return Service(
        name=DEFINITION.name,
        routers=(
            *(part.routes(api) for part in (organizations, api_keys, presets, uploads, streams, pushes, runs)),
            *(part.routes(api) for part in (highlights, explanations, verdicts, scorers, webhooks)),
            *(part.routes(api) for part in (dimension_sets, highlight_types, processing_configs)),
            feed.routes(api, hub),
            playlist.routes(api, PlaylistLinks.of(keys)),
        ),
        subscriptions=Events(work).subscriptions(),
        tasks=(
            *background.tasks(),
            BackgroundTask("hear of feeds", listener.run, interval_s=1),
            BackgroundTask("read feeds", hub.run, interval_s=1),
        ),
        web={
            "title": "TL;DR Highlights",
            "summary": "Finds the moments that matter in livestreams.",
            "dependencies": [Depends(known_parameters)],
            "webhooks": messages.documented(),
        },
    )


DEFINITION = Definition("gateway", Path(__file__).parent / "migrations", build)
