"""What tests of several services need: embedded servers, a service among faked neighbours or without a broker."""

from tldr_testing.clock import NOW, FixedClock
from tldr_testing.databases import migrated, undone
from tldr_testing.deadline import eventually
from tldr_testing.desk import LANE, ServiceDesk, hand_over, received
from tldr_testing.hosting import Hosted, Hosting
from tldr_testing.outbox import KeepingOutbox
from tldr_testing.processes import gone, has_ended, packages_loaded, templates, workers
from tldr_testing.recorder import Recorded, Recorder
from tldr_testing.samples import golden
from tldr_testing.web import refused, serving

__all__ = [
    "LANE",
    "NOW",
    "FixedClock",
    "Hosted",
    "Hosting",
    "KeepingOutbox",
    "Recorded",
    "Recorder",
    "ServiceDesk",
    "eventually",
    "golden",
    "gone",
    "hand_over",
    "has_ended",
    "migrated",
    "packages_loaded",
    "received",
    "refused",
    "serving",
    "templates",
    "undone",
    "workers",
]
