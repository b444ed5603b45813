"""The composition root: every object of this service, made once."""

from datetime import timedelta
from pathlib import Path

from fastapi import Depends

from tldr_gateway.adapters.accounts.keys_postgres import PostgresKeyLookup, PostgresKeyUses
from tldr_gateway.adapters.accounts.keys_remembered import RememberedKeys
from tldr_gateway.adapters.accounts.limits_postgres import PostgresLimits
from tldr_gateway.adapters.accounts.rates_throttled import ThrottledRates
from tldr_gateway.adapters.feed.feed_postgres import PostgresFeedReader
from tldr_gateway.adapters.feed.listener_postgres import FeedListener
from tldr_gateway.adapters.members.attempts_postgres import PostgresAttempts
from tldr_gateway.adapters.members.mail import FolderMail, NoMail, SmtpMail
from tldr_gateway.adapters.members.members_postgres import PostgresPeople
from tldr_gateway.adapters.members.passwords_argon2 import Argon2Passwords
from tldr_gateway.adapters.members.proofs_postgres import PostgresOpenProofs
from tldr_gateway.adapters.sessions.access_tokens_jwt import JwtAccessTokens
from tldr_gateway.adapters.sessions.refusals_jobs import QueuedRefusals
from tldr_gateway.adapters.sessions.sessions_postgres import PostgresSessionLookup
from tldr_gateway.adapters.streams.addresses_sealed import SealedAddresses
from tldr_gateway.adapters.streams.profiles_files import FileProfiles
from tldr_gateway.adapters.streams.questions_http import HttpProgressQuestions
from tldr_gateway.adapters.sweeps_postgres import PostgresSweeps
from tldr_gateway.adapters.uploads.files_s3 import StoredFiles
from tldr_gateway.adapters.work_postgres import WorkFactory
from tldr_gateway.application.accounts.caller import Authenticate
from tldr_gateway.application.accounts.limit_requests import LimitRequests
from tldr_gateway.application.feed.hub import FeedHub
from tldr_gateway.application.feed.tell_progress import TellProgress
from tldr_gateway.application.members.door import Door
from tldr_gateway.application.members.limits import Tries
from tldr_gateway.application.members.ports import Mail
from tldr_gateway.application.members.texts import Texts
from tldr_gateway.application.members.write_letter import WriteLetter
from tldr_gateway.application.sessions.authenticate_browser import AuthenticateBrowser, CsrfTokens
from tldr_gateway.application.sessions.authenticate_member import AuthenticateBearer, AuthenticateMember
from tldr_gateway.application.sessions.log_in import CheckPassword
from tldr_gateway.application.streams.fail_stalled import FailStalled
from tldr_gateway.application.streams.view_stream import ViewStream
from tldr_gateway.domain.accounts.rates import Rate
from tldr_gateway.domain.streams.playlist_link import PlaylistLinks
from tldr_gateway.entrypoints.background import Background
from tldr_gateway.entrypoints.events import Events
from tldr_gateway.entrypoints.http.accounts import api_keys, organizations
from tldr_gateway.entrypoints.http.api import Api
from tldr_gateway.entrypoints.http.audit import audit_events
from tldr_gateway.entrypoints.http.client_addresses import ClientAddresses
from tldr_gateway.entrypoints.http.configuration import dimension_sets, highlight_types, processing_configs
from tldr_gateway.entrypoints.http.cursors import Cursors
from tldr_gateway.entrypoints.http.examples import EXAMPLES
from tldr_gateway.entrypoints.http.feed import feed
from tldr_gateway.entrypoints.http.feed.sse import encode
from tldr_gateway.entrypoints.http.highlights import changes, explanations, exports, highlights, scorers, verdicts
from tldr_gateway.entrypoints.http.idempotency import Once
from tldr_gateway.entrypoints.http.members import members, registration
from tldr_gateway.entrypoints.http.runs import dry_runs, runs
from tldr_gateway.entrypoints.http.sessions import auth
from tldr_gateway.entrypoints.http.sessions import browser as browser_sessions
from tldr_gateway.entrypoints.http.streams import playlist, presets, pushes, streams
from tldr_gateway.entrypoints.http.uploads import uploads
from tldr_gateway.entrypoints.http.webhooks import deliveries, endpoints, events, messages
from tldr_gateway.entrypoints.letters import LetterJobs
from tldr_gateway.entrypoints.refusals import RefusalJobs
from tldr_gateway.settings import GatewaySettings, Registering
from tldr_secrets import Sealer
from tldr_service import BackgroundTask, Clock, Definition, Infrastructure, Service
from tldr_web import known_parameters


def build(infrastructure: Infrastructure) -> Service:
    """Put the service together."""
    settings = GatewaySettings()  # type: ignore[call-arg] # from the environment
    database, clock = infrastructure.database, infrastructure.clock
    files = StoredFiles(infrastructure.objects)
    keys = settings.source_keys.get_secret_value()
    addresses = SealedAddresses(Sealer(keys))
    lookup = RememberedKeys(PostgresKeyLookup(database))
    work = WorkFactory(infrastructure.outbox, addresses, FileProfiles.read(), clock, lookup.changed)
    questions = HttpProgressQuestions(infrastructure.internal)
    rates = ThrottledRates(infrastructure.redis, settings.instances)
    tokens, session_lookup = JwtAccessTokens.of(keys), PostgresSessionLookup(database)
    member = AuthenticateMember(tokens, session_lookup, clock)
    browser = AuthenticateBrowser(member, CsrfTokens.of(keys))
    api = Api(
        database=database,
        work=work,
        authenticate=AuthenticateBearer(
            Authenticate(lookup, PostgresKeyUses(database), clock),
            member,
        ),
        limit=LimitRequests(
            rates,
            PostgresLimits(database),
            Rate(settings.wrong_keys_per_minute, settings.wrong_keys_per_minute),
            clock,
        ),
        addresses=ClientAddresses.behind(settings.trusted_proxies),
        view=ViewStream(questions, clock),
        files=files,
        internal=infrastructure.internal,
        settings=settings,
        cursors=Cursors(Sealer(keys)),
        once=Once(Sealer(keys)),
        browser=browser,
    )
    hub = FeedHub(
        PostgresFeedReader(database), TellProgress(questions), encode, clock, most_viewers=settings.feed_viewers
    )
    listener = FeedListener(database.address.system, hub.heard)
    people = PostgresPeople(database)
    door = Door(
        people,
        Argon2Passwords(),
        Tries(PostgresAttempts(database, clock), clock),
        by_email=settings.registration is not Registering.CLOSED,
        letters=settings.letters,
    )
    letters = LetterJobs(
        WriteLetter(people, PostgresOpenProofs(database), mail_of(settings, clock), Texts(settings.console_url), clock)
    )
    check = CheckPassword(people, door.passwords, door.tries, QueuedRefusals(infrastructure.jobs, database))
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
        timedelta(days=settings.audit_kept_days),
        look_every_s=settings.look_every_s,
        sweep_every_s=settings.sweep_every_s,
    )
    return Service(
        name=DEFINITION.name,
        routers=(
            *(
                part.routes(api)
                for part in (organizations, api_keys, audit_events, presets, uploads, streams, pushes, runs, dry_runs)
            ),
            *(part.routes(api) for part in (exports, highlights, changes, explanations, verdicts, scorers)),
            *(part.routes(api) for part in (endpoints, deliveries, events)),
            *(part.routes(api) for part in (dimension_sets, highlight_types, processing_configs)),
            registration.routes(api, door),
            members.routes(api, door),
            browser_sessions.routes(api, check, browser),
            auth.routes(api, door, check, tokens, session_lookup),
            feed.routes(api, hub),
            playlist.routes(api, PlaylistLinks.of(keys)),
        ),
        subscriptions=Events(work).subscriptions(),
        workers=(*letters.workers(), *RefusalJobs(database, people, clock).workers()),
        tasks=(
            *background.tasks(),
            BackgroundTask("hear of feeds", listener.run, interval_s=1),
            BackgroundTask("read feeds", hub.run, interval_s=1),
        ),
        collectors=(rates.alone,),
        web={
            "title": "TL;DR Highlights",
            "summary": "Finds the moments that matter in livestreams.",
            "dependencies": [Depends(known_parameters)],
            "webhooks": messages.documented(),
            "servers": [{"url": "/", "description": "Where this document came from."}],
            "examples": EXAMPLES,
        },
    )


def mail_of(settings: GatewaySettings, clock: Clock) -> Mail:
    """The way out for letters that the settings name."""
    if settings.smtp_host:
        return SmtpMail(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_tls,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
            settings.mail_from,
            clock,
        )
    return FolderMail(Path(settings.mail_folder), settings.mail_from, clock) if settings.mail_folder else NoMail()


DEFINITION = Definition("gateway", Path(__file__).parent / "migrations", build)
