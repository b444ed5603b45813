"""What a run works with in one transaction."""

from typing import Protocol

from tldr_fusion_detector.application.moments.fail_run import FailRun
from tldr_fusion_detector.application.moments.live_ports import LiveRuns
from tldr_fusion_detector.application.ports import (
    Announcements,
    EvidenceLog,
    FoundHighlights,
    Runs,
    Vocabularies,
    Wakeups,
)
from tldr_fusion_detector.application.scoring.scorer_ports import PinnedScorers
from tldr_fusion_detector.application.signals.push_signals import Telemetry
from tldr_fusion_detector.application.signals.view_stream import Reading


class Work(Reading, Protocol):
    """The repositories of one transaction."""

    @property
    def runs(self) -> Runs:
        """The organization's runs."""

    @property
    def found(self) -> FoundHighlights:
        """Their highlights."""

    @property
    def live(self) -> LiveRuns:
        """What is kept of those that go on."""

    @property
    def telemetry(self) -> Telemetry:
        """What customers pushed."""

    @property
    def wakeups(self) -> Wakeups:
        """When they are looked at again."""

    @property
    def evidence(self) -> EvidenceLog:
        """What they were made from."""

    @property
    def vocabularies(self) -> Vocabularies:
        """What their channels taught."""

    @property
    def scorers(self) -> PinnedScorers:
        """What the organization trained."""

    @property
    def announcements(self) -> Announcements:
        """What others are told."""

    @property
    def fail(self) -> FailRun:
        """Ends runs badly."""
