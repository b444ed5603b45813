"""Fixtures for tests: embedded servers, a service hosted among faked neighbours."""

from tldr_testing.deadline import eventually
from tldr_testing.hosting import Hosted, Hosting
from tldr_testing.recorder import Recorded, Recorder

__all__ = ["Hosted", "Hosting", "Recorded", "Recorder", "eventually"]
