"""What every service is built from and hosted by: Infrastructure, Service, host."""

from tldr_service.clock import Clock, SystemClock
from tldr_service.host import ServiceHost
from tldr_service.infrastructure import Infrastructure
from tldr_service.run import run
from tldr_service.service import BackgroundTask, Definition, Service
from tldr_service.settings import Settings
from tldr_service.settings_sentence import settings_sentence

__all__ = [
    "BackgroundTask",
    "Clock",
    "Definition",
    "Infrastructure",
    "Service",
    "ServiceHost",
    "Settings",
    "SystemClock",
    "run",
    "settings_sentence",
]
