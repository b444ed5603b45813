"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from tldr_gateway.adapters.addresses_sealed import SealedAddresses
from tldr_gateway.adapters.files_s3 import StoredFiles
from tldr_gateway.adapters.organizations_postgres import PostgresKeyLookup
from tldr_gateway.adapters.profiles_files import FileProfiles
from tldr_gateway.adapters.questions_http import HttpProgressQuestions
from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.adapters.work_postgres import WorkFactory
from tldr_gateway.application.caller import Authenticate
from tldr_gateway.application.fail_stalled import FailStalled
from tldr_gateway.application.view_stream import ViewStream
from tldr_gateway.entrypoints.background import Background
from tldr_gateway.entrypoints.events import Events
from tldr_gateway.entrypoints.http import (
    explanations,
    highlights,
    organizations,
    presets,
    runs,
    scorers,
    streams,
    uploads,
    verdicts,
    webhooks,
)
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.settings import GatewaySettings
from tldr_secrets import Sealer
from tldr_service import Definition, Infrastructure, Service


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = GatewaySettings()  # type: ignore[call-arg] # from the environment
    database, clock = infrastructure.database, infrastructure.clock
    files = StoredFiles(infrastructure.objects)
    addresses = SealedAddresses(Sealer(settings.source_keys.get_secret_value()))
    work = WorkFactory(infrastructure.outbox, files, addresses, FileProfiles.read(), clock)
    questions = HttpProgressQuestions(infrastructure.internal)
    api = Api(
        database=database,
        work=work,
        authenticate=Authenticate(PostgresKeyLookup(database), clock),
        view=ViewStream(questions, clock),
        internal=infrastructure.internal,
        settings=settings,
    )
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
        timedelta(days=settings.unused_upload_days),
        look_every_s=settings.look_every_s,
        sweep_every_s=settings.sweep_every_s,
    )
    return Service(
        name=DEFINITION.name,
        routers=tuple(
            part.routes(api)
            for part in (
                *(organizations, presets, uploads, streams, runs),
                *(highlights, explanations, verdicts, scorers, webhooks),
            )
        ),
        subscriptions=Events(work).subscriptions(),
        tasks=background.tasks(),
        web={"title": "TL;DR Highlights", "summary": "Finds the moments that matter in livestreams."},
    )


DEFINITION = Definition("gateway", Path(__file__).parent / "migrations", build)
