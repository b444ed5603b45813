"""What a service is given to work with."""

from dataclasses import dataclass

from redis.asyncio import Redis

from tldr_bus import Outbox
from tldr_database import Database
from tldr_jobs import Jobs
from tldr_outbound import AddressPolicy
from tldr_service.clock import Clock
from tldr_storage import ObjectStore
from tldr_web import InternalAccess, InternalClient


@dataclass(frozen=True, slots=True)
class Infrastructure:
    """The technologies of one service, connected. `build` translates them into the words of its domain."""

    service: str
    database: Database
    jobs: Jobs
    outbox: Outbox
    objects: ObjectStore
    redis: Redis
    internal: InternalClient
    access: InternalAccess
    addresses: AddressPolicy
    clock: Clock
